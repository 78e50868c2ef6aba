package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses of pools: who has them, grants, warnings and gauges. */
class PoolsTest extends ManagerTestBase {

    @Test
    void addressesHaveStatesAndHolders() {
        Walk walk = new Walk(api).physical().tenant("contoso");
        JsonObject grant = api.create("address-grants", """
                {'name':'shop','ipPoolId':'%s','allocatedTo':{'type':'LOAD_BALANCER_CONFIGURATION','text':'shop'}}""".formatted(walk.id("pa-pool")));
        assertThat(grant.getString("address")).isEqualTo("10.10.10.13");
        assertThat(api.patch(API + "address-grants/" + grant.getString("id"), "{'state':'INACTIVE'}")
                        .status())
                .isEqualTo(200);
        String path = API + "ip-pools/" + walk.id("pa-pool") + "/addresses";
        assertThat(rows(path))
                .containsExactly(
                        "10.10.10.10 ALLOCATED host-1 HOST_NETWORK_ADAPTER",
                        "10.10.10.11 ALLOCATED host-2 HOST_NETWORK_ADAPTER",
                        "10.10.10.12 ALLOCATED gw-1 NETWORK_GATEWAY",
                        "10.10.10.13 INACTIVE shop LOAD_BALANCER_CONFIGURATION",
                        "10.10.10.14 FREE",
                        "10.10.10.15 RESERVED",
                        "10.10.10.16-10.10.10.19 FREE");
        assertThat(rows(path + "?state=ALLOCATED&limit=1&offset=1"))
                .containsExactly("10.10.10.11 ALLOCATED host-2 HOST_NETWORK_ADAPTER");
        assertThat(api.get(path + "?state=FREE").json().getInteger("total")).isEqualTo(2);
        String subnetPool = walk.object("contoso-web").getString("ipPoolId");
        assertThat(rows(API + "ip-pools/" + subnetPool + "/addresses?state=ALLOCATED"))
                .containsExactly("192.168.1.3 ALLOCATED contoso-vm VIRTUAL_NETWORK_ADAPTER");
        api.get(path + "?state=LOST").problem(400, "invalid-value");
        api.get(API + "ip-pools/" + walk.id("host-1") + "/addresses").problem(404, "not-found");

        warns(walk);
        counts();
    }

    private static List<String> rows(String path) {
        JsonArray items = api.get(path).json().getJsonArray("items");
        return items.stream().map(JsonObject.class::cast).map(PoolsTest::row).toList();
    }

    private static String row(JsonObject address) {
        StringBuilder row = new StringBuilder(address.getString("address"));
        if (address.containsKey("lastAddress")) {
            row.append('-').append(address.getString("lastAddress"));
        }
        row.append(' ').append(address.getString("state"));
        for (Object holder : address.getJsonArray("allocatedTo")) {
            JsonObject object = (JsonObject) holder;
            row.append(' ').append(object.getString("name")).append(' ').append(object.getString("role"));
        }
        return row.toString();
    }

    /** The external pool has three addresses: the gateway's, the NAT connection's, and one more. */
    private static void warns(Walk walk) {
        assertThat(warnings()).isEmpty();
        JsonObject last =
                api.create("address-grants", "{'name':'last','ipPoolId':'%s'}".formatted(walk.id("ext-pool")));
        JsonArray warnings = warnings();
        assertThat(warnings).hasSize(1);
        JsonObject warning = warnings.getJsonObject(0);
        assertThat(warning.getString("code")).isEqualTo("POOL_EXHAUSTED");
        assertThat(warning.getJsonObject("object").getString("name")).isEqualTo("ext-pool");
        assertThat(api.delete(API + "address-grants/" + last.getString("id")).status())
                .isEqualTo(204);
        assertThat(warnings()).isEmpty();
    }

    private static JsonArray warnings() {
        return api.get(API + "fabric").json().getJsonArray("warnings");
    }

    private static void counts() {
        String metrics = api.get("/metrics").body();
        assertThat(metrics)
                .contains("nvgate_fabric_pool_addresses{kind=\"ip-pool\",pool=\"pa-pool\",state=\"allocated\"} 4.0")
                .contains("nvgate_fabric_pool_addresses{kind=\"ip-pool\",pool=\"pa-pool\",state=\"reserved\"} 1.0")
                .contains("nvgate_fabric_pool_addresses{kind=\"ip-pool\",pool=\"pa-pool\",state=\"free\"} 5.0")
                .contains("nvgate_fabric_pool_addresses{kind=\"vsid\",pool=\"vsids\",state=\"allocated\"} 2.0")
                .contains("pool=\"Default MAC address pool\",state=\"allocated\"} 4.0");
    }
}
