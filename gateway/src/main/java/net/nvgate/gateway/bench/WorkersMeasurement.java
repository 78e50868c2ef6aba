package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.worker.WorkerCounter;
import org.HdrHistogram.Histogram;

/** Measures several workers at once, each pinned to a CPU. */
final class WorkersMeasurement {

    private final BenchOptions options;
    private final List<Integer> cpus;
    /** The rings of closed ports stay in DPDK's memory by their names, so each scenario has new ones. */
    private int ports = 40;

    /** @param cpus of the workers, the first one's first */
    WorkersMeasurement(BenchOptions options, List<Integer> cpus) {
        this.options = options;
        this.cpus = cpus;
    }

    /** The CPUs as a gateway's workers get them. Throws IllegalArgumentException if there are too few. */
    static List<Integer> cpus(int first, List<Integer> allowed, int workers) {
        List<Integer> cpus = new ArrayList<>(List.of(first));
        allowed.reversed().stream().filter(cpu -> cpu < first).forEach(cpus::add);
        allowed.stream().filter(cpu -> cpu > first).forEach(cpus::add);
        if (cpus.size() < workers) {
            throw new IllegalArgumentException(
                    "--workers " + workers + " needs as many CPUs, this process may use " + allowed);
        }
        return List.copyOf(cpus.subList(0, workers));
    }

    /**
     * Times are of all workers together: a packet of two workers that take 100 ns each has taken 50. Throws if a packet was lost, came
     * out wrong, or came by another worker than it should.
     */
    Result measure(WorkersScenario scenario) {
        List<Integer> used = cpus.subList(0, scenario.workers());
        int number = ports;
        ports += scenario.workers();
        try (Lanes lanes = new Lanes(scenario, number)) {
            Histogram turns = new Histogram(Loop.STALL_NANOS_MAX, 3);
            Race.run(lanes, used, options.warmUpSeconds(), turns);
            turns.reset();
            List<Double> nanos = new ArrayList<>();
            List<Double> cpu = new ArrayList<>();
            List<Double> generator = new ArrayList<>();
            long packets = 0;
            long allocated = 0;
            for (int i = 0; i < options.runs(); i++) {
                generator.add(generatorsAlone(lanes, used));
                long handedOver = lanes.gateway.count(WorkerCounter.HANDED_OVER);
                Loop.Run run = Race.run(lanes, used, options.seconds(), turns);
                handedOver = lanes.gateway.count(WorkerCounter.HANDED_OVER) - handedOver;
                if (!scenario.mayHandOver(handedOver, run.packets())) {
                    throw new IllegalStateException(handedOver + " of " + run.packets() + " packets were handed over");
                }
                lanes.requireRight();
                nanos.add(run.nanosPerPacket());
                cpu.add(run.cpuNanosPerPacket());
                packets += run.packets();
                allocated += run.allocatedBytes();
            }
            BenchShape shape = scenario.shape();
            return new Result(
                    scenario.name(),
                    shape.tenants(),
                    shape.vms(),
                    shape.vms(),
                    shape.sessions(),
                    1e3 / Result.median(nanos),
                    List.copyOf(nanos),
                    List.copyOf(cpu),
                    List.copyOf(generator),
                    (double) allocated / packets,
                    0,
                    0,
                    0,
                    Result.Percentile.of(turns),
                    turns.getValueAtPercentile(50) * (double) turns.getTotalCount() / packets);
        }
    }

    /** All at once; ns per packet of all together. */
    private double generatorsAlone(Lanes lanes, List<Integer> used) {
        double perNano = Together.run(used, lane -> lanes.loop(lane).generatorAlone(options.seconds() / 4)).stream()
                .mapToDouble(run -> 1 / run.nanosPerPacket())
                .sum();
        return 1 / perNano;
    }
}
