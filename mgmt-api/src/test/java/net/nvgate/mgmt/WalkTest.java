package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.nvgate.fabric.model.Kind;
import net.nvgate.mgmt.ApiClient.Reply;
import org.junit.jupiter.api.Test;

class WalkTest extends ManagerTestBase {

    @Test
    void fromLogicalNetworkToNatRuleAndBack() {
        Walk walk = new Walk(api).physical().offer().tenant("contoso").tenant("fabrikam");

        allocatesWhatIsLeftOut(walk);
        offersWhatIsAskedFor(walk);
        listsPagesAndFilters();
        findsWhatRefersToAnObject();
        patches(walk);
        moves(walk);
        wantsTheRightPolicy(walk);
        showsTheFabric();
        deletesInReverse(walk);
    }

    private static void allocatesWhatIsLeftOut(Walk walk) {
        JsonObject gateway = walk.object("gw-1");
        assertThat(gateway.getString("providerAddress")).startsWith("10.10.10.1");
        assertThat(gateway.getString("externalAddress")).isEqualTo("203.0.113.10");
        assertThat(gateway.getInteger("maxVmNetworks")).isEqualTo(50);
        JsonObject subnet = walk.object("contoso-web");
        assertThat(subnet.getString("defaultGateway")).isEqualTo("192.168.1.1");
        assertThat(subnet.getInteger("vsid")).isBetween(4096, 16777214);
        assertThat(walk.object("fabrikam-web").getInteger("vsid")).isNotEqualTo(subnet.getInteger("vsid"));
        JsonObject vmGateway = walk.object("contoso-gw");
        assertThat(vmGateway.getString("address")).isEqualTo("10.254.254.2");
        assertThat(vmGateway.getString("mac")).startsWith("00:1d:d8:");
        assertThat(walk.object("contoso-nat").getString("externalAddress"))
                .isNotEqualTo(walk.object("fabrikam-nat").getString("externalAddress"));
        assertThat(walk.object("internet").getString("description")).isEqualTo("to the router");
    }

    private static void offersWhatIsAskedFor(Walk walk) {
        assertThat(walk.object("uplink").getString("loadBalancing")).isEqualTo("HOST_DEFAULT");
        assertThat(walk.object("tenant").getString("state")).isEqualTo("ACTIVE");
        String plan = API + "plans/" + walk.id("bronze");
        JsonObject limits = api.patch(plan, "{'limits':{'natRules':null,'vms':3},'labels':{'tier':'3'}}")
                .json()
                .getJsonObject("limits");
        assertThat(limits.getMap()).containsEntry("vmNetworks", 2).containsEntry("vms", 3);
        assertThat(limits.containsKey("natRules")).isFalse();
        assertThat(api.get(plan).json().getJsonObject("labels").getString("tier"))
                .isEqualTo("3");
        assertThat(names(api.get(API + "logical-switches").json())).containsExactly("switch");
        api.delete(API + "port-profiles/" + walk.id("fast-profile")).problem(409, "in-use");
    }

    private static void listsPagesAndFilters() {
        JsonObject page = api.get(API + "hosts?limit=1&offset=1").json();
        assertThat(page.getInteger("total")).isEqualTo(2);
        assertThat(names(page)).containsExactly("host-2");
        assertThat(names(api.get(API + "hosts?name=host-1").json())).containsExactly("host-1");
        assertThat(names(api.get(API + "hosts?name=1.5").json())).isEmpty();
        assertThat(names(api.get(API + "hosts?name=100%25%20%22x").json())).isEmpty();
        assertThat(names(api.get(API + "vm-subnets?name=web").json())).containsExactly("web", "web");
        assertThat(names(api.get(API + "hosts?offset=10000000").json())).isEmpty();
    }

    /** By an index: each field that has an id finds the objects that have it, those and no others. */
    private static void findsWhatRefersToAnObject() {
        int looked = 0;
        for (Kind kind : Kind.ofFabric()) {
            String list = API + kind.path() + "?limit=1000";
            List<JsonObject> all = items(api.get(list).json());
            Map<String, Set<String>> fields = new TreeMap<>();
            all.forEach(object -> ids("", object, fields));
            for (Map.Entry<String, Set<String>> field : fields.entrySet()) {
                String id = field.getValue().iterator().next();
                List<String> expected = all.stream()
                        .filter(object -> {
                            Map<String, Set<String>> own = new TreeMap<>();
                            ids("", object, own);
                            return own.getOrDefault(field.getKey(), Set.of()).contains(id);
                        })
                        .map(object -> object.getString("id"))
                        .toList();
                assertThat(items(api.get(list + "&filter=" + field.getKey() + "=" + id)
                                .json()))
                        .as("%s by %s", kind, field.getKey())
                        .extracting(object -> object.getString("id"))
                        .containsExactlyElementsOf(expected);
                looked++;
            }
        }
        assertThat(looked).isGreaterThan(30);
    }

    private static List<JsonObject> items(JsonObject page) {
        return page.getJsonArray("items").stream().map(JsonObject.class::cast).toList();
    }

