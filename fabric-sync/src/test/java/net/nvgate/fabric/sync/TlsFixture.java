package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.identity.TestManager;
import net.nvgate.fabric.identity.TestNode;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.MovableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A manager with policy of two gateways, of which gw1 has joined and follows, by TLS over a link that can be spoiled. */
abstract class TlsFixture {

    @TempDir
    Path directory;

    final ListPolicySource source = new ListPolicySource().with(GW1, GW2);
    final RecordingTarget target = new RecordingTarget();
    final Random random = new Random(8);
    final MovableClock clock = new MovableClock();
    final MovableClock nodesClock = new MovableClock();
    FabricStore store;
    TestManager manager;
    LinkProxy link;
    TestNode node;

    @BeforeEach
    final void follow() throws IOException {
        source.put(GW1, Samples.records(0, 500));
        store = SqliteStore.open(directory.resolve("store"), 1000, clock);
        manager = new TestManager(
                store,
                TestManager.settings(directory, Duration.ofMinutes(10)),
                clock,
                source,
                SyncFixture.quickLimits(),
                SyncFixture.NEVER);
        link = new LinkProxy(manager.address().port(), LinkProxy.TLS_RECORDS);
        node = new TestNode(directory.resolve("gw1"), GW1, new Address("127.0.0.1", link.port()), nodesClock, target);
        node.give(manager.token(GW1));
        awaitEqual();
    }

    @AfterEach
    final void stop() throws IOException {
        node.close();
        link.close();
        manager.close();
        store.close();
    }

    /** One record of gw1's becomes another, or goes. */
    final synchronized void change() {
        var record = Samples.record(random.nextInt(600), "10.1.0." + random.nextInt(200));
        PolicyChange change =
                random.nextInt(4) == 0 ? new PolicyChange.Remove(record.key()) : new PolicyChange.Put(record);
        source.commit(Map.of(GW1, List.of(change)));
    }

    /** gw1 has the manager's last policy, record by record. */
    final void awaitEqual() {
        awaitEqual(GW1, target);
    }

    final void awaitEqual(NodeId id, RecordingTarget held) {
        long head = source.revision();
        Await.until(
                () -> id + " level at " + head + ": " + manager.server.find(id) + ", target at " + held.revision(),
                () -> manager.server
                        .find(id)
                        .map(f -> f.connected() && f.appliedRevision() >= head)
                        .orElse(false));
        assertThat(held.policy()).containsExactlyInAnyOrderElementsOf(source.policy(id));
    }
}
