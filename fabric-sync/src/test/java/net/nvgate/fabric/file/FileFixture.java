package net.nvgate.fabric.file;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;

/** A fabric on a store of its own, and what files do to it. */
final class FileFixture implements AutoCloseable {

    static final FileOptions PLAIN = new FileOptions(false, false);
    static final FileOptions PRUNE = new FileOptions(true, false);
    static final FileOptions REPLACE = new FileOptions(false, true);

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    final FabricStore store;
    private final PolicyProjection policy;
    private final FabricFiles files;
    final ChangeLog changes;
    final FabricManager manager;

    FileFixture(Path directory) {
        this(SqliteStore.open(directory));
    }

    FileFixture(FabricStore store) {
        this.store = store;
        manager = new FabricManager(store, new Random(1), new SimpleMeterRegistry());
        policy = new PolicyProjection(store, 100, new SimpleMeterRegistry());
        changes = new ChangeLog(manager, policy, store);
        files = new FabricFiles(changes);
    }

    FilePlan plan(String yaml, FileOptions options) {
        return files.plan(manager, yaml, options);
    }

    FilePlan apply(String yaml, FileOptions options) {
        return files.apply(manager, yaml, options);
    }

    /** With a smaller limit of operations in one transaction. */
    FilePlan applyInParts(String yaml, int operationsMax) {
        return applyInParts(yaml, operationsMax, PRUNE);
    }

    FilePlan applyInParts(String yaml, int operationsMax, FileOptions options) {
        return new FabricFiles(changes, operationsMax).apply(manager, yaml, options);
    }

    FilePlan planInParts(String yaml, int operationsMax) {
        return new FabricFiles(changes, operationsMax).plan(manager, yaml, PRUNE);
    }

    String export() {
        return FabricFiles.export(manager, "test");
    }

    /** Policy of every node as text, with names in place of ids. */
    Map<String, List<String>> policy() {
        // Waits for the projection.
        policy.preview(store.head(), List.of());
        Map<String, String> names = new HashMap<>();
        Stream.of(Kind.values())
                .flatMap(kind -> manager.list(kind).stream())
                .forEach(object ->
                        names.put(object.id().toString(), object.kind() == Kind.IP_POOL ? "pool" : object.name()));
        for (FabricObject vm : manager.list(Kind.VM)) {
            ((Vm) vm).nics().forEach(nic -> names.put(nic.id().toString(), vm.name() + "/" + nic.name()));
        }
        Map<String, List<String>> nodes = new TreeMap<>();
        for (Kind kind : List.of(Kind.HOST, Kind.GATEWAY)) {
            NodeId.Kind type = kind == Kind.HOST ? NodeId.Kind.HOST : NodeId.Kind.GATEWAY;
            for (FabricObject node : manager.list(kind)) {
                nodes.put(
                        kind + " " + node.name(),
                        policy.snapshot(new NodeId(type, node.name())).objects().stream()
                                .map(object -> ID.matcher(object.toString())
                                        .replaceAll(id -> names.getOrDefault(id.group(), id.group())))
                                .sorted()
                                .toList());
            }
        }
        return nodes;
    }

    /** "CREATE host 'h1'" for each step. */
    static List<String> steps(FilePlan plan) {
        return plan.steps().stream()
                .map(step -> step.action() + " " + step.describe())
                .toList();
    }

    @Override
    public void close() {
        policy.close();
        manager.close();
        store.close();
    }
}
