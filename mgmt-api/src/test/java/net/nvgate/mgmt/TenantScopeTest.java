package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two tenants on one fabric: neither sees, counts, names or changes what is the other's or the administrator's. */
class TenantScopeTest extends TenantTestBase {

    private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final String PROVIDER_ACL = "{'name':'%s','vmNetworkId':'%s','provider':true%s}";

    @Test
    void listsAndCountsHaveOnlyOnesOwn() {
        JsonObject counts = contoso.get("/api/v1/fabric").json().getJsonObject("counts");
        ours.forEach((kind, id) -> {
            JsonObject list = contoso.get("/api/v1/" + kind).json();
            assertThat(list.getInteger("total")).as(kind).isEqualTo(1);
            assertThat(list.encode())
                    .contains(id)
                    .doesNotContain(theirs.get(kind))
                    .doesNotContain("fabrikam");
            assertThat(contoso.get("/api/v1/" + kind + "?name=fabrikam").json().getInteger("total"))
                    .isZero();
        });
        assertThat(counts.getInteger("vms")).isEqualTo(1);
        assertThat(counts.getInteger("hosts")).isZero();
        assertThat(counts.getInteger("gateways")).isZero();
        JsonObject fabric = contoso.get("/api/v1/fabric").json();
        assertThat(fabric.getJsonArray("gateways")).isEmpty();
        assertThat(fabric.getJsonArray("hosts")).isEmpty();
        assertThat(contoso.get("/api/v1/plans").json().getInteger("total")).isEqualTo(1);
        contoso.get("/api/v1/clouds").problem(403, "forbidden");
    }

    /** What is another's looks, word for word, like what is not there. */
    @Test
    void whatIsAnothersIsNotThere() {
        String none = UUID.randomUUID().toString();
        theirs.forEach((kind, id) -> {
            String path = "/api/v1/" + kind + "/";
            for (String below : new String[] {"", "/history"}) {
                String there =
                        contoso.get(path + id + below).problem(404, "not-found").getString("detail");
                String absent = contoso.get(path + none + below)
                        .problem(404, "not-found")
                        .getString("detail");
                assertThat(there.replace(id, none).replace(", now or in the log", ""))
                        .isEqualTo(absent.replace(", now or in the log", ""));
            }
        });
        contoso.get("/api/v1/subscriptions/" + theirs.get("subscriptions") + "/usage")
                .problem(404, "not-found");
        contoso.get("/api/v1/ip-pools/" + theirs.get("ip-pools") + "/addresses").problem(404, "not-found");
        contoso.get("/api/v1/ip-pools/" + walk.id("ext-pool") + "/addresses").problem(404, "not-found");
        contoso.get("/api/v1/ip-pools/" + walk.id("ext-pool")).problem(404, "not-found");
    }

    private static final List<String> VIEWS = List.of(
            "sessions", "top", "drops", "trace?source=192.168.1.9&destination=192.0.2.1", "packet-traces", "capture");

    /** What gateways have of a VM network, and what passes there, is its tenant's. */
    @Test
    void whatPassesInAnothersNetworkIsNotThere() {
        String none = "/api/v1/vm-networks/" + UUID.randomUUID() + "/";
        String network = "/api/v1/vm-networks/" + theirs.get("vm-networks") + "/";
        String own = "/api/v1/vm-networks/" + ours.get("vm-networks") + "/";
        for (String view : VIEWS) {
            String there = contoso.get(network + view).problem(404, "not-found").getString("detail");
            String absent = contoso.get(none + view).problem(404, "not-found").getString("detail");
            assertThat(UUIDS.matcher(there).replaceAll(""))
                    .isEqualTo(UUIDS.matcher(absent).replaceAll(""));
            // Its own is asked of the gateway, which is not there.
            contoso.get(own + view).problem(503, "node-not-connected");
        }
        for (String which : List.of("all=true", "protocol=UDP&dryRun=true")) {
            contoso.delete(network + "sessions?" + which).problem(404, "not-found");
            contoso.delete(none + "sessions?" + which).problem(404, "not-found");
            contoso.delete(own + "sessions?" + which).problem(503, "node-not-connected");
        }
    }

