package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.PolicyTarget;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Views of a real follower that is connected over the sync stream. */
class ViewsTest extends ManagerTestBase {

    /** A follower that answers queries with rows that show what it was asked. */
    private static final class Gateway implements FollowerState, PolicyTarget {

        private final CountDownLatch applied = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public boolean forwarding() {
            return true;
        }

        @Override
        public String statusJson() {
            return "{\"sessions\":3,\"records\":7,\"version\":\"t\",\"drops\":{\"UNKNOWN_VSID\":2},\"future\":true}";
        }

        @Override
        public QueryResult query(String kind, Map<String, String> filter, int limit) {
            return switch (kind) {
                case "provider-addresses" ->
                    new QueryResult("[{\"providerAddress\":\"10.10.10.12\",\"prefixLength\":24,\"vlanId\":0}]", true);
                case "lookup-records" ->
                    new QueryResult("""
                        [{"rdid":"%s","vsid":%s,"customerAddress":"192.168.1.3","mac":"00:1d:d8:00:00:01",
                          "providerAddress":"10.10.10.10","type":"STATIC","vmName":"limit %d"}]\
                        """.formatted(filter.get("rdid"), filter.get("vsid"), limit), false);
                case "end-sessions" -> {
                    int ended = filter.equals(Map.of("insideAddress", "192.168.1.3", "insidePort", "4000")) ? 1 : 0;
                    yield new QueryResult("[{\"ended\":" + ended + "}]", false);
                }
                case "mtu" -> new QueryResult("""
                    [{"customerAddress":"192.168.1.3","vmNetwork":"%s","refused":1,"fragmented":0,"tunnelFragmented":0,
                      "lastSize":1500,"mssClamped":2,"mssAnnounced":1460,"mssLowered":1418,"receivedTooBig":0}]\
                    """.formatted(filter.get("vmNetwork")), false);
                case "neighbors" -> throw new IllegalArgumentException("no such kind: neighbors");
                default -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    yield new QueryResult("[]", false);
                }
            };
        }

        @Override
        public void replace(PolicySnapshot snapshot) {
            applied.countDown();
        }

        @Override
        public void apply(long revision, List<PolicyChange> changes) {
            applied.countDown();
        }
    }

    @Test
    @Timeout(300)
    void asksTheNode(@TempDir Path cache) throws Exception {
        Walk walk = new Walk(api).physical().tenant("contoso");
        String gateway = API + "gateways/" + walk.id("gw-1");
        api.get(gateway + "/lookup-records").problem(503, "node-not-connected");
        api.get(API + "hosts/" + walk.id("host-1") + "/customer-routes").problem(503, "node-not-connected");

        Gateway follower = new Gateway();
        SyncClientConfig config = SyncClientConfig.of(
                "127.0.0.1", manager.syncPort(), new NodeId(NodeId.Kind.GATEWAY, "gw-1"), cache, "test");
        try (SyncClient client = new SyncClient(config, follower, follower, new SimpleMeterRegistry())) {
            client.start();
            assertThat(follower.applied.await(60, TimeUnit.SECONDS)).isTrue();
            JsonObject status = awaitStatus(gateway + "/status");
            assertThat(status.getJsonObject("status").getInteger("sessions")).isEqualTo(3);
            assertThat(status.getLong("lag"))
                    .isEqualTo(status.getLong("desiredRevision") - status.getLong("appliedRevision"));
            rows(walk, gateway);
            sizes(gateway);
            JsonObject ended = api.delete(gateway + "/sessions?insideAddress=192.168.1.3&insidePort=4000")
                    .json();
            assertThat(ended).isEqualTo(new JsonObject().put("ended", 1).put("truncated", false));
            api.delete(gateway + "/sessions?insidePort=4001").problem(404, "not-found");
            api.delete(gateway + "/sessions?insidePort=70000").problem(400, "invalid-value");
            api.get(gateway + "/neighbors").problem(400, "invalid-value");
            api.get(gateway + "/sessions").problem(504, "node-timeout");
        } finally {
            follower.release.countDown();
        }
    }

    private static void rows(Walk walk, String gateway) {
        String rdid = walk.object("contoso").getString("rdid");
        JsonObject view = api.get(gateway + "/lookup-records?vsid=5000&limit=5&rdid=" + rdid)
                .json();
        JsonObject row = view.getJsonArray("items").getJsonObject(0);
        assertThat(row.getString("rdid")).isEqualTo(rdid);
        assertThat(row.getInteger("vsid")).isEqualTo(5000);
        assertThat(row.getString("vmName")).isEqualTo("limit 5");
        assertThat(view.getBoolean("truncated")).isFalse();
        assertThat(api.get(gateway + "/provider-addresses").json().getBoolean("truncated"))
                .isTrue();
    }

    private static void sizes(String gateway) {
        JsonObject row = api.get(gateway + "/mtu?vmNetwork=contoso")
                .json()
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(row.getString("vmNetwork")).isEqualTo("contoso");
        assertThat(row.getInteger("lastSize")).isEqualTo(1500);
    }

    /** Polls until the node is connected, has applied a revision and sent a status; the class's timeout ends it. */
    private static JsonObject awaitStatus(String path) {
        while (true) {
            JsonObject status = api.get(path).json();
            if (status.getBoolean("connected")
                    && status.getLong("appliedRevision") > 0
                    && status.containsKey("status")) {
                return status;
            }
            Thread.onSpinWait();
        }
    }
}
