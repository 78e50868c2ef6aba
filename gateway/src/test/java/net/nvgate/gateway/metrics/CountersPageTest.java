package net.nvgate.gateway.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.gateway.conformance.GeneratedPage;
import net.nvgate.gateway.worker.DropReason;
import net.nvgate.gateway.worker.EventKind;
import net.nvgate.gateway.worker.WorkerCounter;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/counters.md} what the counters are. */
class CountersPageTest {

    private static final String HOW = "mvn -pl gateway -am test -Dtest=CountersPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true";
    private static final Path SOURCES = Path.of("src/main/java/net/nvgate/gateway");
    private static final Pattern GAUGE =
            Pattern.compile("Sample\\.(counter|gauge)\\(\\s*\"(nvgate_[a-z_]+)\",\\s*\"([^\"]+)\"");

    private static final Pattern METER = Pattern.compile(
            "(Counter|Gauge)\\.builder\\(\\s*\"(nvgate\\.export[a-z.]+)\"[^;]*?description\\(\\s*\"([^\"]+)\"");

    @Test
    void pageIsWhatTheCountersAre() throws IOException {
        GeneratedPage.check(Path.of("docs/counters.md"), page(), HOW);
    }

    private static String page() throws IOException {
        StringBuilder out = new StringBuilder("""
                # Counters

                Generated from the enums that count; `CountersPageTest` fails when this page is stale. To write it anew:

                ```sh not run: it writes this page
                %s
                ```

                Every packet that goes no further is counted once under one reason, in the order in which a packet meets them:

                ```
                 PA port ─▶ link ─▶ outer IP ─▶ NVGRE ─▶ inner frame ─▶ inner IP ─▶ spoof, routes ─▶ NAT ─▶ neighbour, MTU ─▶ ext port
                 ext port ─▶ link ─▶ IP ─▶ session, rule ─▶ NAT ─▶ record ─▶ neighbour, MTU ─▶ NVGRE ─▶ PA port
                ```

                ## Drops: `nvgate_drops_total{reason}`, per virtual subnet `nvgate_vsid_drops_total{vsid}`
                """.formatted(HOW));
        drops(out);
        out.append("\n## Workers: `nvgate_worker_..._total{worker}`\n\n| counter | counts |\n|---|---|\n");
        for (WorkerCounter counter : WorkerCounter.values()) {
            boolean time = counter == WorkerCounter.BUSY_NANOS;
            String name = time ? "busy_seconds" : counter.label().replace('-', '_');
            row(out, "nvgate_worker_" + name + "_total", counter.explanation());
        }
        out.append("\n## Events: `nvgate_events_total{kind}`, and a line in the log\n\n| kind | means |\n|---|---|\n");
        for (EventKind kind : EventKind.values()) {
            row(out, kind.label(), kind.explanation());
        }
        out.append("\n## Others\n\n| metric | is |\n|---|---|\n");
        others().forEach((name, help) -> row(out, name, help));
        return out.toString();
    }

    /** Under the headings that the enum's source has. */
    private static void drops(StringBuilder out) throws IOException {
        Pattern heading = Pattern.compile("    // (.+)\\.");
        Pattern constant = Pattern.compile("    ([A-Z][A-Z0-9_]+)\\(.*");
        for (String line : Files.readAllLines(SOURCES.resolve("worker/DropReason.java"))) {
            Matcher h = heading.matcher(line);
            Matcher c = constant.matcher(line);
            if (h.matches()) {
                out.append("\n### ").append(h.group(1)).append("\n\n| reason | the packet was |\n|---|---|\n");
            } else if (c.matches()) {
                DropReason reason = DropReason.valueOf(c.group(1));
                row(out, reason.label(), reason.explanation());
            }
        }
    }

    private static Map<String, String> others() throws IOException {
        Map<String, String> names = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        try (var all = Files.list(SOURCES.resolve("control"))) {
            all.filter(f -> f.toString().endsWith(".java")).forEach(files::add);
        }
        for (Path file : files) {
            Matcher m = GAUGE.matcher(Files.readString(file));
            while (m.find()) {
                String name = m.group(2) + (m.group(1).equals("counter") ? "_total" : "");
                names.put(name, m.group(3));
            }
        }
        Matcher m = METER.matcher(Files.readString(SOURCES.resolve("export/CollectorMeters.java")));
        while (m.find()) {
            String name = m.group(2).replace('.', '_') + (m.group(1).equals("Counter") ? "_total" : "");
            names.put(name, m.group(3));
        }
        names.remove("nvgate_drops_total");
        names.remove("nvgate_events_total");
        return names;
    }

    private static void row(StringBuilder out, String name, String text) {
        out.append("| `").append(name).append("` | ").append(text).append(" |\n");
    }
}
