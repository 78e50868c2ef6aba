package net.nvgate.gateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Compares steady scenarios with the first one of the same work. One after another in one process they cannot be: the compiler makes code for all that
 * it has seen, so each scenario is forwarded by what those before it have left, and a machine with others on it changes faster than a scenario takes.
 * So each has a process of its own, all on the same CPU; when all are warm, they take short turns there, in rounds; ratios are of the same round.
 *
 * <pre>
 *  round:     1                2                3
 *  process A  ███              ███         ███
 *  process B     ███        ███               ███
 *  process C        ███  ███                     ███
 * </pre>
 */
final class ByTurns {

    private static final long END_SECONDS_MAX = 10;
    private static final int SCENARIOS_MAX = 8;

    private ByTurns() {}

    /** A scenario, its process, and what it has found. */
    private record Contestant(Scenario scenario, Process process, BufferedReader answers, List<Double> nanos) {

        /** Waits for an answer; its number, if it has one. */
        String answer() throws IOException {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(Contender.FOUND)) {
                    return line.substring(Contender.FOUND.length());
                }
                System.err.println(scenario.name() + ": " + line);
            }
            throw new IllegalStateException(scenario.name() + " has ended by itself");
        }

        void run() throws IOException {
            try {
                process.outputWriter(StandardCharsets.UTF_8).write("\n");
                process.outputWriter(StandardCharsets.UTF_8).flush();
            } catch (IOException e) {
                throw new IllegalStateException(scenario.name() + " has ended by itself", e);
            }
            nanos.add(Double.valueOf(answer()));
            answer();
        }
    }

    static void measure(BenchOptions options, List<Scenario> scenarios, PrintStream out)
            throws IOException, InterruptedException {
        List<Scenario> chosen = scenarios.stream()
                .filter(scenario -> scenario.kind() == Scenario.Kind.STEADY
                        && options.scenarios().matcher(scenario.name()).find())
                .toList();
        if (chosen.size() < 2 || chosen.size() > SCENARIOS_MAX) {
            throw new IllegalArgumentException(
                    "--by-turns is for 2 to " + SCENARIOS_MAX + " steady scenarios, not " + chosen.size());
        }
        List<Contestant> all = new ArrayList<>();
        try {
            for (Scenario scenario : chosen) {
                Contestant contestant = start(options, scenario);
                all.add(contestant);
                contestant.answer();
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
                end(each.process);
            }
        }
        for (Contestant each : all) {
            Contestant first = all.stream()
                    .filter(other -> other.scenario.work() == each.scenario.work())
                    .findFirst()
                    .orElseThrow();
            out.println(line(each, first));
        }
    }

    private static Contestant start(BenchOptions options, Scenario scenario) throws IOException {
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
        return new Contestant(scenario, process, process.inputReader(StandardCharsets.UTF_8), new ArrayList<>());
    }

    /** It ends when there is nothing to read any more. */
    private static void end(Process process) throws InterruptedException {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
        } catch (IOException e) {
            // It has ended already, which has been told.
        }
        if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private static String line(Contestant contestant, Contestant first) {
        double[] nanos = sorted(contestant.nanos);
        List<Double> more = new ArrayList<>();
        for (int round = 0; round < nanos.length; round++) {
            more.add(100 * (contestant.nanos.get(round) / first.nanos.get(round) - 1));
        }
        double[] percent = sorted(more);
        return String.format(
                Locale.ROOT,
                "%-34s %6.1f ns/packet (%.1f..%.1f); %+.1f %% (%+.1f..%+.1f) to %s",
                contestant.scenario.name(),
                quantile(nanos, 2),
                quantile(nanos, 1),
                quantile(nanos, 3),
                quantile(percent, 2),
                quantile(percent, 1),
                quantile(percent, 3),
                first.scenario.name());
    }

    private static double[] sorted(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double quantile(double[] sorted, int quarter) {
        return sorted[(sorted.length - 1) * quarter / 4];
    }
}
