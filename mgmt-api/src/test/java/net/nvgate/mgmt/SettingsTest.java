package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import net.nvgate.mgmt.ApiClient.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of NAT and of tenants, their interfaces and peerings, over HTTP. */
class SettingsTest extends ManagerTestBase {

    private static Walk walk;

    @BeforeAll
    static void fill() {
        walk = new Walk(api).physical().tenant("contoso").tenant("fabrikam");
        api.create("ip-pools", """
                {'name':'more','networkSiteId':'%s','prefix':'203.0.113.0/24','rangeStart':'203.0.113.100',
                 'rangeEnd':'203.0.113.199'}""".formatted(walk.id("ext-site")));
    }

    private static String pool() {
        return api.get(API + "ip-pools?name=more")
                .json()
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("id");
    }

    private static JsonObject patched(String path, String json) {
        Reply reply = api.patch(path, json);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(api.get(path).json()).isEqualTo(reply.json());
        return reply.json();
    }

    @Test
    void natSettingsAreMerged() {
        JsonObject nat = api.create("nat-connections", """
                {'name':'merged','vmNetworkGatewayId':'%s','externalPoolId':'%s','filtering':'ADDRESS_DEPENDENT',
                 'timeouts':{'udpSeconds':600},'sourcePrefixes':['192.168.1.128/25']}""".formatted(walk.id("contoso-gw"), pool()));
        assertThat(nat.getJsonObject("timeouts").getInteger("tcpEstablishedSeconds"))
                .isEqualTo(7440);
        String path = API + "nat-connections/" + nat.getString("id");
        JsonObject changed = patched(path, "{'timeouts':{'icmpSeconds':90},'algs':['FTP','TFTP'],'portBlockSize':512}");
        assertThat(changed.getJsonObject("timeouts").getInteger("udpSeconds")).isEqualTo(600);
        assertThat(changed.getJsonObject("timeouts").getInteger("icmpSeconds")).isEqualTo(90);
        assertThat(changed.getString("filtering")).isEqualTo("ADDRESS_DEPENDENT");
        assertThat(changed.getJsonArray("algs")).isEqualTo(JsonArray.of("FTP", "TFTP"));
        assertThat(changed.getInteger("portBlockSize")).isEqualTo(512);
        api.delete(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "contoso-nat  | {'filtering':'OPEN'}                   | 400 | invalid-value | filtering",
                "contoso-nat  | {'timeouts':{'udpSeconds':60}}         | 400 | invalid-value | timeouts.udpSeconds",
                "contoso-nat  | {'timeouts':{'dnsSeconds':60}}         | 400 | unknown-field | timeouts.dnsSeconds",
                "contoso-nat  | {'portBlockSize':100}                  | 400 | invalid-value | portBlockSize",
                "contoso-nat  | {'externalAddress':'203.0.113.12'}     | 400 | unknown-field | externalAddress",
                "contoso-http | {'remotePrefixes':['10.0.0.1/8']}      | 400 | invalid-value | remotePrefixes[0]",
                "contoso-gw   | {'nat64Prefix':'64:ff9b::/95'}         | 400 | invalid-value | nat64Prefix",
                "contoso-gw   | {'dscp':64}                            | 400 | invalid-value | dscp",
                "contoso-gw   | {'quota':{'ports':-1}}                 | 400 | invalid-value | quota.ports",
                "contoso-gw   | {'routes':[{'destinationPrefix':'10.0.0.0/8'}]} | 400 | invalid-value | routes.nextHops",
                "contoso-gw   | {'nat64Prefix':'fd00::/64'}            | 409 | conflict      | nat64Prefix",
                "contoso-web  | {'dhcp':{'leaseSeconds':1}}            | 400 | invalid-value | dhcp.leaseSeconds",
                "contoso-web  | {'dhcp':{'domainName':'-'}}            | 400 | invalid-value | dhcp.domainName",
                "contoso-web  | {'vsid':5000}                          | 400 | unknown-field | vsid",
            })
    void badSettingsAreRefusedByField(String object, String body, int status, String code, String field) {
        if (status == 409) {
            api.create(
                    "vm-subnets",
                    "{'name':'six','vmNetworkId':'%s','prefix':'fd00::/64'}".formatted(walk.id("contoso")));
        }
        JsonObject problem = api.patch(walk.path(object), body).problem(status, code);
        assertThat(problem.getString("field")).isEqualTo(field);
    }

