package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.fabric.sync.PolicyTarget;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncClientConfig;
import net.nvgate.mgmt.cli.NvgateMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API and nvgate of how far nodes are, with a real gateway that follows, refuses and goes away, and a host that never comes. */
@Timeout(300)
class FollowersTest extends ManagerTestBase {

    private static final String GATEWAY = API + "followers/gateways/gw-1";

    /** Applies everything, or refuses it. */
    private static final class Gateway implements FollowerState, PolicyTarget {

        private volatile boolean refuses;

        @Override
        public boolean forwarding() {
            return true;
        }

        @Override
        public String statusJson() {
            return "{}";
        }

        @Override
        public QueryResult query(String kind, Map<String, String> filter, int limit) {
            throw new IllegalArgumentException("no such kind: " + kind);
        }

        @Override
        public void replace(PolicySnapshot snapshot) throws PolicyRejectedException {
            check();
        }

        @Override
        public void apply(long revision, List<PolicyChange> changes) throws PolicyRejectedException {
            check();
        }

        private void check() throws PolicyRejectedException {
            if (refuses) {
                throw new PolicyRejectedException("lookup-record/1", "the table is full");
            }
        }
    }

    private static JsonObject await(Predicate<JsonObject> wanted) {
        while (true) {
            JsonObject follower = api.get(GATEWAY).json();
            if (wanted.test(follower)) {
                return follower;
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static JsonObject awaitState(String state) {
        return await(follower -> follower.getString("state").equals(state));
    }

    private static long head() {
        return api.get(API + "fabric").json().getLong("policyRevision");
    }

    private record Run(int exit, String out) {}

    private static Run nvgate(String... args) {
        StringWriter out = new StringWriter();
        String[] all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--url";
        all[args.length + 1] = "http://127.0.0.1:" + manager.httpPort();
        int exit = NvgateMain.run(all, new PrintWriter(out, true));
        return new Run(exit, out.toString());
    }

    @Test
    void tellsHowFarEachNodeIs(@TempDir Path cache) throws Exception {
        Walk walk = new Walk(api).physical().tenant("contoso");
        JsonObject never = api.get(API + "followers/hosts/host-1").json();
        assertThat(never.getString("state")).isEqualTo("DISCONNECTED");
        assertThat(never.getLong("appliedRevision")).isZero();
        assertThat(never.getLong("lagRevisions")).isPositive();
        assertThat(never.containsKey("lastSeen")).isFalse();
        assertThat(never.containsKey("manager")).isFalse();
        api.get(API + "followers/hosts/nobody").problem(404, "not-found");
        api.get(API + "followers/vms/nobody").problem(400, "invalid-value");
        api.get(API + "followers?state=LATE").problem(400, "invalid-value");

        Gateway gateway = new Gateway();
        SyncClientConfig config = SyncClientConfig.of(
                "127.0.0.1", manager.syncPort(), new NodeId(NodeId.Kind.GATEWAY, "gw-1"), cache, "nvgate-test/7");
        try (SyncClient client = new SyncClient(config, gateway, gateway, new SimpleMeterRegistry())) {
            client.start();
            level();
            refuses(walk, gateway);
            waits(gateway);
        }
        JsonObject gone = awaitState("DISCONNECTED");
        assertThat(gone.getDouble("lagSeconds")).isZero();
        assertThat(gone.containsKey("connectedSince")).isFalse();
        assertThat(gone.containsKey("lastSeen")).isTrue();
    }

    private static void level() {
        JsonObject level = awaitState("LEVEL");
        assertThat(level.getString("software")).isEqualTo("nvgate-test/7");
        assertThat(level.getString("manager")).isNotEmpty();
        assertThat(level.getDouble("lagSeconds")).isZero();
        JsonObject list = api.get(API + "followers").json();
        assertThat(list.getJsonObject("states").getInteger("LEVEL")).isEqualTo(1);
        JsonArray levels = api.get(API + "followers?state=LEVEL").json().getJsonArray("items");
        assertThat(levels).hasSize(1);
        assertThat(levels.getJsonObject(0).getString("name")).isEqualTo("gw-1");
        assertThat(list.getJsonArray("items").size())
                .isEqualTo(1 + list.getJsonObject("states").getInteger("DISCONNECTED"));
        Run table = nvgate("followers");
        assertThat(table.exit()).isEqualTo(2);
        assertThat(table.out()).contains("gateway/gw-1", "LEVEL", "host/host-1", "DISCONNECTED", "nvgate-test/7");
        Run filtered = nvgate("followers", "--state", "LEVEL");
        assertThat(filtered.out()).contains("gateway/gw-1").doesNotContain("host/host-1");
    }

    private static void refuses(Walk walk, Gateway gateway) throws Exception {
        gateway.refuses = true;
        walk.tenant("fabrikam");
        JsonObject error = await(
                follower -> follower.getString("state").equals("ERROR") && follower.getDouble("lagSeconds") > 0.2);
        assertThat(error.getString("lastError")).isEqualTo("lookup-record/1: the table is full");
        JsonObject first = error.getJsonArray("errors").getJsonObject(0);
        assertThat(first.getString("object")).isEqualTo("lookup-record/1");
        assertThat(first.getBoolean("standing")).isTrue();
        assertThat(nvgate("followers").out()).contains("lookup-record/1: the table is full");
        String metrics = api.get("/metrics").body();
        assertThat(metrics)
                .contains(
                        "nvgate_sync_follower_errors{node=\"gateway/gw-1\"} 1",
                        "nvgate_sync_nodes{state=\"error\"} 1",
                        "nvgate_sync_lag_seconds{node=\"gateway/gw-1\"}",
                        "nvgate_sync_lag_revisions{node=\"host/host-1\"}",
                        "nvgate_sync_oldest_unapplied_seconds");
    }

    private static void waits(Gateway gateway) {
        long revision = head();
        JsonObject before = api.get(API + "revisions/" + revision + "/convergence?waitSeconds=1")
                .json();
        assertThat(before.getBoolean("converged")).isFalse();
        assertThat(names(before.getJsonArray("missing"))).contains("gw-1", "host-1");
        assertThat(nvgate("wait", String.valueOf(revision), "--timeout", "1", "--node", "gateway/gw-1")
                        .exit())
                .isEqualTo(2);
        gateway.refuses = false;
        Run done = nvgate("wait", String.valueOf(revision), "--timeout", "30", "--node", "gateway/gw-1");
        assertThat(done.exit()).isZero();
        JsonObject after =
                api.get(API + "revisions/" + revision + "/convergence").json();
        assertThat(names(after.getJsonArray("applied"))).contains("gw-1");
        awaitState("LEVEL");
        api.get(API + "revisions/" + (revision + 1000) + "/convergence").problem(404, "not-found");
        api.get(API + "revisions/" + revision + "/convergence?waitSeconds=31").problem(400, "invalid-value");
    }

    private static List<String> names(JsonArray nodes) {
        return nodes.stream().map(node -> ((JsonObject) node).getString("name")).toList();
    }
}
