package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Limits of blue's traffic against iperf3 on real hosts. What passed is read off the gateway's counters while iperf3 runs, so that a
 * slow machine, which offers less or looks seldom, changes what can be seen but not what is right.
 */
@ExtendWith(DemoExtension.class)
final class LimitsIT {

    private static final double SECOND = 1e9;
    private static final int RUNS_MAX = 12;
    private static final int PACKET = 1428;

    private final Demo demo;
    private final String gateway;
    private final String rdid;

    LimitsIT(Demo demo) {
        this.demo = demo;
        this.gateway =
                demo.named("vm-network-gateways", "blue-gateway").path("id").asString();
        this.rdid = demo.named("vm-networks", "blue").path("rdid").asString();
    }

    /** Counters of a direction, read between two times. */
    private record Look(long from, long to, double bytes, double drops) {}

    /** What happened between two looks: at most and at least so many seconds passed. */
    private record Span(double most, double least, double bytes, double drops) {

        static Span of(Look first, Look last) {
            return new Span(
                    (last.to() - first.from()) / SECOND,
                    (last.from() - first.to()) / SECOND,
                    last.bytes() - first.bytes(),
                    last.drops() - first.drops());
        }

        /** Least and most bit/s that passed. */
        double slowest() {
            return 8 * bytes / most;
        }

        double fastest() {
            return 8 * bytes / least;
        }

        double offered() {
            return 8 * (bytes + drops * PACKET) / least;
        }
    }

    private void limits(String json) {
        String answer = Shell.output(
                Demo.SHORT,
                "curl",
                "-sf",
                "-X",
                "PATCH",
                "-H",
                "Content-Type: application/json",
                "-d",
                "{\"limits\": " + json + "}",
                Demo.MANAGER + "/api/v1/vm-network-gateways/" + gateway);
        JsonNode changed = JsonMapper.shared().readTree(answer);
        double revision = changed.path("changedRevision").asDouble();
        demo.await(
                Demo.SHORT,
                "the gateway's policy",
                () -> demo.gatewayMetrics().sum("nvgate_policy_revision") >= revision);
    }

    @AfterEach
    void noLimits() {
        limits("{\"inboundKbps\": 0, \"outboundKbps\": 0, \"mode\": \"POLICE\"}");
    }

    private Look look(String direction) {
        long from = System.nanoTime();
        Metrics metrics = demo.gatewayMetrics();
        String[] labels = {"rdid=\"" + rdid + "\"", "direction=\"" + direction + "\""};
        return new Look(
                from,
                System.nanoTime(),
                metrics.sum("nvgate_tenant_limit_bytes_total", labels),
                metrics.sum("nvgate_tenant_limit_drops_total", labels));
    }

    /** All spans of a second or more while iperf3 runs for three. */
    private List<Span> run(String direction, String... options) {
        demo.startIperf();
        String[] command = Stream.concat(Stream.of("iperf3", "-c", SERVER, "-t", "3"), Stream.of(options))
                .toArray(String[]::new);
        CompletableFuture<Shell.Result> client = Demo.atOnce(() -> Demo.run("blue1", command));
        List<Look> looks = new ArrayList<>(List.of(look(direction)));
        demo.await(Demo.LONG, "the end of iperf3", () -> {
            looks.add(look(direction));
            return client.isDone();
        });
        assertThat(client.join().ok()).as(client.join().output()).isTrue();
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < looks.size(); i++) {
            for (int j = i + 1; j < looks.size(); j++) {
                Span span = Span.of(looks.get(i), looks.get(j));
                if (span.least() >= 1) {
                    spans.add(span);
                }
            }
        }
        return spans;
    }

    /** Runs until the limit was reached in some second; in none it is exceeded. Where the machine cannot offer enough, half of what it can. */
    private void reachesAndKeeps(long limit, String direction, String... options) {
        double best = 0;
        double offered = 0;
        for (int run = 0; run < RUNS_MAX && best < 0.95 * limit; run++) {
            for (Span span : run(direction, options)) {
                assertThat(span.slowest()).as("bit/s of %s", span).isLessThanOrEqualTo(1.02 * limit);
                best = Math.max(best, span.fastest());
                offered = Math.max(offered, span.offered());
            }
        }
        assertThat(best)
                .as("bit/s, of %s offered", offered)
                .isGreaterThanOrEqualTo(0.95 * Math.min((double) limit, offered / 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void udpPassesAsFastAsItMayAndNoFaster(int mbps) {
        limits("{\"outboundKbps\": " + 1_000 * mbps + "}");
        String offered = (mbps == 100 ? 130 : 2 * mbps) + "M";
        reachesAndKeeps(1_000_000L * mbps, "outbound", "-u", "-l", "1400", "-b", offered);
    }

    @Test
    void tcpGetsWhatItMayOutAndInWhenItsPacketsWait() {
        limits("{\"inboundKbps\": 8000, \"outboundKbps\": 10000, \"mode\": \"SHAPE\"}");
        reachesAndKeeps(10_000_000, "outbound");
        reachesAndKeeps(8_000_000, "inbound", "--reverse");
    }
}
