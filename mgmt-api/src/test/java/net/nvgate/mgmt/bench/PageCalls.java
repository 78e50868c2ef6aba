package net.nvgate.mgmt.bench;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import net.nvgate.fabric.model.Kind;
import org.HdrHistogram.Histogram;

/** What the pages of the web UI ask for, one after the other on a manager that nobody else asks: how long each takes. */
final class PageCalls {

    private static final int ROUNDS = 20;

    private final LoadClient client;
    private final String token;
    private final Map<String, Histogram> micros = new LinkedHashMap<>();
    private final Map<String, Integer> bytes = new LinkedHashMap<>();

    PageCalls(LoadClient client, String token) {
        this.client = client;
        this.token = token;
    }

    /** @param some objects of a kind */
    void measure(Function<String, List<JsonObject>> some, Function<String, Integer> counts) {
        Map<String, String> calls = new LinkedHashMap<>();
        for (Kind kind : Kind.ofFabric()) {
            int count = counts.apply(kind.path());
            if (count > 100) {
                calls.put(
                        "last thousand " + kind.path(),
                        kind.path() + "?limit=1000&offset=" + Math.max(0, count - 1000));
            }
        }
        String vm = id(some, "vms");
        String network = id(some, "vm-networks");
        calls.put("overview", "fabric");
        calls.put("followers", "followers");
        calls.put("log", "revisions?limit=100");
        calls.put("one change", "revisions/" + some.apply("vms").getFirst().getLong("changedRevision"));
        calls.put("history of a VM", "vms/" + vm + "/history?limit=50");
        calls.put("VMs found by name", "vms?limit=25&filter=name~m399-");
        calls.put("VMs by label", "vms?limit=25&filter=labels.tier=t1");
        calls.put("last changed VMs", "vms?limit=25&sort=-changedRevision");
        calls.put("VMs by address, sorted by two", "vms?limit=25&filter=nics.address>10.0.0.20&sort=hostId,-name");
        calls.put("VM networks by name", "vm-networks?limit=25&filter=name~99");
        calls.put("use of a subscription", "subscriptions/" + id(some, "subscriptions") + "/usage");
        calls.put(
                "addresses of the PA pool",
                "ip-pools/" + named(some, "ip-pools", "pa") + "/addresses?state=ALLOCATED&limit=1");
        calls.put(
                "addresses of the external pool",
                "ip-pools/" + named(some, "ip-pools", "external") + "/addresses?state=ALLOCATED&limit=1");
        calls.put("policy of a gateway", "gateways/" + id(some, "gateways") + "/policy?limit=1000");
        calls.put("policy of a host", "hosts/" + id(some, "hosts") + "/policy?limit=1000");
        calls.put("users", "users");
        calls.put("tokens", "tokens");
        calls.put("audit", "audit?limit=100");
        calls.put("store", "store");
        calls.put("session", "session");
        for (int round = 0; round < ROUNDS; round++) {
            calls.forEach((what, path) -> ask(what, HttpMethod.GET, "/api/v1/" + path, ""));
            ask("metrics", HttpMethod.GET, "/metrics", "");
            ask(
                    "dry run of a change",
                    HttpMethod.PATCH,
                    "/api/v1/vms/" + vm + "?dryRun=true",
                    "{\"description\":\"x" + round + "\"}");
            ask(
                    "dry run of an end",
                    HttpMethod.PATCH,
                    "/api/v1/vm-networks/" + network + "?dryRun=true",
                    "{\"name\":\"renamed" + round + "\"}");
        }
    }

    private static String id(Function<String, List<JsonObject>> some, String kind) {
        return some.apply(kind).getFirst().getString("id");
    }

    private static String named(Function<String, List<JsonObject>> some, String kind, String name) {
        return some.apply(kind).stream()
                .filter(object -> object.getString("name").equals(name))
                .findFirst()
                .orElseThrow()
                .getString("id");
    }

    private void ask(String what, HttpMethod method, String path, String body) {
        long start = System.nanoTime();
        LoadClient.Reply reply = client.send(method, path, token, body).await();
        long took = (System.nanoTime() - start) / 1000;
        if (reply.status() != 200) {
            throw new IllegalStateException(path + ": " + reply.status() + " " + reply.body());
        }
        micros.computeIfAbsent(what, _ -> new Histogram(60_000_000L, 3)).recordValue(took);
        bytes.put(what, reply.body().length());
    }

    /** The slowest first. */
    List<String> table() {
        return micros.entrySet().stream()
                .sorted((a, b) -> Long.compare(
                        b.getValue().getValueAtPercentile(50), a.getValue().getValueAtPercentile(50)))
                .map(call -> String.format(
                        Locale.ROOT,
                        "%-36s %8.1f %8.1f %8.1f %8d",
                        call.getKey(),
                        call.getValue().getValueAtPercentile(50) / 1e3,
                        call.getValue().getValueAtPercentile(90) / 1e3,
                        call.getValue().getMaxValue() / 1e3,
                        bytes.getOrDefault(call.getKey(), 0) / 1024))
                .toList();
    }
}
