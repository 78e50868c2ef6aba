package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.nvgate.fabric.config.Security;
import net.nvgate.mgmt.ApiClient.Reply;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.cli.NvgateMain;
import net.nvgate.mgmt.config.AuthConfig;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins, sessions, API tokens, users and the audit log of a manager that asks who is there. */
class AccessTest {

    private static final String PASSWORD = "a long first password";

    @TempDir
    static Path state;

    private static StrictContract contract;
    private static Manager manager;
    private static ApiClient nobody;
    private static ApiClient admin;

    static ManagerConfig config(Path stateDirectory, Optional<Path> passwordFile) {
        return ManagerConfig.of(
                HttpConfig.local(0, Set.of()),
                ManagerConfig.Sync.of(null, 0, Security.NONE, null),
                null,
                stateDirectory,
                null,
                null,
                null,
                AuthConfig.of(AuthConfig.Mode.REQUIRED, passwordFile.orElse(null), null, null, null));
    }

    @BeforeAll
    static void start() throws Exception {
        contract = new StrictContract();
        Path password = Files.writeString(state.resolve("password"), PASSWORD + "\n");
        manager = Manager.start(config(state.resolve("state"), Optional.of(password)));
        nobody = new ApiClient(manager.httpPort(), contract);
        admin = nobody.with("Authorization", "Bearer " + token(login("admin", PASSWORD), "{'name':'test'}"));
    }

    @AfterAll
    static void stop() {
        manager.close();
        contract.close();
    }