    @Test
    void whichGatewayANetworkHasIsTheOperators() {
        String own = "/api/v1/vm-networks/" + ours.get("vm-networks") + "/";
        for (String view : VIEWS) {
            JsonObject problem = contoso.get(own + view).problem(503, "node-not-connected");
            assertThat(problem.getString("detail")).isEqualTo("the gateway of the VM network is not connected");
            assertThat(problem.encode()).doesNotContain("gw-1");
        }
        assertThat(admin.get(own + "top").problem(503, "node-not-connected").getString("detail"))
                .contains("gw-1");
    }

    /** The audit log as soon as all that is in it. */
    private static String auditLog(String... parts) {
        return Await.until(
                "in the audit log",
                () -> admin.get("/api/v1/audit?limit=100").body(),
                log -> Stream.of(parts).allMatch(log::contains));
    }

    /** Also who only would have seen them. */
    @Test
    @Timeout(300)
    void whosePacketsSomebodyLooksAtIsInTheAuditLog() {
        String own = "/api/v1/vm-networks/" + ours.get("vm-networks") + "/";
        contoso.get(own + "packet-traces?insideAddress=192.168.1.9&packets=3").problem(503, "node-not-connected");
        contoso.get(own + "capture?remoteAddress=192.0.2.77").problem(503, "node-not-connected");
        String log = auditLog("{insideAddress=192.168.1.9, packets=3}", "{remoteAddress=192.0.2.77}");
        assertThat(log).contains("getVmNetworkPacketTraces", "getVmNetworkCapture");
    }

    @Test
    void whatIsAnothersCannotBeChanged() {
        for (String kind : new String[] {"vm-networks", "vm-subnets", "nat-connections", "nat-rules"}) {
            String path = "/api/v1/" + kind + "/" + theirs.get(kind);
            contoso.patch(path, "{'description':'mine now'}").problem(404, "not-found");
            contoso.patch(path + "?dryRun=true", "{'description':'mine now'}").problem(404, "not-found");
        }
        for (String kind : new String[] {"vm-networks", "vm-subnets", "nat-connections", "nat-rules"}) {
            contoso.delete("/api/v1/" + kind + "/" + theirs.get(kind)).problem(404, "not-found");
        }
        String networks = "/virtual-networks/" + theirs.get("vm-networks");
        contoso.delete("/api/v1/subscriptions/" + theirs.get("subscriptions") + networks)
                .problem(404, "not-found");
        contoso.delete("/api/v1/subscriptions/" + ours.get("subscriptions") + networks)
                .problem(404, "not-found");
        contoso.post(
                        "subscriptions/" + theirs.get("subscriptions") + "/virtual-networks",
                        "{'name':'x','prefix':'10.0.0.0/24'}")
                .problem(404, "not-found");
    }

    /** Routes and addresses of the gateway, and what leaves it untranslated, are the operator's. */
    @Test
    void whatReachesThePhysicalNetworkIsTheOperators() {
        String gateway = ours.get("vm-network-gateways");
        contoso.patch("/api/v1/vm-network-gateways/" + gateway, "{'description':'x'}")
                .problem(403, "forbidden");
        String exemption =
                "{'name':'x','vmNetworkGatewayId':'%s','sourcePrefix':'192.168.1.0/24','destinationPrefix':'203.0.113.0/24'}"
                        .formatted(gateway);
        contoso.post("nat-exemptions", exemption).problem(403, "forbidden");
        batch(contoso, "{'op':'create','kind':'nat-exemptions','object':" + exemption + "}")
                .problem(403, "forbidden");
    }

