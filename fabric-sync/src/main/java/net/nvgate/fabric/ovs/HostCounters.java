package net.nvgate.fabric.ovs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the switch and the agent count, as {@code nvgate_host_*}. The switch counts per flow entry and forgets when an
 * entry goes; here only the growth is added, so that totals never fall. Single writer.
 */
final class HostCounters {

    private final Map<FlowCounter, Counter> packets = new EnumMap<>(FlowCounter.class);
    private final Map<FlowCounter, Long> last = new EnumMap<>(FlowCounter.class);
    private final Timer programming;
    private final Counter failures;

    HostCounters(MeterRegistry registry) {
        for (FlowCounter counter : FlowCounter.values()) {
            if (counter != FlowCounter.NONE) {
                packets.put(counter, register(registry, counter));
            }
        }
        programming = Timer.builder("nvgate.host.program")
                .description("Time to bring one revision into the switch")
                .register(registry);
        failures = Counter.builder("nvgate.host.program.failures")
                .description("Attempts to write the switch that failed")
                .register(registry);
    }

    private static Counter register(MeterRegistry registry, FlowCounter counter) {
        return counter.isDrop()
                ? Counter.builder("nvgate.host.drops")
                        .description("Packets dropped in the tenant bridge, by reason")
                        .tag("reason", counter.label())
                        .register(registry)
                : Counter.builder("nvgate.host.packets")
                        .description("Packets handled in the tenant bridge, by path")
                        .tag("path", counter.label())
                        .register(registry);
    }

    /** @param seen sums over the flow entries that are in the switch now */
    void update(Map<FlowCounter, Long> seen) {
        packets.forEach((counter, total) -> {
            long now = seen.getOrDefault(counter, 0L);
            long before = last.getOrDefault(counter, 0L);
            // Fewer than before: entries went away or were made anew, and what remains was counted already in part.
            total.increment((double) Math.max(0, now - before));
            last.put(counter, now);
        });
    }

    void programmed(Duration time) {
        programming.record(time);
    }

    void failed() {
        failures.increment();
    }

    long total(FlowCounter counter) {
        Counter found = packets.get(counter);
        return found == null ? 0 : (long) found.count();
    }
}
