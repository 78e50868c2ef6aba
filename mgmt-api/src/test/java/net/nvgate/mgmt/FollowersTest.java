package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.mgmt.cli.NvgateMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API and nvgate of how far nodes are, with a real gateway that follows, refuses and goes away, and a host that never comes. */
@Timeout(300)
class FollowersTest extends ManagerTestBase {

    private static final String GATEWAY = API + "followers/gateways/gw-1";

    /** Applies everything, or refuses it. */
    private static final class Gateway extends TestFollower {

        private volatile boolean refuses;
        /** -1 = it does not say. */
        private volatile int sessions = 3;

        @Override
        public String statusJson() {
            return sessions < 0 ? "{}" : "{\"sessions\":" + sessions + "}";
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
        return await(GATEWAY, wanted);
    }

    private static JsonObject await(String path, Predicate<JsonObject> wanted) {
        return Await.until(path, () -> api.get(path).json(), wanted);
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
        api.awaitPolicy();
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
        try (SyncClient _ = gateway.follow(manager, cache, "nvgate-test/7")) {
            level();
            refuses(walk, gateway);
            waits(gateway);
            drains(gateway);
        }
        JsonObject gone = awaitState("DISCONNECTED");
        assertThat(gone.getDouble("lagSeconds")).isZero();
        assertThat(gone.containsKey("connectedSince")).isFalse();
        assertThat(gone.containsKey("lastSeen")).isTrue();
        stillForwardsMaybe();
    }

    private static void stillForwardsMaybe() {
        JsonArray gateways = api.get(API + "gateways?name=gw-1").json().getJsonArray("items");
        String drain = "gateways/" + gateways.getJsonObject(0).getString("id") + "/drain";
        assertThat(api.post(drain, "").json().getInteger("movedNetworks")).isEqualTo(1);
        JsonObject away = api.get(API + drain).json();
        assertThat(away.getInteger("leftNetworks")).isZero();
        assertThat(away.getString("state")).isEqualTo("DRAINING");
        assertThat(away.getBoolean("connected")).isFalse();
        assertThat(away.containsKey("sessions")).isFalse();
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
        Run done = nvgate("wait", String.valueOf(revision), "--timeout", "120", "--node", "gateway/gw-1");
        assertThat(done.exit()).isZero();
        JsonObject after =
                api.get(API + "revisions/" + revision + "/convergence").json();
        assertThat(names(after.getJsonArray("applied"))).contains("gw-1");
        awaitState("LEVEL");
        api.get(API + "revisions/" + (revision + 1000) + "/convergence").problem(404, "not-found");
        api.get(API + "revisions/" + revision + "/convergence?waitSeconds=31").problem(400, "invalid-value");
    }

    /** First while there is no other gateway, then with one. */
    private static void drains(Gateway gateway) {
        JsonObject one =
                api.get(API + "gateways?name=gw-1").json().getJsonArray("items").getJsonObject(0);
        String post = "gateways/" + one.getString("id") + "/drain";
        String drain = API + post;
        JsonObject serving = api.get(drain).json();
        assertThat(serving.getString("state")).isEqualTo("SERVING");
        assertThat(serving.getInteger("leftNetworks")).isEqualTo(2);
        JsonObject dry = api.post(post + "?dryRun=true", "").json();
        assertThat(dry.getJsonArray("changes")).hasSize(1);
        Run alone = nvgate("gateways", "drain", "gw-1", "--wait", "60");
        assertThat(alone.exit())
                .as("nothing can leave, so there is nothing to wait for")
                .isEqualTo(2);
        assertThat(alone.out())
                .contains("gw-1 is DRAINING: 0 VM networks moved, 2 left", "left   contoso: there is no other gateway");
        assertThat(api.get(GATEWAY).json().getBoolean("draining")).isTrue();
        assertThat(nvgate("gateways", "list").out()).containsPattern("gw-1 +true");
        assertThat(api.get("/metrics").body())
                .contains(
                        "nvgate_fabric_gateway_draining{node=\"gateway/gw-1\"} 1",
                        "nvgate_fabric_gateway_vm_networks{node=\"gateway/gw-1\"} 2");

        api.patch(API + "ip-pools/" + one.getString("externalPoolId"), "{'rangeEnd':'203.0.113.20'}");
        JsonObject other = new JsonObject().put("name", "gw-2");
        List.of("paPoolId", "externalPoolId").forEach(pool -> other.put(pool, one.getString(pool)));
        String second = api.create("gateways", other.encode()).getString("id");
        await(drain, left -> left.getLong("sessions", 0L) == 3);
        JsonObject moved = api.post(post, "").json();
        assertThat(moved.getInteger("movedNetworks")).isEqualTo(2);
        assertThat(names(moved.getJsonArray("moved"), "gateway")).containsOnly("gw-2");
        assertThat(moved.getString("state")).as("sessions are left").isEqualTo("DRAINING");
        gateway.sessions = -1;
        await(drain, left -> !left.containsKey("sessions"));
        hasAll();
        JsonObject unknown = api.get(drain).json();
        assertThat(unknown.getString("state")).as("sessions are unknown").isEqualTo("DRAINING");
        assertThat(unknown.getInteger("leftNetworks")).isZero();
        gateway.sessions = 0;
        Run done = nvgate("gateways", "drain", "gw-1", "--wait", "60");
        assertThat(done.exit()).isZero();
        assertThat(await(drain, left -> left.getString("state").equals("DRAINED"))
                        .getLong("sessions"))
                .isZero();
        JsonObject way = api.get(API + "vm-network-gateways")
                .json()
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(way.getString("gatewayId")).isEqualTo(second);
        String back = new JsonObject().put("gatewayId", one.getString("id")).encode();
        String place = API + "vm-network-gateways/" + way.getString("id");
        assertThat(api.patch(place, back).problem(409, "conflict").getString("field"))
                .isEqualTo("gatewayId");
        assertThat(nvgate("gateways", "undrain", "gw-1").out()).contains("gw-1 is SERVING");
        assertThat(api.patch(place, back).json().getString("gatewayId")).isEqualTo(one.getString("id"));
        hasAll();
    }

    private static void hasAll() {
        String head = String.valueOf(api.get(API + "fabric").json().getLong("revision"));
        assertThat(nvgate("wait", head, "--timeout", "120", "--node", "gateway/gw-1")
                        .exit())
                .isZero();
    }

    private static List<String> names(JsonArray nodes) {
        return names(nodes, "name");
    }

    private static List<String> names(JsonArray nodes, String field) {
        return nodes.stream().map(node -> ((JsonObject) node).getString(field)).toList();
    }
}
