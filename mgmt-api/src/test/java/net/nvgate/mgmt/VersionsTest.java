package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.nvgate.mgmt.ApiClient.Reply;
import net.nvgate.mgmt.api.ApiContract;
import net.nvgate.mgmt.api.StrictContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code If-Match} and {@code dryRun} of everything that can be changed, over HTTP, with what the contract says there is. */
class VersionsTest {

    private static final String PASSWORD = "a long first password";

    /** Of no object: revisions do not come so far. */
    private static final String OTHER = "\"999999999999\"";

    /** The bodies of what is done to an object that is no PATCH. */
    private static final Map<String, String> BODIES = Map.of(
            "learnAddress", "{'address':'192.168.1.77'}",
            "changeMac", "{}",
            "moveVm", "{'hostId':'%s'}",
            "updateUser", "{'description':'x'}");

    @TempDir
    static Path state;

    private static StrictContract contract;
    private static Manager manager;
    private static ApiClient admin;
    private static Walk walk;

    @BeforeAll
    static void start() throws Exception {
        contract = new StrictContract();
        Path password = Files.writeString(state.resolve("password"), PASSWORD);
        manager = Manager.start(AccessTest.config(state.resolve("state"), Optional.of(password)));
        ApiClient nobody = new ApiClient(manager.httpPort(), contract);
        admin = nobody.loggedIn("admin", PASSWORD);
        walk = new Walk(admin).physical().offer().tenant("t").tenant("u");
        others();
    }

    @AfterAll
    static void stop() {
        manager.close();
        contract.close();
    }

    /** One of each kind that the walk has not. */
    private static void others() {
        assertThat(admin.patch(walk.path("ext-pool"), "{'rangeEnd':'203.0.113.40'}")
                        .status())
                .isEqualTo(200);
        admin.create("host-groups", "{'name':'rack'}");
        admin.create(
                "address-grants",
                "{'name':'balancer','ipPoolId':'%s','allocatedTo':{'type':'LOAD_BALANCER_CONFIGURATION','text':'shop'}}"
                        .formatted(walk.id("pa-pool")));
        admin.create(
                "mac-grants",
                "{'name':'mac','macPoolId':'%s'}".formatted(first("mac-pools").getString("id")));
        admin.create(
                "nat-one-to-ones",
                "{'name':'mail','vmNetworkGatewayId':'%s','internalAddress':'192.168.1.5'}".formatted(walk.id("t-gw")));
        admin.create(
                "nat-exemptions",
                "{'name':'office','vmNetworkGatewayId':'%s','sourcePrefix':'192.168.1.0/24','destinationPrefix':'10.50.0.0/16'}"
                        .formatted(walk.id("t-gw")));
        admin.create(
                "tenant-interfaces",
                "{'name':'office','vmNetworkGatewayId':'%s','side':'FRONT_END','vlanId':100,'addresses':[{'address':'172.16.0.1','prefixLength':29}]}"
                        .formatted(walk.id("t-gw")));
        admin.create(
                "address-sets",
                "{'name':'set','vmNetworkId':'%s','prefixes':['192.0.2.0/24']}".formatted(walk.id("t")));
        admin.create("port-acls", "{'name':'acl','vmNetworkId':'%s'}".formatted(walk.id("t")));
        Reply other = admin.post("batch", """
                {'operations':[
                  {'op':'create','kind':'vm-networks','object':{'id':'00000000-0000-4000-8000-0000000000f1','name':'v','logicalNetworkId':'%s'}},
                  {'op':'create','kind':'vm-subnets','object':{'name':'far','vmNetworkId':'00000000-0000-4000-8000-0000000000f1','prefix':'192.168.7.0/24'}},
                  {'op':'create','kind':'vm-network-gateways','object':{'id':'00000000-0000-4000-8000-0000000000f2','name':'v-gw','vmNetworkId':'00000000-0000-4000-8000-0000000000f1','gatewayId':'%s'}}]}
                """.formatted(walk.id("provider"), walk.id("gw-1")));
        assertThat(other.status()).as(other.body()).isEqualTo(200);
        admin.create(
                "vm-network-peerings",
                "{'name':'both','vmNetworkId':'%s','peerVmNetworkId':'00000000-0000-4000-8000-0000000000f1'}"
                        .formatted(walk.id("t")));
        String old = admin.create(
                        "logical-networks",
                        "{'name':'2012','networkVirtualization':true,'providerAddressing':'PER_HOST_AND_VSID'}")
                .getString("id");
        String site = admin.create(
                        "network-sites",
                        "{'name':'s','logicalNetworkId':'%s','subnets':[{'prefix':'10.11.10.0/24'}]}".formatted(old))
                .getString("id");
        String pool = admin.create(
                        "ip-pools", "{'name':'p','networkSiteId':'%s','prefix':'10.11.10.0/24'}".formatted(site))
                .getString("id");
        String host = admin.create("hosts", "{'name':'h','hostType':'LINUX_OVS','paPoolId':'%s'}".formatted(pool))
                .getString("id");
        String network = admin.create("vm-networks", "{'name':'w','logicalNetworkId':'%s'}".formatted(old))
                .getString("id");
        String subnet = admin.create(
                        "vm-subnets", "{'name':'w','vmNetworkId':'%s','prefix':'192.168.1.0/24'}".formatted(network))
                .getString("id");
        admin.create(
                "vms",
                "{'name':'w','hostId':'%s','nics':[{'vmSubnetId':'%s','address':'192.168.1.3'}]}"
                        .formatted(host, subnet));
        assertThat(admin.post("users", "{'name':'bob','role':'OPERATOR','password':'first of some secret'}")
                        .status())
                .isEqualTo(201);
        for (String kind : List.of("gateways", "hosts")) {
            assertThat(admin.post("join-tokens", "{'kind':'%s','name':'n'}".formatted(kind))
                            .status())
                    .isEqualTo(201);
        }
        assertThat(admin.post("tokens", "{'name':'program'}").status()).isEqualTo(201);
        assertThat(admin.post("certificate-authorities/rotate", "").status()).isEqualTo(201);
    }

