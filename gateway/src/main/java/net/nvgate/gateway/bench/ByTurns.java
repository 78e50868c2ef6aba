package net.nvgate.gateway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import net.nvgate.gateway.dpdk.EalOptions;

/**
 * Compares steady scenarios with the first one of the same work. One after another in one process they cannot be: the compiler makes code for all that
 * it has seen, so each scenario is forwarded by what those before it have left, and a machine with others on it changes faster than a scenario takes.
 * So each has a process of its own, or several, as processes of one scenario differ, too; all are on the same CPU. When all are warm, they take short
 * turns there, in rounds; ratios are of the same round.
 *
 * <pre>
 *  round:     1                2                3
 *  process A  ███              ███         ███
 *  process B     ███        ███               ███
 *  process C        ███  ███                     ███
 * </pre>
 */
final class ByTurns {

    private static final int SCENARIOS_MAX = 8;
    /** 350 MiB each with 64,000 sessions, 780 with a million. */
    private static final int PROCESSES_MAX = 16;
    /** What an answer may take besides forwarding: ten million sessions to be made, on a machine with other work. */
    private static final Duration ANSWER_MAX = Duration.ofMinutes(2);

    private ByTurns() {}

    /** Throws IllegalArgumentException if it cannot do what it is asked for. */
    static void measure(BenchOptions options, List<Scenario> scenarios, PrintStream out)
            throws IOException, InterruptedException {
        List<Scenario> chosen = chosen(options, scenarios);
        List<Contestant> all = new ArrayList<>();
        try {
            // One of each, then the second ones: no scenario has all its processes before another one's.
            for (int number = 1; number <= options.processes(); number++) {
                for (Scenario scenario : chosen) {
                    Contestant contestant = start(options, scenario, number);
                    all.add(contestant);
                    contestant.awaitReady();
                }
            }
            List<Contestant> order = new ArrayList<>(all);
            for (int round = 0; round < options.byTurns(); round++) {
                for (Contestant each : order) {
                    each.run();
                }
                Collections.reverse(order);
            }
        } finally {
            for (Contestant each : all) {
                each.end();
            }
        }
        List<Rounds> found = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            List<List<Double>> nanos = new ArrayList<>();
            for (int j = i; j < all.size(); j += chosen.size()) {
                nanos.add(all.get(j).nanos());
            }
            found.add(new Rounds(chosen.get(i).name(), chosen.get(i).work(), nanos));
        }
        for (Rounds each : found) {
            Rounds first = found.stream()
                    .filter(other -> other.work() == each.work())
                    .findFirst()
                    .orElseThrow();
            each.lines(first).forEach(out::println);
        }
    }

    private static List<Scenario> chosen(BenchOptions options, List<Scenario> scenarios) {
        if (options.hugePages() == EalOptions.HugePages.AUTO) {
            throw new IllegalArgumentException(
                    "--by-turns needs --hugepages on or off: by auto, processes that find too few free ones would have none, and others some");
        }
        List<Scenario> chosen = scenarios.stream()
                .filter(scenario -> scenario.kind() == Scenario.Kind.STEADY
                        && options.scenarios().matcher(scenario.name()).find())
                .toList();
        if (chosen.size() < 2 || chosen.size() > SCENARIOS_MAX) {
            throw new IllegalArgumentException(
                    "--by-turns is for 2 to " + SCENARIOS_MAX + " steady scenarios, not " + chosen.size());
        }
        if (chosen.size() * options.processes() > PROCESSES_MAX) {
            throw new IllegalArgumentException("--by-turns has " + PROCESSES_MAX + " processes at most, not "
                    + options.processes() + " of each of " + chosen.size() + " scenarios");
        }
        return chosen;
    }

    private static Contestant start(BenchOptions options, Scenario scenario, int number) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Contender.class.getName(),
                "--scenario",
                scenario.name(),
                "--seconds",
                Double.toString(options.seconds()),
                "--warm-up",
                Double.toString(options.warmUpSeconds()),
                "--cpu",
                Integer.toString(options.workerCpu()),
                "--hugepages",
                options.hugePages().name().toLowerCase(Locale.ROOT)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long forwardingMillis = (long) (1e3 * (options.warmUpSeconds() + 2 * options.seconds()));
        return new Contestant(
                options.processes() == 1 ? scenario.name() : scenario.name() + " process " + number,
                process,
                ANSWER_MAX.plusMillis(forwardingMillis));
    }
}