    @Test
    @Timeout(300)
    void aTenantTakesNoReservedAddressAndSharesNoneWithAnother() {
        String pool = "/api/v1/ip-pools/" + walk.id("ext-pool");
        String last = "203.0.113.40";
        assertThat(admin.patch(pool, "{'rangeEnd':'" + last + "','reserved':['" + last + "']}")
                        .status())
                .isEqualTo(200);
        String connection = "{'name':'%s','vmNetworkGatewayId':'%s','portMin':%d,'portMax':%d%s}";
        String narrow = made(
                "nat-connections", connection.formatted("narrow", theirs.get("vm-network-gateways"), 2000, 2999, ""));
        String path = "/api/v1/nat-connections/" + narrow;
        String address = admin.get(path).json().getString("externalAddress");
        String gateway = ours.get("vm-network-gateways");
        contoso.post(
                        "nat-connections",
                        connection.formatted("beside", gateway, 3000, 3999, ",'externalAddress':'" + address + "'"))
                .problem(403, "forbidden");
        assertThat(admin.delete(path).status()).isEqualTo(204);

        String oneToOne = "{'name':'own','vmNetworkGatewayId':'%s','internalAddress':'192.168.1.77'%s}";
        contoso.post("nat-one-to-ones", oneToOne.formatted(gateway, ",'externalAddress':'" + last + "'"))
                .problem(403, "forbidden");
        auditLog("is not there for tenants to choose");
        ApiClient.Reply free = contoso.post("nat-one-to-ones", oneToOne.formatted(gateway, ""));
        assertThat(free.status()).as(free.body()).isEqualTo(201);
        assertThat(contoso.delete("/api/v1/nat-one-to-ones/" + free.id()).status())
                .isEqualTo(204);
    }

    /** All tokens here are the administrator's. */
    @Test
    void aTenantsTokenNeitherSeesNorRevokesOthersOfItsUser() {
        String id = admin.post("tokens", "{'name':'of fabrikam','role':'TENANT_OWNER','tenant':'fabrikam'}")
                .json()
                .getJsonObject("token")
                .getString("id");
        assertThat(contoso.get("/api/v1/tokens").body())
                .contains("TENANT_MEMBER")
                .doesNotContain(id)
                .doesNotContain("fabrikam");
        contoso.delete("/api/v1/tokens/" + id).problem(404, "not-found");
        assertThat(admin.get("/api/v1/tokens").body()).contains(id);
        assertThat(admin.delete("/api/v1/tokens/" + id).status()).isEqualTo(204);
    }

    @Test
    void whatIsAnothersCannotBeNamed() {
        contoso.post(
                        "nat-rules",
                        "{'name':'x','natConnectionId':'%s','protocol':'TCP','externalPort':81,'internalAddress':'192.168.1.9','internalPort':80}"
                                .formatted(theirs.get("nat-connections")))
                .problem(400, "reference-not-found");
        contoso.post(
                        "vm-subnets",
                        "{'name':'x','vmNetworkId':'%s','prefix':'10.9.0.0/24'}".formatted(theirs.get("vm-networks")))
                .problem(400, "reference-not-found");
        contoso.post(
                        "vm-network-peerings",
                        "{'name':'x','vmNetworkId':'%s','peerVmNetworkId':'%s'}"
                                .formatted(ours.get("vm-networks"), theirs.get("vm-networks")))
                .problem(400, "reference-not-found");
        contoso.patch(
                        "/api/v1/vm-networks/" + ours.get("vm-networks"),
                        "{'subscriptionId':'%s'}".formatted(theirs.get("subscriptions")))
                .problem(400, "reference-not-found");
        String loose = made(
                "vm-networks",
                "{'name':'loose','logicalNetworkId':'%s','subscriptionId':'%s'}"
                        .formatted(walk.id("provider"), ours.get("subscriptions")));
        contoso.patch("/api/v1/vm-networks/" + loose, "{'subscriptionId':null}").problem(403, "forbidden");
        assertThat(contoso.delete("/api/v1/vm-networks/" + loose).status()).isEqualTo(204);
        contoso.post(
                        "subscriptions/" + ours.get("subscriptions") + "/virtual-networks",
                        "{'name':'x','prefix':'10.0.0.0/24','gatewayId':'%s'}".formatted(walk.id("gw-1")))
                .problem(400, "reference-not-found");
    }

