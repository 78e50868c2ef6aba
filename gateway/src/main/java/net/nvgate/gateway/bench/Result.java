package net.nvgate.gateway.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a scenario came to. Times are of all that happens on the worker's core, generator included.
 *
 * @param nanosPerPacket of each run
 * @param generatorNanosPerPacket of the generator alone, each run
 * @param allocatedBytesPerPacket of heap, by the worker's thread
 * @param longestTurnMicros longest time from one poll to the next
 */
record Result(
        String name,
        int tenants,
        int vms,
        int sessions,
        List<Double> nanosPerPacket,
        List<Double> generatorNanosPerPacket,
        double allocatedBytesPerPacket,
        double turnMicros999,
        double longestTurnMicros) {

    double medianNanos() {
        return median(nanosPerPacket);
    }

    String line() {
        double nanos = medianNanos();
        double generator = median(generatorNanosPerPacket);
        double[] sorted = sorted(nanosPerPacket);
        return String.format(
                Locale.ROOT,
                "%-24s %6.2f Mpps (%.2f..%.2f)  %6.1f ns/packet, generator alone %5.1f; %.3f bytes allocated per packet,"
                        + " turns 99.9 %% %.0f us, longest %.0f us",
                name,
                1e3 / nanos,
                1e3 / sorted[sorted.length - 1],
                1e3 / sorted[0],
                nanos,
                generator,
                allocatedBytesPerPacket,
                turnMicros999,
                longestTurnMicros);
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
