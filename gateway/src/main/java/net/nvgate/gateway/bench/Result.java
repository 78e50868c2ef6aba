package net.nvgate.gateway.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * What a scenario came to. Times are of all that happens on the worker's core, generator included.
 *
 * @param vms VMs that packets come from or go to, of all tenants
 * @param records lookup records in the tables
 * @param nanosPerPacket of each run
 * @param cpuNanosPerPacket the part of it that the worker's thread had a CPU, each run; none in a file of an older bench
 * @param generatorNanosPerPacket of the generator alone, each run
 * @param allocatedBytesPerPacket of heap, by the worker's thread
 * @param sessionsMadePerSecond while packets were forwarded
 * @param sessionsEndedPerSecond while packets were forwarded
 * @param recordChangesPerSecond lookup records written while packets were forwarded
 * @param turns how long the loop took from poll to poll, all runs
 * @param medianTurn what a packet of the turn took that half of all turns were longer than, ns: nearly the same whoever else wants the CPU
 */
record Result(
        String name,
        int tenants,
        int vms,
        int records,
        int sessions,
        double mpps,
        List<Double> nanosPerPacket,
        List<Double> cpuNanosPerPacket,
        List<Double> generatorNanosPerPacket,
        double allocatedBytesPerPacket,
        double sessionsMadePerSecond,
        double sessionsEndedPerSecond,
        double recordChangesPerSecond,
        List<Percentile> turns,
        double medianTurn) {

    Result {
        cpuNanosPerPacket = cpuNanosPerPacket == null ? List.of() : cpuNanosPerPacket;
    }

    /** The median of what is left of each run without what the generator took alone just before. */
    double withoutGenerator() {
        return median(IntStream.range(0, nanosPerPacket.size())
                .mapToObj(run -> nanosPerPacket.get(run) - generatorNanosPerPacket.get(run))
                .toList());
    }

    /** Part of the turns that took no longer. */
    record Percentile(double percent, double micros) {

        private static final double[] PERCENTS = {50, 90, 99, 99.9, 99.99, 99.999, 100};

        static List<Percentile> of(Histogram nanos) {
            return Arrays.stream(PERCENTS)
                    .mapToObj(percent -> new Percentile(percent, nanos.getValueAtPercentile(percent) / 1e3))
                    .toList();
        }
    }

    /** For people. */
    String line() {
        double[] sorted = sorted(nanosPerPacket);
        String line = String.format(
                Locale.ROOT,
                "%-32s %6.2f Mpps (%.2f..%.2f) %6.1f ns/packet (%.1f on the CPU), %.1f in the median turn, generator alone %4.1f,"
                        + " without it %.1f; %.3f B/packet allocated;"
                        + " turns 99.9 %% %.0f us, longest %.0f us",
                name,
                mpps,
                1e3 / sorted[sorted.length - 1],
                1e3 / sorted[0],
                1e3 / mpps,
                cpuNanosPerPacket.isEmpty() ? 1e3 / mpps : median(cpuNanosPerPacket),
                medianTurn,
                median(generatorNanosPerPacket),
                withoutGenerator(),
                allocatedBytesPerPacket,
                turns.get(3).micros(),
                turns.getLast().micros());
        return sessionsMadePerSecond < 1
                ? line
                : line
                        + String.format(
                                Locale.ROOT,
                                "; %.3f M sessions/s made, %.3f M/s ended",
                                sessionsMadePerSecond / 1e6,
                                sessionsEndedPerSecond / 1e6);
    }

    static double median(List<Double> values) {
        double[] sorted = sorted(values);
        return sorted[sorted.length / 2];
    }

    private static double[] sorted(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
