package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.mgmt.cli.NvgateMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Views of a real follower that is connected over the sync stream. */
class ViewsTest extends ManagerTestBase {

    /** A follower that answers queries with rows that show what it was asked. */
    private static final class Gateway extends TestFollower {

        private final CountDownLatch applied = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public String statusJson() {
            return "{\"sessions\":3,\"records\":7,\"version\":\"t\",\"drops\":{\"UNKNOWN_VSID\":2},\"future\":true}";
        }

        @Override
        public QueryResult query(String kind, Map<String, String> filter, int limit) {
            return switch (kind) {
                case "provider-addresses" ->
                    new QueryResult("[{\"providerAddress\":\"10.10.10.12\",\"prefixLength\":24,\"vlanId\":0}]", true);
                case "lookup-records" ->
                    new QueryResult("""
                        [{"rdid":"%s","vsid":%s,"customerAddress":"192.168.1.3","mac":"00:1d:d8:00:00:01",
                          "providerAddress":"10.10.10.10","type":"STATIC","vmName":"limit %d"}]\
                        """.formatted(filter.get("rdid"), filter.get("vsid"), limit), false);
                case "end-sessions" -> {
                    if ("4002".equals(filter.get("insidePort"))) {
                        boolean dry = filter.containsKey("dryRun");
                        yield new QueryResult("[{\"ended\":0" + (dry ? ",\"matched\":5" : "") + "}]", !dry);
                    }
                    boolean one = "4000".equals(filter.get("insidePort")) && filter.containsKey("max");
                    yield filter.containsKey("dryRun")
                            ? new QueryResult("[{\"ended\":0,\"matched\":" + filter.size() + "}]", false)
                            : new QueryResult("[{\"ended\":" + (one ? 1 : 0) + "}]", false);
                }
                case "sessions" ->
                    new QueryResult(
                            """
                    [{"rdid":"%s","vsid":5000,"protocol":"UDP","insideAddress":"192.168.1.3","externalAddress":"1.1.1.1",
                      "remoteAddress":"1.1.1.2","state":"%s","nat":"MAPPING","ageSeconds":3}]\
                    """.formatted(filter.getOrDefault("rdid", new java.util.UUID(0, 1).toString()), filter),
                            true,
                            "a_-_" + limit);
                case "top" -> new QueryResult("""
                    [{"rdid":"%s","vmNetwork":"contoso","vsid":5000,"customerAddress":"192.168.1.3","packetsOut":1,"bytesOut":2,
                      "packetsIn":3,"bytesIn":4,"bitsPerSecondOut":1500000,"bitsPerSecondIn":6,"bytesMissedMax":0}]\
                    """.formatted(filter), true);
                case "drops" -> new QueryResult("""
                    [{"rdid":"%s","vmNetwork":"contoso","vsid":5000,"reason":"no-nat","explanation":"no NAT","packets":9}]\
                    """.formatted(filter), false);
                case "port-acls" ->
                    new QueryResult(
                            """
                    [{"rdid":"%s","vmNetwork":"contoso","portAclId":"%s","portAcl":"web","provider":false,"direction":"INBOUND",
                      "priority":0,"rule":"%s","action":"DENY","hits":7}]\
                    """.formatted(
                                            filter.getOrDefault("rdid", new java.util.UUID(0, 1).toString()),
                                            new java.util.UUID(0, 2),
                                            filter),
                            true);
                case "mtu" -> new QueryResult("""
                    [{"customerAddress":"192.168.1.3","vmNetwork":"%s","refused":1,"fragmented":0,"tunnelFragmented":0,
                      "lastSize":1500,"mssClamped":2,"mssAnnounced":1460,"mssLowered":1418,"receivedTooBig":0}]\
                    """.formatted(filter.get("vmNetwork")), false);
                case "trace" -> new QueryResult("""
                    [{"packet":"TCP","verdict":"DROPPED","reason":"no-route","summary":"dropped: %s",
                      "steps":[{"step":"route","text":"none"}]}]\
                    """.formatted(new java.util.TreeMap<>(filter)), false);
                case "watch-start" -> {
                    if ("1".equals(filter.get("remotePort"))) {
                        yield new QueryResult("[{\"busy\":\"too many at once\"}]", false);
                    }
                    reads.clear();
                    yield new QueryResult("[{\"id\":\"" + filter + "\"}]", false);
                }
                case "watch-read" -> watched(filter.getOrDefault("id", ""));
                case "watch-stop" -> {
                    stops.countDown();
                    yield new QueryResult("[{}]", false);
                }
                case "neighbors" -> throw new IllegalArgumentException("no such kind: neighbors");
                default -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    yield new QueryResult("[]", false);
                }
            };
        }

