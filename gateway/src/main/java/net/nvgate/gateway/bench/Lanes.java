package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;

/** The workers of a {@link WorkersScenario}, each with ports, packets and a generator of its own. */
final class Lanes implements AutoCloseable {

    private static final long ARRAYS = 8L * 2 * Generator.BURST;

    final WorkersScenario scenario;
    final BenchGateway gateway;
    private final List<BenchPorts> ports = new ArrayList<>();
    private final List<Traffic> traffic = new ArrayList<>();
    private final List<Loop> loops = new ArrayList<>();
    private final BenchMemory memory = new BenchMemory();

    /**
     * With every session made, and its first packets in each direction forwarded.
     *
     * @param number of the first one's ports, the others' follow: see {@link BenchPorts#ofOne}
     */
    Lanes(WorkersScenario scenario, int number) {
        this.scenario = scenario;
        ports.add(BenchPorts.ofSeveral(number));
        for (int i = 1; i < scenario.workers(); i++) {
            ports.add(ports.getFirst().another(number + i));
        }
        gateway = new BenchGateway(scenario.shape(), ports, BenchFabric.UDP_IDLE_MS);
        for (int i = 0; i < scenario.workers(); i++) {
            long arrays = memory.allocate(ARRAYS, 64);
            Traffic packets = new Traffic(
                    scenario.work(), gateway, ports.get(i), arrays, Traffic.ALL_SMALL, scenario.receivedBy(i));
            traffic.add(packets);
            loops.add(new Loop(gateway, ports.get(i), packets));
        }
        for (Traffic packets : traffic) {
            packets.open();
        }
        for (Traffic packets : traffic) {
            for (long sent = 0; sent < 2L * packets.flows(); ) {
                sent += packets.send();
                gateway.turn();
            }
        }
        requireRight();
    }

    int count() {
        return traffic.size();
    }

    Traffic traffic(int lane) {
        return traffic.get(lane);
    }

    /** Of a lane. */
    BenchPorts ports(int lane) {
        return ports.get(lane);
    }

    /** Of a lane's generator alone. */
    Loop loop(int lane) {
        return loops.get(lane);
    }

    /** Forwards a burst of each generator on the calling thread. Throws if a packet was ever lost, or comes out wrong now. */
    void requireRight() {
        for (Traffic packets : traffic) {
            packets.send();
            gateway.turn();
            packets.check();
        }
        gateway.requireNothingDropped();
        if (gateway.received() != gateway.sent()) {
            throw new IllegalStateException(gateway.received() + " packets came in, " + gateway.sent() + " went out");
        }
    }

    @Override
    public void close() {
        traffic.forEach(Traffic::close);
        gateway.close();
        ports.reversed().forEach(BenchPorts::close);
        memory.close();
    }
}
