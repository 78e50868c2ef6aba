package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.mgmt.ApiClient.Reply;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import net.nvgate.mgmt.config.TelemetryConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A change from the request to what a gateway runs by, as a collector gets it, and as the histograms show it. */
@Timeout(300)
class TracesTest {

    private static final String PARENT = "00f067aa0ba902b7";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

    @TempDir
    private Path directory;

    private ManagerConfig config(OtlpReceiver collector) throws Exception {
        Path headers = Files.writeString(directory.resolve("headers"), "Authorization: Bearer of-the-collector\n");
        return ManagerConfig.of(
                HttpConfig.local(0, Set.of("nvgate.example")),
                ManagerConfig.Sync.of(null, 0, Security.NONE, null),
                null,
                directory.resolve("state"),
                null,
                null,
                null,
                null,
                null,
                TelemetryConfig.of(collector.endpoint(), headers, null, null, null));
    }

    @Test
    void aChangeIsTracedToTheDataPath() throws Exception {
        StrictContract contract = new StrictContract();
        try (OtlpReceiver collector = new OtlpReceiver();
                Manager manager = Manager.start(config(collector))) {
            ApiClient api = new ApiClient(manager.httpPort(), contract);
            Walk walk = new Walk(api).physical().tenant("contoso");
            try (SyncClient _ = new TestFollower().follow(manager, directory.resolve("cache"), "nvgate-test/7")) {
                hasEveryStep(api, walk, collector);
                histogramsNameIt(api, walk);
                whoTracesDecides(api, walk);
            }
            assertThat(collector.authorizations()).containsOnly("Bearer of-the-collector");
            assertThat(OtlpReceiver.attribute(collector.resources().getFirst().getAttributesList(), "service.name"))
                    .isEqualTo("nvgate-manager");
        } finally {
            contract.close();
        }
    }

    private static String trace(int number) {
        return "4bf92f3577b34da6a3ce929d0e0e%04x".formatted(number);
    }

    private static Reply move(ApiClient api, Walk walk, String host, String traceparent) {
        Reply reply = api.send(
                "POST",
                API + "vms/" + walk.id("contoso-vm") + "/move",
                "{\"hostId\":\"%s\"}".formatted(walk.id(host)),
                "traceparent",
                traceparent);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply;
    }

    private static Optional<Span> named(List<Span> spans, String name) {
        return spans.stream().filter(span -> span.getName().equals(name)).findFirst();
    }

    private static Optional<Span> atGateway(List<Span> spans) {
        return spans.stream()
                .filter(span -> span.getName().equals("applied")
                        && OtlpReceiver.attribute(span.getAttributesList(), "nvgate.node")
                                .equals("gateway/gw-1"))
                .findFirst();
    }

    private static void hasEveryStep(ApiClient api, Walk walk, OtlpReceiver collector) {
        Optional<List<Span>> came = Optional.empty();
        Reply moved = api.get(API + "fabric");
        int number = 0;
        while (came.isEmpty()) {
            number++;
            String host = number % 2 == 0 ? "host-1" : "host-2";
            moved = move(api, walk, host, "00-" + trace(number) + "-" + PARENT + "-01");
            came = collector.await(
                    trace(number),
                    found -> atGateway(found).isPresent()
                            && named(found, "POST /api/v1/vms/{id}/move").isPresent());
        }
        String revision = moved.json().getLong("changedRevision").toString();
        List<Span> spans = came.get();
        Span request = named(spans, "POST /api/v1/vms/{id}/move").orElseThrow();
        assertThat(HexFormat.of().formatHex(request.getParentSpanId().toByteArray()))
                .isEqualTo(PARENT);
        assertThat(moved.headers().get("traceparent"))
                .isEqualTo("00-" + trace(number) + "-"
                        + HexFormat.of().formatHex(request.getSpanId().toByteArray()) + "-01");
        assertThat(OtlpReceiver.attribute(request.getAttributesList(), "http.response.status_code"))
                .isEqualTo("200");
        assertThat(OtlpReceiver.attribute(request.getAttributesList(), "nvgate.operation"))
                .isEqualTo("moveVm");
        assertThat(OtlpReceiver.attribute(request.getAttributesList(), "nvgate.request_id"))
                .isEqualTo(moved.headers().get("x-request-id"));
        long end = request.getStartTimeUnixNano();
        for (String step : List.of("permission", "validation", "plan", "commit")) {
            Span span = named(spans, step).orElseThrow(() -> new AssertionError("no " + step));
            assertThat(span.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(span.getStartTimeUnixNano()).as(step).isEqualTo(end);
            end = span.getEndTimeUnixNano();
        }
        for (Span span : List.of(
                named(spans, "commit").orElseThrow(),
                named(spans, "publish").orElseThrow(),
                atGateway(spans).orElseThrow())) {
            assertThat(span.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(OtlpReceiver.attribute(span.getAttributesList(), "nvgate.revision"))
                    .isEqualTo(revision);
        }
        Span applied = atGateway(spans).orElseThrow();
        assertThat(applied.getStartTimeUnixNano())
                .isEqualTo(named(spans, "publish").orElseThrow().getEndTimeUnixNano());
        assertThat(applied.getEvents(0).getName()).isEqualTo("sent");
        assertThat(applied.getEvents(0).getTimeUnixNano())
                .isBetween(applied.getStartTimeUnixNano(), applied.getEndTimeUnixNano());
    }

    /** In OpenMetrics; a bucket shows one of the changes that are in it. */
    private static void histogramsNameIt(ApiClient api, Walk walk) {
        String metrics;
        int number = 0x100;
        do {
            move(api, walk, number % 2 == 0 ? "host-1" : "host-2", "00-" + trace(number++) + "-" + PARENT + "-01");
            Reply scraped = api.send("GET", "/metrics", null, "Accept", OPEN_METRICS);
            assertThat(scraped.headers().get("content-type")).startsWith("application/openmetrics-text");
            metrics = scraped.body();
        } while (!hasExemplar(metrics, "nvgate_http_server_requests_seconds_bucket{", "moveVm")
                || !hasExemplar(metrics, "nvgate_change_convergence_seconds_bucket{", "gateway"));
        assertThat(metrics).endsWith("# EOF\n");
        Reply plain = api.get("/metrics");
        assertThat(plain.headers().get("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(plain.body())
                .contains("nvgate_change_convergence_seconds_count{kind=\"gateway\"}")
                .doesNotContain("trace_id", "# EOF");
    }

    private static boolean hasExemplar(String metrics, String series, String label) {
        return metrics.lines()
                .anyMatch(line -> line.startsWith(series)
                        && line.contains("\"" + label + "\"")
                        && line.contains("trace_id=\"4bf92f3577b34da6a3ce929d0e0e"));
    }

    private static void whoTracesDecides(ApiClient api, Walk walk) {
        String vm = API + "vms/" + walk.id("contoso-vm");
        assertThat(api.get(vm).headers()).as("who only looks is not traced").doesNotContainKey("traceparent");
        String asked = "00-" + trace(0xffff) + "-" + PARENT + "-01";
        assertThat(api.send("GET", vm, null, "traceparent", asked).headers().get("traceparent"))
                .startsWith("00-" + trace(0xffff));
        assertThat(move(api, walk, "host-1", "00-" + trace(0xfffe) + "-" + PARENT + "-00")
                        .headers())
                .as("sampled by nobody")
                .doesNotContainKey("traceparent");
        assertThat(move(api, walk, "host-2", "not one").headers().get("traceparent"))
                .as("a trace of its own")
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]");
    }
}
