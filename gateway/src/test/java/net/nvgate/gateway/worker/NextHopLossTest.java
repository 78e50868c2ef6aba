package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One of several equal routers stops to answer while sessions go by it. */
class NextHopLossTest extends NatTestBase {

    private static final int SECOND = Wire.address("203.0.113.3");
    private static final long SECOND_MAC = Net.ROUTER_MAC + 1;
    private static final int FLOWS = 24;

    @BeforeEach
    void twoRouters() {
        FixedNeighbors.add(gateway.neighbors, Net.EXT_PORT, SECOND, SECOND_MAC);
        gateway.tables.externalFib.put(
                new FibRow(0, Wire.address("198.51.100.0"), 24, FibEntry.VIA_ROUTER, Net.ROUTER, 0, 0, Net.EXTERNAL, 1)
                        .withHops(List.of(Net.ROUTER, SECOND)));
        gateway.tables.epochs.bumpExternal();
    }

    /** By port, the router that each flow's packet left by; 0 = it did not leave. */
    private Map<Integer, Long> routers() {
        Map<Integer, Long> routers = new TreeMap<>();
        for (int port = 4000; port < 4000 + FLOWS; port++) {
            List<byte[]> sent = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.FAR, port, 53)))
                    .ext();
            routers.put(port, sent.isEmpty() ? 0 : Wire.mac(sent.getFirst(), 0));
        }
        return routers;
    }

    @Test
    @Requirement({"RFC 2991 2", "RFC 2992 2"})
    void sessionsOfADeadRouterMoveAndOthersStay() {
        Map<Integer, Long> before = routers();
        assertThat(before.values()).contains(Net.ROUTER_MAC, SECOND_MAC);
        FixedNeighbors.remove(gateway.neighbors, Net.EXT_PORT, SECOND);
        gateway.turnAfter(1_100);
        routers();
        Map<Integer, Long> after = routers();
        assertThat(after.values()).containsOnly(Net.ROUTER_MAC);
        assertThat(gateway.count(WorkerCounter.NEXT_HOPS_LOST)).isOne();
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED))
                .as("no session anew")
                .isEqualTo(FLOWS);
    }

    @Test
    void nobodyMovesWhileAllAnswer() {
        Map<Integer, Long> before = routers();
        for (int i = 0; i < 5; i++) {
            gateway.turnAfter(1_100);
            assertThat(routers()).isEqualTo(before);
        }
        assertThat(gateway.count(WorkerCounter.NEXT_HOPS_LOST)).isZero();
    }

    /** All are gone: packets wait and are dropped, once a second somebody looks, and the first to answer gets all. */
    @Test
    void theFirstToAnswerAgainGetsAll() {
        routers();
        FixedNeighbors.remove(gateway.neighbors, Net.EXT_PORT, SECOND);
        FixedNeighbors.remove(gateway.neighbors, Net.EXT_PORT, Net.ROUTER);
        for (int i = 0; i < 3; i++) {
            gateway.turnAfter(1_100);
            routers();
        }
        assertThat(gateway.count(WorkerCounter.NEXT_HOPS_LOST)).isBetween(2L, 4L);
        FixedNeighbors.add(gateway.neighbors, Net.EXT_PORT, SECOND, SECOND_MAC);
        gateway.turnAfter(1_100);
        routers();
        gateway.turnAfter(1_100);
        assertThat(routers().values()).containsOnly(SECOND_MAC);
    }

    /** A lone next hop that is silent makes no session look for another. */
    @Test
    void aLoneNextHopMovesNobody() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        FixedNeighbors.remove(gateway.neighbors, Net.EXT_PORT, Net.SERVER);
        gateway.turnAfter(1_100);
        leaves(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        leaves(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(gateway.count(WorkerCounter.NEXT_HOPS_LOST)).isZero();
    }
}