        private final CountDownLatch stops = new CountDownLatch(1);
        private final List<String> reads = new java.util.concurrent.CopyOnWriteArrayList<>();

        /** Two packets, one at a time, of what was started. */
        private QueryResult watched(String started) {
            reads.add(started);
            boolean done = reads.size() == 2;
            if (started.contains("remotePort=2")) {
                return new QueryResult("[{\"packets\":[],\"done\":false}]", false);
            }
            byte[] block = {(byte) reads.size(), 7};
            String row = started.contains("what=capture")
                    ? "\"pcapng\":\"" + java.util.Base64.getEncoder().encodeToString(block) + "\""
                    : "\"packets\":[{\"packet\":\"UDP\",\"verdict\":\"FORWARDED\",\"summary\":\"forwarded: " + started
                            + "\",\"steps\":[]}]";
            return new QueryResult("[{" + row + ",\"done\":" + done + "}]", false);
        }

        @Override
        public void replace(PolicySnapshot snapshot) {
            applied.countDown();
        }

        @Override
        public void apply(long revision, List<PolicyChange> changes) {
            applied.countDown();
        }
    }

    @Test
    @Timeout(300)
    void asksTheNode(@TempDir Path cache) throws Exception {
        Walk walk = new Walk(api).physical().tenant("contoso");
        String gateway = API + "gateways/" + walk.id("gw-1");
        api.get(gateway + "/lookup-records").problem(503, "node-not-connected");
        api.get(API + "hosts/" + walk.id("host-1") + "/customer-routes").problem(503, "node-not-connected");

        Gateway follower = new Gateway();
        try (SyncClient _ = follower.follow(manager, cache, "test")) {
            assertThat(follower.applied.await(60, TimeUnit.SECONDS)).isTrue();
            JsonObject status = awaitStatus(gateway + "/status");
            assertThat(status.getJsonObject("status").getInteger("sessions")).isEqualTo(3);
            assertThat(status.getLong("lag"))
                    .isEqualTo(status.getLong("desiredRevision") - status.getLong("appliedRevision"));
            rows(walk, gateway);
            sizes(gateway);
            JsonObject ended = api.delete(gateway + "/sessions?insideAddress=192.168.1.3&insidePort=4000")
                    .json();
            assertThat(ended).isEqualTo(new JsonObject().put("ended", 1).put("truncated", false));
            api.delete(gateway + "/sessions?insidePort=4001").problem(404, "not-found");
            api.delete(gateway + "/sessions?insidePort=70000").problem(400, "invalid-value");
            api.get(gateway + "/neighbors").problem(400, "invalid-value");
            sessions(walk, gateway);
            commands();
            traces(walk, gateway, cache);
            longTraces(gateway, follower);
            api.get(gateway + "/counters").problem(504, "node-timeout");
        } finally {
            follower.release.countDown();
        }
    }

    private static void rows(Walk walk, String gateway) {
        String rdid = walk.object("contoso").getString("rdid");
        JsonObject view = api.get(gateway + "/lookup-records?vsid=5000&limit=5&rdid=" + rdid)
                .json();
        JsonObject row = view.getJsonArray("items").getJsonObject(0);
        assertThat(row.getString("rdid")).isEqualTo(rdid);
        assertThat(row.getInteger("vsid")).isEqualTo(5000);
        assertThat(row.getString("vmName")).isEqualTo("limit 5");
        assertThat(view.getBoolean("truncated")).isFalse();
        assertThat(api.get(gateway + "/provider-addresses").json().getBoolean("truncated"))
                .isTrue();
    }

    private static void sessions(Walk walk, String gateway) {
        JsonObject page = api.get(gateway
                        + "/sessions?insideAddress=192.168.1.0/24&remotePort=1-65535&state=active,closing&nat=MAPPING"
                        + "&ageMin=1&idleMax=9&bytesMin=5&sort=bytes&order=asc&after=x_y&limit=7")
                .json();
        assertThat(page.getString("next")).isEqualTo("a_-_7");
        assertThat(page.getJsonArray("items").getJsonObject(0).getString("state"))
                .contains("insideAddress=192.168.1.0/24", "remotePort=1-65535", "sort=bytes", "after=x_y", "order=asc")
                .contains("state=active,closing", "nat=MAPPING", "ageMin=1", "idleMax=9", "bytesMin=5");
        for (String wrong :
                List.of("remotePort=9-65536", "sort=colour", "nat=NONE", "ageMin=-1", "state=A", "after=")) {
            api.get(gateway + "/sessions?" + wrong).problem(400, "invalid-value");
        }
        JsonObject top = api.get(API + "vm-networks/" + walk.id("contoso") + "/top?by=rule&sort=packets")
                .json();
        assertThat(top.getJsonArray("items").getJsonObject(0).getString("rdid"))
                .contains("by=rule", "sort=packets", walk.object("contoso").getString("rdid"));
        JsonObject mtu = api.get(API + "vm-networks/" + walk.id("contoso") + "/mtu?vsid=5000")
                .json();
        assertThat(mtu.getJsonArray("items")).isNotEmpty();
        api.get(gateway + "/drops?reason=no-nat&vsid=5000").json();
        String rdid = walk.object("contoso").getString("rdid");
        hits(walk, gateway, rdid);
        String network = API + "vm-networks/" + walk.id("contoso") + "/sessions";
        JsonObject own = api.get(network + "?protocol=UDP").json();
        assertThat(own.getJsonArray("items").getJsonObject(0).getString("rdid")).isEqualTo(rdid);
        api.get(network + "?rdid=" + rdid).problem(400, "unknown-parameter");
        assertThat(api.delete(network + "?dryRun=true&protocol=UDP").json())
                .isEqualTo(new JsonObject().put("ended", 0).put("matched", 4).put("truncated", false));
        assertThat(api.delete(network + "?insidePort=4000").json().getInteger("ended"))
                .isEqualTo(1);
        api.delete(network).problem(400, "invalid-value");
        api.delete(network + "?all=true&protocol=UDP").problem(400, "invalid-value");
    }

    /** A tenant asks for no other VM network's rules, nor for the provider's. */
    private static void hits(Walk walk, String gateway, String rdid) {
        String network = API + "vm-networks/" + walk.id("contoso") + "/port-acls";
        assertThat(api.get(network + "?portAcl=web&direction=INBOUND&limit=9").body())
                .contains("rdid=" + rdid, "provider=false", "portAcl=web", "direction=INBOUND");
        api.get(network + "?provider=true").problem(400, "unknown-parameter");
        api.get(network + "?rdid=" + rdid).problem(400, "unknown-parameter");
        assertThat(api.get(gateway + "/port-acls?vmNetwork=contoso").body())
                .contains("vmNetwork=contoso")
                .doesNotContain("provider=false");
    }

    private static void commands() {
        assertThat(nvgate("acl-hits", "--vm-network", "contoso", "--list", "web"))
                .containsPattern("NETWORK +LIST +DIRECTION +PRIORITY +RULE +ACTION +HITS")
                .containsPattern("contoso +web +inbound +- +\\(default\\) +deny +7")
                .contains("say --list");
        assertThat(nvgate("sessions", "--gateway", "gw-1", "--sort", "bytes", "--limit", "1", "remotePort=1-9"))
                .contains("NETWORK", "192.168.1.3", "sort=bytes", "remotePort=1-9", "more than these 1");
        assertThat(nvgate("sessions", "--vm-network", "contoso", "--limit", "1"))
                .contains("rdid=");
        assertThat(nvgate("sessions", "--vm-network", "contoso", "--clear", "--yes", "insidePort=4000"))
                .contains("4 sessions", "1 ended");
        assertThat(nvgate(1, "sessions", "--vm-network", "contoso", "--clear", "--yes", "insidePort=4002"))
                .contains("5 sessions", "0 ended; there may be more");
        assertThat(nvgate("top", "--vm-network", "contoso", "--by", "vm", "--sort", "bytes"))
                .contains("192.168.1.3", "1.5M", "0.0M");
        assertThat(nvgate("top", "--gateway", "gw-1", "--drops")).contains("no-nat", "contoso", "no NAT");
    }

    private static void traces(Walk walk, String gateway, Path directory) throws Exception {
        String rdid = walk.object("contoso").getString("rdid");
        JsonObject trace = api.get(gateway + "/trace?rdid=" + rdid + "&source=10.0.0.1&destination=10.0.0.2&size=1500")
                .json()
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(trace.getString("summary"))
                .contains("rdid=" + rdid, "size=1500")
                .doesNotContain("audience");
        String network = API + "vm-networks/" + walk.id("contoso");
        String own =
                api.get(network + "/trace?source=10.0.0.1&destination=10.0.0.2").body();
        assertThat(own).contains("audience=tenant", "rdid=" + rdid);
        api.get(network + "/trace?audience=operator").problem(400, "unknown-parameter");
        api.get(network + "/trace?providerAddress=10.10.10.1").problem(400, "unknown-parameter");
        String packets = api.get(network + "/packet-traces?packets=2&insideAddress=10.0.0.1")
                .body();
        assertThat(new JsonObject(packets).getJsonArray("items")).hasSize(2);
        assertThat(packets).contains("packets=2", "audience=tenant", "rdid=" + rdid);
        assertThat(nvgate(2, "trace", "--gateway", "gw-1", "source=10.0.0.1", "destination=10.0.0.2"))
                .contains("route", "=> dropped: {destination=10.0.0.2");
        assertThat(nvgate("trace", "--vm-network", "contoso", "--next", "2", "protocol=UDP"))
                .contains("=> forwarded: ", "protocol=UDP", "packets=2");
        Path file = directory.resolve("capture.pcapng");
        assertThat(nvgate("capture", "--vm-network", "contoso", "-w", file.toString(), "protocol=UDP"))
                .contains("4 bytes");
        assertThat(java.nio.file.Files.readAllBytes(file)).containsExactly(1, 7, 2, 7);
    }

    /** Nobody may take all there are; who waits hears now and then that it goes on; who goes leaves room for others. */
    private static void longTraces(String gateway, Gateway follower) throws Exception {
        for (String what : List.of("packet-traces", "capture")) {
            JsonObject busy = api.get(gateway + "/" + what + "?remotePort=1").problem(503, "busy");
            assertThat(busy.getString("detail")).isEqualTo("too many at once");
        }
        api.get(gateway + "/packet-traces?packets=1001").problem(400, "invalid-value");
        assertThat(api.get("/metrics").body())
                .contains("operation=\"getGatewayTrace\"")
                .doesNotContain("operation=\"getGatewayCapture\"", "operation=\"getGatewayPacketTraces\"");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), manager.httpPort())) {
            String request = "GET " + gateway + "/packet-traces?remotePort=2&seconds=600 HTTP/1.1\r\nHost: 127.0.0.1:"
                    + manager.httpPort() + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] sign = socket.getInputStream().readNBytes("HTTP/1.1 103".length());
            assertThat(new String(sign, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 103");
        }
        assertThat(follower.stops.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static String nvgate(String... arguments) {
        return nvgate(0, arguments);
    }

    private static String nvgate(int status, String... arguments) {
        StringWriter printed = new StringWriter();
        String url = "http://127.0.0.1:" + manager.httpPort();
        String[] all =
                Stream.concat(Stream.of(arguments), Stream.of("--url", url)).toArray(String[]::new);
        assertThat(NvgateMain.run(all, new PrintWriter(printed, true))).isEqualTo(status);
        return printed.toString();
    }

    private static void sizes(String gateway) {
        JsonObject row = api.get(gateway + "/mtu?vmNetwork=contoso")
                .json()
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(row.getString("vmNetwork")).isEqualTo("contoso");
        assertThat(row.getInteger("lastSize")).isEqualTo(1500);
    }

    /** Once the node is connected, has applied a revision and sent a status. */
    private static JsonObject awaitStatus(String path) {
        return Await.until(
                path,
                () -> api.get(path).json(),
                status -> status.getBoolean("connected")
                        && status.getLong("appliedRevision") > 0
                        && status.containsKey("status"));
    }
}
