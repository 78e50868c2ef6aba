package net.nvgate.mgmt.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The page of the manager's metrics, made of where they are registered. */
final class MetricsReference {

    private static final Pattern METER = Pattern.compile(
            "\\b(Counter|FunctionCounter|Gauge|TimeGauge|MultiGauge|Timer|DistributionSummary)\\s*\\.builder\\(\\s*\"(nvgate[a-z.]+)\"([^;]*?)\\.register\\(",
            Pattern.DOTALL);
    private static final Pattern DESCRIPTION =
            Pattern.compile("description\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"(?:\\s*\\+\\s*\"((?:[^\"\\\\]|\\\\.)*)\")?");
    private static final Pattern UNIT = Pattern.compile("baseUnit\\(\\s*\"([a-z]+)\"");

    private MetricsReference() {}

    static String page(Path repository) throws IOException {
        Map<String, String> metrics = new TreeMap<>();
        for (String sources : List.of("mgmt-api/src/main/java", "fabric-sync/src/main/java")) {
            try (Stream<Path> files = Files.walk(repository.resolve(sources))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    METER.matcher(Files.readString(file)).results().forEach(meter -> {
                        Matcher text = DESCRIPTION.matcher(meter.group(3));
                        if (text.find()) {
                            String more = text.group(2) == null ? "" : text.group(2);
                            metrics.put(name(meter.group(1), meter.group(2), meter.group(3)), text.group(1) + more);
                        }
                    });
                }
            }
        }
        StringBuilder out = new StringBuilder("""
                # Metrics of the manager

                Generated from where they are registered. The manager serves them at `/metrics`; those of `nvgate_sync_client`, certificates and caches are at gateways and
                hosts. Besides: `nvgate_http_server_requests_seconds{operation,method,status}`, `nvgate_build_info{version}`, `jvm_*`, `process_*`. Gateways:
                [counters](../../../gateway/docs/counters.md). Linux hosts: [host agent](../../../fabric-sync/docs/host-agent.md#metrics).

                | metric | is |
                |---|---|
                """);
        metrics.forEach((name, text) -> out.append("| `")
                .append(name)
                .append("` | ")
                .append(text.replace("|", "\\|"))
                .append(" |\n"));
        return out.toString();
    }

    /** As Prometheus calls it. */
    private static String name(String kind, String meter, String rest) {
        String name = meter.replace('.', '_');
        Matcher unit = UNIT.matcher(rest);
        if (unit.find() && !name.endsWith("_" + unit.group(1))) {
            name += "_" + unit.group(1);
        }
        return switch (kind) {
            case "Counter", "FunctionCounter" -> name.endsWith("_total") ? name : name + "_total";
            case "Timer" -> name + "_seconds";
            default -> name;
        };
    }
}
