package net.nvgate.gateway.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.EalOptions;
import net.nvgate.gateway.dpdk.LcoreThreads;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast one worker is, without peer or hardware: packets from memory through DPDK's rings, through everything that a worker does,
 * to a sink. {@code docs/performance.md} says what is measured and how.
 */
public final class Bench {

    private static final int MEMORY_MIB = 256;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        List<Result> results;
        try (Eal eal =
                Eal.init(new EalOptions(options.hugePages(), MEMORY_MIB, "nvgate-bench", List.of(), List.of()))) {
            System.out.printf("one worker, hugepages %s%n", eal.hugePages() ? "yes" : "no");
            results = run(options, System.out);
        }
        if (options.json().isPresent()) {
            JsonMapper json = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            Files.writeString(options.json().get(), json.writeValueAsString(results) + "\n");
        }
    }

    /** Measures everything that is asked for, on a thread as a worker's is. EAL runs. */
    static List<Result> run(BenchOptions options, PrintStream out) throws Exception {
        FutureTask<List<Result>> task = new FutureTask<>(() -> onWorkerThread(options, out));
        Thread.ofPlatform().name("bench-worker").start(task);
        return task.get();
    }

    private static List<Result> onWorkerThread(BenchOptions options, PrintStream out) {
        int cpu =
                options.cpu() >= 0 ? options.cpu() : LcoreThreads.allowedCpus().getLast();
        LcoreThreads.pin(cpu);
        LcoreThreads.register();
        try (BenchMemory memory = new BenchMemory();
                BenchPorts ports = new BenchPorts(20)) {
            Measurement measurement = new Measurement(options, ports, memory.allocate(8L * 128, 64));
            List<Result> results = new ArrayList<>();
            for (Scenario scenario : Scenario.all()) {
                if (options.scenarios().matcher(scenario.name()).find()) {
                    Result result = measurement.measure(scenario);
                    out.println(result.line());
                    results.add(result);
                }
            }
            return results;
        } finally {
            LcoreThreads.unregister();
        }
    }
}
