package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What we ship for Grafana and Prometheus, asked of a real Prometheus that has scraped real processes. */
final class Dashboards {

    private static final Path DIST =
            Path.of("..", "mgmt-api", "src", "main", "dist").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Not a part of the name of a recorded series, {@code level:nvgate_metric:operation}. */
    private static final Pattern METRIC = Pattern.compile("(?<![:\\w])nvgate_\\w+(?![:\\w])");

    /**
     * Only where something is configured that the demo has not: collectors, an import, Hyper-V hosts, quotas, limits, port ACLs; or
     * where something has happened: drops, traffic since the gateway's last look.
     */
    private static final Pattern OPTIONAL = Pattern.compile("nvgate_(export|import|hyperv)_\\w+"
            + "|nvgate_tenant_(quota|refusals_total|drops_total)"
            + "|nvgate_(tenant|nat_connection|nic)_limit_(bytes_total|drops_total|queue_delay_seconds)"
            + "|nvgate_port_acl_hits_total|nvgate_(vm|nat_rule)_bytes_total");

    private final Demo demo;
    private final String prometheus;

    /** @param prometheus host and port */
    Dashboards(Demo demo, String prometheus) {
        this.demo = demo;
        this.prometheus = prometheus;
    }

    /** Files of rules, for Prometheus' configuration. */
    static List<Path> rules() throws IOException {
        return files("prometheus", ".yml");
    }

    private static List<Path> files(String directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(DIST.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** Every query of every panel, with its variables filled in. */
    private static List<String> queries() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files("grafana", ".json")) {
            for (JsonNode expression : JSON.readTree(Files.readString(file)).findValues("expr")) {
                found.add(expression.asString().replaceAll("\\$(instance|vsid|rdid)", ".*"));
            }
        }
        return found;
    }

    private JsonNode ask(String path) {
        return JSON.readTree(demo.get("http://" + prometheus + "/api/v1/" + path));
    }

    /** No panel and no rule asks for what nobody measures, and Prometheus understands them all. */
    void areAnswered() throws IOException {
        Set<String> measured = new TreeSet<>();
        ask("label/__name__/values").path("data").forEach(name -> measured.add(name.asString()));
        List<String> queries = queries();
        assertThat(queries).hasSizeGreaterThan(50);
        for (String query : queries) {
            JsonNode answer = ask("query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
            assertThat(answer.path("status").asString()).as(query).isEqualTo("success");
            assertMeasured(query, measured);
        }
        for (JsonNode group : ask("rules").path("data").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                assertThat(rule.path("health").asString()).as(rule.toString()).isNotEqualTo("err");
                assertMeasured(rule.path("query").asString(), measured);
            }
        }
    }

    private static void assertMeasured(String query, Set<String> measured) {
        METRIC.matcher(query)
                .results()
                .map(match -> match.group())
                .filter(name -> !OPTIONAL.matcher(name).matches())
                .forEach(name -> assertThat(measured).as(query).contains(name));
    }
}
