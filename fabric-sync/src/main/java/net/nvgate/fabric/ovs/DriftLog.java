package net.nvgate.fabric.ovs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.ovs.DriftKind.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was found changed by others, counted by kind; the last of it in words. Thread-safe. */
final class DriftLog {

    private static final Logger LOG = LoggerFactory.getLogger(DriftLog.class);
    private static final int LAST_MAX = 20;

    private final Map<DriftKind, Counter> counters = new EnumMap<>(DriftKind.class);
    private final Deque<Entry> last = new ArrayDeque<>();

    record Entry(Instant at, Finding finding) {}

    DriftLog(MeterRegistry registry) {
        for (DriftKind kind : DriftKind.values()) {
            counters.put(
                    kind,
                    Counter.builder("nvgate.host.drift")
                            .description("Entries, ports, addresses and settings found changed by others, by kind")
                            .tag("kind", kind.label())
                            .register(registry));
        }
    }

    void add(Finding finding) {
        LOG.warn("drift: {}: {}; repairing", finding.kind().label(), finding.text());
        counter(finding.kind()).increment(finding.count());
        synchronized (last) {
            if (last.size() == LAST_MAX) {
                last.removeFirst();
            }
            last.addLast(new Entry(Instant.now(), finding));
        }
    }

    long count(DriftKind kind) {
        return (long) counter(kind).count();
    }

    private Counter counter(DriftKind kind) {
        Counter counter = counters.get(kind);
        if (counter == null) {
            throw new IllegalStateException(kind + " has no counter");
        }
        return counter;
    }

    /** By kind, only what happened. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (DriftKind kind : DriftKind.values()) {
            if (count(kind) > 0) {
                counts.put(kind.label(), count(kind));
            }
        }
        return counts;
    }

    /** At most 20, the newest last. */
    List<Entry> last() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }
}