    @Test
    void aBatchIsHeldToTheSame() {
        batch(contoso, "{'op':'delete','kind':'nat-rules','id':'%s'}".formatted(theirs.get("nat-rules")))
                .problem(400, "reference-not-found");
        batch(contoso, "{'op':'create','kind':'host-groups','object':{'name':'x'}}")
                .problem(403, "forbidden");
        batch(member, "{'op':'delete','kind':'vm-networks','id':'%s'}".formatted(ours.get("vm-networks")))
                .problem(403, "forbidden");
        batch(reader, "{'op':'delete','kind':'nat-rules','id':'%s'}".formatted(ours.get("nat-rules")))
                .problem(403, "forbidden");
        assertThat(batch(
                                member,
                                "{'op':'patch','kind':'nat-rules','id':'%s','patch':{'description':'by batch'}}"
                                        .formatted(ours.get("nat-rules")))
                        .status())
                .isEqualTo(200);
    }

    private static ApiClient.Reply batch(ApiClient who, String operation) {
        return who.post("batch", "{'operations':[" + operation + "]}");
    }

    @Test
    void aTenantWorksInItsOwnNetworksAndSeesNobodyElse() {
        JsonObject made = member.post(
                        "nat-rules",
                        "{'name':'ours too','natConnectionId':'%s','protocol':'TCP','externalPort':443,'internalAddress':'192.168.1.9','internalPort':443}"
                                .formatted(ours.get("nat-connections")))
                .json();
        String path = "/api/v1/nat-rules/" + made.getString("id");
        assertThat(contoso.get("/api/v1/nat-rules/" + ours.get("nat-rules"))
                        .json()
                        .getString("createdBy"))
                .isEqualTo("operator");
        assertThat(contoso.get(path + "/history").body())
                .doesNotContain("127.0.0.1")
                .doesNotContain("admin");
        JsonObject dryRun = member.patch(path + "?dryRun=true", "{'description':'would be'}")
                .json();
        assertThat(dryRun.getJsonArray("policy")).isEmpty();
        assertThat(dryRun.getJsonArray("changes")).hasSize(1);
        reader.patch(path, "{'description':'no'}").problem(403, "forbidden");
        assertThat(member.delete(path).status()).isEqualTo(204);
    }

    @Test
    void refusalsTellNothingOfOthers() {
        JsonObject taken = contoso.post(
                        "nat-rules",
                        "{'name':'fabrikam','natConnectionId':'%s','protocol':'TCP','externalPort':8443,'internalAddress':'192.168.1.9','internalPort':443}"
                                .formatted(ours.get("nat-connections")))
                .problem(409, "name-taken");
        assertThat(taken.encode()).doesNotContain("fabrikam").doesNotContain(theirs.get("nat-rules"));
        JsonObject inUse =
                contoso.delete("/api/v1/vm-networks/" + ours.get("vm-networks")).problem(409, "in-use");
        assertThat(inUse.containsKey("users")).isFalse();
    }

    @Test
    void anOwnerLooksAfterTheUsersOfTheTenantAlone() {
        String user = "{'name':'%s','role':'%s','tenant':'%s','password':'long enough now'}";
        assertThat(contoso.post("users", user.formatted("zoe", "TENANT_MEMBER", "contoso"))
                        .status())
                .isEqualTo(201);
        contoso.post("users", user.formatted("spy", "TENANT_MEMBER", "fabrikam"))
                .problem(403, "forbidden");
        contoso.post("users", "{'name':'boss','role':'ADMIN','password':'long enough now'}")
                .problem(403, "forbidden");
        contoso.get("/api/v1/users/admin").problem(404, "not-found");
        contoso.patch("/api/v1/users/zoe", "{'tenant':'fabrikam'}").problem(403, "forbidden");
        contoso.patch("/api/v1/users/zoe", "{'role':'OPERATOR'}").problem(403, "forbidden");
        contoso.delete("/api/v1/users/admin").problem(404, "not-found");
        assertThat(contoso.get("/api/v1/users").body()).contains("zoe").doesNotContain("\"admin\"");
        assertThat(contoso.delete("/api/v1/users/zoe").status()).isEqualTo(204);
        member.get("/api/v1/users").problem(403, "forbidden");
    }

