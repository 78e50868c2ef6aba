package net.nvgate.fabric.identity;

import java.io.IOException;
import java.nio.file.Path;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.testing.MovableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A manager with its store, and nodes that join it. */
abstract class IdentityFixture {

    @TempDir
    Path directory;

    final MovableClock clock = new MovableClock();

    /** Of nodes; the manager's if the test needs no other. */
    final MovableClock nodesClock;

    FabricStore store;
    TestManager manager;

    IdentityFixture() {
        this.nodesClock = clock;
    }

    IdentityFixture(MovableClock nodesClock) {
        this.nodesClock = nodesClock;
    }

    @BeforeEach
    final void start() throws IOException {
        store = SqliteStore.open(directory.resolve("store"), 1000, clock);
        manager = new TestManager(store, directory, clock);
    }

    @AfterEach
    final void stop() {
        manager.close();
        store.close();
    }

    /** A node without a token. */
    final TestNode node(NodeId id) throws IOException {
        return new TestNode(directory.resolve(id.name()), id, manager.address(), nodesClock);
    }

    /** A node that is connected by a token of its own. */
    final TestNode joined(NodeId id) throws IOException {
        TestNode node = node(id);
        node.give(manager.token(id));
        node.awaitConnected();
        return node;
    }
}
