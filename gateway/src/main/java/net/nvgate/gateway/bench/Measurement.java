package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import net.nvgate.gateway.worker.WorkerCounter;
import org.HdrHistogram.Histogram;

/** Measures scenarios, on the worker's thread. */
final class Measurement {

    /** Idle time of UDP sessions under churn, ms: short, so that as many end as begin. */
    private static final int CHURN_IDLE_MS = 200;

    private final BenchOptions options;
    private final BenchPorts ports;
    private final List<Integer> controlCpus;
    private final long arrays;

    /**
     * @param controlCpus CPUs for other threads than the worker's
     * @param arrays room for twice 64 mbuf addresses
     */
    Measurement(BenchOptions options, BenchPorts ports, List<Integer> controlCpus, long arrays) {
        this.options = options;
        this.ports = ports;
        this.controlCpus = controlCpus;
        this.arrays = arrays;
    }

    Result measure(Scenario scenario) {
        return scenario.kind() == Scenario.Kind.NEW_SESSIONS ? newSessions(scenario) : forwarding(scenario);
    }

    private Result forwarding(Scenario scenario) {
        boolean churn = scenario.kind() == Scenario.Kind.CHURN;
        try (BenchGateway gateway =
                        new BenchGateway(scenario.shape(), ports, churn ? CHURN_IDLE_MS : BenchFabric.UDP_IDLE_MS);
                Traffic traffic = new Traffic(scenario.work(), gateway, ports, arrays, scenario.ipBytes());
                RecordChanger changer =
                        RecordChanger.of(gateway, controlCpus, scenario.kind() == Scenario.Kind.RECORD_CHANGES)) {
            configure(scenario, gateway);
            if (churn) {
                traffic.slide();
            } else {
                traffic.open();
            }
            Loop loop = loop(gateway, traffic);
            loop.generatorAlone(options.warmUpSeconds() / 4);
            Runs runs = new Runs();
            // Between runs of churn it would move the window on past sessions that nobody makes.
            for (int i = 0; churn && i < options.runs(); i++) {
                runs.generator.add(loop.generatorAlone(options.seconds() / 4).nanosPerPacket());
            }
            if (!churn) {
                // The first packet of a session in a direction looks for its way.
                loop.once(2L * scenario.shape().sessions());
            }
            loop.forward(options.warmUpSeconds());
            loop.turns.reset();
            long made = gateway.count(WorkerCounter.SESSIONS_CREATED);
            long ended = gateway.count(WorkerCounter.SESSIONS_ENDED);
            long changes = changer.changes();
            long start = System.nanoTime();
            for (int i = 0; i < options.runs(); i++) {
                if (!churn) {
                    runs.generator.add(
                            loop.generatorAlone(options.seconds() / 4).nanosPerPacket());
                }
                runs.add(loop.forward(options.seconds()));
            }
            made = gateway.count(WorkerCounter.SESSIONS_CREATED) - made;
            ended = gateway.count(WorkerCounter.SESSIONS_ENDED) - ended;
            double changesPerSecond = (changer.changes() - changes) * 1e9 / (System.nanoTime() - start);
            return runs.result(scenario, loop, made, ended, changesPerSecond);
        }
    }

    /**
     * Readies a scenario of kind {@link Scenario.Kind#STEADY}, and forwards for as long as {@link BenchOptions#seconds} each time it is asked to.
     *
     * @param wait returns true when the next run is to begin, false when there is none
     * @param found gets ns per packet in the median turn of each
     */
    void measureWhenAsked(Scenario scenario, BooleanSupplier wait, DoubleConsumer found) {
        try (BenchGateway gateway = new BenchGateway(scenario.shape(), ports, BenchFabric.UDP_IDLE_MS);
                Traffic traffic = new Traffic(scenario.work(), gateway, ports, arrays, scenario.ipBytes())) {
            configure(scenario, gateway);
            traffic.open();
            Loop loop = loop(gateway, traffic);
            loop.once(2L * scenario.shape().sessions());
            loop.forward(options.warmUpSeconds());
            while (wait.getAsBoolean()) {
                // Caches are what the one before has left.
                loop.forward(options.seconds() / 4);
                loop.turns.reset();
                found.accept(
                        nanosInMedianTurn(loop, loop.forward(options.seconds()).packets()));
            }
        }
    }

    private static void configure(Scenario scenario, BenchGateway gateway) {
        if (scenario.policy() != BenchPolicy.NONE) {
            scenario.policy().configure(gateway);
        }
        if (scenario.policy().tells()) {
            gateway.tellSessions();
        }
    }

    /** Per packet. */
    private static double nanosInMedianTurn(Loop loop, long packets) {
        return loop.turns.getValueAtPercentile(50) * (double) loop.turns.getTotalCount() / packets;
    }

    /** Each run has a gateway of its own, as after a start. */
    private Result newSessions(Scenario scenario) {
        Runs runs = new Runs();
        long start = System.nanoTime();
        for (int i = -1; ; i++) {
            try (BenchGateway gateway = new BenchGateway(scenario.shape(), ports, BenchFabric.UDP_IDLE_MS);
                    Traffic traffic = new Traffic(scenario.work(), gateway, ports, arrays, scenario.ipBytes())) {
                Loop loop = loop(gateway, traffic);
                double generator = loop.generatorAlone(options.seconds() / 4).nanosPerPacket();
                traffic.rewind();
                Loop.Run run = loop.once(scenario.shape().sessions());
                // The first ones are for the compiler.
                if (System.nanoTime() - start < options.warmUpSeconds() * 1e9) {
                    i = -1;
                }
                if (i >= 0) {
                    runs.generator.add(generator);
                    runs.add(run);
                }
                if (i == options.runs() - 1) {
                    return runs.result(scenario, loop, runs.packets, 0, 0);
                }
            }
        }
    }

    /** How long the same loop takes from turn to turn when it does nothing at all: what is not the gateway's but the machine's. */
    static Histogram machineTurns(double seconds) {
        Histogram turns = new Histogram(Loop.STALL_NANOS_MAX, 3);
        long start = System.nanoTime();
        for (long now = start; now - start < (long) (seconds * 1e9); ) {
            long then = now;
            now = System.nanoTime();
            turns.recordValue(Math.min(now - then, Loop.STALL_NANOS_MAX));
        }
        return turns;
    }

    private Loop loop(BenchGateway gateway, Traffic traffic) {
        return new Loop(gateway, ports, traffic);
    }

    /** What runs have found. */
    private static final class Runs {

        private final List<Double> nanos = new ArrayList<>();
        private final List<Double> cpu = new ArrayList<>();
        private final List<Double> generator = new ArrayList<>();
        private long packets;
        private long allNanos;
        private long allocated;

        void add(Loop.Run run) {
            nanos.add(run.nanosPerPacket());
            cpu.add(run.cpuNanosPerPacket());
            packets += run.packets();
            allNanos += run.nanos();
            allocated += run.allocatedBytes();
        }

        Result result(Scenario scenario, Loop loop, long made, long ended, double changesPerSecond) {
            BenchShape shape = scenario.shape();
            double seconds = allNanos / 1e9;
            return new Result(
                    scenario.name(),
                    shape.tenants(),
                    shape.vms(),
                    shape.vms() + shape.spareRecords(),
                    shape.sessions(),
                    1e3 / Result.median(nanos),
                    List.copyOf(nanos),
                    List.copyOf(cpu),
                    List.copyOf(generator),
                    (double) allocated / packets,
                    made / seconds,
                    ended / seconds,
                    changesPerSecond,
                    Result.Percentile.of(loop.turns),
                    nanosInMedianTurn(loop, packets));
        }
    }
}
