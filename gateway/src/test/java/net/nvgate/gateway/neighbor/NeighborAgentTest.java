package net.nvgate.gateway.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.route.Quiescence;
import net.nvgate.gateway.route.TestMemory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The agent in virtual time: one port, 203.0.113.0/24, we are .10. */
class NeighborAgentTest {

    private static final int PORT = 1;
    private static final int SUBNET = 0xcb00_7100;
    private static final int OWN = SUBNET + 10;
    private static final int ROUTER = SUBNET + 1;
    private static final long MAC = 0x0200_0000_0001L;
    private static final long OTHER_MAC = 0x0200_0000_0002L;

    private record Asked(long mac, int source, int target, int vlan) {}

    private final NeighborTable table = new NeighborTable(TestMemory::allocate, new Quiescence(1));
    private final NeighborChannel channel = new NeighborChannel(64);
    private final NeighborTimers timers = new NeighborTimers(
            Duration.ofSeconds(1), 3, Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(5), 8);
    private int changes;
    private long now;
    private final NeighborAgent agent =
            new NeighborAgent(table, List.of(channel), new OneSubnet(), timers, new Random(1), () -> changes++);

    private static final class OneSubnet implements LinkAddresses {
        @Override
        public boolean isOwn(int port, IpAddress address) {
            return address.equals(new Ipv4Address(OWN));
        }

        @Override
        public boolean isOnLink(int port, IpAddress address) {
            return port == PORT && address instanceof Ipv4Address v4 && v4.value() >>> 8 == SUBNET >>> 8;
        }

        @Override
        public @Nullable IpAddress sourceFor(int port, IpAddress address) {
            return isOnLink(port, address) ? new Ipv4Address(OWN) : null;
        }

        @Override
        public int vlanFor(int port, IpAddress address) {
            return 7;
        }
    }

    @Test
    void aNeededAddressIsAskedForAndResolved() {
        channel.needed(PORT, ROUTER);
        assertThat(run(0)).containsExactly(new Asked(0, OWN, ROUTER, 7));
        assertThat(state()).isEqualTo(NeighborState.INCOMPLETE);
        assertThat(NeighborEntry.usable(link())).isFalse();
        assertThat(changes).isZero();
        channel.arpSeen(PORT, 2, MAC, ROUTER, OWN);
        assertThat(run(10)).isEmpty();
        assertThat(state()).isEqualTo(NeighborState.REACHABLE);
        assertThat(NeighborEntry.mac(link())).isEqualTo(MAC);
        assertThat(changes).as("who needs it looks for it").isZero();
    }

    @Test
    void silenceIsThreeRequestsASecondApartThenFailedThenForgotten() {
        channel.needed(PORT, ROUTER);
        channel.needed(PORT, ROUTER);
        assertThat(run(0)).hasSize(1);
        assertThat(run(999)).isEmpty();
        assertThat(run(1)).hasSize(1);
        assertThat(run(1000)).hasSize(1);
        assertThat(run(1000)).isEmpty();
        assertThat(state()).isEqualTo(NeighborState.FAILED);
        assertThat(run(4999)).isEmpty();
        assertThat(state()).isEqualTo(NeighborState.FAILED);
        assertThat(run(1)).isEmpty();
        assertThat(table.find(PORT, ROUTER)).isZero();
        channel.needed(PORT, ROUTER);
        assertThat(run(0)).hasSize(1);
        assertThat(agent.counters().failed.sum()).isEqualTo(1);
    }

    /** RFC 1122 §2.3.2.1: once a second at most, and not at all without need. */
    @Test
    void aSilentNeighbourIsAskedAgainAtOnceWhenItIsNeededAndOnceASecondFromThenOn() {
        fail(ROUTER);
        assertThat(run(500)).isEmpty();
        channel.needed(PORT, ROUTER);
        assertThat(run(0)).containsExactly(new Asked(0, OWN, ROUTER, 7));
        int asked = 0;
        for (int i = 0; i < 1000; i++) {
            channel.needed(PORT, ROUTER);
            asked += run(10).size();
            assertThat(state()).isEqualTo(NeighborState.FAILED);
        }
        assertThat(asked).isEqualTo(10);
        assertThat(agent.counters().failed.sum()).isEqualTo(1);
        channel.arpSeen(PORT, 2, MAC, ROUTER, OWN);
        run(0);
        assertThat(state()).isEqualTo(NeighborState.REACHABLE);
        assertThat(NeighborEntry.mac(link())).isEqualTo(MAC);
    }

    @Test
    void whatFailedIsForgottenFiveSecondsAfterItWasNeededLast() {
        fail(ROUTER);
        channel.needed(PORT, ROUTER);
        assertThat(run(4000)).hasSize(1);
        assertThat(run(4999)).isEmpty();
        assertThat(state()).isEqualTo(NeighborState.FAILED);
        run(1);
        assertThat(table.find(PORT, ROUTER)).isZero();
    }

