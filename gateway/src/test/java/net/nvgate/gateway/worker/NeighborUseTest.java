package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.neighbor.NeighborAgent;
import net.nvgate.gateway.neighbor.NeighborTimers;
import net.nvgate.gateway.neighbor.TableLinkAddresses;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets to a neighbour that is used now and then, or silent for a time, through the real worker and the real agent. */
class NeighborUseTest extends NatTestBase {

    private static final long MAC = 0x020000000077L;
    private static final byte[] QUESTION = Net.udp(Net.VM1, Net.SILENT, 4000, 53);
    private static final int ARP = 0x806;

    private NeighborAgent agent;
    private long now;

    @BeforeEach
    void agent() {
        agent = new NeighborAgent(
                gateway.neighbors,
                List.of(gateway.channel),
                new TableLinkAddresses(gateway.tables, Net.PA_PORT, Net.EXT_PORT),
                new NeighborTimers(
                        Duration.ofSeconds(1),
                        3,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5),
                        8),
                new Random(1),
                gateway.tables.epochs::bumpExternal);
    }

    /** What leaves while time passes, in steps of at most 100 ms. */
    private List<byte[]> after(long ms) {
        List<byte[]> sent = new ArrayList<>();
        for (long left = ms; left > 0; left -= 100) {
            now += Math.min(left, 100) * 1_000_000;
            agent.doWork(now);
            sent.addAll(gateway.turnAfter(Math.min(left, 100)).ext());
        }
        return sent;
    }

    private List<byte[]> ask() {
        return gateway.intoPa(Net.fromVm1(1, QUESTION)).ext();
    }

    private void answer() {
        gateway.intoExt(Wire.ethernet(Net.EXT_MAC, MAC, ARP, Wire.arp(2, MAC, Net.SILENT, Net.EXT_MAC, Net.EXTERNAL)));
    }

    private static boolean isArp(byte[] frame) {
        return Wire.u16(frame, 12) == ARP;
    }

    private static byte[] request(long to) {
        return Wire.ethernet(to, Net.EXT_MAC, ARP, Wire.arp(1, Net.EXT_MAC, Net.EXTERNAL, 0, Net.SILENT));
    }

    private static void requireQuestion(byte[] frame) {
        assertThat(Wire.mac(frame, 0)).isEqualTo(MAC);
        Wire.requireRight(TestGateway.ip(frame));
    }

    /** A packet waits, the neighbour is asked, and the packet leaves with its answer. */
    private void resolve() {
        assertThat(ask()).isEmpty();
        assertThat(after(1)).containsExactly(request(0xffff_ffff_ffffL));
        answer();
        List<byte[]> sent = after(2);
        assertThat(sent).hasSize(1);
        requireQuestion(sent.getFirst());
    }

    /** The packet goes at once, to the MAC of before, and that one is asked whether it still is there. */
    @Test
    void nobodyIsAskedInSilenceAndTheFirstPacketAfterItWaitsForNobody() {
        resolve();
        for (int i = 0; i < 3; i++) {
            assertThat(after(150_000)).as("nobody sends, nobody is asked").isEmpty();
            List<byte[]> sent = ask();
            assertThat(sent).hasSize(1);
            requireQuestion(sent.getFirst());
            assertThat(after(1)).containsExactly(request(MAC));
            answer();
        }
        assertThat(agent.counters().failed.sum()).isZero();
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    void aNeighbourInUseIsVerifiedAndLosesNoPacket() {
        resolve();
        int asked = 0;
        for (int second = 0; second < 300; second++) {
            List<byte[]> sent = ask();
            assertThat(sent).hasSize(1);
            requireQuestion(sent.getFirst());
            for (byte[] request : after(1000)) {
                assertThat(request).isEqualTo(request(MAC));
                asked++;
                answer();
            }
        }
        assertThat(asked).isBetween(4, 10);
        assertThat(gateway.drops()).isEmpty();
    }

    /** It answers no more while packets come: these wait and are counted, it is asked once a second, and its answer ends it. */
    @Test
    @Requirement("RFC 1122 2.3.2.1")
    void aSilentNeighbourIsAskedOnceASecondAndGetsPacketsWithItsAnswer() {
        resolve();
        int steps = 0;
        while (!gateway.drops().containsKey(DropReason.NEIGHBOR_UNRESOLVED) && steps++ < 1000) {
            ask();
            after(100);
        }
        Map<DropReason, Long> before = gateway.drops();
        assertThat(before).containsKey(DropReason.NEIGHBOR_UNRESOLVED);
        int requests = 0;
        for (int i = 0; i < 100; i++) {
            assertThat(ask()).isEmpty();
            List<byte[]> sent = after(100);
            assertThat(sent).allMatch(NeighborUseTest::isArp);
            requests += sent.size();
        }
        assertThat(requests).as("in 10 s").isBetween(9, 11);
        long dropped =
                gateway.drops().values().stream().mapToLong(Long::longValue).sum()
                        - before.values().stream().mapToLong(Long::longValue).sum();
        assertThat(dropped).as("each is counted once, but for those that wait").isBetween(96L, 104L);
        answer();
        assertThat(after(2))
                .hasSizeBetween(1, PendingPackets.PER_NEXT_HOP)
                .allSatisfy(NeighborUseTest::requireQuestion);
        assertThat(ask()).hasSize(1);
    }

    /** A packet that comes a second after the last request, or later, causes another one and leaves with the answer. */
    @Test
    @Requirement("RFC 1122 2.3.2.2")
    void theFirstPacketToOneThatHasFailedWaitsForOneAnswer() {
        assertThat(ask()).isEmpty();
        assertThat(after(4_500)).hasSize(3);
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NEIGHBOR_UNRESOLVED, 1L));
        resolve();
    }

    /** Packets by the thousand to who is silent tell the agent of it once a ms, so that the answer finds room. */
    @Test
    void aCrowdOfPacketsLeavesRoomForTheAnswer() {
        byte[] frame = Net.fromVm1(1, QUESTION);
        for (int i = 0; i < 100; i++) {
            gateway.intoPa(frame);
        }
        assertThat(gateway.channel.eventsDropped()).isZero();
        answer();
        assertThat(after(2)).anySatisfy(NeighborUseTest::requireQuestion);
    }
}
