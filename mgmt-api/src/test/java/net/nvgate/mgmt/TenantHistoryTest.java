package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tenant learns of changes: its own, from the time when what was changed became its own. */
class TenantHistoryTest extends TenantTestBase {

    @Test
    void historyBeginsWhenTheNetworkCameToTheTenant() {
        JsonObject network = admin.post(
                        "vm-networks",
                        "{'name':'given','logicalNetworkId':'%s','subscriptionId':'%s','description':'secret of theirs'}"
                                .formatted(walk.id("provider"), theirs.get("subscriptions")))
                .json();
        String path = "/api/v1/vm-networks/" + network.getString("id");
        assertThat(admin.patch(path, "{'description':'','subscriptionId':'%s'}".formatted(ours.get("subscriptions")))
                        .status())
                .isEqualTo(200);
        JsonObject history = contoso.get(path + "/history").json();
        assertThat(history.getJsonArray("items")).hasSize(1);
        assertThat(history.encode()).doesNotContain("secret of theirs").doesNotContain(theirs.get("subscriptions"));
        assertThat(admin.delete(path).status()).isEqualTo(204);
    }

    /** The stream shows the tenant's own, and ends when the token is revoked. */
    @Test
    void historyBeginsWhenTheSubscriptionCameToTheTenant() {
        String plan = admin.get("/api/v1/subscriptions/" + ours.get("subscriptions"))
                .json()
                .getString("planId");
        String subscription = made(
                "subscriptions",
                "{'name':'sold','planId':'%s','owner':'former','description':'secret of former'}".formatted(plan));
        String network = made(
                "vm-networks",
                "{'name':'sold','logicalNetworkId':'%s','subscriptionId':'%s','description':'secret of former'}"
                        .formatted(walk.id("provider"), subscription));
        String path = "/api/v1/vm-networks/" + network;
        try {
            admin.patch(path, "{'description':'sold'}");
            admin.patch(
                    "/api/v1/subscriptions/" + subscription, "{'owner':'contoso','description':'bought from former'}");
            admin.patch(path, "{'description':'after'}");
            for (String mine : List.of(path, "/api/v1/subscriptions/" + subscription)) {
                ApiClient.Reply history = contoso.get(mine + "/history");
                assertThat(history.json().getJsonArray("items")).as(mine).isNotEmpty();
                assertThat(history.body()).doesNotContain("secret of former");
            }
            assertThat(contoso.get(path + "/history").body()).contains("after");
        } finally {
            admin.delete(path);
            admin.delete("/api/v1/subscriptions/" + subscription);
        }
    }

    @Test
    @Timeout(300)
    void aTenantWatchesWhatIsItsOwn() throws Exception {
        admin.patch("/api/v1/vm-networks/" + theirs.get("vm-networks"), "{'description':'watched of theirs'}");
        admin.patch("/api/v1/vm-networks/" + ours.get("vm-networks"), "{'description':'watched of ours'}");
        java.net.http.HttpRequest request = java.net.http.HttpRequest.newBuilder(contoso.uri("/api/v1/watch?from=0"))
                .header("Authorization", contoso.header("Authorization"))
                .build();
        StringBuilder seen = new StringBuilder();
        try (java.io.BufferedReader lines = new java.io.BufferedReader(new java.io.InputStreamReader(
                contoso.http()
                        .send(request, java.net.http.HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                java.nio.charset.StandardCharsets.UTF_8))) {
            while (!seen.toString().contains("watched of ours")) {
                seen.append(lines.readLine()).append('\n');
            }
        }
        assertThat(seen.toString()).contains(ours.get("vms")).doesNotContain("watched of theirs", "127.0.0.1", "gw-1");
        theirs.values().forEach(id -> assertThat(seen.toString()).doesNotContain(id));
    }

    /** What contoso gets that watches from a revision, up to a text. */
    private static String watched(long from, String until) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(contoso.uri("/api/v1/watch?from=" + from))
                .header("Authorization", contoso.header("Authorization"))
                .build();
        StringBuilder seen = new StringBuilder();
        HttpResponse<java.io.InputStream> stream = contoso.http().send(request, BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            while (!seen.toString().contains(until)) {
                seen.append(lines.readLine()).append('\n');
            }
        }
        return seen.toString();
    }

    private static String network(String name, Map<String, String> owner) {
        return made(
                "vm-networks",
                "{'name':'%s','logicalNetworkId':'%s','subscriptionId':'%s'}"
                        .formatted(name, walk.id("provider"), owner.get("subscriptions")));
    }

    private static String subnet(String name, String network) {
        return made("vm-subnets", "{'name':'%s','vmNetworkId':'%s','prefix':'10.9.0.0/24'}".formatted(name, network));
    }

