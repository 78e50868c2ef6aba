package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.api.Test;

class ControlThreadTest {

    private static final int PA_PORT = 3;
    private static final int EXT_PORT = 4;

    private record Announced(int port, int address, int vlan) {}

    @Test
    void everyAddressOfThePolicyIsAnnouncedAtItsPort() throws Exception {
        RouteTables tables = new RouteTables(TestMemory::allocate, 2);
        TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});
        NeighborTable neighbors = new NeighborTable(TestMemory::allocate, tables.quiescence);
        NeighborChannel channel = new NeighborChannel(64);
        try (ControlThread thread = new ControlThread(
                tables, policy, neighbors, List.of(channel), List.of(), PA_PORT, EXT_PORT, false, EventSink.NONE)) {
            thread.start();
            policy.replace(new PolicySnapshot(1, PolicySamples.all(PolicySamples.gateway(), PolicySamples.tenant(1))));
            Set<Announced> announced = new HashSet<>();
            long[] request = new long[NeighborChannel.WORDS];
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (announced.size() < 3 && System.nanoTime() < until) {
                if (channel.pollRequest(request)) {
                    announced.add(new Announced(
                            NeighborChannel.port(request),
                            NeighborChannel.targetIp(request),
                            NeighborChannel.vlan(request)));
                } else {
                    LockSupport.parkNanos(100_000);
                }
            }
            assertThat(announced)
                    .containsExactlyInAnyOrder(
                            new Announced(PA_PORT, PolicySamples.v4(PolicySamples.OWN_PA), 0),
                            new Announced(EXT_PORT, PolicySamples.v4("203.0.113.10"), 7),
                            new Announced(EXT_PORT, PolicySamples.v4("203.0.113.101"), 7));
        }
    }
}