    @Test
    void aNeededNeighbourIsProbedByUnicastThenBroadcastAndStaysUsable() {
        resolve(ROUTER, MAC);
        int before = changes;
        assertThat(run(29_999)).as("at least 30 s").isEmpty();
        List<Asked> asked = new ArrayList<>();
        for (int second = 0; second < 31; second++) {
            asked.addAll(runInUse(1000));
            if (asked.size() == 1) {
                break;
            }
        }
        assertThat(asked).as("at most 60 s").containsExactly(new Asked(MAC, OWN, ROUTER, 7));
        assertThat(NeighborEntry.usable(link())).isTrue();
        for (int i = 0; i < 5; i++) {
            asked.addAll(runInUse(1000));
        }
        assertThat(asked.stream().map(Asked::mac)).containsExactly(MAC, MAC, MAC, 0L, 0L, 0L);
        assertThat(NeighborEntry.usable(link())).isTrue();
        assertThat(changes).isEqualTo(before);
        run(1000);
        assertThat(state()).isEqualTo(NeighborState.FAILED);
        assertThat(NeighborEntry.usable(link())).isFalse();
        assertThat(changes).isEqualTo(before);
    }

    @Test
    void anAnswerToAProbeChangesNothingForFlows() {
        resolve(ROUTER, MAC);
        int before = changes;
        run(60_000);
        runInUse(0);
        assertThat(state()).isEqualTo(NeighborState.PROBE);
        channel.arpSeen(PORT, 2, MAC, ROUTER, OWN);
        run(0);
        assertThat(state()).isEqualTo(NeighborState.REACHABLE);
        assertThat(changes).isEqualTo(before);
    }

    @Test
    void aNeighbourThatNobodyUsesIsNotAskedButUsableForTenMinutesAndThenForgotten() {
        resolve(ROUTER, MAC);
        for (int second = 0; second < 600; second++) {
            assertThat(run(1000)).isEmpty();
            assertThat(NeighborEntry.usable(link())).isTrue();
        }
        assertThat(NeighborEntry.stale(link())).isTrue();
        run(60_000);
        assertThat(table.find(PORT, ROUTER)).isZero();
        assertThat(agent.counters().requests.sum()).isEqualTo(1);
    }

    @Test
    void aNeighbourThatIsUsedAgainIsVerifiedAtOnce() {
        resolve(ROUTER, MAC);
        run(300_000);
        assertThat(runInUse(0)).containsExactly(new Asked(MAC, OWN, ROUTER, 7));
        assertThat(NeighborEntry.usable(link())).isTrue();
        channel.arpSeen(PORT, 2, MAC, ROUTER, OWN);
        assertThat(run(0)).isEmpty();
        assertThat(state()).isEqualTo(NeighborState.REACHABLE);
        assertThat(run(60_000)).as("and no more").isEmpty();
        assertThat(state()).isEqualTo(NeighborState.STALE);
    }

    @Test
    void whatNobodyNeedsAnyMoreMakesRoomForWhatIsNeeded() {
        for (int host = 20; host < 28; host++) {
            resolve(SUBNET + host, MAC + host);
        }
        channel.needed(PORT, ROUTER);
        run(0);
        assertThat(table.find(PORT, ROUTER)).as("all were needed lately").isZero();
        run(60_000);
        channel.needed(PORT, ROUTER);
        assertThat(run(0)).containsExactly(new Asked(0, OWN, ROUTER, 7));
    }

    @Test
    void aRequestToUsTeachesItsSenderAndOneToOthersDoesNot() {
        channel.arpSeen(PORT, 1, MAC, ROUTER, OWN);
        channel.arpSeen(PORT, 1, MAC, SUBNET + 2, SUBNET + 3);
        channel.arpSeen(PORT, 2, MAC, SUBNET + 4, OWN);
        channel.arpSeen(PORT, 1, MAC, SUBNET + 5, SUBNET + 5);
        run(0);
        assertThat(state()).isEqualTo(NeighborState.STALE);
        assertThat(NeighborEntry.stale(link())).isTrue();
        assertThat(table.find(PORT, SUBNET + 2)).isZero();
        assertThat(table.find(PORT, SUBNET + 4)).as("an unsolicited reply").isZero();
        assertThat(table.find(PORT, SUBNET + 5)).as("a gratuitous request").isZero();
        assertThat(changes).as("newcomers cost flows nothing").isZero();
        channel.needed(PORT, ROUTER);
        assertThat(run(0)).containsExactly(new Asked(MAC, OWN, ROUTER, 7));
    }

    @Test
    void whatNobodyNeedsIsForgotten() {
        channel.arpSeen(PORT, 1, MAC, ROUTER, OWN);
        run(0);
        assertThat(run(599_999)).isEmpty();
        assertThat(state()).isEqualTo(NeighborState.STALE);
        run(1);
        assertThat(table.find(PORT, ROUTER)).isZero();
    }

