package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.nat.NatTimers;

/** Measures scenarios of forwarding, on the worker's thread. */
final class Measurement {

    private final BenchOptions options;
    private final BenchPorts ports;
    private final long arrays;

    /** @param arrays room for three times 32 mbuf addresses */
    Measurement(BenchOptions options, BenchPorts ports, long arrays) {
        this.options = options;
        this.ports = ports;
        this.arrays = arrays;
    }

    Result measure(Scenario scenario) {
        try (BenchGateway gateway = new BenchGateway(scenario.shape(), ports, NatTimers.DEFAULT);
                Traffic traffic = new Traffic(scenario.work(), gateway, ports, arrays, scenario.ipBytes())) {
            traffic.open();
            Loop loop = new Loop(gateway, ports, traffic, arrays + 8L * 2 * Generator.BURST);
            loop.generatorAlone(options.warmUpSeconds() / 4);
            loop.forward(options.warmUpSeconds());
            loop.turns.reset();
            return runs(scenario, loop);
        }
    }

    private Result runs(Scenario scenario, Loop loop) {
        List<Double> nanos = new ArrayList<>();
        List<Double> generator = new ArrayList<>();
        long allocated = 0;
        long packets = 0;
        for (int i = 0; i < options.runs(); i++) {
            generator.add(loop.generatorAlone(options.seconds() / 4).nanosPerPacket());
            Loop.Run run = loop.forward(options.seconds());
            nanos.add(run.nanosPerPacket());
            allocated += run.allocatedBytes();
            packets += run.packets();
        }
        BenchShape shape = scenario.shape();
        return new Result(
                scenario.name(),
                shape.tenants(),
                shape.vms(),
                shape.sessions(),
                nanos,
                generator,
                (double) allocated / packets,
                loop.turns.getValueAtPercentile(99.9) / 1e3,
                loop.turns.getMaxValue() / 1e3);
    }
}
