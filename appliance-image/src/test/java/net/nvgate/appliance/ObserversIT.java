package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Who watches: Prometheus as Debian ships it, and a person at the web page. */
@ExtendWith(DemoExtension.class)
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

    @Test
    void prometheusScrapesBothProcesses() throws IOException, InterruptedException {
        Path config = demo.state().resolve("prometheus.yml");
        Files.writeString(config, """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: nvgate
                    static_configs: [{targets: ['%s', '%s']}]
                """.formatted(Demo.MANAGER.substring(7), Demo.GATEWAY.substring(7)));
        Process prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + demo.state().resolve("prometheus"),
                        "--web.listen-address=" + PROMETHEUS)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "prometheus.log").toFile())
                .start();
        try {
            demo.await(Duration.ofSeconds(40), "both targets up", () -> targetsUp() == 2);
        } finally {
            prometheus.destroy();
            prometheus.waitFor();
        }
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
                Demo.LONG, "npm", "--prefix", web.toString(), "run", "--silent", "smoke", "--", "--url", Demo.MANAGER);
        assertThat(result.status()).as(result.output()).isZero();
    }
}