    /** The provider's lists and sets on a tenant's own network are not there for the tenant. */
    @Test
    void theProvidersListsAreNotTheTenants() {
        String network = ours.get("vm-networks");
        String set = made("address-sets", PROVIDER_ACL.formatted("their-set", network, ""));
        String rule = ",'rules':[{'priority':1,'direction':'INBOUND','action':'DENY','remoteAddressSetIds':['%s']}]";
        String list = made("port-acls", PROVIDER_ACL.formatted("their-list", network, rule.formatted(set)));
        String own = "{'name':'own','vmNetworkId':'%s'%s}";
        for (Map.Entry<String, String> their :
                Map.of("address-sets", set, "port-acls", list).entrySet()) {
            String kind = their.getKey();
            String path = "/api/v1/" + kind + "/" + their.getValue();
            assertThat(contoso.get("/api/v1/" + kind).json().getInteger("total"))
                    .isZero();
            contoso.get(path).problem(404, "not-found");
            contoso.get(path + "/history").problem(404, "not-found");
            contoso.patch(path, "{'description':'mine'}").problem(404, "not-found");
            contoso.patch(path + "?dryRun=true", "{'description':'mine'}").problem(404, "not-found");
            contoso.delete(path).problem(404, "not-found");
            batch(contoso, "{'op':'delete','kind':'%s','id':'%s'}".formatted(kind, their.getValue()))
                    .problem(400, "reference-not-found");
            String asProvider = PROVIDER_ACL.formatted("as provider", network, "");
            contoso.post(kind, asProvider).problem(403, "forbidden");
            contoso.post(kind + "?dryRun=true", asProvider).problem(403, "forbidden");
            batch(contoso, "{'op':'create','kind':'%s','object':%s}".formatted(kind, asProvider))
                    .problem(403, "forbidden");
            contoso.post(kind, own.formatted(theirs.get("vm-networks"), "")).problem(400, "reference-not-found");
            ApiClient.Reply tenants = contoso.post(kind, own.formatted(network, ""));
            assertThat(tenants.status()).as(tenants.body()).isEqualTo(201);
            String tenantsPath = "/api/v1/" + kind + "/" + tenants.id();
            assertThat(contoso.patch(tenantsPath, "{'provider':true}").status()).isIn(400, 403);
            assertThat(contoso.get(tenantsPath).json().getBoolean("provider")).isFalse();
            assertThat(contoso.delete(tenantsPath).status()).isEqualTo(204);
        }
        contoso.post("port-acls", own.formatted(network, rule.formatted(set))).problem(400, "reference-not-found");
        assertThat(admin.delete("/api/v1/port-acls/" + list).status()).isEqualTo(204);
        assertThat(admin.delete("/api/v1/address-sets/" + set).status()).isEqualTo(204);
    }

    @Test
    void aVirtualNetworkGoesWithItsListsButNotWithTheProviders() {
        String networks = "subscriptions/" + ours.get("subscriptions") + "/virtual-networks";
        JsonObject made = contoso.post(networks, "{'name':'short','prefix':'10.0.0.0/24'}")
                .json();
        String network = made.getJsonObject("vmNetwork").getString("id");
        String path = "/api/v1/" + networks + "/" + network;
        String subnets = ",'vmSubnetIds':['" + made.getJsonObject("vmSubnet").getString("id") + "']";
        String rule = ",'rules':[{'priority':1,'direction':'INBOUND','action':'DENY','remoteAddressSetIds':['%s']}]";
        String own = "{'name':'own','vmNetworkId':'%s'%s}";
        String set = contoso.post("address-sets", own.formatted(network, "")).id();
        assertThat(contoso.post("port-acls", own.formatted(network, subnets + rule.formatted(set)))
                        .status())
                .isEqualTo(201);
        String theirSet = made("address-sets", PROVIDER_ACL.formatted("hidden-set", network, ""));
        made("port-acls", PROVIDER_ACL.formatted("hidden-list", network, subnets + rule.formatted(theirSet)));
        assertThat(contoso.delete(path).problem(409, "in-use").encode()).doesNotContain("hidden");
        assertThat(admin.delete(path).status()).isEqualTo(204);
        for (String kind : new String[] {"port-acls", "address-sets"}) {
            assertThat(admin.get("/api/v1/" + kind + "?vmNetworkId=" + network).body())
                    .doesNotContain(network);
        }
    }
}
