package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import net.nvgate.fabric.identity.NodeSecurity;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.cli.NvgateMain;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Join tokens, identities and the CA by API and command, with a manager that speaks TLS as it does by default. */
class IdentitiesTest {

    private static final NodeId GATEWAY = new NodeId(NodeId.Kind.GATEWAY, "gw-1");

    @TempDir
    static Path directory;

    private static StrictContract contract;
    private static Manager manager;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        contract = new StrictContract();
        manager = Manager.start(ManagerConfig.of(
                HttpConfig.local(0, Set.of()),
                ManagerConfig.Sync.of(null, 0, null, null),
                null,
                directory.resolve("manager"),
                null,
                null,
                null));
        api = new ApiClient(manager.httpPort(), contract);
    }

    @AfterAll
    static void stop() {
        manager.close();
        contract.close();
    }

    private static int nvgate(StringWriter printed, String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = "http://127.0.0.1:" + manager.httpPort();
        return NvgateMain.run(all, new PrintWriter(printed, true));
    }

    /** The same members in both forms; what is asked for first is answered. */
    private static JsonNode document(String... arguments) {
        JsonNode json = new JsonMapper().readTree(printed(arguments, "json"));
        String yaml = printed(arguments, "yaml");
        assertThat(yaml).as(String.join(" ", arguments)).doesNotStartWith("{");
        assertThat(new YAMLMapper().readTree(yaml).propertyNames())
                .as(String.join(" ", arguments))
                .isEqualTo(json.propertyNames());
        return json;
    }

    private static String printed(String[] arguments, String form) {
        StringWriter printed = new StringWriter();
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "-o";
        all[arguments.length + 1] = form;
        assertThat(nvgate(printed, all))
                .as(String.join(" ", all) + ": " + printed)
                .isZero();
        return printed.toString();
    }

    private static JsonArray items(String path) {
        return api.get("/api/v1/" + path).json().getJsonArray("items");
    }

    @Test
    void aNodeJoinsIsListedAndIsRevoked() throws Exception {
        ApiClient.Reply made = api.post("join-tokens", "{\"kind\":\"gateways\",\"name\":\"gw-1\"}");
        assertThat(made.status()).isEqualTo(201);
        String token = made.json().getString("token");
        assertThat(token).startsWith("nvgate-join-");
        assertThat(api.get("/api/v1/join-tokens").body()).contains("OPEN").doesNotContain(token);

        Path state = directory.resolve("gw-1");
        Files.createDirectories(state);
        Files.writeString(state.resolve("join-token"), token);
        ManagerEndpoint endpoint = new ManagerEndpoint("127.0.0.1", manager.syncPort());
        try (NodeSecurity security =
                NodeSecurity.open(GATEWAY, endpoint, NodeIdentityConfig.DEFAULT, state, new SimpleMeterRegistry())) {
            security.start();
            Await.until("joined", () -> security.transport().notReady().isEmpty());
        }
        JsonObject node = items("identities").getJsonObject(0);
        assertThat(node.getString("kind") + node.getString("name") + node.getString("state"))
                .isEqualTo("gatewaysgw-1ACTIVE");
        assertThat(node.getString("expiresAt")).isNotEmpty();
        assertThat(api.get("/api/v1/join-tokens").body()).contains("USED");
        HttpResponse<String> metrics = api.http()
                .send(
                        java.net.http.HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + manager.httpPort() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(metrics.body())
                .contains("nvgate_identity_certificate_expiry_seconds{node=\"gateway/gw-1\"}")
                .contains("nvgate_identity_refused_handshakes_total{reason=\"revoked\"}");

        String revoke = "/api/v1/identities/gateways/gw-1/revoke";
        String etag = "\"" + node.getLong("changedRevision") + "\"";
        assertThat(api.send("POST", revoke + "?dryRun=true", null, "If-Match", etag)
                        .body())
                .contains("\"dryRun\":true", "REVOKED");
        assertThat(items("identities").getJsonObject(0)).isEqualTo(node);
        api.send("POST", revoke, null, "If-Match", "\"1\"").problem(412, "precondition-failed");
        assertThat(items("identities").getJsonObject(0)).isEqualTo(node);

        JsonNode tried = document("identity", "revoke", "gateway/gw-1", "--dry-run");
        assertThat(tried.get("dryRun").asBoolean()).isTrue();
        assertThat(tried.get("changes").get(0).get("after").get("state").asString())
                .isEqualTo("REVOKED");
        StringWriter trying = new StringWriter();
        assertThat(nvgate(trying, "identity", "revoke", "gateway/gw-1", "--dry-run"))
                .isZero();
        assertThat(trying.toString()).contains("would be CHANGED: node-identities");
        assertThat(items("identities").getJsonObject(0)).isEqualTo(node);

        StringWriter printed = new StringWriter();
        assertThat(nvgate(printed, "identity", "revoke", "gateway/gw-1")).isZero();
        assertThat(printed.toString()).contains("REVOKED", ", revoked");
        JsonNode again = document("identity", "revoke", "gateway/gw-1");
        assertThat(again.get("name").asString() + again.get("state").asString()).isEqualTo("gw-1REVOKED");
        assertThat(items("identities").getJsonObject(0).getString("changedBy")).isEqualTo("anonymous@127.0.0.1");
        assertThat(api.get("/api/v1/revisions").body()).contains("node-identities");
        api.post("identities/hosts/nobody/revoke", "").problem(404, "not-found");
        api.post("identities/vms/gw-1/revoke", "").problem(400, "invalid-value");
    }

    @Test
    void tokensAreWrittenForTheirOwnerAndCanBeTakenBack() throws Exception {
        StringWriter printed = new StringWriter();
        Path file = directory.resolve("host-1.token");
        assertThat(nvgate(printed, "join-token", "create", "host/host-1", "--expiry", "60", "--out", file.toString()))
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(nvgate(printed, "join-token", "list")).isZero();
        assertThat(printed.toString()).contains("host-1").doesNotContain("nvgate-join-");
        assertThat(nvgate(printed, "join-token", "delete", "host/host-1")).isZero();
        assertThat(nvgate(printed, "join-token", "delete", "host/host-1")).isEqualTo(1);
        assertThat(nvgate(printed, "join-token", "create", "manager/m")).isEqualTo(1);
        api.post("join-tokens", "{\"kind\":\"vms\",\"name\":\"x\"}").problem(400, "invalid-value");
    }

    @Test
    void theCaIsShownAndExchangedAndItsKeyNever() {
        JsonNode tried = document("ca", "rotate", "--dry-run");
        assertThat(tried.get("dryRun").asBoolean()).isTrue();
        assertThat(tried.get("changes")).hasSize(2);
        StringWriter printed = new StringWriter();
        assertThat(nvgate(printed, "ca", "rotate", "--dry-run")).isZero();
        assertThat(printed.toString()).contains("would be CREATED: certificate-authorities ca-2", "ca-1");
        assertThat(document("ca", "show").get("items")).hasSize(1);

        assertThat(nvgate(printed, "ca", "rotate")).isZero();
        assertThat(nvgate(printed, "ca", "show")).isZero();
        JsonNode shown = document("ca", "show").get("items");
        assertThat(shown).hasSize(2);
        assertThat(shown.get(0).get("state").asString()).isEqualTo("ISSUING");
        // Each makes one more.
        JsonNode rotated = document("ca", "rotate");
        assertThat(rotated.get("state").asString() + rotated.get("name").asString())
                .isEqualTo("ISSUINGca-3");
        List<String> names = items("certificate-authorities").stream()
                .map(item -> ((JsonObject) item).getString("name"))
                .toList();
        assertThat(names.getFirst()).isNotEqualTo("ca-1");
        assertThat(printed.toString()).contains("ISSUING", "SHA-256");
        long head = api.get("/api/v1/revisions?limit=1")
                .json()
                .getJsonArray("items")
                .getJsonObject(0)
                .getLong("revision");
        for (long revision = 1; revision <= head; revision++) {
            assertThat(api.get("/api/v1/revisions/" + revision).body()).doesNotContain("sealedKey");
        }
        assertThat(api.get("/api/v1/export?name=x").body()).doesNotContain("certificate");
        assertThat(api.post("revisions/" + head + "/undo", "").status()).isEqualTo(409);
        assertThat(nvgate(printed, "ca", "retire", names.getFirst())).isEqualTo(1);
    }
}
