package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.mgmt.ApiClient.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Batches, dry runs, the log of changes, undo, versions: over HTTP. */
class ChangesTest extends ManagerTestBase {

    private static Walk walk;

    @BeforeAll
    static void build() {
        walk = new Walk(api).physical().tenant("contoso");
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    private static List<JsonObject> objects(JsonObject json, String field) {
        return json.getJsonArray(field).stream().map(JsonObject.class::cast).toList();
    }

    private static long head() {
        return api.get(API + "revisions?limit=1")
                .json()
                .getJsonArray("items")
                .getJsonObject(0)
                .getLong("revision");
    }

    /** Keys of the lookup records that a node should have. */
    private static List<String> records(String node) {
        return objects(api.policy(walk.path(node) + "/policy"), "lookupRecords").stream()
                .map(record -> record.getString("vmName") + " " + record.getString("customerAddress") + " at "
                        + record.getString("providerAddress"))
                .sorted()
                .toList();
    }

    @Test
    void aDryRunOfEachKindOfChangeSaysWhatItWouldDo() {
        long head = head();
        String vm = "{'name':'second','hostId':'%s','nics':[{'vmSubnetId':'%s','address':'192.168.1.44'}]}"
                .formatted(walk.id("host-2"), walk.id("contoso-web"));
        Reply create = api.post("vms?dryRun=true", vm);
        assertThat(create.status()).isEqualTo(200);
        assertThat(create.headers()).doesNotContainKeys("location", "etag");
        assertThat(create.json().getLong("basedOn")).isEqualTo(head);
        JsonObject made = objects(create.json(), "changes").getFirst();
        assertThat(made.getString("change")).isEqualTo("CREATED");
        assertThat(made.getJsonObject("after").getString("createdBy")).isEqualTo("anonymous@127.0.0.1");
        // host-2 gets the whole domain with its first port; the others get one record.
        List<JsonObject> policy = objects(create.json(), "policy");
        assertThat(policy)
                .extracting(node -> node.getJsonObject("node").getString("name"))
                .containsExactly("gw-1", "host-1", "host-2");
        assertThat(objects(policy.get(1), "objects"))
                .extracting(item -> item.getString("type"))
                .containsExactly("LookupRecord");
        assertThat(objects(policy.get(2), "objects"))
                .extracting(item -> item.getString("type"))
                .contains("LookupRecord", "CustomerRoute", "RoutingDomain", "VirtualPort", "VirtualSubnet");

        JsonObject moved = api.post(
                        "vms/" + walk.id("contoso-vm") + "/move?dryRun=true",
                        "{'hostId':'%s'}".formatted(walk.id("host-2")))
                .json();
        assertThat(moved.getBoolean("dryRun")).isTrue();
        JsonObject patched = api.patch(walk.path("contoso-vm") + "?dryRun=true", "{'name':'renamed'}")
                .json();
        assertThat(objects(patched, "changes").getFirst().getString("change")).isEqualTo("CHANGED");
        JsonObject deleted = api.send("DELETE", walk.path("contoso-http") + "?dryRun=true", null)
                .json();
        JsonObject rule =
                objects(objects(deleted, "policy").getFirst(), "objects").getFirst();
        assertThat(rule.getString("type")).isEqualTo("NatRule");
        assertThat(rule.containsKey("after")).isFalse();
        api.send("DELETE", walk.path("contoso") + "?dryRun=true", null).problem(409, "in-use");
        api.post("vms?dryRun=perhaps", quoted(vm)).problem(400, "wrong-type");
        assertThat(head()).isEqualTo(head);
    }

    @Test
    void whatADryRunAnnouncedIsWhatNodesGet() {
        String vm = "{'name':'third','hostId':'%s','nics':[{'vmSubnetId':'%s'}]}"
                .formatted(walk.id("host-1"), walk.id("contoso-web"));
        JsonObject announced = api.post("vms?dryRun=true", vm).json();
        List<String> before = records("gw-1");
        Reply made = api.post("vms", vm);
        assertThat(made.json())
                .isEqualTo(objects(announced, "changes").getFirst().getJsonObject("after"));
        JsonObject revision = api.get(API + "revisions/" + head()).json();
        assertThat(revision.getJsonArray("policy")).isEqualTo(announced.getJsonArray("policy"));
        assertThat(revision.getJsonArray("changes")).isEqualTo(announced.getJsonArray("changes"));
        assertThat(records("gw-1")).hasSize(before.size() + 1).containsAll(before);
        api.delete(API + "vms/" + made.id());
    }

    @Test
    void aBatchIsOneRevisionAndCanBeUndone() {
        String network = UUID.randomUUID().toString();
        String subnet = UUID.randomUUID().toString();
        String body = quoted(
                """
                {'comment':'new tenant','operations':[
                 {'op':'create','kind':'vm-networks','object':{'id':'%s','name':'fabrikam','logicalNetworkId':'%s'}},
                 {'op':'create','kind':'vm-subnets','object':{'id':'%s','name':'web','vmNetworkId':'%s','prefix':'10.1.0.0/24'}},
                 {'op':'create','kind':'vms','object':{'name':'f-1','hostId':'%s','nics':[{'vmSubnetId':'%s'}]}},
                 {'op':'patch','kind':'vm-networks','id':'%s','patch':{'description':'second tenant'}}]}""".formatted(network, walk.id("provider"), subnet, network, walk.id("host-1"), subnet, network));
        JsonObject announced = api.send("POST", API + "batch?dryRun=true", body).json();
        Reply done = api.send("POST", API + "batch", body, "X-Nvgate-Comment", "overridden");
        assertThat(done.json().getBoolean("committed")).isTrue();
        assertThat(done.json().getJsonArray("changes")).isEqualTo(announced.getJsonArray("changes"));
        assertThat(objects(done.json(), "results"))
                .extracting(result -> result.getString("kind"))
                .containsExactly("vm-networks", "vm-subnets", "vms", "vm-networks");
        JsonObject made = api.get(API + "vm-networks/" + network).json();
        assertThat(made.getString("description")).isEqualTo("second tenant");
        long revision = done.json().getLong("revision");
        assertThat(made.getLong("changedRevision")).isEqualTo(revision);
        JsonObject logged =
                objects(api.get(API + "revisions?limit=1").json(), "items").getFirst();
        assertThat(logged.getString("comment")).isEqualTo("new tenant");
        assertThat(logged.getInteger("total")).isEqualTo(4);

        String undo = API + "revisions/" + revision + "/undo";
        JsonObject would = api.send("POST", undo + "?dryRun=true", null).json();
        assertThat(objects(would, "changes"))
                .hasSize(4)
                .allMatch(c -> c.getString("change").equals("DELETED"));
        api.send("POST", undo, null, "X-Nvgate-Comment", "mistake");
        api.get(API + "vm-networks/" + network).problem(404, "not-found");
        List<JsonObject> lives =
                objects(api.get(API + "vm-networks/" + network + "/history").json(), "items");
        assertThat(lives).extracting(item -> item.getString("change")).containsExactly("DELETED", "CREATED");
        assertThat(lives.getFirst().getString("comment")).isEqualTo("mistake");

        api.post("vm-networks/" + network + "/revert", "{'revision':" + revision + "}");
        JsonObject back = api.get(API + "vm-networks/" + network).json();
        Stream.of("createdRevision", "changedRevision").forEach(stamp -> {
            made.remove(stamp);
            back.remove(stamp);
        });
        assertThat(back).isEqualTo(made);
        api.delete(API + "vm-networks/" + network);
    }

    @Test
    void aRefusedOperationHasItsPlace() {
        long head = head();
        String host = walk.id("host-1");
        JsonObject inUse = batch(
                        "[{'op':'patch','kind':'hosts','id':'%s','patch':{'name':'x'}},{'op':'delete','kind':'hosts','id':'%s'}]"
                                .formatted(host, host))
                .problem(409, "in-use");
        assertThat(inUse.getInteger("operation")).isEqualTo(1);
        assertThat(inUse.getJsonArray("users")).isNotEmpty();
        JsonObject missing = batch("[{'op':'delete','kind':'hosts'}]").problem(400, "missing-field");
        assertThat(missing.getString("field")).isEqualTo("id");
        assertThat(missing.getInteger("operation")).isZero();
        assertThat(batch("[{'op':'create','kind':'hosts','object':{'name':''}}]")
                        .problem(400, "invalid-value")
                        .getInteger("operation"))
                .isZero();
        assertThat(batch("[{'op':'create','kind':'colours','object':{}}]")
                        .problem(400, "invalid-value")
                        .getString("field"))
                .isEqualTo("kind");
        batch("[{'op':'move','id':'%s','hostId':'%s','patch':{}}]".formatted(host, host))
                .problem(400, "unknown-field");
        batch("[{'op':'paint','kind':'hosts'}]").problem(400, "invalid-value");
        batch("[{'op':'delete','kind':'hosts','id':'%s'},{'kind':'hosts'}]".formatted(host))
                .problem(400, "missing-field");
        batch("[null]").problem(400, "missing-field");
        batch("[{'op':'delete','kind':'hosts','id':'7'}]").problem(400, "invalid-value");
        batch("[{'op':'delete','kind':'hosts','id':'%s','colour':1}]".formatted(host))
                .problem(400, "invalid-value");
        batch("[]").problem(400, "invalid-value");
        assertThat(head()).isEqualTo(head);
    }

    private static Reply batch(String operations) {
        return api.post("batch", "{'operations':" + operations + "}");
    }

    @Test
    void aBatchCanBeLargerThanOtherBodies() {
        JsonArray operations = new JsonArray();
        for (int i = 0; i < 1000; i++) {
            operations.add(new JsonObject()
                    .put("op", "create")
                    .put("kind", "vm-networks")
                    .put(
                            "object",
                            new JsonObject().put("name", "many-" + i).put("logicalNetworkId", walk.id("provider"))));
        }
        Reply made = api.send(
                "POST",
                API + "batch",
                new JsonObject().put("operations", operations).encode());
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        long revision = made.json().getLong("revision");
        assertThat(api.send("POST", API + "revisions/" + revision + "/undo", null)
                        .json()
                        .getBoolean("committed"))
                .isTrue();
        api.post("batch", "{'comment':'%s','operations':[{'op':'delete'}]}".formatted("\uD83D\uDE00".repeat(1000)))
                .problem(400, "invalid-value");
        String large = "{\"comment\":\"" + "x".repeat(9 << 20) + "\"}";
        api.send("POST", API + "batch", large).problem(413, "body-too-large");
    }

    @Test
    void anEtagStandsForTheVersion() {
        String path = walk.path("internet");
        String tag = String.valueOf(api.get(path).headers().get("etag"));
        assertThat(tag).isEqualTo("\"" + walk.object("internet").getLong("changedRevision") + "\"");
        Reply changed = api.send("PATCH", path, quoted("{'description':'a'}"), "If-Match", tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.headers().get("etag")).isNotEqualTo(tag);
        api.send("PATCH", path, quoted("{'description':'b'}"), "If-Match", tag).problem(412, "precondition-failed");
        api.send("DELETE", path, null, "If-Match", tag).problem(412, "precondition-failed");
        assertThat(api.send("PATCH", path, quoted("{'description':'c'}"), "If-Match", "*")
                        .status())
                .isEqualTo(200);
        JsonObject wrong = api.send("PATCH", path, quoted("{'description':'d'}"), "If-Match", "W/\"1\"")
                .problem(400, "invalid-value");
        assertThat(wrong.getString("field")).isEqualTo("If-Match");
        api.send("PATCH", path, quoted("{'description':'d'}"), "X-Nvgate-Comment", "x".repeat(1025))
                .problem(400, "invalid-value");
        String vm = walk.path("contoso-vm") + "/move";
        api.send("POST", vm, quoted("{'hostId':'%s'}".formatted(walk.id("host-2"))), "If-Match", "\"1\"")
                .problem(412, "precondition-failed");
        api.send(
                        "POST",
                        path + "/revert",
                        "{\"revision\":" + walk.object("internet").getLong("changedRevision") + "}",
                        "If-Match",
                        tag)
                .problem(412, "precondition-failed");
    }

    @Test
    void whatIsNotInTheLogIsNotFound() {
        api.get(API + "revisions/1000000").problem(404, "not-found");
        api.get(API + "revisions/0").problem(400, "invalid-value");
        api.get(API + "colours/" + UUID.randomUUID() + "/history").problem(404, "not-found");
        api.get(API + "vms/" + UUID.randomUUID() + "/history").problem(404, "not-found");
        api.send("POST", API + "revisions/1000000/undo", null).problem(404, "not-found");
        api.post("hosts/" + walk.id("host-1") + "/revert", "{'revision':1}").problem(400, "invalid-value");
        long provider = walk.object("provider").getLong("createdRevision");
        api.send("POST", API + "revisions/" + provider + "/undo", null).problem(409, "in-use");
        assertThat(api.get(API + "revisions?before=1").json().getJsonArray("items"))
                .isEmpty();
    }
}
