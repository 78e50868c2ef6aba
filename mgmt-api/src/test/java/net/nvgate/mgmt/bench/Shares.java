package net.nvgate.mgmt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who had the CPUs meanwhile: the manager, the bench, what runs beside, everybody else on the machine. Linux only. */
final class Shares {

    /** The kernel's unit in {@code /proc/stat}; it is 100 on every Linux that matters here. */
    private static final double NANOS_PER_TICK = 1e7;

    private final Map<String, ProcessHandle> who = new LinkedHashMap<>();
    private final Map<String, Long> before = new LinkedHashMap<>();
    private final Ticks ticksBefore;
    private final long start = System.nanoTime();

    /** Of all CPUs together. */
    private record Ticks(long busy, long stolen) {

        static Ticks now() {
            try {
                String[] values = Files.readAllLines(Path.of("/proc/stat"))
                        .getFirst()
                        .trim()
                        .split("\\s+", -1);
                // cpu user nice system idle iowait irq softirq steal
                long busy = 0;
                for (int i : new int[] {1, 2, 3, 6, 7}) {
                    busy += Long.parseLong(values[i]);
                }
                return new Ticks(busy, Long.parseLong(values[8]));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** @param beside what was started by a shell */
    Shares(ProcessHandle manager, List<ProcessHandle> beside) {
        who.put("manager", manager);
        who.put("bench", ProcessHandle.current());
        for (ProcessHandle process : beside) {
            List<String> arguments = List.of(process.info().arguments().orElse(new String[] {process.pid() + ""}));
            who.put(
                    arguments.contains("net.nvgate.gateway.GatewayMain") && !arguments.contains("beside")
                            ? "gateway"
                            : "its packets",
                    process);
        }
        ticksBefore = Ticks.now();
        who.forEach((name, process) -> before.put(name, nanos(process)));
    }

    private static long nanos(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .map(java.time.Duration::toNanos)
                .orElse(0L);
    }

    /** In percent of one core, since this was made. */
    String line() {
        double took = System.nanoTime() - start;
        Ticks now = Ticks.now();
        double busy = (now.busy() - ticksBefore.busy()) * NANOS_PER_TICK;
        double ours = 0;
        List<String> parts = new ArrayList<>();
        for (var one : who.entrySet()) {
            double nanos = nanos(one.getValue()) - before.getOrDefault(one.getKey(), 0L);
            ours += nanos;
            parts.add(String.format(Locale.ROOT, "%s %.0f", one.getKey(), 100 * nanos / took));
        }
        parts.add(String.format(
                Locale.ROOT, "everything else on the machine %.0f", 100 * Math.max(0, busy - ours) / took));
        parts.add(String.format(
                Locale.ROOT,
                "taken by the hypervisor %.0f",
                100 * (now.stolen() - ticksBefore.stolen()) * NANOS_PER_TICK / took));
        return String.join(", ", parts);
    }
}
