package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.PolicyCacheTest.delta;
import static net.nvgate.fabric.sync.Samples.GW1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Hello;
import net.nvgate.fabric.sync.v1.Progress;
import net.nvgate.fabric.sync.v1.Query;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a manager sends, the follower keeps whole revisions, says why it left, and comes back. */
@Timeout(300)
class ClientRobustnessTest {

    private static final PolicyChange CHANGE = new PolicyChange.Put(Samples.record(50));

    @TempDir
    Path directory;

    private final RecordingTarget target = new RecordingTarget();
    private RawManager manager;
    private SyncClient client;

    interface Misdeed {
        void commit(RawManager manager) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        manager = new RawManager();
        follow(SyncFixture.NEVER);
    }

    private void follow(Duration idleTimeout) throws IOException {
        SyncClientConfig.Limits d = SyncClientConfig.Limits.defaults();
        SyncClientConfig config = SyncClientConfig.of("127.0.0.1", manager.port(), GW1, directory, "test")
                .withLimits(new SyncClientConfig.Limits(
                        1 << 20,
                        4,
                        1000,
                        100,
                        d.connectTimeout(),
                        idleTimeout,
                        Duration.ofMillis(100),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        d.closeTimeout(),
                        d.cache()));
        client = new SyncClient(config, target, new SyncFixture.FixedState(), new SimpleMeterRegistry());
        client.start();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        manager.close();
    }

    static Stream<Arguments> misdeeds() {
        return Stream.of(
                bad("delta goes from revision 6 to 7, held is 5", m -> m.delta(delta(6, 7, CHANGE))),
                bad("delta goes from revision 4 to 6, held is 5", m -> m.delta(delta(4, 6, CHANGE))),
                bad("delta goes from revision 5 to 5, held is 5", m -> m.delta(delta(5, 5, CHANGE))),
                bad(
                        "progress to revision 3, held is 5",
                        m -> m.send(ServerFrame.newBuilder()
                                .setProgress(Progress.newBuilder().setRevision(3))
                                .build())),
                bad("snapshot chunk without a begin", m -> m.chunk(0, 1)),
                bad("snapshot end without a begin", m -> m.end(6)),
                bad("snapshot of 1001 objects, allowed are 1000", m -> m.begin(6, 1001)),
                bad("snapshot begins inside a snapshot", m -> {
                    m.begin(6, 2);
                    m.begin(6, 2);
                }),
                bad("delta inside a snapshot", m -> {
                    m.begin(6, 2);
                    m.delta(delta(5, 6, CHANGE));
                }),
                bad("snapshot has more than the 2 objects it announced", m -> {
                    m.begin(6, 2);
                    m.chunk(20, 23);
                }),
                bad("snapshot of revision 6 with 2 objects ends as revision 6 with 1", m -> {
                    m.begin(6, 2);
                    m.chunk(20, 21);
                    m.end(6);
                }),
                bad("the manager went away", m -> {
                    m.begin(6, 2);
                    m.chunk(20, 21);
                    m.endStream();
                }),
                bad(
                        "second Welcome",
                        m -> m.send(ServerFrame.newBuilder()
                                .setWelcome(net.nvgate.fabric.sync.v1.Welcome.newBuilder()
                                        .setSchema(1)
                                        .setFabricId("f"))
                                .build())),
                bad("frame of 3 bytes is not valid", m -> m.sendBytes(bytes(0, 0, 0, 3, 255, 255, 255))),
                bad("frame of 0 bytes", m -> m.sendBytes(bytes(0, 0, 0, 0))),
                bad("frame of 16777216 bytes, allowed are 1..1048576", m -> m.sendBytes(bytes(1, 0, 0, 0))),
                bad("stream ended inside a frame, 6 bytes into it", m -> {
                    m.sendBytes(bytes(0, 0, 0, 9, 1, 1));
                    m.endStream();
                }));
    }

