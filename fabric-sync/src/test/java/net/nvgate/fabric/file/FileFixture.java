package net.nvgate.fabric.file;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;

/** A fabric on a store of its own, and what files do to it. */
final class FileFixture implements AutoCloseable {

    static final FileOptions PLAIN = new FileOptions(false, false);
    static final FileOptions PRUNE = new FileOptions(true, false);
    static final FileOptions REPLACE = new FileOptions(false, true);

    private final FabricStore store;
    private final PolicyProjection policy;
    private final ChangeLog changes;
    private final FabricFiles files;
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
        return new FabricFiles(changes, operationsMax).apply(manager, yaml, PRUNE);
    }

    FilePlan planInParts(String yaml, int operationsMax) {
        return new FabricFiles(changes, operationsMax).plan(manager, yaml, PRUNE);
    }

    String export() {
        return FabricFiles.export(manager, "test");
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
