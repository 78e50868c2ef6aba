package net.nvgate.gateway.bench;

import java.util.Arrays;
import java.util.List;
import net.nvgate.gateway.dpdk.EalOptions;

/**
 * What to measure.
 *
 * @param flows sessions in use, one measurement each
 * @param seconds length of one run
 * @param runs runs per measurement, of which the median counts
 * @param cpu CPU of the worker, -1 = the last one allowed
 * @param hugePages where packet and table memory comes from
 */
record BenchOptions(List<Integer> flows, double seconds, int runs, int cpu, EalOptions.HugePages hugePages) {

    static final String USAGE =
            "usage: Bench [--flows 1000,1000000] [--seconds 1] [--runs 5] [--cpu N] [--hugepages auto|on|off]";

    /** Throws IllegalArgumentException that names what is wrong. */
    static BenchOptions parse(String[] arguments) {
        BenchOptions options = new BenchOptions(List.of(1_000, 1_000_000), 1, 5, -1, EalOptions.HugePages.AUTO);
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value; " + USAGE);
            }
            options = options.with(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private BenchOptions with(String name, String value) {
        return switch (name) {
            case "--flows" ->
                new BenchOptions(
                        Arrays.stream(value.split(",", -1))
                                .map(Integer::valueOf)
                                .toList(),
                        seconds,
                        runs,
                        cpu,
                        hugePages);
            case "--seconds" -> new BenchOptions(flows, Double.parseDouble(value), runs, cpu, hugePages);
            case "--runs" -> new BenchOptions(flows, seconds, Integer.parseInt(value), cpu, hugePages);
            case "--cpu" -> new BenchOptions(flows, seconds, runs, Integer.parseInt(value), hugePages);
            case "--hugepages" ->
                new BenchOptions(
                        flows,
                        seconds,
                        runs,
                        cpu,
                        EalOptions.HugePages.valueOf(value.toUpperCase(java.util.Locale.ROOT)));
            default -> throw new IllegalArgumentException("unknown option " + name + "; " + USAGE);
        };
    }
}
