package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.mgmt.ApiClient.Reply;
import net.nvgate.mgmt.cli.NvgateMain;
import net.nvgate.mgmt.config.AuthConfig;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lists, watches and changes have in common: filter, order, fields, keys of requests, limits. */
class RequestsTest extends ManagerTestBase {

    private static Walk walk;

    @BeforeAll
    static void fill() {
        walk = new Walk(api).physical().tenant("contoso").tenant("fabrikam");
    }

    private static List<String> names(String path) {
        Reply reply = api.get(API + path);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        JsonArray items = reply.json().getJsonArray("items");
        items.forEach(item -> names.add(((JsonObject) item).getString("name")));
        return names;
    }

    @Test
    void filtersAndSorts() {
        assertThat(names("vms?sort=-name")).containsExactly("fabrikam-vm", "contoso-vm");
        assertThat(names("vms?filter=name~TOSO")).containsExactly("contoso-vm");
        assertThat(names("vm-subnets?filter=vmNetworkId=" + walk.id("contoso") + ",name!=other"))
                .containsExactly("web");
        assertThat(names("vms?filter=nics.address=192.168.1.3&sort=-createdRevision"))
                .containsExactly("fabrikam-vm", "contoso-vm");
        assertThat(names("nat-rules?filter=externalPort%3E79,externalPort%3C=80,protocol=TCP&sort=name"))
                .containsExactly("contoso-http", "fabrikam-http");
        assertThat(names("vm-networks?filter=id:" + walk.id("contoso") + "%7C" + walk.id("pa-pool")))
                .containsExactly("contoso");
        assertThat(names("nat-rules?filter=externalPort%3E80")).isEmpty();
        api.patch(walk.path("contoso-vm"), "{'labels':{'tier':'a,b'}}");
        assertThat(names("vms?filter=labels.tier=a%5C,b")).containsExactly("contoso-vm");
        assertThat(api.get(API + "vms?filter=colour=red")
                        .problem(400, "invalid-value")
                        .getString("field"))
                .isEqualTo("filter");
        api.get(API + "vms?filter=name").problem(400, "invalid-value");
        api.get(API + "vms?sort=colour").problem(400, "invalid-value");
        assertThat(names("hosts?limit=1&sort=-name")).containsExactly("host-2");
        assertThat(api.get(API + "ip-pools/" + walk.id("pa-pool") + "/addresses?filter=state=FREE&sort=-address")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void selectsFields() {
        JsonObject page =
                api.get(API + "select/vms?fields=name,hostId&sort=name").json();
        assertThat(page.getJsonArray("items").getJsonObject(0))
                .isEqualTo(new JsonObject().put("name", "contoso-vm").put("hostId", walk.id("host-1")));
        assertThat(page.getInteger("total")).isEqualTo(2);
        api.get(API + "select/vms?fields=nothing").problem(400, "invalid-value");
        api.get(API + "select/vms").problem(400, "missing-field");
        api.get(API + "select/nothing?fields=id").problem(404, "not-found");
    }

    @Test
    @Timeout(300)
    void watchesFromARevision() throws Exception {
        long before = api.get(API + "fabric").json().getLong("revision");
        api.patch(walk.path("fabrikam"), "{'description':'one'}");
        try (Watcher watcher = new Watcher("?from=" + before + "&kinds=vm-networks", "")) {
            assertThat(watcher.next()).containsEntry("event", "ready").containsEntry("id", String.valueOf(before));
            JsonObject first = watcher.change();
            assertThat(first.getJsonArray("changes")
                            .getJsonObject(0)
                            .getJsonObject("after")
                            .getString("description"))
                    .isEqualTo("one");
            api.patch(walk.path("fabrikam-vm"), "{'description':'not asked for'}");
            api.patch(walk.path("fabrikam"), "{'description':'two'}");
            assertThat(watcher.change()
                            .getJsonArray("changes")
                            .getJsonObject(0)
                            .getJsonObject("after")
                            .getString("description"))
                    .isEqualTo("two");
            try (Watcher resumed = new Watcher("", String.valueOf(first.getLong("revision")))) {
                assertThat(resumed.next()).containsEntry("event", "ready");
                assertThat(resumed.change().getLong("revision")).isGreaterThan(first.getLong("revision"));
            }
        }
        api.get(API + "watch?from=999999999").problem(410, "revision-gone");
        api.send("GET", API + "watch", null, "Last-Event-ID", "x").problem(400, "invalid-value");
        api.get(API + "watch?kinds=nothing").problem(400, "invalid-value");
    }

    /** Reads server-sent events as a browser does. */
    private static final class Watcher implements AutoCloseable {
        private final BufferedReader lines;

        Watcher(String query, String last) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(api.uri(API + "watch" + query));
            if (!last.isEmpty()) {
                request.header("Last-Event-ID", last);
            }
            HttpResponse<java.io.InputStream> response = api.http().send(request.build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        java.util.Map<String, String> next() throws IOException {
            java.util.Map<String, String> event = new java.util.TreeMap<>();
            while (true) {
                String line = java.util.Objects.requireNonNull(lines.readLine(), "the stream has ended");
                if (line.isEmpty()) {
                    if (event.containsKey("data")) {
                        return event;
                    }
                    event.clear();
                } else {
                    String[] parts = line.split(": ", 2);
                    event.put(parts[0], parts[1]);
                }
            }
        }

        JsonObject change() throws IOException {
            java.util.Map<String, String> event = next();
            assertThat(event).containsEntry("event", "change");
            JsonObject data = new JsonObject(event.get("data"));
            assertThat(event).containsEntry("id", data.getLong("revision").toString());
            return data;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private record Said(int code, String text) {}

    private static Said nvgate(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", "http://127.0.0.1:" + manager.httpPort()));
        StringWriter text = new StringWriter();
        int code = NvgateMain.run(all.toArray(String[]::new), new PrintWriter(text, true));
        return new Said(code, text.toString());
    }

    @Test
    @Timeout(300)
    void theCommandShowsListsChangesAndWritesABundle(@TempDir Path own) throws Exception {
        Said table = nvgate("get", "vms", "--sort", "-name", "--filter", "hostId=" + walk.id("host-1"));
        assertThat(table.code()).isZero();
        assertThat(table.text().lines().toList().getFirst()).startsWith("NAME").contains("ID");
        assertThat(table.text().indexOf("fabrikam-vm")).isLessThan(table.text().indexOf("contoso-vm"));
        assertThat(new JsonObject(nvgate("get", "vms", "-o", "json", "--limit", "1")
                                .text())
                        .getInteger("total"))
                .isEqualTo(2);
        assertThat(nvgate("get", "vms", "-o", "yaml", "--fields", "name").text())
                .contains("name: \"contoso-vm\"");
        assertThat(nvgate("get", "gateways/" + walk.id("gw-1") + "/status").text())
                .contains("\"connected\" : false");
        assertThat(nvgate("get", "vms", "--filter", "colour=red").code()).isEqualTo(1);

        long before = api.get(API + "fabric").json().getLong("revision");
        api.send("PATCH", walk.path("contoso"), "{\"description\":\"seen\"}", "X-Nvgate-Comment", "ticket 7");
        Said watched = nvgate("watch", "--from", String.valueOf(before), "--kinds", "vm-networks", "--count", "1");
        assertThat(watched.code()).isZero();
        assertThat(watched.text()).contains("CHANGED", "vm-networks/contoso", "(ticket 7)");
        assertThat(nvgate("watch", "--from", "999999999").code()).isEqualTo(1);

        Path file = own.resolve("support.zip");
        assertThat(nvgate("support-bundle", file.toString()).code()).isZero();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .contains(
                            "readyz.json",
                            "metrics.txt",
                            "fabric.json",
                            "followers.json",
                            "export.yaml",
                            "missing.txt");
            assertThat(zip.getEntry("missing.txt").getSize()).isZero();
        }
        assertThat(nvgate("support-bundle", file.toString()).code())
                .as("it is there")
                .isEqualTo(1);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Path bare = own.resolve("bare.zip");
        assertThat(nvgate("support-bundle", "--no-fabric", bare.toString()).code())
                .isZero();
        try (ZipFile zip = new ZipFile(bare.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactlyInAnyOrder(
                            "readyz.json", "fabric.json", "store.json", "certificate-authorities.json", "missing.txt");
        }
        StringWriter script = new StringWriter();
        assertThat(NvgateMain.run(new String[] {"completion"}, new PrintWriter(script, true)))
                .isZero();
        assertThat(script.toString()).contains("support-bundle", "--filter");
    }

    @Test
    void aRequestWithAKeyIsMadeOnce() {
        String body = "{\"name\":\"once\",\"logicalNetworkId\":\"" + walk.id("provider") + "\"}";
        Reply first = api.send("POST", API + "vm-networks", body, "Idempotency-Key", "k-1");
        Reply again = api.send("POST", API + "vm-networks", body, "Idempotency-Key", "k-1");
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.headers()).doesNotContainKey("idempotency-replayed");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.headers())
                .containsEntry("idempotency-replayed", "true")
                .containsEntry("location", first.headers().get("location"))
                .containsEntry("etag", first.headers().get("etag"));
        api.send("POST", API + "vm-networks", body.replace("once", "twice"), "Idempotency-Key", "k-1")
                .problem(409, "idempotency-key-used");
        api.send("POST", API + "vm-networks", body, "Idempotency-Key", "k-2").problem(409, "name-taken");
        api.send("POST", API + "vm-networks", body, "Idempotency-Key", " ".repeat(3) + "x".repeat(200))
                .problem(400, "invalid-value");

        // The key is no part of what the revision did: it can be taken back, and the answer stays that of the first
        // time.
        long revision = first.json().getLong("createdRevision");
        assertThat(api.get(API + "revisions/" + revision).json().getJsonArray("changes"))
                .hasSize(1);
        assertThat(api.send("POST", API + "revisions/" + revision + "/undo", null, "Idempotency-Key", "k-3")
                        .status())
                .isEqualTo(200);
        assertThat(api.send("POST", API + "vm-networks", body, "Idempotency-Key", "k-1")
                        .json())
                .isEqualTo(first.json());
        assertThat(api.get(API + "vm-networks?name=once").json().getInteger("total"))
                .isZero();
    }

    @Test
    void usersAndTokensWithAKeyAreMadeOnce() {
        String body = "{\"name\":\"once-only\",\"role\":\"OPERATOR\",\"password\":\"correct horse battery\"}";
        Reply first = api.send("POST", API + "users", body, "Idempotency-Key", "u-1");
        assertThat(first.status()).isEqualTo(201);
        Reply again = api.send("POST", API + "users", body, "Idempotency-Key", "u-1");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.headers())
                .containsEntry("idempotency-replayed", "true")
                .containsEntry("location", first.headers().get("location"))
                .containsEntry("etag", first.headers().get("etag"));
        assertThat(first.headers()).doesNotContainKey("idempotency-replayed");
        // Another password is another request, and so is another role.
        api.send("POST", API + "users", body.replace("horse", "mouse"), "Idempotency-Key", "u-1")
                .problem(409, "idempotency-key-used");
        api.send("POST", API + "users", body.replace("OPERATOR", "AUDITOR"), "Idempotency-Key", "u-1")
                .problem(409, "idempotency-key-used");
        api.send("POST", API + "users", body, "Idempotency-Key", "u-2").problem(409, "name-taken");
        // What was tried was not made, and its key is free.
        String tried = body.replace("once-only", "tried");
        assertThat(api.send("POST", API + "users?dryRun=true", tried, "Idempotency-Key", "u-3")
                        .status())
                .isEqualTo(200);
        assertThat(api.send("POST", API + "users", tried, "Idempotency-Key", "u-3")
                        .status())
                .isEqualTo(201);

        String join = "{\"kind\":\"hosts\",\"name\":\"joins-once\"}";
        Reply token = api.send("POST", API + "join-tokens", join, "Idempotency-Key", "j-1");
        assertThat(token.status()).isEqualTo(201);
        String detail = api.send("POST", API + "join-tokens", join, "Idempotency-Key", "j-1")
                .problem(409, "secret-shown-once")
                .getString("detail");
        assertThat(detail)
                .contains("host/joins-once")
                .doesNotContain(token.json().getString("token"));
        api.send("POST", API + "join-tokens", join.replace("once", "twice"), "Idempotency-Key", "j-1")
                .problem(409, "idempotency-key-used");
        // The token is still the first one: nothing was made in its place.
        assertThat(api.get(API + "join-tokens").json().getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        .filter(item -> item.getString("name").equals("joins-once"))
                        .map(item -> item.getLong("changedRevision")))
                .containsExactly(token.json().getLong("changedRevision"));

        Reply authority = api.send("POST", API + "certificate-authorities/rotate", null, "Idempotency-Key", "c-1");
        Reply same = api.send("POST", API + "certificate-authorities/rotate", null, "Idempotency-Key", "c-1");
        assertThat(authority.status()).isEqualTo(201);
        assertThat(same.json().getString("name")).isEqualTo(authority.json().getString("name"));
        assertThat(same.headers()).containsEntry("idempotency-replayed", "true");
    }

    /** Of many that come at once, one is made. */
    @Test
    void oneOfManyAtOnceIsMade() throws Exception {
        String body = "{\"name\":\"all-at-once\",\"role\":\"OPERATOR\",\"password\":\"correct horse battery\"}";
        List<Reply> replies = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(6)) {
            List<Future<Reply>> sent = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                sent.add(pool.submit(() -> api.send("POST", API + "users", body, "Idempotency-Key", "u-many")));
            }
            for (Future<Reply> each : sent) {
                replies.add(each.get());
            }
        }
        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply.status()).as(reply.body()).isEqualTo(201));
        assertThat(replies.stream().map(Reply::json).distinct()).hasSize(1);
        assertThat(replies.stream().filter(reply -> !reply.headers().containsKey("idempotency-replayed")))
                .hasSize(1);
    }

    @Test
    void keysOutliveTheManagerAndWhoAsksTooOftenWaits(@TempDir Path own) throws Exception {
        String body = "{\"name\":\"kept\"}";
        JsonObject made;
        try (Manager before = Manager.start(config(own))) {
            Reply first = new ApiClient(before.httpPort(), contract)
                    .send("POST", API + "logical-networks", body, "Idempotency-Key", "k");
            made = first.json();
            assertThat(first.status()).isEqualTo(201);
        }
        try (Manager after = Manager.start(config(own))) {
            Reply again = new ApiClient(after.httpPort(), contract)
                    .send("POST", API + "logical-networks", body, "Idempotency-Key", "k");
            assertThat(again.json()).isEqualTo(made);
            assertThat(again.headers()).containsEntry("idempotency-replayed", "true");
        }
        try (Manager slow = Manager.start(slow(own))) {
            ApiClient client = new ApiClient(slow.httpPort(), contract);
            Reply refused = client.get(API + "session");
            for (int i = 0; i < 1000 && refused.status() != 429; i++) {
                refused.problem(401, "unauthenticated");
                refused = client.get(API + "session");
            }
            refused.problem(429, "too-many-requests");
            assertThat(refused.headers()).containsEntry("retry-after", "1");
            assertThat(client.get("/healthz").status()).isEqualTo(200);
        }
    }

    @Test
    void whatTheLogHasForgottenIsNotMadeAgain(@TempDir Path own) throws Exception {
        String body = "{\"name\":\"forgotten\"}";
        long revision;
        try (Manager before = Manager.start(config(own))) {
            revision = new ApiClient(before.httpPort(), contract)
                    .send("POST", API + "logical-networks", body, "Idempotency-Key", "k")
                    .json()
                    .getLong("createdRevision");
        }
        try (SqliteStore store = SqliteStore.open(own)) {
            store.compact(store.head());
        }
        try (Manager after = Manager.start(config(own))) {
            assertThat(new ApiClient(after.httpPort(), contract)
                            .send("POST", API + "logical-networks", body, "Idempotency-Key", "k")
                            .problem(409, "idempotency-key-used")
                            .getString("detail"))
                    .contains("made revision " + revision + ", which the log no longer has");
        }
    }

    private static ManagerConfig slow(Path own) {
        return ManagerConfig.of(
                HttpConfig.of(null, 0, null, null, null, null, null, Set.of(), null, 1),
                ManagerConfig.Sync.of(null, 0, Security.NONE, null),
                null,
                own,
                null,
                null,
                null,
                AuthConfig.of(AuthConfig.Mode.REQUIRED, null, null, null, null));
    }
}
