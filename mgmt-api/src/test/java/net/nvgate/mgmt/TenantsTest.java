package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import net.nvgate.mgmt.ApiClient.Reply;
import org.junit.jupiter.api.Test;

/** Virtual networks of a subscription, from the first to the last, and what the subscription may have. */
class TenantsTest extends ManagerTestBase {

    private static final String NETWORK = """
            {'name':'%s','prefix':'192.168.1.0/24','prefix6':'fd00:1::/64','dnsServers':['192.0.2.53'],
             'domainName':'contoso.example','labels':{'tier':'web'},'nat':{'maximumBandwidthInboundKbps':1000}}""";

    private final Walk walk;
    private final String networks;

    TenantsTest() {
        walk = new Walk(api).physical().offer();
        networks = "subscriptions/" + walk.id("tenant") + "/virtual-networks";
    }

    @Test
    void aSubscriptionHasVirtualNetworks() {
        aDryRunSaysWhatWouldCome();
        aVirtualNetworkComesAndGoesAsAWhole();
        quotasHoldForTheWhole();
        whatCannotBeToldIsAskedFor();
    }

    private JsonObject created(String name) {
        Reply reply = api.post(networks, NETWORK.formatted(name));
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        String id = reply.json().getJsonObject("vmNetwork").getString("id");
        assertThat(reply.headers()).containsEntry("location", API + "vm-networks/" + id);
        return reply.json();
    }

    private static int count(String kind) {
        return api.get(API + "fabric").json().getJsonObject("counts").getInteger(kind);
    }

    private void aVirtualNetworkComesAndGoesAsAWhole() {
        int poolsBefore = count("ipPools");
        JsonObject made = created("contoso");
        JsonObject subnet = made.getJsonObject("vmSubnet");
        assertThat(made.getJsonObject("vmNetwork").getString("subscriptionId")).isEqualTo(walk.id("tenant"));
        assertThat(made.getJsonObject("vmNetwork").getJsonObject("labels").getString("tier"))
                .isEqualTo("web");
        assertThat(subnet.getJsonObject("dhcp").getString("domainName")).isEqualTo("contoso.example");
        assertThat(made.getJsonArray("ipPools").stream().map(pool -> ((JsonObject) pool).getString("name")))
                .containsExactlyInAnyOrder(
                        "tenant-" + subnet.getInteger("vsid"), "tenant-" + subnet.getInteger("vsid") + "-6");
        JsonObject gateway = made.getJsonObject("vmNetworkGateway");
        assertThat(gateway.getString("gatewayId")).isEqualTo(walk.id("gw-1"));
        assertThat(gateway.getString("routingSubnet6")).isEqualTo("fd0a:fefe::/64");
        JsonObject nat = made.getJsonObject("natConnection");
        assertThat(nat.getInteger("maximumBandwidthInboundKbps")).isEqualTo(1000);
        assertThat(nat)
                .isEqualTo(
                        api.get(API + "nat-connections/" + nat.getString("id")).json());

        String path = API + networks + "/" + made.getJsonObject("vmNetwork").getString("id");
        JsonObject vm = api.create("vms", """
                {'name':'vm','hostId':'%s','subscriptionId':'%s','nics':[{'vmSubnetId':'%s'}]}""".formatted(walk.id("host-1"), walk.id("tenant"), subnet.getString("id")));
        JsonObject rule = api.create("nat-rules", """
                {'name':'http','natConnectionId':'%s','protocol':'TCP','externalPort':80,'internalAddress':'%s',
                 'internalPort':80}""".formatted(
                nat.getString("id"), vm.getJsonArray("nics").getJsonObject(0).getString("address")));
        assertThat(rule.getInteger("externalPort")).isEqualTo(80);
        JsonObject refusal = api.delete(path).problem(409, "in-use");
        assertThat(refusal.getJsonArray("users").getJsonObject(0).getString("name"))
                .isEqualTo("vm");
        assertThat(api.delete(API + "vms/" + vm.getString("id")).status()).isEqualTo(204);

        assertThat(api.delete(path).status()).isEqualTo(204);
        api.delete(path).problem(404, "not-found");
        assertThat(count("vmNetworks") + count("vmSubnets") + count("vmNetworkGateways") + count("natRules"))
                .isZero();
        assertThat(count("ipPools")).isEqualTo(poolsBefore);
    }

    private void quotasHoldForTheWhole() {
        created("first");
        JsonObject usage =
                api.get(API + "subscriptions/" + walk.id("tenant") + "/usage").json();
        assertThat(usage.getJsonObject("usage").getJsonObject("vmNetworks").getMap())
                .isEqualTo(new JsonObject("{\"used\":1,\"limit\":2}").getMap());
        assertThat(usage.getJsonObject("usage").getJsonObject("publicAddresses").getMap())
                .isEqualTo(new JsonObject("{\"used\":1}").getMap());

        api.patch(API + "plans/" + walk.id("bronze"), "{'limits':{'publicAddresses':1}}");
        JsonObject refusal = api.post(networks, NETWORK.formatted("second")).problem(409, "limit-reached");
        assertThat(refusal.getString("detail"))
                .contains("allows 1 publicAddresses: subscription 'tenant' has 1, and 1 more are asked for");
        assertThat(count("vmNetworks")).isEqualTo(1);
        Reply plain = api.post(networks, "{'name':'second','prefix':'192.168.1.0/24'}");
        assertThat(plain.status()).as(plain.body()).isEqualTo(201);
        assertThat(plain.json().containsKey("vmNetworkGateway")).isFalse();
    }

    private void whatCannotBeToldIsAskedFor() {
        api.post(
                        networks,
                        "{'name':'n','prefix':'192.168.1.0/24','logicalNetworkId':'%s'}".formatted(walk.id("internet")))
                .problem(400, "invalid-value");
        api.create("logical-networks", "{'name':'second','networkVirtualization':true}");
        api.patch(API + "clouds/" + walk.id("cloud"), "{'logicalNetworkIds':[]}");
        JsonObject unclear =
                api.post(networks, "{'name':'n','prefix':'192.168.1.0/24'}").problem(400, "invalid-value");
        assertThat(unclear.getString("field")).isEqualTo("logicalNetworkId");
        String other = "subscriptions/" + walk.id("cloud") + "/virtual-networks";
        api.post(other, "{'name':'n','prefix':'192.168.1.0/24'}").problem(404, "not-found");
        api.get(API + "subscriptions/" + walk.id("cloud") + "/usage").problem(404, "not-found");
    }

    private void aDryRunSaysWhatWouldCome() {
        Reply reply = api.send(
                "POST",
                API + networks + "?dryRun=true",
                NETWORK.formatted("contoso").replace('\'', '"'));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().getJsonArray("changes")).hasSize(6);
        assertThat(count("vmNetworks")).isZero();
    }
}