    @Test
    void tenantSettingsRoutesAndDhcp() {
        JsonObject gateway = patched(walk.path("fabrikam-gw"), """
                {'quota':{'ports':20000,'hostPorts':500},'dscpMode':'PIPE','dscp':10,'pcp':true,'nat64Prefix':'64:ff9b::/96',
                 'nptv6Prefixes':[{'insidePrefix':'fd00:1::/48','outsidePrefix':'2001:db8:1::/48'}],
                 'routes':[{'destinationPrefix':'10.20.0.0/16','nextHops':['192.168.1.3','192.168.1.4']},
                           {'destinationPrefix':'10.0.0.0/8','blackhole':true}]}""");
        assertThat(gateway.getJsonArray("routes")).hasSize(2);
        JsonObject subnet = patched(walk.path("fabrikam-web"), "{'dhcp':{'dnsServers':['192.0.2.53']}}");
        assertThat(subnet.getJsonObject("dhcp").getInteger("mtu")).isEqualTo(1458);
        JsonObject policy = api.policy(walk.path("gw-1") + "/policy");
        assertThat(policy.getJsonArray("tenantSettings")).hasSize(1);
        assertThat(policy.getJsonArray("nat64Prefixes").getJsonObject(0).getString("prefix"))
                .isEqualTo("64:ff9b::/96");
        assertThat(policy.getJsonArray("nptv6Prefixes")).hasSize(1);
        assertThat(policy.getJsonArray("blackholeRoutes")).hasSize(1);
        assertThat(policy.getJsonArray("dhcpSubnets")).hasSize(1);

        JsonObject none = patched(walk.path("fabrikam-gw"), "{'nat64Prefix':null,'nptv6Prefixes':[],'routes':[]}");
        assertThat(none.containsKey("nat64Prefix")).isFalse();
        assertThat(none.getJsonObject("quota").getInteger("ports")).isEqualTo(20000);
        assertThat(patched(walk.path("fabrikam-web"), "{'dhcp':null}").containsKey("dhcp"))
                .isFalse();
    }

    @Test
    void oneToOneExemptionAndInterface() {
        String of = "'vmNetworkGatewayId':'" + walk.id("contoso-gw") + "'";
        JsonObject one = api.create(
                "nat-one-to-ones",
                "{'name':'mail',%s,'externalPoolId':'%s','internalAddress':'192.168.1.5'}".formatted(of, pool()));
        api.post("nat-connections", """
                {'name':'taken',%s,'externalPoolId':'%s','externalAddress':'%s'}""".formatted(of, pool(), one.getString("externalAddress")))
                .problem(409, "conflict");
        patched(API + "nat-one-to-ones/" + one.getString("id"), "{'internalAddress':'192.168.1.6'}");
        JsonObject exempt = api.create(
                "nat-exemptions",
                "{'name':'office',%s,'sourcePrefix':'192.168.1.0/24','destinationPrefix':'10.50.0.0/16'}"
                        .formatted(of));
        patched(API + "nat-exemptions/" + exempt.getString("id"), "{'destinationPrefix':'10.51.0.0/16'}");
        api.post(
                        "nat-exemptions",
                        "{'name':'six',%s,'sourcePrefix':'fd00:1::/48','destinationPrefix':'2001:db8::/32'}"
                                .formatted(of))
                .problem(400, "invalid-value");
        JsonObject office = api.create("tenant-interfaces", """
                {'name':'office',%s,'side':'FRONT_END','vlanId':100,'addresses':[{'address':'172.16.0.1','prefixLength':29}],
                 'routes':[{'destinationPrefix':'10.50.0.0/16','nextHop':'172.16.0.2'}]}""".formatted(of));
        assertThat(office.getString("urpf")).isEqualTo("STRICT");
        patched(API + "tenant-interfaces/" + office.getString("id"), "{'urpf':'OFF','routes':[]}");
        api.post("tenant-interfaces", """
                {'name':'own-vlan',%s,'side':'FRONT_END','vlanId':7,'addresses':[{'address':'172.17.0.1','prefixLength':29}]}""".formatted(of)).problem(400, "invalid-value");
        JsonObject user = api.delete(walk.path("contoso-gw"))
                .problem(409, "in-use")
                .getJsonArray("users")
                .getJsonObject(0);
        assertThat(user.getString("kind"))
                .isIn("nat-connections", "nat-one-to-ones", "nat-exemptions", "tenant-interfaces");
        assertThat(api.get(API + "fabric").json().getJsonObject("counts").getInteger("tenantInterfaces"))
                .isEqualTo(1);
    }

    @Test
    void peersHaveDistinctAddresses() {
        String body = "{'name':'peers','vmNetworkId':'%s','peerVmNetworkId':'%s'"
                .formatted(walk.id("contoso"), walk.id("fabrikam"));
        api.post("vm-network-peerings", body + "}").problem(409, "conflict");
        JsonObject peering =
                api.create("vm-network-peerings", body + ",'prefixes':['10.1.0.0/16'],'peerPrefixes':['10.2.0.0/16']}");
        patched(API + "vm-network-peerings/" + peering.getString("id"), "{'peerPrefixes':['10.3.0.0/16']}");
        assertThat(api.policy(walk.path("gw-1") + "/policy").getJsonArray("peerRoutes"))
                .hasSize(2);
    }

    @Test
    void rulesMayHaveRangesAndRemotePrefixes() {
        String of =
                "'natConnectionId':'" + walk.id("fabrikam-nat") + "','protocol':'UDP','internalAddress':'192.168.1.3'";
        JsonObject range = api.create("nat-rules", """
                {'name':'media',%s,'externalPort':10000,'internalPort':20000,'portCount':1000,
                 'remotePrefixes':['198.51.100.0/24']}""".formatted(of));
        assertThat(range.getInteger("portCount")).isEqualTo(1000);
        api.post("nat-rules", "{'name':'inside',%s,'externalPort':10999,'internalPort':1}".formatted(of))
                .problem(409, "conflict");
        api.create("nat-rules", """
                {'name':'others',%s,'externalPort':10999,'internalPort':1,'remotePrefixes':['192.0.2.0/24']}""".formatted(of));
    }
}