    /** A client with the cookie of a login, as a browser's page has it. */
    private static ApiClient login(String user, String password) {
        Reply reply = tryLogin(user, password);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.headers().get("set-cookie"))
                .containsIgnoringCase("; HttpOnly")
                .contains("SameSite=Strict", "Path=/");
        return nobody.with("Cookie", reply.cookie())
                .with("Origin", nobody.uri("").toString());
    }

    private static Reply tryLogin(String user, String password) {
        return nobody.post(
                "login",
                new JsonObject().put("user", user).put("password", password).encode());
    }

    private static String token(ApiClient who, String request) {
        Reply reply = who.post("tokens", request);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply.json().getString("secret");
    }

    private static void user(String name, String role) {
        Reply reply = admin.post(
                "users", "{'name':'%s','role':'%s','password':'first of some %s'}".formatted(name, role, "secret"));
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    }

    /** A user who has changed the first password. */
    private static ApiClient ready(String name, String role) {
        user(name, role);
        ApiClient first = login(name, "first of some secret");
        Reply reply = first.post("password", "{'current':'first of some secret','password':'then another one'}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(204);
        return login(name, "then another one");
    }

    @Test
    void strangersAreSentAwayFromEverythingButTheDoor() {
        nobody.get("/api/v1/fabric").problem(401, "unauthenticated");
        assertThat(nobody.get("/api/v1/fabric").headers()).containsEntry("www-authenticate", "Bearer realm=\"nvgate\"");
        nobody.get("/api/v1/no-such-thing").problem(401, "unauthenticated");
        nobody.get("/metrics").problem(401, "unauthenticated");
        nobody.send("OPTIONS", "/api/v1/vms", null).problem(401, "unauthenticated");
        nobody.post("batch", "{}").problem(401, "unauthenticated");
        assertThat(nobody.get("/healthz").status()).isEqualTo(200);
        assertThat(nobody.get("/readyz").status()).isEqualTo(200);
        assertThat(nobody.get("/openapi.yaml").status()).isEqualTo(200);
    }

    /** Whatever the path is spelled like, and whatever headers ask for another method. */
    @Test
    void noSpellingLeadsAround() {
        for (String path : List.of(
                "/api/v1//vms",
                "/api/v1/./vms",
                "/api/v1/x/../vms",
                "//api/v1/vms",
                "/api/v1/%76ms",
                "/%61pi/v1/vms",
                "/api/v1/vms/",
                "/api/v1/login/../vms",
                "/healthz/../api/v1/vms",
                "/api/v1/vms;x=1")) {
            Reply reply = nobody.sendUnchecked("GET", path, null);
            assertThat(reply.body()).as(path).doesNotContain("\"items\"");
        }
        for (String header : List.of("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method")) {
            nobody.send("GET", "/api/v1/users", null, header, "POST").problem(401, "unauthenticated");
            assertThat(admin.send("POST", "/api/v1/logout", null, header, "DELETE")
                            .status())
                    .isEqualTo(204);
        }
        for (String token : List.of("", "x", "Bearer", "Bearer ", "Basic YWRtaW46YWRtaW4=", "Bearer null")) {
            nobody.send("GET", "/api/v1/fabric", null, "Authorization", token).problem(401, "unauthenticated");
        }
    }

    @Test
    void aWrongNameAndAWrongPasswordLookTheSame() {
        JsonObject wrongName = tryLogin("nobody-of-this-name", PASSWORD).problem(401, "login-failed");
        JsonObject wrongPassword = tryLogin("admin", "not the password").problem(401, "login-failed");
        assertThat(wrongName.getString("detail")).isEqualTo(wrongPassword.getString("detail"));
    }

    @Test
    void whoGuessesHasToWait() {
        // The pause doubles until it is longer than an attempt takes, however slow the machine is.
        Reply reply = tryLogin("guessed", "guess");
        for (int i = 0; reply.status() == 401 && i < 20; i++) {
            reply = tryLogin("guessed", "guess number " + i);
        }
        reply.problem(429, "too-many-attempts");
        assertThat(Integer.parseInt(reply.headers().getOrDefault("retry-after", "none")))
                .isBetween(1, 900);
        assertThat(tryLogin("admin", PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void aSessionEndsWithLogout() {
        ApiClient browser = login("admin", PASSWORD);
        JsonObject me = browser.get("/api/v1/session").json();
        assertThat(me.getString("user")).isEqualTo("admin");
        assertThat(me.getString("via")).isEqualTo("SESSION");
        assertThat(browser.get("/api/v1/vms").status()).isEqualTo(200);
        assertThat(browser.post("logout", "").status()).isEqualTo(204);
        browser.get("/api/v1/vms").problem(401, "unauthenticated");
    }

    @Test
    void aCookieAloneChangesNothing() {
        ApiClient browser = login("admin", PASSWORD);
        String cookie = browser.header("Cookie");
        ApiClient withoutOrigin = nobody.with("Cookie", cookie);
        withoutOrigin.post("host-groups", "{'name':'forged'}").problem(403, "forbidden-origin");
        withoutOrigin
                .with("Origin", "http://evil.example")
                .post("host-groups", "{'name':'forged'}")
                .problem(403, "forbidden-origin");
        assertThat(withoutOrigin.get("/api/v1/session").status()).isEqualTo(200);
        assertThat(browser.post("host-groups", "{'name':'real'}").status()).isEqualTo(201);
        assertThat(withoutOrigin
                        .with("X-Nvgate-Session", "cli")
                        .post("host-groups", "{'name':'also real'}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aGivenPasswordMustBeChanged() {
        user("fresh", "OPERATOR");
        ApiClient first = login("fresh", "first of some secret");
        assertThat(first.get("/api/v1/session").json().getBoolean("mustChangePassword"))
                .isTrue();
        first.get("/api/v1/vms").problem(403, "password-change-required");
        first.post("tokens", "{'name':'early'}").problem(403, "password-change-required");
        first.post("password", "{'current':'wrong','password':'then another one'}")
                .problem(401, "login-failed");
        first.post("password", "{'current':'first of some secret','password':'fresh and so on'}")
                .problem(400, "invalid-value");
        assertThat(first.post("password", "{'current':'first of some secret','password':'then another one'}")
                        .status())
                .isEqualTo(204);
        assertThat(first.get("/api/v1/vms").status()).isEqualTo(200);
        tryLogin("fresh", "first of some secret").problem(401, "login-failed");
    }

    @Test
    void aNewPasswordEndsOtherSessionsAndDisablingEndsAll() {
        ApiClient one = ready("carol", "OPERATOR");
        ApiClient other = login("carol", "then another one");
        String token = token(one, "{'name':'of carol'}");
        ApiClient program = nobody.with("Authorization", "Bearer " + token);
        assertThat(program.get("/api/v1/vms").status()).isEqualTo(200);
        assertThat(one.post("password", "{'current':'then another one','password':'and a third one'}")
                        .status())
                .isEqualTo(204);
        assertThat(one.get("/api/v1/vms").status()).isEqualTo(200);
        other.get("/api/v1/vms").problem(401, "unauthenticated");
        assertThat(admin.patch("/api/v1/users/carol", "{'disabled':true}").status())
                .isEqualTo(200);
        one.get("/api/v1/vms").problem(401, "unauthenticated");
        program.get("/api/v1/vms").problem(401, "unauthenticated");
        tryLogin("carol", "and a third one").problem(401, "login-failed");
    }

    @Test
    void aTokenIsWorthNoMoreThanItSaysAndGoesWhenItIsRevoked() {
        JsonObject made = admin.post("tokens", "{'name':'reader','role':'OPERATOR','readOnly':true,'expiryDays':1}")
                .json();
        ApiClient reader = nobody.with("Authorization", "Bearer " + made.getString("secret"));
        assertThat(reader.get("/api/v1/vms").status()).isEqualTo(200);
        reader.post("host-groups", "{'name':'no'}").problem(403, "forbidden");
        reader.get("/api/v1/users").problem(403, "forbidden");
        reader.post("tokens", "{'name':'more'}").problem(403, "forbidden");
        assertThat(admin.get("/api/v1/tokens").body()).doesNotContain(made.getString("secret"));
        String id = made.getJsonObject("token").getString("id");
        Await.until(
                "the last use",
                () -> admin.get("/api/v1/tokens").json().getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        .anyMatch(token -> token.getString("id").equals(id) && token.containsKey("lastUsedAt")));
        assertThat(admin.delete("/api/v1/tokens/" + id).status()).isEqualTo(204);
        reader.get("/api/v1/vms").problem(401, "unauthenticated");
        admin.delete("/api/v1/tokens/" + id).problem(404, "not-found");
    }

    /** Its secret is nowhere to be had again. */
    @Test
    void aTokenThatIsAskedForTwiceIsMadeOnce() {
        String body = "{\"name\":\"asked-twice\"}";
        Reply first = admin.send("POST", "/api/v1/tokens", body, "Idempotency-Key", "t-1");
        assertThat(first.status()).isEqualTo(201);
        String secret = first.json().getString("secret");
        String id = first.json().getJsonObject("token").getString("id");
        JsonObject refused = admin.send("POST", "/api/v1/tokens", body, "Idempotency-Key", "t-1")
                .problem(409, "secret-shown-once");
        assertThat(refused.getString("detail")).contains("/api/v1/tokens/" + id, "asked-twice");
        assertThat(refused.encode()).doesNotContain(secret);
        admin.send("POST", "/api/v1/tokens", body.replace("twice", "again"), "Idempotency-Key", "t-1")
                .problem(409, "idempotency-key-used");
        assertThat(admin.get("/api/v1/tokens").json().getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        .filter(token -> token.getString("name").startsWith("asked-")))
                .hasSize(1);
        // The key is the user's own.
        ApiClient other = ready("keyed", "OPERATOR");
        assertThat(other.send("POST", "/api/v1/tokens", body, "Idempotency-Key", "t-1")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void nobodyGivesAwayMoreThanHeHas() {
        ApiClient operator = ready("dave", "OPERATOR");
        operator.post("tokens", "{'name':'up','role':'ADMIN'}").problem(403, "forbidden");
        operator.post("users", "{'name':'x','role':'AUDITOR','password':'long enough now'}")
                .problem(403, "forbidden");
        ApiClient down = nobody.with(
                "Authorization", "Bearer " + token(operator, "{'name':'down','role':'TENANT_READER','tenant':'t'}"));
        down.get("/api/v1/hosts").problem(403, "forbidden");
        down.post("tokens", "{'name':'up','role':'OPERATOR'}").problem(403, "forbidden");
        assertThat(admin.patch("/api/v1/users/dave", "{'role':'TENANT_READER','tenant':'other'}")
                        .status())
                .isEqualTo(200);
        // The token is of a tenant that its user is not in any more.
        down.get("/api/v1/vms").problem(401, "unauthenticated");
    }

    @Test
    void theLastAdministratorStays() {
        admin.delete("/api/v1/users/admin").problem(409, "conflict");
        admin.patch("/api/v1/users/admin", "{'disabled':true}").problem(409, "conflict");
        admin.patch("/api/v1/users/admin", "{'role':'AUDITOR'}").problem(409, "conflict");
        admin.post("users", "{'name':'ADMIN','role':'ADMIN','password':'long enough now'}")
                .problem(409, "name-taken");
    }

    @Test
    void hashesStayInTheStore() throws Exception {
        assertThat(admin.get("/api/v1/users").body()).doesNotContain("argon2").contains("\"admin\"");
        assertThat(admin.get("/api/v1/export").body()).doesNotContain("argon2").doesNotContain("admin");
        String log = admin.get("/api/v1/revisions/2").body()
                + admin.get("/api/v1/revisions/3").body();
        assertThat(log).contains("\"users\"").doesNotContain("argon2").doesNotContain(PASSWORD);
    }

    @Test
    void whatIsRefusedIsInTheAuditLogWithWhoAndWhereFrom() {
        ApiClient erin = ready("erin", "TENANT_READER', 'tenant':'contoso");
        erin.get("/api/v1/hosts").problem(403, "forbidden");
        Await.until(
                "the audit log",
                () -> admin.get("/api/v1/audit?actor=erin").body().contains("\"listHosts\""));
        // What strangers do waits for something that somebody does.
        tryLogin("mallory\u202e", "not the password").problem(401, "login-failed");
        erin.get("/api/v1/gateways").problem(403, "forbidden");
        Await.until("the audit log", () -> admin.get("/api/v1/audit").body().contains("\"mallory?\""));
        JsonObject refused = admin.get("/api/v1/audit?actor=erin").json().getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(event -> event.getString("operation").equals("listHosts"))
                .findFirst()
                .orElseThrow();
        assertThat(refused.getString("address")).isEqualTo("127.0.0.1");
        assertThat(refused.getInteger("status")).isEqualTo(403);
        assertThat(refused.getString("requestId")).isNotEmpty();
        String before = refused.getString("id");
        assertThat(admin.get("/api/v1/audit?before=" + before).body()).doesNotContain(before);
    }

    @Test
    void changesAreSomebodys() {
        JsonObject made = admin.post("host-groups", "{'name':'signed'}").json();
        assertThat(made.getString("createdBy")).isEqualTo("admin/test@127.0.0.1");
    }

    @Test
    void theCommandLogsInKeepsATokenAndRevokesIt(@TempDir Path own) throws Exception {
        user("fay", "OPERATOR");
        Path given = Files.writeString(own.resolve("given"), "first of some secret\n");
        Path next = Files.writeString(own.resolve("next"), "what she has chosen\n");
        Path directory = Files.createDirectory(own.resolve("config"));
        Path users = Files.writeString(directory.resolve(".curlrc"), "silent\n");
        Path others = Files.writeString(directory.resolve("other_443.curl"), "silent\n");
        assertThat(nvgate(directory, "export")).as("without login").isEqualTo(1);
        assertThat(nvgate(
                        directory,
                        "login",
                        "--user",
                        "fay",
                        "--password-file",
                        given.toString(),
                        "--new-password-file",
                        next.toString()))
                .isZero();
        assertThat(nvgate(directory, "export")).isZero();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> !file.equals(users) && !file.equals(others)))
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        Path config = directory.resolve(nobody.uri("").getHost() + "_" + manager.httpPort() + ".curl");
        String curl = Files.readString(config);
        String secret = curl.substring(curl.indexOf("Bearer ") + 7, curl.indexOf("\"\n"));
        ApiClient program = nobody.with("Authorization", "Bearer " + secret);
        assertThat(program.get("/api/v1/session").json().getString("user")).isEqualTo("fay");
        assertThat(nvgate(directory, "logout")).isZero();
        program.get("/api/v1/session").problem(401, "unauthenticated");
        assertThat(nvgate(directory, "export")).isEqualTo(1);
        assertThat(config).doesNotExist();
        assertThat(users).hasContent("silent\n");
        assertThat(others).hasContent("silent\n");
    }

    private static int nvgate(Path directory, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", nobody.uri("").toString(), "--config-dir", directory.toString()));
        return NvgateMain.run(all.toArray(String[]::new), new PrintWriter(new StringWriter()));
    }

    @Test
    void theFirstPasswordIsMadeUpAndLiesInAFileOfItsOwner(@TempDir Path own) throws Exception {
        try (Manager fresh = Manager.start(config(own, Optional.empty()))) {
            Path file = own.resolve("initial-admin-password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            ApiClient client = new ApiClient(fresh.httpPort(), contract);
            Reply reply = client.post(
                    "login",
                    new JsonObject()
                            .put("user", "admin")
                            .put("password", Files.readString(file).strip())
                            .encode());
            assertThat(reply.json().getBoolean("mustChangePassword")).isTrue();
        }
        // The next start makes no other.
        String first = Files.readString(own.resolve("initial-admin-password"));
        try (Manager again = Manager.start(config(own, Optional.empty()))) {
            assertThat(again.httpPort()).isPositive();
            assertThat(Files.readString(own.resolve("initial-admin-password"))).isEqualTo(first);
        }
    }
}