    @Test
    @Timeout(300)
    void whatAFormerOwnerDeletedIsNotWatched() throws Exception {
        String network = network("handed-over", theirs);
        String path = "/api/v1/vm-subnets/" + subnet("deleted-by-former", network);
        assertThat(admin.sendUnchecked("DELETE", path, null, "X-Nvgate-Comment", "words of former")
                        .status())
                .isEqualTo(204);
        String given = "/api/v1/vm-networks/" + network;
        admin.patch(given, "{'subscriptionId':'%s'}".formatted(ours.get("subscriptions")));
        admin.delete("/api/v1/vm-subnets/" + subnet("deleted-by-us", network));
        assertThat(watched(0, "deleted-by-us")).doesNotContain("deleted-by-former", "words of former");
        assertThat(admin.delete(given).status()).isEqualTo(204);
        admin.patch("/api/v1/vm-networks/" + ours.get("vm-networks"), "{'description':'all is gone'}");
        assertThat(watched(0, "all is gone")).doesNotContain("deleted-by-former", "words of former");
    }

    @Test
    @Timeout(300)
    void whatWentLongBeforeItsNetworkIsWatched() throws Exception {
        String network = network("short-lived", ours);
        String subnet = subnet("went-first", network);
        long before = admin.get("/api/v1/fabric").json().getLong("revision");
        assertThat(admin.delete("/api/v1/vm-subnets/" + subnet).status()).isEqualTo(204);
        // More revisions than are read at once.
        for (int i = 0; i < 110; i++) {
            admin.patch("/api/v1/vm-networks/" + theirs.get("vm-networks"), "{'description':'nr. " + i + "'}");
        }
        assertThat(admin.delete("/api/v1/vm-networks/" + network).status()).isEqualTo(204);
        assertThat(watched(before, "short-lived")).contains("\"name\":\"went-first\"", "DELETED");
    }

    @Test
    void eventsAreOnesOwnAndEndWithTheToken() throws Exception {
        JsonObject made = admin.post("tokens", "{'name':'page','role':'TENANT_READER','tenant':'contoso'}")
                .json();
        HttpRequest request = HttpRequest.newBuilder(admin.uri("/api/v1/events"))
                .header("Authorization", "Bearer " + made.getString("secret"))
                .build();
        HttpResponse<java.io.InputStream> stream = admin.http().send(request, BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (!line.startsWith("data: ")) {
                line = lines.readLine();
            }
            JsonObject seen = new JsonObject(line.substring("data: ".length()));
            assertThat(seen.getJsonObject("counts").getInteger("vms")).isEqualTo(1);
            assertThat(seen.getJsonArray("hosts")).isEmpty();
            String id = made.getJsonObject("token").getString("id");
            assertThat(admin.delete("/api/v1/tokens/" + id).status()).isEqualTo(204);
            while (line != null) {
                line = lines.readLine();
            }
        }
    }

    private static long revision() {
        return admin.get("/api/v1/fabric").json().getLong("revision");
    }

    private static void marked(String text) {
        assertThat(admin.patch("/api/v1/vm-networks/" + ours.get("vm-networks"), "{'description':'%s'}".formatted(text))
                        .status())
                .isEqualTo(200);
    }