    @Test
    void aGratuitousArpMovesAKnownNeighbourAtOnceAndItIsVerified() {
        resolve(ROUTER, MAC);
        int before = changes;
        channel.arpSeen(PORT, 1, OTHER_MAC, ROUTER, ROUTER);
        assertThat(run(0)).containsExactly(new Asked(OTHER_MAC, OWN, ROUTER, 7));
        assertThat(NeighborEntry.mac(link())).isEqualTo(OTHER_MAC);
        assertThat(NeighborEntry.usable(link())).isTrue();
        assertThat(changes).isEqualTo(before + 1);
        assertThat(agent.counters().moved.sum()).isEqualTo(1);
    }

    @Test
    void impossibleSendersTeachNothing() {
        resolve(ROUTER, MAC);
        channel.arpSeen(PORT, 2, OTHER_MAC, OWN, OWN);
        channel.arpSeen(PORT, 1, OTHER_MAC, 0, ROUTER);
        channel.arpSeen(PORT, 2, 0x0100_5e00_0001L, ROUTER, OWN);
        channel.arpSeen(PORT, 2, 0, ROUTER, OWN);
        channel.arpSeen(PORT, 1, OTHER_MAC, 0x0808_0808, OWN);
        channel.arpSeen(PORT, 3, OTHER_MAC, ROUTER, OWN);
        channel.needed(PORT, 0x0808_0808);
        channel.needed(PORT, OWN);
        assertThat(run(0)).isEmpty();
        assertThat(NeighborEntry.mac(link())).isEqualTo(MAC);
        assertThat(rows()).hasSize(1);
        assertThat(agent.counters().conflicts.sum()).isEqualTo(1);
        assertThat(agent.counters().malformed.sum()).isEqualTo(2);
        assertThat(agent.counters().refusedOffLink.sum()).isEqualTo(3);
    }

    @Test
    void aFullTableRefusesAndCountsButNeedBeatsHearsay() {
        for (int host = 20; host < 30; host++) {
            channel.arpSeen(PORT, 1, MAC + host, SUBNET + host, OWN);
        }
        run(0);
        assertThat(rows()).hasSize(8);
        assertThat(agent.counters().refusedFull.sum()).isEqualTo(2);
        for (int host = 40; host < 50; host++) {
            channel.needed(PORT, SUBNET + host);
        }
        run(0);
        assertThat(rows()).hasSize(8);
        assertThat(table.find(PORT, SUBNET + 47)).isNotZero();
        assertThat(table.find(PORT, SUBNET + 48)).isZero();
        assertThat(agent.counters().refusedFull.sum()).isEqualTo(4);
    }

    @Test
    void aFullChannelCountsWhatItDrops() {
        for (int i = 0; i < 70; i++) {
            channel.needed(PORT, ROUTER);
        }
        assertThat(channel.eventsDropped()).isEqualTo(6);
        assertThat(agent.doWork(0)).isEqualTo(64);
        channel.needed(PORT, ROUTER);
        assertThat(agent.doWork(0)).isEqualTo(1);
    }

    private void resolve(int address, long mac) {
        channel.needed(PORT, address);
        run(0);
        channel.arpSeen(PORT, 2, mac, address, OWN);
        run(0);
    }

    private void fail(int address) {
        channel.needed(PORT, address);
        run(0);
        for (int i = 0; i < 3; i++) {
            run(1000);
        }
        assertThat(state()).isEqualTo(NeighborState.FAILED);
    }

    /** As {@link #run}, with a worker that then sends a packet to the router. */
    private List<Asked> runInUse(long millis) {
        List<Asked> asked = run(millis);
        if (!NeighborEntry.usable(link()) || NeighborEntry.stale(link())) {
            channel.needed(PORT, ROUTER);
        }
        asked.addAll(run(0));
        return asked;
    }

    /** Lets time pass, runs a cycle and returns the requests it asked for. */
    private List<Asked> run(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        agent.doWork(now);
        List<Asked> asked = new ArrayList<>();
        long[] request = new long[NeighborChannel.WORDS];
        while (channel.pollRequest(request)) {
            assertThat(NeighborChannel.port(request)).isEqualTo(PORT);
            asked.add(new Asked(
                    NeighborChannel.destinationMac(request),
                    NeighborChannel.senderIp(request),
                    NeighborChannel.targetIp(request),
                    NeighborChannel.vlan(request)));
        }
        return asked;
    }

    private long link() {
        return NeighborEntry.link(table.find(PORT, ROUTER));
    }

    private NeighborState state() {
        return NeighborState.ofCode(NeighborEntry.state(link()));
    }

    private Set<NeighborTable.Row> rows() {
        Set<NeighborTable.Row> rows = new HashSet<>();
        table.forEach(rows::add);
        return rows;
    }
}