    private static Arguments bad(String reason, Misdeed misdeed) {
        return Arguments.of(reason, misdeed);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misdeeds")
    void misbehavingManagerIsLeftForTheReason(String reason, Misdeed misdeed) throws Exception {
        Hello first = manager.welcome("f");
        assertThat(first.getLastRevision()).isZero();
        assertThat(first.getName()).isEqualTo("gw1");
        manager.snapshot(5);

        misdeed.commit(manager);
        Await.until(
                () -> reason + ", but: " + client.state(),
                () -> client.state().lastError().contains(reason));
        assertThat(target.revision()).isEqualTo(5);
        assertThat(target.policy()).containsExactly(Samples.records(0, 10));

        Hello again = manager.welcome("f");
        assertThat(again.getLastRevision()).isEqualTo(5);
        assertThat(again.getFabricId()).isEqualTo("f");
        manager.delta(delta(5, 8, CHANGE));
        assertThat(manager.expect().getAck().getRevision()).isEqualTo(8);
        assertThat(target.policy()).hasSize(11);
    }

    @Test
    void silentManagerIsLeftAndAskedAgain() throws Exception {
        client.close();
        manager.close();
        manager = new RawManager();
        follow(Duration.ofSeconds(1));
        manager.accept();
        Await.until("left", () -> client.state().lastError().contains("the manager has sent nothing for PT1S"));
        manager.accept();
    }

    @Test
    void policyOfAnotherFabricMustBeginWithASnapshot() throws Exception {
        manager.welcome("f");
        manager.snapshot(5);
        manager.endStream();
        manager.welcome("g");
        manager.delta(delta(5, 6, CHANGE));
        Await.until("left", () -> client.state().lastError().contains("delta where a snapshot must come first"));
        assertThat(target.revision()).isEqualTo(5);
    }

    @Test
    void objectThisVersionDoesNotUnderstandIsRejectedByName() throws Exception {
        manager.welcome("f");
        manager.snapshot(5);
        var wire = PolicyCodec.encode(Samples.record(60)).toBuilder();
        wire.getLookupRecordBuilder().setTypeValue(42);
        manager.delta(delta(5, 6, CHANGE).toBuilder()
                .addChanges(net.nvgate.fabric.sync.v1.PolicyChange.newBuilder().setPut(wire))
                .build());
        ClientFrame nack = manager.expect();
        assertThat(nack.getNack().getRevision()).isEqualTo(6);
        assertThat(nack.getNack().getKey()).isEqualTo("lookup-record");
        assertThat(nack.getNack().getReason()).contains("lookup-record.type must be Static");
        assertThat(target.policy()).containsExactly(Samples.records(0, 10));
        assertThat(manager.welcome("f").getLastRevision())
                .as("it asks for a snapshot")
                .isZero();
    }

    @Test
    void moreFramesThanTheQueueHoldsAreAllAppliedInOrder() throws Exception {
        manager.welcome("f");
        manager.snapshot(5);
        for (int revision = 6; revision < 506; revision++) {
            manager.delta(delta(revision - 1, revision, new PolicyChange.Put(Samples.record(revision))));
        }
        for (int revision = 6; revision < 506; revision++) {
            assertThat(manager.expect().getAck().getRevision()).isEqualTo(revision);
        }
        assertThat(target.deltas).isEqualTo(500);
        assertThat(target.policy()).hasSize(506);
    }

    @Test
    void queryIsAnsweredWithinTheFollowersOwnLimit() throws Exception {
        manager.welcome("f");
        manager.send(ServerFrame.newBuilder()
                .setQuery(Query.newBuilder()
                        .setId(9)
                        .setKind("echo")
                        .putFilter("a", "x")
                        .setLimit(5000))
                .build());
        var reply = manager.expect().getQueryReply();
        assertThat(reply.getId()).isEqualTo(9);
        assertThat(reply.getJson().toStringUtf8()).isEqualTo("[{\"a\":\"x\",\"limit\":100}]");
        assertThat(List.of(reply.getError(), reply.getFailed())).containsExactly("", false);
    }
}
