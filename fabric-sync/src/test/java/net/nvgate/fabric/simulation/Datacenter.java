package net.nvgate.fabric.simulation;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.SqliteStore;

/** The fabric that histories begin with, small enough that clients are in each other's way. Made once and copied. */
final class Datacenter {

    private static final String FILE = "fabric.db";
    private static final long HISTORY_REVISIONS = 100_000;
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final Path perHost;
    private final Path perHostAndVsid;

    /** @param directory for the files of it, empty */
    Datacenter(Path directory) {
        perHost = directory.resolve("per-host");
        perHostAndVsid = directory.resolve("per-host-and-vsid");
        build(perHost, "PER_HOST");
        build(perHostAndVsid, "PER_HOST_AND_VSID");
    }

    private static void build(Path directory, String addressing) {
        try (SqliteStore store = SqliteStore.open(directory, HISTORY_REVISIONS, CLOCK);
                TestFabric fabric = new TestFabric(store, 1, field("providerAddressing", addressing))) {
            fabric.pool("small", fabric.paNetwork, "10.20.0.0/28", "10.20.0.14");
            LogicalNetwork front = fabric.network("front", false);
            fabric.pool("front", front, "203.0.114.0/29", "203.0.114.6");
            Host host = fabric.host("host1");
            fabric.host("host2");
            Gateway gateway = fabric.gateway("gateway1", 2);
            fabric.make(Kind.CLOUD, named("cloud") + ",\"capacity\":{\"vms\":6,\"vcpus\":12}");
            String cloud = fabric.manager.list(Kind.CLOUD).getFirst().id().toString();
            String limits = ",\"limits\":{\"vms\":3,\"vcpus\":6,\"vmSubnets\":3,\"vmNetworks\":2,\"natRules\":2,"
                    + "\"publicAddresses\":2}";
            var plan = fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud) + limits);
            fabric.make(Kind.PLAN, named("other") + field("cloudId", cloud));
            fabric.make(Kind.SUBSCRIPTION, named("tenant1") + field("planId", plan.id()) + field("owner", "a"));
            fabric.make(Kind.SUBSCRIPTION, named("tenant2") + field("planId", plan.id()) + field("owner", "b"));
            VmNetwork network = fabric.vmNetwork("blue");
            VmSubnet subnet = fabric.vmSubnet("web", network, "192.168.1.0/28");
            fabric.vm("vm1", host, subnet);
            VmNetworkGateway attached = fabric.attach("attached", network, gateway);
            fabric.nat("nat", attached);
            store.compact(store.head());
        }
    }

    /** A store of its own for one history. */
    SqliteStore copy(long seed, Path directory) {
        try {
            Files.createDirectories(directory);
            for (String suffix : new String[] {"-wal", "-shm", "-journal"}) {
                Files.deleteIfExists(directory.resolve(FILE + suffix));
            }
            Files.copy(
                    (seed % 2 == 0 ? perHostAndVsid : perHost).resolve(FILE),
                    directory.resolve(FILE),
                    StandardCopyOption.REPLACE_EXISTING);
            return SqliteStore.open(directory, HISTORY_REVISIONS, CLOCK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
