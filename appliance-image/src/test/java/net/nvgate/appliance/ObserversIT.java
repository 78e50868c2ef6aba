package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Who watches: Prometheus as Debian ships it, and a person at the web page. */
@DemoTest
final class ObserversIT {

    private static final String PROMETHEUS = "127.0.0.1:19090";

    private final Demo demo;

    ObserversIT(Demo demo) {
        this.demo = demo;
    }

    /** Only our own names: the JVM's come from Micrometer, which promtool finds fault with. */
    @ParameterizedTest
    @ValueSource(strings = {Demo.MANAGER, Demo.GATEWAY})
    void metricsFollowPrometheusRules(String process) {
        String own = demo.get(process + "/metrics")
                .lines()
                .filter(line -> line.contains("nvgate_"))
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(own).contains("nvgate_sync");
        Shell.Result result = Shell.run(Demo.SHORT, own, List.of("promtool", "check", "metrics"));
        assertThat(result.status()).as(result.output()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prometheus-convergence-test.yml", "prometheus-gateway-test.yml"})
    void alertsSayWhatIsWrong(String tests) {
        Shell.Result result = Shell.run(Demo.SHORT, "promtool", "test", "rules", "src/test/resources/" + tests);
        assertThat(result.status()).as(result.output()).isZero();
    }

    @Test
    void prometheusScrapesAllAgreesWithTheApiAndAnswersTheDashboards() throws IOException, InterruptedException {
        Path config = demo.state().resolve("prometheus.yml");
        Files.writeString(config, """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: %s
                scrape_configs:
                  - job_name: nvgate
                    static_configs: [{targets: ['%s', '%s', '%s']}]
                """.formatted(
                Dashboards.rules().stream().map(file -> "'" + file + "'").toList(),
                Demo.MANAGER.substring(7),
                Demo.GATEWAY.substring(7),
                Demo.HOST_AGENT.substring(7)));
        Process prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + demo.state().resolve("prometheus"),
                        "--web.listen-address=" + PROMETHEUS)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "prometheus.log").toFile())
                .start();
        try {
            demo.await(Duration.ofMinutes(2), "all targets up", () -> targetsUp() == 3);
            Demo.output("blue1", "curl", "-sf", "http://" + Demo.SERVER + "/");
            // They are counted every few seconds, and by a gateway that has just been started not yet.
            demo.await(
                    Duration.ofMinutes(2),
                    "a scrape with sessions by tenant",
                    () -> !query("nvgate_tenant_sessions").isEmpty());
            // The page is fed by /fabric and compared with it by the test below; both count on while ARP goes on.
            demo.await(
                    Duration.ofMinutes(2),
                    "the same numbers in Prometheus and in the API",
                    () -> !pageNumbers().isEmpty() && pageNumbers().equals(prometheusNumbers()));
            new Dashboards(demo, PROMETHEUS).areAnswered();
        } finally {
            prometheus.destroy();
            prometheus.waitFor();
        }
    }

    /** Packets by VSID and drops by reason, as the page has them. */
    private Map<String, Double> pageNumbers() {
        JsonNode status = demo.api("/fabric").path("gateways").path(0).path("status");
        Map<String, Double> numbers = new TreeMap<>();
        for (JsonNode vsid : status.path("vsids")) {
            String name = vsid.path("vsid").asInt() + " ";
            numbers.put(name + "rx", vsid.path("rxPackets").asDouble());
            numbers.put(name + "tx", vsid.path("txPackets").asDouble());
        }
        status.path("drops")
                .properties()
                .forEach(drop -> numbers.put(drop.getKey(), drop.getValue().asDouble()));
        numbers.values().removeIf(value -> value == 0);
        return numbers;
    }

    private Map<String, Double> prometheusNumbers() {
        Map<String, Double> numbers = new TreeMap<>();
        for (JsonNode row : query("nvgate_vsid_packets_total")) {
            JsonNode labels = row.path("metric");
            numbers.put(
                    labels.path("vsid").asString() + " "
                            + labels.path("direction").asString(),
                    value(row));
        }
        for (JsonNode row : query("nvgate_drops_total")) {
            numbers.put(row.path("metric").path("reason").asString(), value(row));
        }
        numbers.values().removeIf(value -> value == 0);
        return numbers;
    }

    private static double value(JsonNode row) {
        return Double.parseDouble(row.path("value").path(1).asString());
    }

    private JsonNode query(String metric) {
        String answer = demo.get("http://" + PROMETHEUS + "/api/v1/query?query=" + metric);
        return new ObjectMapper().readTree(answer).path("data").path("result");
    }

    private int targetsUp() {
        try {
            JsonNode targets = new ObjectMapper()
                    .readTree(demo.get("http://" + PROMETHEUS + "/api/v1/targets"))
                    .path("data")
                    .path("activeTargets");
            int up = 0;
            for (JsonNode target : targets) {
                if (target.path("health").asString().equals("up")
                        && target.path("lastError").asString().isEmpty()) {
                    up++;
                }
            }
            return up;
        } catch (java.io.UncheckedIOException | AssertionError starting) {
            return 0;
        }
    }

    @Test
    void thePageShowsTheFabricAndTheNumbersOfTheGateway() {
        Path web =
                Path.of("..", "mgmt-api", "src", "main", "web").toAbsolutePath().normalize();
        Shell.Result result = Shell.run(
                Duration.ofMinutes(15),
                "npm",
                "--prefix",
                web.toString(),
                "run",
                "--silent",
                "smoke",
                "--",
                "--url",
                Demo.MANAGER);
        assertThat(result.status()).as(result.output()).isZero();
    }
}