    /** Ids of what a stream said is gone. */
    private static java.util.Set<String> deleted(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: ") && line.contains("\"changes\""))
                .flatMap(line -> new JsonObject(line.substring("data: ".length())).getJsonArray("changes").stream())
                .map(JsonObject.class::cast)
                .filter(change -> change.getString("change").equals("DELETED"))
                .map(change -> {
                    assertThat(change.containsKey("before") || change.containsKey("after"))
                            .isFalse();
                    return change.getString("id");
                })
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    @Timeout(300)
    void whatIsSharedNoLongerIsGone() throws Exception {
        String plan = made(
                "plans",
                "{'name':'shared','cloudId':'%s','limits':{'natRules':3,'vmNetworks':2}}"
                        .formatted(admin.get("/api/v1/clouds")
                                .json()
                                .getJsonArray("items")
                                .getJsonObject(0)
                                .getString("id")));
        // An address more for one tenant more.
        assertThat(admin.patch(walk.path("ext-pool"), "{'rangeEnd':'203.0.113.40'}")
                        .status())
                .isEqualTo(200);
        Map<String, String> shared = new java.util.LinkedHashMap<>();
        tenant("partner", plan, shared);
        String subscription = "/api/v1/subscriptions/" + shared.get("subscriptions");
        assertThat(admin.patch(subscription, "{'coAdmins':['contoso']}").status())
                .isEqualTo(200);
        String gone = subnet("went-meanwhile", network("second", shared)); // deleted after it has left
        long before = revision();
        marked("shared still");
        assertThat(deleted(watched(before, "shared still"))).isEmpty();

        HttpRequest request = HttpRequest.newBuilder(contoso.uri("/api/v1/watch"))
                .header("Authorization", contoso.header("Authorization"))
                .build();
        HttpResponse<java.io.InputStream> live = contoso.http().send(request, BodyHandlers.ofInputStream());
        String seen;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(live.body(), StandardCharsets.UTF_8))) {
            assertThat(admin.patch(subscription, "{'coAdmins':[]}").status()).isEqualTo(200);
            marked("shared no longer");
            StringBuilder text = new StringBuilder();
            while (!text.toString().contains("shared no longer")) {
                text.append(lines.readLine()).append('\n');
            }
            seen = text.toString();
        }
        assertThat(seen).contains("event: resync");
        assertThat(deleted(seen)).containsAll(shared.values()).contains(gone, plan);
        assertThat(deleted(seen))
                .doesNotContainAnyElementsOf(ours.values())
                .doesNotContainAnyElementsOf(theirs.values());

        // The partner goes on; who comes back later is told of what he could see, and of nothing since.
        admin.patch("/api/v1/vms/" + shared.get("vms"), "{'name':'a-secret-name'}");
        made(
                "vm-subnets",
                "{'name':'a-secret-subnet','vmNetworkId':'%s','prefix':'10.8.0.0/24'}"
                        .formatted(shared.get("vm-networks")));
        assertThat(admin.delete("/api/v1/vm-subnets/" + gone).status()).isEqualTo(204);
        marked("back again");
        String resumed = watched(before, "back again");
        assertThat(deleted(resumed)).isEqualTo(deleted(seen));
        assertThat(resumed).contains("\"name\":\"partner\"", "went-meanwhile").doesNotContain("a-secret");
        long after = revision();
        marked("later");
        assertThat(deleted(watched(after, "later"))).isEmpty();
    }

    /** It goes by the revision that took it, not by each one of a time when it was there. */
    @Test
    @Timeout(300)
    void aPlanGoesWhenTheSubscriptionGetsAnother() throws Exception {
        String cloud = admin.get("/api/v1/clouds")
                .json()
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("id");
        String small = made("plans", "{'name':'small','cloudId':'%s','limits':{'vmNetworks':2}}".formatted(cloud));
        String large = made("plans", "{'name':'large','cloudId':'%s','limits':{'vmNetworks':9}}".formatted(cloud));
        String subscription = "/api/v1/subscriptions/"
                + made("subscriptions", "{'name':'grows','planId':'%s','owner':'contoso'}".formatted(small));
        long before = revision();
        assertThat(admin.patch(subscription, "{'description':'as before'}").status())
                .isEqualTo(200);
        marked("same plan");
        long between = revision();
        assertThat(admin.patch(subscription, "{'planId':'%s'}".formatted(large)).status())
                .isEqualTo(200);
        marked("another plan");
        String seen = watched(before, "another plan");
        assertThat(deleted(seen)).containsExactly(small);
        assertThat(deleted(seen.substring(0, seen.lastIndexOf('\n', seen.indexOf("same plan")))))
                .isEmpty();
        assertThat(deleted(watched(between, "another plan"))).containsExactly(small);
        assertThat(admin.delete(subscription).status()).isEqualTo(204);
        marked("none");
        assertThat(deleted(watched(between, "none"))).contains(small, large);
        admin.delete("/api/v1/plans/" + small);
        admin.delete("/api/v1/plans/" + large);
    }

    @Test
    @Timeout(300)
    void whatGoesToAnotherTenantIsGone() throws Exception {
        String network = network("sold-on", ours);
        String subnet = subnet("sold-with-it", network);
        long before = revision();
        String path = "/api/v1/vm-networks/" + network;
        assertThat(admin.patch(path, "{'subscriptionId':'%s'}".formatted(theirs.get("subscriptions")))
                        .status())
                .isEqualTo(200);
        marked("sold");
        String seen = watched(before, "\"sold\"");
        // And the pool of the subnet.
        assertThat(deleted(seen)).contains(network, subnet).hasSize(3);
        assertThat(seen).contains("event: resync").doesNotContain(theirs.get("subscriptions"));
        // It comes back, and is new.
        assertThat(admin.patch(path, "{'subscriptionId':'%s'}".formatted(ours.get("subscriptions")))
                        .status())
                .isEqualTo(200);
        marked("returned");
        assertThat(watched(before, "returned")).contains("CREATED");
        admin.delete("/api/v1/vm-subnets/" + subnet);
        assertThat(admin.delete(path).status()).isEqualTo(204);
    }
}
