package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Hello;
import net.nvgate.fabric.sync.v1.NodeKind;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.sync.v1.Status;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ServerRobustnessTest {

    @TempDir
    Path directory;

    private final ListPolicySource source = new ListPolicySource().with(GW1, GW2);

    @Test
    void wrongBytesAreRefusedWithTheReason() throws Exception {
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            expectProtocolRefusal(fixture, new byte[] {0, 0, 0, 3, -1, -1, -1}, "frame of 3 bytes is not valid");
            expectProtocolRefusal(fixture, new byte[] {0, 0, 0, 0}, "frame of 0 bytes, allowed are 1..");
            expectProtocolRefusal(
                    fixture, new byte[] {0, 0x20, 0, 0}, "frame of 2097152 bytes, allowed are 1..1048576");
            expectProtocolRefusal(fixture, new byte[] {-1, -1, -1, -1}, "frame of 4294967295 bytes");
            expectProtocolRefusal(
                    fixture, "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII), "frame of 1195725856 bytes");
            // Field 15 is no body this version knows.
            expectProtocolRefusal(fixture, new byte[] {0, 0, 0, 2, 0x78, 1}, "expected one Hello first");
            assertThat(fixture.count("nvgate.sync.errors", "kind", "protocol")).isEqualTo(6);

            var peer = fixture.follow(GW1);
            source.put(GW1, Samples.record(1));
            fixture.awaitConverged(GW1, peer.target());
        }
    }

    private static void expectProtocolRefusal(SyncFixture fixture, byte[] bytes, String reason) throws Exception {
        try (RawPeer peer = new RawPeer(fixture.port())) {
            peer.sendBytes(bytes);
            var refusal = peer.expectRefusal();
            assertThat(refusal.getCode()).isEqualTo("protocol");
            assertThat(refusal.getReason()).contains(reason);
            peer.expectEnd();
        }
    }

    @Test
    void strangersLeaveRoomForNodes() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        SyncServerLimits limits = SyncFixture.quickLimits(new Doorkeeper.Limits(10, 1, 1));
        try (SyncServer server =
                new SyncServer(new SyncServerConfig("127.0.0.1", 0, limits), source, SyncFixture.FABRIC, meters)) {
            server.start();
            int port = server.address().getPort();
            try (RawPeer first = new RawPeer(port)) {
                first.hello(GW1, 0, "");
                Await.until("it is known", () -> server.find(GW1).isPresent());
                try (RawPeer second = new RawPeer(port)) {
                    second.hello(GW2, 0, "");
                    Await.until(
                            "there is room for one again",
                            () -> server.find(GW2).isPresent());
                    try (RawPeer _ = new RawPeer(port);
                            RawPeer _ = new RawPeer(port);
                            RawPeer _ = new RawPeer(port)) {
                        Await.until(
                                "two of three are refused",
                                () -> SyncMetrics.errors(meters, "connections").count() == 2);
                    }
                }
            }
        }
    }

    @Test
    void streamThatEndsInsideAFrameIsAnError() throws Exception {
        try (SyncFixture fixture = new SyncFixture(directory, source);
                RawPeer peer = new RawPeer(fixture.port())) {
            peer.sendBytes(new byte[] {0, 0, 0, 9, 1, 2});
            peer.endOutput();
            Await.until("error is counted", () -> fixture.count("nvgate.sync.errors", "kind", "protocol") == 1);
        }
    }

    @Test
    void helloIsChecked() throws Exception {
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            expectRefusal(fixture, Hello.newBuilder().setSchema(99), "schema", "schema 1, not 99");
            expectRefusal(fixture, Hello.newBuilder().setSchema(1), "protocol", "name of 0 characters");
            expectRefusal(
                    fixture, Hello.newBuilder().setSchema(1).setName("gw1"), "protocol", "must be gateway or host");
            expectRefusal(
                    fixture,
                    Hello.newBuilder().setSchema(1).setName("gw1").setKind(NodeKind.NODE_KIND_HOST),
                    "unknown-node",
                    "the fabric has no host/gw1");
            assertThat(fixture.server.all()).isEmpty();
        }
    }

    private static void expectRefusal(SyncFixture fixture, Hello.Builder hello, String code, String reason)
            throws Exception {
        try (RawPeer peer = new RawPeer(fixture.port())) {
            peer.send(ClientFrame.newBuilder().setHello(hello).build());
            var refusal = peer.expectRefusal();
            assertThat(refusal.getCode()).isEqualTo(code);
            assertThat(refusal.getReason()).contains(reason);
        }
    }

    @Test
    void framesOutOfOrderAreRefused() throws Exception {
        try (SyncFixture fixture = new SyncFixture(directory, source);
                RawPeer ack = welcomed(fixture);
                RawPeer status = welcomed(fixture);
                RawPeer again = welcomed(fixture)) {
            // Each took the place of the one before; only the last is still followed.
            assertThat(ack.expectRefusal().getCode()).isEqualTo("duplicate");
            assertThat(status.expectRefusal().getCode()).isEqualTo("duplicate");
            again.acknowledge(77);
            assertThat(again.expectRefusal().getReason()).isEqualTo("Ack of revision 77, sent was 0");
        }
        try (SyncFixture fixture = new SyncFixture(directory, source);
                RawPeer peer = welcomed(fixture)) {
            peer.send(ClientFrame.newBuilder()
                    .setStatus(Status.newBuilder().setJson(ByteString.copyFromUtf8("{\"a\":")))
                    .build());
            assertThat(peer.expectRefusal().getReason()).startsWith("status is not valid JSON");
        }
    }

    private static RawPeer welcomed(SyncFixture fixture) throws Exception {
        RawPeer peer = new RawPeer(fixture.port());
        peer.hello(GW1, 0, "");
        assertThat(peer.expect().hasWelcome()).isTrue();
        return peer;
    }

    @Test
    void peerWithoutHelloIsClosed() throws Exception {
        var limits = SyncFixture.limits(
                64 << 10, 4 << 10, SyncFixture.NEVER, SyncFixture.NEVER, SyncFixture.NEVER, Duration.ofMillis(500));
        try (SyncFixture fixture = new SyncFixture(directory, source, limits);
                RawPeer peer = new RawPeer(fixture.port())) {
            peer.expectEnd();
            assertThat(fixture.count("nvgate.sync.errors", "kind", "timeout")).isEqualTo(1);
        }
    }

    @Test
    void silentFollowerIsTakenForDead() throws Exception {
        // Long enough for a slow machine to welcome it before.
        var limits = SyncFixture.limits(64 << 10, 4 << 10, Duration.ofSeconds(2), SyncFixture.NEVER);
        try (SyncFixture fixture = new SyncFixture(directory, source, limits);
                RawPeer peer = welcomed(fixture)) {
            Await.until("disconnected", () -> !fixture.view(GW1).connected());
            assertThat(peer.localPort()).isPositive();
        }
    }

    @Test
    void slowFollowerCostsItsBufferOnlyAndHoldsUpNobody() throws Exception {
        source.put(GW2, Samples.records(0, 150_000));
        var limits = SyncFixture.limits(32 << 10, 8 << 10, SyncFixture.NEVER, SyncFixture.NEVER);
        try (SyncFixture fixture = new SyncFixture(directory, source, limits);
                RawPeer slow = new RawPeer(fixture.port(), 4 << 10)) {
            slow.hello(GW2, 0, "");
            assertThat(slow.expect().hasWelcome()).isTrue();
            ServerFrame begin = slow.expect(); // from here on its snapshot is that of revision 1
            var quick = fixture.follow(GW1);
            for (int n = 0; n < 500; n++) {
                source.put(GW2, Samples.record(n, "10.1.0.2"));
                source.put(GW1, Samples.record(n));
            }
            fixture.awaitConverged(GW1, quick.target());
            double sentWhileSlow = fixture.count("nvgate.sync.frames", "direction", "out", "type", "SNAPSHOT_CHUNK");
            // Some 10 MB are to be sent; the socket buffers and 32 KiB of ours take a part of it.
            assertThat(fixture.count("nvgate.sync.frames", "direction", "out", "type", "SNAPSHOT_END"))
                    .isEqualTo(1);
            assertThat(sentWhileSlow * (8 << 10)).isLessThan(150_000 * 60);

            long revision = readPolicy(begin, slow);
            assertThat(revision).isEqualTo(1);
            // All that happened meanwhile comes as one delta.
            ServerFrame next = slow.expect();
            assertThat(next.hasDelta()).isTrue();
            assertThat(next.getDelta().getFrom()).isEqualTo(1);
            assertThat(next.getDelta().getChangesCount()).isEqualTo(500);
        }
    }

    private static long readPolicy(ServerFrame begin, RawPeer peer) throws Exception {
        int objects = 0;
        assertThat(begin.hasSnapshotBegin()).isTrue();
        long announced = begin.getSnapshotBegin().getObjects();
        ServerFrame frame;
        for (frame = peer.expect(); frame.hasSnapshotChunk(); frame = peer.expect()) {
            objects += frame.getSnapshotChunk().getObjectsCount();
        }
        assertThat(frame.hasSnapshotEnd()).isTrue();
        assertThat(objects).isEqualTo((int) announced);
        return frame.getSnapshotEnd().getRevision();
    }

    @Test
    void followerThatNeverReadsIsDisconnected() throws Exception {
        source.put(GW2, Samples.records(0, 150_000));
        var limits = SyncFixture.limits(32 << 10, 8 << 10, SyncFixture.NEVER, Duration.ofMillis(300));
        try (SyncFixture fixture = new SyncFixture(directory, source, limits);
                RawPeer slow = new RawPeer(fixture.port(), 4 << 10)) {
            slow.hello(GW2, 0, "");
            Await.until("disconnected as stalled", () -> fixture.count("nvgate.sync.errors", "kind", "stall") == 1);
            Await.until("known as gone", () -> !fixture.view(GW2).connected());
        }
    }

    @Test
    void queriesAreAnsweredOrFailClearly() throws Exception {
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(GW1);
            fixture.awaitConverged(GW1, peer.target());
            QueryResult echo =
                    fixture.server.query(GW1, "echo", Map.of("a", "b"), 7).get();
            assertThat(echo).isEqualTo(new QueryResult("[{\"a\":\"b\",\"limit\":7}]", true));
            assertThat(fixture.server
                            .query(GW1, "echo", Map.of("a", "b"), 0)
                            .get()
                            .json())
                    .contains("\"limit\":100");
            expectFailure(fixture.server.query(GW1, "colour", Map.of(), 1), IllegalArgumentException.class, "colour");
            expectFailure(
                    fixture.server.query(GW1, "broken", Map.of(), 1), FollowerUnavailableException.class, "it broke");
            expectFailure(
                    fixture.server.query(GW1, "huge", Map.of(), 1), FollowerUnavailableException.class, "too large");
            expectFailure(
                    fixture.server.query(GW2, "echo", Map.of(), 1),
                    FollowerUnavailableException.class,
                    "gateway/gw2 is not connected");
        }
    }

    @Test
    void queryThatIsNotAnsweredTimesOut() throws Exception {
        var limits = SyncFixture.limits(
                64 << 10, 4 << 10, SyncFixture.NEVER, SyncFixture.NEVER, Duration.ofMillis(300), SyncFixture.NEVER);
        try (SyncFixture fixture = new SyncFixture(directory, source, limits);
                RawPeer mute = welcomed(fixture)) {
            expectFailure(
                    fixture.server.query(GW1, "echo", Map.of(), 1),
                    FollowerUnavailableException.class,
                    "did not answer within");
            assertThat(mute.localPort()).isPositive();
        }
    }

    @Test
    void queriesThatAreNotAnsweredAreBounded() throws Exception {
        try (SyncFixture fixture = new SyncFixture(directory, source);
                RawPeer mute = welcomed(fixture)) {
            CompletableFuture<QueryResult> last = fixture.server.query(GW1, "echo", Map.of(), 1);
            for (int i = 0; i < 3; i++) {
                assertThat(fixture.server.query(GW1, "echo", Map.of(), 1)).isNotNull();
            }
            expectFailure(
                    fixture.server.query(GW1, "echo", Map.of(), 1),
                    FollowerUnavailableException.class,
                    "has 4 queries to answer already");
            mute.endOutput();
            expectFailure(last, FollowerUnavailableException.class, "gateway/gw1 ");
        }
    }

    private static void expectFailure(
            CompletableFuture<QueryResult> answer, Class<? extends Exception> type, String message) {
        assertThatThrownBy(answer::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(type)
                .hasMessageContaining(message);
    }
}