    /** All ids of an object by the path of the field. */
    private static void ids(String path, Object value, Map<String, Set<String>> found) {
        switch (value) {
            case JsonObject object ->
                object.forEach(field ->
                        ids(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), found));
            case JsonArray array -> array.forEach(item -> ids(path, item, found));
            case String text
            when text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") ->
                found.computeIfAbsent(path, _ -> new TreeSet<>()).add(text);
            default -> {}
        }
    }

    private static List<String> names(JsonObject page) {
        List<String> names = new ArrayList<>();
        JsonArray items = page.getJsonArray("items");
        for (int i = 0; i < items.size(); i++) {
            names.add(items.getJsonObject(i).getString("name"));
        }
        return names;
    }

    private static void patches(Walk walk) {
        String path = API + "vms/" + walk.id("contoso-vm");
        Reply reply = api.patch(path, "{'name':'contoso-front','description':'é'}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().getString("name")).isEqualTo("contoso-front");
        assertThat(reply.json().getLong("changedRevision"))
                .isGreaterThan(reply.json().getLong("createdRevision"));
        assertThat(api.patch(path, "{'description':''}").json().getString("description"))
                .isEmpty();
        assertThat(api.get(path).json().getString("name")).isEqualTo("contoso-front");
    }

    private static void moves(Walk walk) {
        Reply reply =
                api.post("vms/" + walk.id("contoso-vm") + "/move", "{'hostId':'%s'}".formatted(walk.id("host-2")));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().getString("hostId")).isEqualTo(walk.id("host-2"));
    }

    private static void wantsTheRightPolicy(Walk walk) {
        JsonObject policy = api.policy(API + "gateways/" + walk.id("gw-1") + "/policy");
        String pa = walk.object("host-2").getString("providerAddress");
        assertThat(policy.getJsonArray("lookupRecords").stream()
                        .map(JsonObject.class::cast)
                        .filter(row -> row.getString("vmName").equals("contoso-front"))
                        .map(row -> row.getString("providerAddress")))
                .containsExactly(pa);
        assertThat(policy.getJsonArray("natRules")).hasSize(2);
        assertThat(policy.getJsonArray("routingDomains")).hasSize(2);
        JsonObject cut =
                api.get(API + "gateways/" + walk.id("gw-1") + "/policy?limit=1").json();
        assertThat(cut.getBoolean("truncated")).isTrue();
        assertThat(cut.getJsonArray("lookupRecords")).hasSize(1);
        String types = API + "gateways/" + walk.id("gw-1") + "/policy?types=";
        int members = 0;
        for (String member : policy.fieldNames()) {
            if (policy.getValue(member) instanceof JsonArray wanted) {
                JsonObject only = api.get(types + member).json();
                assertThat(only.getJsonArray(member)).as(member).isEqualTo(wanted);
                assertThat(only.stream().filter(each -> each.getValue() instanceof JsonArray all && !all.isEmpty()))
                        .as(member)
                        .hasSizeLessThanOrEqualTo(1);
                members++;
            }
        }
        assertThat(members).isGreaterThan(20);
        assertThat(api.get(types + "natRules,routingDomains").json().getJsonArray("natRules"))
                .hasSize(2);
        api.get(types + "natRules,lost").problem(400, "invalid-value");
        assertThat(api.policy(API + "hosts/" + walk.id("host-2") + "/policy").getJsonArray("virtualPorts"))
                .hasSize(1);
    }

    private static void showsTheFabric() {
        JsonObject fabric = api.get(API + "fabric").json();
        assertThat(fabric.getJsonObject("counts").getInteger("natRules")).isEqualTo(2);
        assertThat(fabric.getJsonObject("counts").getInteger("vmNetworkGateways"))
                .isEqualTo(2);
        JsonObject gateway = fabric.getJsonArray("gateways").getJsonObject(0);
        assertThat(gateway.getString("name")).isEqualTo("gw-1");
        assertThat(gateway.getBoolean("connected")).isFalse();
        assertThat(gateway.getLong("lag")).isEqualTo(gateway.getLong("desiredRevision"));
        assertThat(fabric.getJsonArray("hosts")).hasSize(2);
    }

    private static void deletesInReverse(Walk walk) {
        Reply used = api.delete(API + "vm-networks/" + walk.id("contoso"));
        JsonObject user = used.problem(409, "in-use").getJsonArray("users").getJsonObject(0);
        assertThat(user.getString("kind")).isIn("vm-subnets", "vm-network-gateways");

        List<String> names = new ArrayList<>(walk.names());
        Collections.reverse(names);
        for (String name : names) {
            String path = walk.path(name);
            Reply gone = api.delete(path);
            assertThat(gone.status()).as(name + gone.body()).isEqualTo(204);
            api.get(path).problem(404, "not-found");
            api.delete(path).problem(404, "not-found");
        }
        JsonObject counts = api.get(API + "fabric").json().getJsonObject("counts");
        assertThat(counts.getInteger("macPools")).as("a new fabric has one").isEqualTo(1);
        counts.remove("macPools");
        assertThat(counts.getMap().values()).containsOnly(0);
    }
}
