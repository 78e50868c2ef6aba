package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.PolicyCacheTest.delta;
import static net.nvgate.fabric.sync.Samples.GW1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Query;
import net.nvgate.fabric.sync.v1.QueryReply;
import net.nvgate.fabric.sync.v1.ServerFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A follower whose answers take long goes on with its policy. */
@Timeout(300)
class ClientQueriesTest {

    @TempDir
    Path directory;

    private final RecordingTarget target = new RecordingTarget();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private RawManager manager;
    private SyncClient client;

    /** Answers "slow" when the gate opens. */
    private final class GatedState extends SyncFixture.FixedState {
        @Override
        public QueryResult query(String kind, Map<String, String> filter, int limit) {
            if (kind.equals("slow")) {
                asked.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return new QueryResult("[]", false);
            }
            return super.query(kind, filter, limit);
        }
    }

    @BeforeEach
    void start() throws Exception {
        manager = new RawManager();
        SyncClientConfig config = SyncClientConfig.of("127.0.0.1", manager.port(), GW1, directory, "test")
                .withLimits(SyncFixture.quickClientLimits());
        client = new SyncClient(config, target, new GatedState(), new SimpleMeterRegistry());
        client.start();
        manager.welcome("f");
        manager.snapshot(5);
        ask(1, "slow");
        asked.await();
    }

    @AfterEach
    void stop() throws IOException {
        gate.countDown();
        client.close();
        manager.close();
    }

    private void ask(long id, String kind) throws IOException {
        manager.send(ServerFrame.newBuilder()
                .setQuery(Query.newBuilder().setId(id).setKind(kind))
                .build());
    }

    @Test
    void slowAnswerHoldsUpNeitherPolicyNorStatus() throws Exception {
        manager.delta(delta(5, 6, new PolicyChange.Put(Samples.record(50))));
        assertThat(manager.expect().getAck().getRevision()).isEqualTo(6);
        assertThat(target.revision()).isEqualTo(6);
        assertThat(manager.expectStatus().getStatus().getAppliedRevision()).isEqualTo(6);
        ask(2, "echo");
        gate.countDown();
        assertThat(manager.expect().getQueryReply().getId()).isEqualTo(1);
        ClientFrame second = manager.expect();
        assertThat(second.getQueryReply().getId()).as("in their order").isEqualTo(2);
        assertThat(second.getQueryReply().getError()).isEmpty();
    }

    @Test
    void tooManyQueriesFailAtOnce() throws Exception {
        for (int i = 0; i <= SyncClient.QUERIES_WAITING_MAX; i++) {
            ask(2 + i, "echo");
        }
        QueryReply refused = manager.expect().getQueryReply();
        assertThat(refused.getId()).isEqualTo(2 + SyncClient.QUERIES_WAITING_MAX);
        assertThat(refused.getFailed()).isTrue();
        assertThat(refused.getError()).contains("too many queries");
        gate.countDown();
        for (int i = 0; i <= SyncClient.QUERIES_WAITING_MAX; i++) {
            assertThat(manager.expect().getQueryReply().getId()).isEqualTo(1 + i);
        }
    }
}
