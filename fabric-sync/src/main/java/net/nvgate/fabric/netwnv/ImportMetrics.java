package net.nvgate.fabric.netwnv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What imports have come to, as a file for the textfile collector of Prometheus' node exporter. Not thread-safe. */
public final class ImportMetrics {

    private final Map<ImportRun.Result, Long> runs = new EnumMap<>(ImportRun.Result.class);
    private Optional<ImportRun.Outcome> last = Optional.empty();
    private long lastSuccessSeconds;

    public void add(ImportRun.Outcome outcome) {
        runs.merge(outcome.result(), 1L, Long::sum);
        last = Optional.of(outcome);
        if (outcome.result() != ImportRun.Result.REFUSED) {
            lastSuccessSeconds = outcome.at().getEpochSecond();
        }
    }

    /** Prometheus text format 0.0.4. */
    public String text() {
        StringBuilder out = new StringBuilder();
        metric(out, "nvgate_import_runs_total", "counter", "Imports, by how they ended");
        for (ImportRun.Result result : ImportRun.Result.values()) {
            out.append("nvgate_import_runs_total{result=\"")
                    .append(result.name().toLowerCase(Locale.ROOT))
                    .append("\"} ")
                    .append(runs.getOrDefault(result, 0L))
                    .append('\n');
        }
        gauge(
                out,
                "nvgate_import_last_run_timestamp_seconds",
                "When the last import ended",
                last.map(each -> each.at().getEpochSecond()).orElse(0L));
        gauge(
                out,
                "nvgate_import_last_success_timestamp_seconds",
                "When the fabric was last known to be as the hosts; its age is time() less this",
                lastSuccessSeconds);
        gauge(
                out,
                "nvgate_import_hosts",
                "Hosts that were read",
                last.map(each -> (long) each.hosts()).orElse(0L));
        gauge(
                out,
                "nvgate_import_records",
                "Lookup records that were read",
                last.map(ImportRun.Outcome::records).orElse(0L));
        metric(out, "nvgate_import_findings", "gauge", "Findings of the last import");
        for (FindingCode.Severity severity : FindingCode.Severity.values()) {
            long count = last.stream()
                    .flatMap(each -> each.findings().stream())
                    .filter(finding -> finding.severity() == severity)
                    .count();
            out.append("nvgate_import_findings{severity=\"")
                    .append(severity.name().toLowerCase(Locale.ROOT))
                    .append("\"} ")
                    .append(count)
                    .append('\n');
        }
        return out.toString();
    }

    private static void gauge(StringBuilder out, String name, String help, long value) {
        metric(out, name, "gauge", help);
        out.append(name).append(' ').append(value).append('\n');
    }

    private static void metric(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** In one step: a reader sees the old file or the new one. */
    public void write(Path file) throws IOException {
        Path aside = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(aside, text());
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
