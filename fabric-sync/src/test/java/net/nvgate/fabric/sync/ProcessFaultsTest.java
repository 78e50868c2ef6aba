package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.FreePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Managers that are killed and followers that are stopped: in the end every follower has the model's policy, record by record. */
@Timeout(300)
class ProcessFaultsTest {

    private static final int KILLS = 3;
    private static final List<NodeId> NODES = List.of(
            new NodeId(NodeId.Kind.GATEWAY, "gw1"),
            new NodeId(NodeId.Kind.HOST, "host0"),
            new NodeId(NodeId.Kind.HOST, "host1"),
            new NodeId(NodeId.Kind.HOST, "host2"));

    @TempDir
    Path directory;

    private Path makeFabric() {
        Path path = directory.resolve("store");
        try (FabricStore store = SqliteStore.open(path);
                TestFabric fabric = new TestFabric(store, 3)) {
            Gateway gateway = fabric.gateway("gw1", 10);
            for (int n = 0; n < 3; n++) {
                fabric.host("host" + n);
                VmNetwork network = fabric.vmNetwork("network" + n);
                VmSubnet ignored = fabric.vmSubnet("subnet" + n, network, "192.168." + n + ".0/24");
                assertThat(ignored.vsid()).isNotNull();
                fabric.attach("attach" + n, network, gateway);
            }
        }
        return path;
    }

    @Test
    void managerKilledAtAnyPoint() throws Exception {
        Path store = makeFabric();
        int port = FreePort.take();
        Map<NodeId, RecordingTarget> targets = new LinkedHashMap<>();
        List<SyncClient> clients = new ArrayList<>();
        try {
            for (NodeId node : NODES) {
                RecordingTarget target = new RecordingTarget();
                SyncClientConfig config = SyncClientConfig.of(
                                "127.0.0.1", port, node, directory.resolve(node.name()), "t")
                        .withLimits(SyncFixture.quickClientLimits());
                SyncClient client =
                        new SyncClient(config, target, new SyncFixture.FixedState(), new SimpleMeterRegistry());
                client.start();
                clients.add(client);
                targets.put(node, target);
            }
            Random random = new Random(11);
            for (int kill = 0; kill < KILLS; kill++) {
                try (FabricProcess _ = FabricProcess.start(store, port, kill)) {
                    long before = clients.getFirst().state().revision();
                    int revisions = 1 + random.nextInt(150);
                    Await.until(
                            "revisions come", () -> clients.getFirst().state().revision() >= before + revisions);
                }
            }
            try (FabricProcess manager = FabricProcess.start(store, port, KILLS)) {
                long head = manager.stopChanges();
                Await.until(
                        () -> "all at " + head + ": "
                                + clients.stream().map(SyncClient::state).toList(),
                        () -> clients.stream().allMatch(client -> client.state().revision() >= head));
            }
            assertEqualToModel(store, targets);
            assertThat(targets.values()).allMatch(target -> target.snapshots == 1);
        } finally {
            clients.forEach(SyncClient::close);
        }
    }

    private static void assertEqualToModel(Path path, Map<NodeId, RecordingTarget> targets) {
        try (FabricStore store = SqliteStore.open(path);
                PolicyProjection policy = new PolicyProjection(store, 10, new SimpleMeterRegistry())) {
            assertThat(store.head()).isGreaterThan(100);
            targets.forEach((node, target) -> assertThat(target.policy())
                    .as("policy of " + node)
                    .containsExactlyInAnyOrderElementsOf(policy.snapshot(node).objects()));
        }
    }

    @Test
    void followerStoppedUntilItIsTakenForDead() throws Exception {
        ListPolicySource source = new ListPolicySource().with(GW1, GW2);
        source.put(GW1, Samples.records(0, 100));
        source.put(GW2, Samples.records(0, 100));
        // Shorter than the real ones, and long enough for a slow machine.
        SyncServerLimits limits = SyncFixture.limits(64 << 10, 4 << 10, Duration.ofSeconds(2), Duration.ofSeconds(2));
        try (SyncFixture fixture = new SyncFixture(directory, source, limits);
                FollowerProcess follower =
                        new FollowerProcess(fixture.port(), GW1, directory.resolve("child"), Duration.ofSeconds(10))) {
            awaitApplied(fixture, source);
            follower.signal("STOP");
            Await.until("taken for dead", () -> !fixture.view(GW1).connected());
            for (int n = 0; n < 50; n++) {
                source.put(GW1, Samples.record(n, "10.1.0.7"));
            }
            var other = fixture.follow(GW2);
            fixture.awaitConverged(GW2, other.target());
            follower.signal("CONT");
            awaitApplied(fixture, source);
            List<String> dump = follower.dump();
            assertThat(dump.removeLast()).isEqualTo("snapshots 1");
            assertThat(dump)
                    .containsExactlyInAnyOrderElementsOf(
                            source.policy(GW1).stream().map(Object::toString).toList());
        }
    }

    private static void awaitApplied(SyncFixture fixture, ListPolicySource source) {
        long head = source.revision();
        Await.until(
                "follower at " + head,
                () -> fixture.server
                        .find(GW1)
                        .map(view -> view.connected() && view.appliedRevision() >= head)
                        .orElse(false));
    }
}
