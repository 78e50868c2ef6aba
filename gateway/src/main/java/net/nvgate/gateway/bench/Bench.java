package net.nvgate.gateway.bench;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.EalOptions;
import net.nvgate.gateway.dpdk.LcoreThreads;
import org.HdrHistogram.Histogram;

/**
 * How fast one worker is, or several, without peer or hardware: packets from memory through DPDK's rings, through everything that a worker does,
 * to a sink. {@code docs/performance.md} says what is measured and how.
 */
public final class Bench {

    static final int MEMORY_MIB = 256;

    private static final List<Integer> LOSS_FREE_SESSIONS = List.of(1_000, 1_000_000);
    private static final int TENANTS = 64;
    private static final String[] TRAINING = {
        "--scenario",
        "(nat|route)-(out|in|both)/64t/1000$|policy-(limits|all)-nat-.*|new-sessions/64t/64000",
        "--seconds",
        "0.2",
        "--warm-up",
        "0.5",
        "--runs",
        "1"
    };

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
            if (options.byTurns() > 0) {
                ByTurns.measure(options, Scenario.all(), System.out);
                return;
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Report report;
        try (Eal eal =
                Eal.init(new EalOptions(options.hugePages(), MEMORY_MIB, "nvgate-bench", List.of(), List.of()))) {
            System.out.printf("one worker, hugepages %s%n", eal.hugePages() ? "yes" : "no");
            report = run(options, Scenario.all(), eal.hugePages(), System.out);
            if (options.peers()) {
                Path script = Path.of(System.getProperty("nvgate.bench.peers", "gateway/src/main/dist/bench-peers"));
                report = report.withPeers(Peers.measure(script, options, options.workerCpu(), System.out));
            }
        }
        if (options.json().isPresent()) {
            report = report.mergeInto(options.json().get());
        }
        if (options.plots().isPresent()) {
            Plots.write(report, options.plots().get());
        }
    }

    /** Short runs of all that is usual in a gateway's life, of which nobody hears. EAL runs. Throws if a packet is lost. */
    public static void train() throws InterruptedException, ExecutionException {
        BenchOptions options = BenchOptions.parse(TRAINING);
        run(options, Scenario.all(), false, new PrintStream(OutputStream.nullOutputStream()));
    }

    /** Measures what is asked for, on a thread as a worker's is. EAL runs. */
    static Report run(BenchOptions options, List<Scenario> scenarios, boolean hugePages, PrintStream out)
            throws InterruptedException, ExecutionException {
        FutureTask<Report> task = new FutureTask<>(() -> onWorkerThread(options, scenarios, hugePages, out));
        Thread.ofPlatform().name("bench-worker").start(task);
        return task.get();
    }

    private static Report onWorkerThread(
            BenchOptions options, List<Scenario> scenarios, boolean hugePages, PrintStream out) {
        List<Integer> cpus = LcoreThreads.allowedCpus();
        int cpu = options.workerCpu();
        List<Integer> others = cpus.stream().filter(other -> other != cpu).toList();
        LcoreThreads.pin(cpu);
        LcoreThreads.register();
        try (BenchMemory memory = new BenchMemory();
                BenchPorts ports = BenchPorts.ofOne(20)) {
            Measurement measurement = new Measurement(
                    options, ports, others.isEmpty() ? cpus : others, memory.allocate(8L * 2 * Generator.BURST, 64));
            List<Result> results = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                if (options.scenarios().matcher(scenario.name()).find()) {
                    Result result = measurement.measure(scenario);
                    out.println(result.line());
                    results.add(result);
                }
            }
            results.addAll(severalWorkers(options, cpu, cpus, out));
            List<LossFree.Found> lossFree =
                    lossFree(options, cpu, others, memory.allocate(8L * 3 * Generator.BURST, 64), out);
            Histogram machine = Measurement.machineTurns(options.seconds() * options.runs());
            out.printf(
                    Locale.ROOT,
                    "the same loop with nothing to do:  turns 99.9 %% %.1f us, longest %.0f us%n",
                    machine.getValueAtPercentile(99.9) / 1e3,
                    machine.getMaxValue() / 1e3);
            MemoryUse use = MemoryUse.measure(ports);
            out.printf(
                    Locale.ROOT,
                    "%.0f bytes per session, %.0f per lookup record%n",
                    use.bytesPerSession(),
                    use.bytesPerRecord());
            return new Report(
                    Machine.here(cpus.size(), hugePages),
                    options.runs(),
                    options.seconds(),
                    results,
                    lossFree,
                    Result.Percentile.of(machine),
                    use,
                    List.of());
        } finally {
            LcoreThreads.unregister();
        }
    }

    private static List<Result> severalWorkers(BenchOptions options, int cpu, List<Integer> cpus, PrintStream out) {
        List<Result> results = new ArrayList<>();
        if (options.workers() > 1) {
            WorkersMeasurement measurement =
                    new WorkersMeasurement(options, WorkersMeasurement.cpus(cpu, cpus, options.workers()));
            for (WorkersScenario scenario : WorkersScenario.all(options.workers())) {
                if (options.scenarios().matcher(scenario.name()).find()) {
                    results.add(measurement.measure(scenario));
                    out.println(results.getLast().line());
                }
            }
        }
        return results;
    }

    private static List<LossFree.Found> lossFree(
            BenchOptions options, int cpu, List<Integer> others, long arrays, PrintStream out) {
        List<LossFree.Found> found = new ArrayList<>();
        if (!options.scenarios().matcher("loss-free").find()) {
            return found;
        }
        if (others.isEmpty()) {
            out.println("loss-free rate and latency are NOT measured: they need two CPUs");
            return found;
        }
        for (int sessions : LOSS_FREE_SESSIONS) {
            found.add(LossFree.measure(BenchShape.of(TENANTS, sessions), options.seconds(), cpu, others, arrays));
            out.println(found.getLast().line());
        }
        return found;
    }
}
