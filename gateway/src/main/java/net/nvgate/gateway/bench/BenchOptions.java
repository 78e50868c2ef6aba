package net.nvgate.gateway.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.nvgate.gateway.dpdk.EalOptions;
import net.nvgate.gateway.dpdk.LcoreThreads;

/**
 * What to measure.
 *
 * @param scenarios names of those to measure match it
 * @param seconds length of one run
 * @param warmUpSeconds before the runs of a scenario
 * @param runs runs per scenario, of which the median counts
 * @param cpu CPU of the worker, -1 = the last one allowed
 * @param hugePages where packet and table memory comes from
 * @param json file for the results
 * @param peers whether other programs are measured, too
 * @param plots directory for pictures
 * @param workers how many are measured together, beside one alone; 1 = none are
 * @param byTurns rounds in which scenarios, in a process each, take turns, see {@link ByTurns}; 0 = one after another in this process
 * @param processes of each scenario that takes turns
 */
record BenchOptions(
        Pattern scenarios,
        double seconds,
        double warmUpSeconds,
        int runs,
        int cpu,
        EalOptions.HugePages hugePages,
        Optional<Path> json,
        boolean peers,
        Optional<Path> plots,
        int workers,
        int byTurns,
        int processes) {

    static final BenchOptions DEFAULT = new BenchOptions(
            Pattern.compile(".*"),
            1,
            2,
            5,
            -1,
            EalOptions.HugePages.AUTO,
            Optional.empty(),
            false,
            Optional.empty(),
            1,
            0,
            1);

    static final String USAGE = "usage: bench [--scenario REGEX] [--runs 5] [--seconds 1] [--warm-up 2] [--cpu N]"
            + " [--hugepages auto|on|off] [--json FILE] [--peers yes|no] [--plots DIRECTORY] [--workers 1]"
            + " [--by-turns ROUNDS] [--processes 1]";

    /** Each has four of DPDK's 32 ports; the worker alone has four, too. */
    private static final int WORKERS_MAX = 7;

    private static final int PROCESSES_MAX = 8;

    private static final Set<String> KNOWN = Set.of(
            "--scenario",
            "--seconds",
            "--warm-up",
            "--runs",
            "--cpu",
            "--hugepages",
            "--json",
            "--peers",
            "--plots",
            "--workers",
            "--by-turns",
            "--processes");

    /** Throws IllegalArgumentException that names what is wrong. */
    static BenchOptions parse(String[] arguments) {
        BenchOptions options = DEFAULT;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value; " + USAGE);
            }
            options = options.with(arguments[i], arguments[i + 1]);
        }
        if (options.processes > 1 && options.byTurns == 0) {
            throw new IllegalArgumentException("--processes is for --by-turns; " + USAGE);
        }
        return options;
    }

    private static int upTo(int max, String name, String value) {
        int number = Integer.parseInt(value);
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(name + " is 1.." + max + ", not " + number);
        }
        return number;
    }

    /** The CPU that {@link #cpu} comes to; not to be asked on a thread that is pinned. */
    int workerCpu() {
        return cpu >= 0 ? cpu : LcoreThreads.allowedCpus().getLast();
    }

    private BenchOptions with(String name, String value) {
        if (!KNOWN.contains(name)) {
            throw new IllegalArgumentException("unknown option " + name + "; " + USAGE);
        }
        return new BenchOptions(
                name.equals("--scenario") ? Pattern.compile(value) : scenarios,
                name.equals("--seconds") ? Double.parseDouble(value) : seconds,
                name.equals("--warm-up") ? Double.parseDouble(value) : warmUpSeconds,
                name.equals("--runs") ? Integer.parseInt(value) : runs,
                name.equals("--cpu") ? Integer.parseInt(value) : cpu,
                name.equals("--hugepages") ? EalOptions.HugePages.valueOf(value.toUpperCase(Locale.ROOT)) : hugePages,
                name.equals("--json") ? Optional.of(Path.of(value)) : json,
                name.equals("--peers") ? value.equals("yes") : peers,
                name.equals("--plots") ? Optional.of(Path.of(value)) : plots,
                name.equals("--workers") ? upTo(WORKERS_MAX, name, value) : workers,
                name.equals("--by-turns") ? Integer.parseUnsignedInt(value) : byTurns,
                name.equals("--processes") ? upTo(PROCESSES_MAX, name, value) : processes);
    }
}
