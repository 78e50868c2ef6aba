package net.nvgate.fabric.netwnv;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.file.FabricFiles;
import net.nvgate.fabric.file.FileOptions;
import net.nvgate.fabric.file.FilePlan;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.netwnv.NetWnvFiles.Format;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;

/** A fabric with a front end, for imports. */
final class ImportFixture implements AutoCloseable {

    private static final FileOptions PRUNE = new FileOptions(true, true);

    final FabricStore store;
    final FabricManager manager;
    final PolicyProjection policy;
    final ChangeLog changes;
    final FabricFiles files;

    ImportFixture(Path directory) {
        store = SqliteStore.open(directory);
        manager = new FabricManager(store, new Random(1), new SimpleMeterRegistry());
        policy = new PolicyProjection(store, 100, new SimpleMeterRegistry());
        changes = new ChangeLog(manager, policy, store);
        files = new FabricFiles(changes);
        apply("""
                name: front-end
                logical-networks: [{name: external}]
                network-sites: [{name: external-site, logicalNetwork: external, subnets: [{prefix: 203.0.113.0/24}]}]
                ip-pools: [{name: external-pool, networkSite: external-site, prefix: 203.0.113.0/24}]
                """);
    }

    FilePlan apply(String yaml) {
        return files.apply(manager, yaml, PRUNE);
    }

    FilePlan plan(String yaml) {
        return files.plan(manager, yaml, PRUNE);
    }

    NetWnvHost export(String host) {
        policy.preview(store.head(), List.of());
        return HostExport.of(manager, policy, host).orElseThrow();
    }

    List<NetWnvHost> export() {
        return manager.list(Kind.HOST).stream().map(host -> export(host.name())).toList();
    }

    static List<NetWnvSource> sources(List<NetWnvHost> hosts) {
        return hosts.stream()
                .map(host -> new NetWnvSource(host, List.of(host.name() + ".json")))
                .toList();
    }

    /** Hosts as files of a directory. */
    static void write(Path directory, List<NetWnvHost> hosts, Format format) {
        try {
            Files.createDirectories(directory);
            for (NetWnvHost host : hosts) {
                for (NetWnvFiles.Written file : NetWnvFiles.write(host, format)) {
                    Files.writeString(directory.resolve(file.name()), file.text());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        policy.close();
        manager.close();
        store.close();
    }
}
