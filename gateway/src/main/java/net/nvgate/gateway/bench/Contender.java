package net.nvgate.gateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.FutureTask;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.EalOptions;
import net.nvgate.gateway.dpdk.LcoreThreads;

/**
 * The process of one scenario of {@link ByTurns}: measures it once for each line that it reads, and writes {@link #FOUND} and ns per packet. What else is
 * written is a log. Arguments are the bench's; {@code --scenario} is the name.
 */
final class Contender {

    /** First word of a line that is an answer; without a number when the scenario is ready. */
    static final String FOUND = "found";

    private Contender() {}

    public static void main(String[] arguments) throws Exception {
        BenchOptions options = BenchOptions.parse(arguments);
        Scenario scenario = Scenario.all().stream()
                .filter(each -> each.name().equals(options.scenarios().pattern()))
                .findFirst()
                .orElseThrow();
        String prefix = "nvgate-bench-" + ProcessHandle.current().pid();
        // DPDK takes more when it is asked for more; and all contenders are there together.
        EalOptions eal = new EalOptions(options.hugePages(), Bench.MEMORY_MIB, prefix, List.of(), List.of());
        try (Eal _ = Eal.init(eal)) {
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                answer(options, scenario);
                return true;
            });
            Thread.ofPlatform().name("bench-worker").start(task);
            task.get();
        }
    }

    private static void answer(BenchOptions options, Scenario scenario) {
        LcoreThreads.pin(options.workerCpu());
        LcoreThreads.register();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (BenchMemory memory = new BenchMemory();
                BenchPorts ports = BenchPorts.ofOne(20)) {
            Measurement measurement =
                    new Measurement(options, ports, List.of(), memory.allocate(8L * 2 * Generator.BURST, 64));
            measurement.measureWhenAsked(scenario, () -> isAsked(in), nanos -> System.out.println(FOUND + " " + nanos));
        } finally {
            LcoreThreads.unregister();
        }
    }

    /** Says that it is ready first. */
    private static boolean isAsked(BufferedReader in) {
        System.out.println(FOUND);
        try {
            return in.readLine() != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