    private static JsonObject first(String kind) {
        JsonArray items = admin.get(API + kind).json().getJsonArray("items");
        assertThat(items).as(kind).isNotEmpty();
        return items.getJsonObject(0);
    }

    private static long head() {
        return admin.get(API + "fabric").json().getLong("revision");
    }

    /**
     * What anybody has changed; the manager itself stores last uses and the audit log, events of earlier tests too, about
     * once a second.
     */
    private static List<JsonObject> changedSince(long revision) {
        return admin.get(API + "revisions?limit=1000").json().getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(item -> item.getLong("revision") > revision)
                .filter(item -> !item.getString("actor").equals("system"))
                .toList();
    }

    /** @param path with an object that there is */
    private record Call(String operation, String method, String path, String body) {

        Reply send(String suffix, String... headers) {
            return admin.send(method, path + suffix, body.isEmpty() ? null : body.replace('\'', '"'), headers);
        }
    }

    private static List<Call> with(String parameter) {
        List<Call> calls = new ArrayList<>();
        JsonObject paths = ApiContract.load().json().getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject operations = paths.getJsonObject(path);
            for (String method : List.of("post", "patch", "put", "delete")) {
                if (operations.getValue(method) instanceof JsonObject operation
                        && operation.getJsonArray("parameters", new JsonArray()).stream()
                                .anyMatch(one -> ((JsonObject) one)
                                        .getString("$ref", "")
                                        .equals("#/components/parameters/" + parameter))) {
                    calls.add(new Call(
                            operation.getString("operationId"),
                            method.toUpperCase(Locale.ROOT),
                            filledIn(path),
                            operation.containsKey("requestBody")
                                    ? body(operation.getString("operationId"), method)
                                    : ""));
                }
            }
        }
        return calls;
    }

    private static String body(String operation, String method) {
        if (operation.equals("revertObject")) {
            return "{'revision':%d}".formatted(walk.object("t-vm").getLong("changedRevision"));
        }
        String known = BODIES.get(operation);
        if (known == null) {
            return method.equals("patch") ? "{'description':'other'}" : "{}";
        }
        return known.contains("%s") ? known.formatted(walk.id("host-2")) : known;
    }

    private static String filledIn(String path) {
        JsonObject vm = walk.object("t-vm");
        String filled = path.replace(
                        "{nicId}", vm.getJsonArray("nics").getJsonObject(0).getString("id"))
                .replace("{vmNetworkId}", walk.id("t"))
                .replace("{address}", "192.168.1.77")
                .replace("{revision}", "1");
        if (filled.contains("/{kind}/{id}/")) {
            return filled.replace("{kind}", "vms").replace("{id}", vm.getString("id"));
        }
        if (filled.contains("/identities/{kind}/{name}")) {
            // Nobody has joined here: IdentitiesTest has nodes that have.
            return filled.replace("{kind}", "hosts").replace("{name}", "nobody");
        }
        if (filled.contains("/{kind}/{name}")) {
            return filled.replace("{kind}", "gateways").replace("{name}", "n");
        }
        String kind = filled.substring(API.length()).split("/", -1)[0];
        if (filled.contains("{id}")) {
            return filled.replace(
                    "{id}",
                    kind.equals("vms") ? vm.getString("id") : first(kind).getString("id"));
        }
        return filled.replace(
                "{name}",
                switch (kind) {
                    case "users" -> "bob";
                    case "certificate-authorities" -> "ca-1";
                    default -> "n";
                });
    }

    @Test
    void nothingIsChangedThatIsNotTheVersionThatTheClientHasSeen() {
        List<Call> calls = with("IfMatch");
        long before = head();
        for (Call call : calls) {
            if (call.operation().equals("revokeIdentity")) {
                continue;
            }
            Reply reply = call.send("", "If-Match", OTHER);
            assertThat(reply.json().getString("code"))
                    .as(call.operation() + ": " + reply.body())
                    .isEqualTo(call.operation().equals("deleteVirtualNetwork") ? "not-found" : "precondition-failed");
        }
        assertThat(changedSince(before)).isEmpty();
        assertThat(calls).hasSizeGreaterThan(70);
    }

    @Test
    void aDryRunChangesNothing() {
        List<Call> calls = with("DryRun");
        long before = head();
        int tried = 0;
        for (Call call : calls) {
            Reply reply = call.send("?dryRun=true");
            assertThat(reply.status())
                    .as(call.operation() + ": " + reply.body())
                    .isIn(200, 400, 404, 409);
            if (reply.status() == 200) {
                tried++;
                assertThat(reply.json().getBoolean("dryRun"))
                        .as(call.operation())
                        .isTrue();
            }
        }
        assertThat(changedSince(before)).isEmpty();
        assertThat(calls).hasSizeGreaterThan(100);
        assertThat(tried).isGreaterThan(40);
    }

    @Test
    void usersHaveVersions() {
        String request = "{'name':'eve','role':'OPERATOR','password':'first of some secret'}";
        JsonObject tried = admin.post("users?dryRun=true", request).json();
        assertThat(change(tried, "users")).isEqualTo("CREATED");
        assertThat(tried.encode()).doesNotContain("argon", "secret");
        admin.get(API + "users/eve").problem(404, "not-found");
        Reply made = admin.post("users", request);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.headers()).containsEntry("location", API + "users/eve");
        Reply read = admin.get(API + "users/eve");
        assertThat(read.headers().get("etag"))
                .isEqualTo(made.headers().get("etag"))
                .isEqualTo("\"" + read.json().getLong("changedRevision") + "\"");
        String old = Objects.requireNonNull(read.headers().get("etag"));
        String disabled = "{\"disabled\":true}";
        JsonObject would = admin.send("PATCH", API + "users/eve?dryRun=true", disabled, "If-Match", old)
                .json();
        JsonObject difference = would.getJsonArray("changes").getJsonObject(0);
        assertThat(difference.getJsonObject("before").getBoolean("disabled")).isFalse();
        assertThat(difference.getJsonObject("after").getBoolean("disabled")).isTrue();
        assertThat(admin.get(API + "users/eve").json()).isEqualTo(read.json());
        Reply changed = admin.send("PATCH", API + "users/eve", disabled, "If-Match", old);
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().get("etag")).isNotEqualTo(old);
        assertThat(admin.get(API + "users/eve").headers().get("etag"))
                .isEqualTo(changed.headers().get("etag"));
        admin.send("PATCH", API + "users/eve", disabled, "If-Match", old).problem(412, "precondition-failed");
        admin.send("DELETE", API + "users/eve", null, "If-Match", old).problem(412, "precondition-failed");
        admin.send("DELETE", API + "users/eve", null, "If-Match", "eve").problem(400, "invalid-value");
        assertThat(change(
                        admin.send("DELETE", API + "users/eve?dryRun=true", null)
                                .json(),
                        "users"))
                .isEqualTo("DELETED");
        assertThat(admin.send(
                                "DELETE",
                                API + "users/eve",
                                null,
                                "If-Match",
                                Objects.requireNonNull(changed.headers().get("etag")))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void tokensHaveVersions() {
        JsonObject tried = admin.post("tokens?dryRun=true", "{'name':'tried'}").json();
        assertThat(change(tried, "api-tokens")).isEqualTo("CREATED");
        assertThat(tried.encode()).doesNotContain("secret", "nvgate_");
        assertThat(admin.get(API + "tokens?filter=name=tried").json().getJsonArray("items"))
                .isEmpty();
        Reply made = admin.post("tokens", "{'name':'made'}");
        String path = API + "tokens/" + made.json().getJsonObject("token").getString("id");
        assertThat(made.headers()).containsEntry("location", path);
        String etag = Objects.requireNonNull(made.headers().get("etag"));
        assertThat(admin.get(path).headers()).containsEntry("etag", etag);
        assertThat(admin.get(path).body()).doesNotContain("secret");
        admin.send("DELETE", path, null, "If-Match", OTHER).problem(412, "precondition-failed");
        assertThat(change(admin.send("DELETE", path + "?dryRun=true", null).json(), "api-tokens"))
                .isEqualTo("DELETED");
        assertThat(admin.send("DELETE", path, null, "If-Match", etag).status()).isEqualTo(204);
        admin.get(path).problem(404, "not-found");
    }

    @Test
    void joinTokensAndCertificateAuthoritiesHaveVersions() {
        JsonObject tried = admin.post("join-tokens?dryRun=true", "{'kind':'hosts','name':'tried'}")
                .json();
        assertThat(change(tried, "join-tokens")).isEqualTo("CREATED");
        assertThat(tried.encode()).doesNotContain("nvgate-join-", "secret");
        admin.delete(API + "join-tokens/hosts/tried").problem(404, "not-found");
        Reply made = admin.post("join-tokens", "{'kind':'hosts','name':'made'}");
        String etag = Objects.requireNonNull(made.headers().get("etag"));
        assertThat(etag).isEqualTo("\"" + made.json().getLong("changedRevision") + "\"");
        String path = API + "join-tokens/hosts/made";
        assertThat(change(admin.send("DELETE", path + "?dryRun=true", null).json(), "join-tokens"))
                .isEqualTo("DELETED");
        assertThat(admin.send("DELETE", path, null, "If-Match", etag).status()).isEqualTo(204);

        JsonArray before = admin.get(API + "certificate-authorities").json().getJsonArray("items");
        JsonObject rotated =
                admin.post("certificate-authorities/rotate?dryRun=true", "").json();
        assertThat(rotated.getJsonArray("changes")).hasSize(2);
        assertThat(rotated.encode()).doesNotContain("sealedKey");
        assertThat(admin.get(API + "certificate-authorities").json().getJsonArray("items"))
                .isEqualTo(before);
    }

    private static String change(JsonObject dryRun, String kind) {
        assertThat(dryRun.getJsonArray("policy")).isEmpty();
        return dryRun.getJsonArray("changes").stream()
                .map(JsonObject.class::cast)
                .filter(change -> change.getString("kind").equals(kind))
                .map(change -> change.getString("change"))
                .findFirst()
                .orElseThrow();
    }
}
