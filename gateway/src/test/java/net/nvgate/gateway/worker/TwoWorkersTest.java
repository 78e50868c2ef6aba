package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.OwnAddresses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two workers, of which the first has both ports. Tenants 1 and 3 are the second one's, tenant 2 the first one's: packets of tenant 1 go
 * to another worker than receives them, and leave by another than makes them, and whatever tenants 1 and 2 have with each other crosses.
 */
@ExtendWith(EalExtension.class)
class TwoWorkersTest {

    private static final int BOTH = 2;

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = new TestGateway(TestGateway.CONFIG, BOTH);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Worker first() {
        return gateway.workers.getFirst();
    }

    private Worker second() {
        return gateway.workers.getLast();
    }

    private static int port(byte[] frame) {
        return Wire.u16(TestGateway.ip(frame), 20);
    }

    private List<byte[]> atVm1(int tenant, byte[]... ips) {
        byte[][] frames = new byte[ips.length][];
        for (int i = 0; i < ips.length; i++) {
            frames[i] = Net.fromOutside(ips[i]);
        }
        return gateway.intoExt(frames).pa().stream()
                .map(frame -> TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[tenant]))
                .map(inner -> Wire.slice(inner, 14))
                .toList();
    }

    @Test
    void eachTenantIsWhollyOneWorkers() {
        TestGateway.Sent sent = gateway.intoPa(
                Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53)),
                Net.fromVm1(2, Net.udp(Net.VM1, Net.SERVER, 4002, 53)),
                Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4003, 53)));
        assertThat(sent.ext().stream().map(TwoWorkersTest::port)).containsExactlyInAnyOrder(4001, 4002, 4003);
        assertThat(first().sessions().count()).isEqualTo(1);
        assertThat(second().sessions().count()).isEqualTo(2);
        assertThat(first().counters().get(WorkerCounter.HANDED_OVER)).isEqualTo(2);
        assertThat(atVm1(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4001))).hasSize(1);
        assertThat(atVm1(2, Net.udp(Net.SERVER, Net.NAT[2], 53, 4002))).hasSize(1);
        assertThat(gateway.drops()).isEmpty();
        assertThat(first().counters().get(WorkerCounter.PA_TX_PACKETS))
                .as("counted by the one that has the port")
                .isEqualTo(2);
        assertThat(second().counters().get(WorkerCounter.PA_TX_PACKETS)).isZero();
        assertThat(gateway.count(WorkerCounter.PA_RX_PACKETS)).isEqualTo(3);
    }

    @Test
    void packetsOfOneFlowStayInTheirOrder() {
        byte[][] frames = new byte[32][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Net.fromVm1(1 + i % 2, Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53));
        }
        List<Integer> ports =
                gateway.intoPa(frames).ext().stream().map(TwoWorkersTest::port).toList();
        assertThat(ports).hasSize(frames.length);
        assertThat(ports.stream().filter(port -> port % 2 == 0)).isSorted();
        assertThat(ports.stream().filter(port -> port % 2 == 1)).isSorted();
    }

    /** Tenants 1 and 2 have ports of one address each: they are told apart by port, also in errors and fragments. */
    @Test
    void anAddressSharedByTenantsOfTwoWorkers() {
        int shared = Net.NAT[3];
        NatTable.Connection one = new NatTable.Connection(shared, 1, 4, 2048, 4095, 90);
        NatTable.Connection two = new NatTable.Connection(shared, 2, 5, 4096, 8191, 91);
        gateway.tables.ownAddresses.put(new OwnAddresses.Row(shared, OwnAddresses.NAT, 32, 0));
        gateway.pool(1, one);
        gateway.pool(2, two);
        gateway.tables.nat.connections.setAddress(shared, List.of(one, two));
        int[] ports = {0, out(1, shared), out(2, shared)};
        assertThat(ports[1]).isBetween(2048, 4095);
        assertThat(ports[2]).isBetween(4096, 8191);
        for (int tenant = 1; tenant <= 2; tenant++) {
            byte[] answer = Net.udp(Net.SERVER, shared, 53, ports[tenant]);
            assertThat(atVm1(tenant, answer)).hasSize(1);
            byte[] quoted = Net.udp(shared, Net.SERVER, ports[tenant], 53);
            byte[] error = Wire.ipv4(Net.ROUTER, shared, Wire.ICMP, Wire.icmp(3, 1, 0, quoted));
            assertThat(atVm1(tenant, error)).hasSize(1);
            byte[] udp = Wire.slice(answer, 20);
            byte[] begin = Wire.ipv4(Net.SERVER, shared, Wire.UDP, 64, 70 + tenant, 0x2000, 0, Wire.slice(udp, 0, 8));
            byte[] rest = Wire.ipv4(Net.SERVER, shared, Wire.UDP, 64, 70 + tenant, 1, 0, Wire.slice(udp, 8));
            assertThat(atVm1(tenant, begin, rest)).hasSize(2);
        }
        assertThat(gateway.drops()).isEmpty();
    }

    private int out(int tenant, int shared) {
        byte[] frame = gateway.intoPa(Net.fromVm1(tenant, Net.udp(Net.VM1, Net.SERVER, 9000, 53)))
                .onlyExt();
        assertThat(Wire.i32(TestGateway.ip(frame), 12)).isEqualTo(shared);
        return port(frame);
    }

    /** Whoever has put a host's packet together gives it to the worker of its tenant, whose sessions are there. */
    @Test
    void aPacketOfOuterIpv6FragmentsGoesToItsTenantsWorker() {
        Net6.on(gateway);
        assertThat(gateway.intoPa(outer6Fragments(1)).ext()).hasSize(1);
        assertThat(first().sessions().count()).isZero();
        assertThat(second().sessions().count()).isEqualTo(1);
        assertThat(gateway.intoPa(outer6Fragments(2)).ext()).hasSize(1);
        assertThat(first().sessions().count()).isEqualTo(1);
        assertThat(second().sessions().count()).isEqualTo(1);
        assertThat(gateway.count(WorkerCounter.OUTER_REASSEMBLED)).isEqualTo(2);
        assertThat(gateway.drops()).isEmpty();
    }

    private byte[][] outer6Fragments(int tenant) {
        int host = gateway.tables.providerAddresses6.handle(Net6.model(Net6.HOST_B));
        gateway.record(tenant, Net.VM2, Net.VM_VSID[tenant], Net.VM2_MAC, host, 0);
        byte[] udp = Wire.udp(Net.VM2, Net.SERVER, 4000, 53, new byte[1000]);
        byte[] ip = Wire.ipv4(Net.VM2, Net.SERVER, Wire.UDP, udp);
        byte[] inner = Wire.ethernet(Net.GATEWAY_MAC, Net.VM2_MAC, 0x800, ip);
        byte[] gre = Wire.gre(0x20006558, Net.GATEWAY_VSID[tenant], 7, inner);
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at < gre.length; at += 400) {
            int end = Math.min(gre.length, at + 400);
            byte[] piece = Wire6.fragment(Wire.GRE, at, end < gre.length, tenant, Wire.slice(gre, at, end - at));
            byte[] outer = Wire6.ipv6(Net6.HOST_B, Net6.PA, Wire6.FRAGMENT, piece);
            frames.add(Wire.ethernet(Net.PA_MAC, Net.HOST_B_MAC, Wire6.TYPE, outer));
        }
        return frames.toArray(byte[][]::new);
    }

    /** The receiver's worker is behind: what does not fit is counted where it was received, and nothing leaks. */
    @Test
    void whatDoesNotFitTheRingIsCounted() {
        for (int i = 0; i < TestGateway.RING + 5; i++) {
            gateway.intoPaOfFirstAlone(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53)));
        }
        assertThat(gateway.sent().ext()).hasSize(TestGateway.RING);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.HAND_OFF_FULL, 5L));
        assertThat(first().counters().drops(DropReason.HAND_OFF_FULL)).isEqualTo(5);
        assertThat(gateway.count(WorkerCounter.PA_RX_PACKETS)).isEqualTo(TestGateway.RING + 5);
    }

    /** Who is behind takes no more of others' packets than it has received itself, or a burst; none is lost by that, none overtaken. */
    @Test
    void aTurnTakesOfOthersPacketsWhatItHasReceived() {
        int waiting = Burst.MAX + 40;
        fillRing(waiting);
        assertThat(second().takeOver(0)).isEqualTo(Burst.MAX);
        assertThat(second().takeOver(Burst.MAX + 1)).isEqualTo(40);
        assertThat(second().takeOver(0)).isZero();
        assertThat(gateway.sent().ext().stream().map(TwoWorkersTest::port))
                .containsExactlyElementsOf(IntStream.range(0, waiting)
                        .map(TwoWorkersTest::portOf)
                        .boxed()
                        .toList());
        fillRing(waiting);
        assertThat(second().takeOver(Burst.MAX + 30)).isEqualTo(Burst.MAX + 30);
        assertThat(second().takeOver(1)).isEqualTo(10);
        assertThat(gateway.sent().ext()).hasSize(waiting);
        assertThat(gateway.drops()).isEmpty();
    }

    /** What has come through all steps, and only leaves by the first worker's ports, is taken whole. */
    @Test
    void whatOnlyLeavesIsTakenWhole() {
        fillRing(TestGateway.RING);
        assertThat(second().takeOver(TestGateway.RING)).isEqualTo(TestGateway.RING);
        assertThat(first().takeOver(0)).isEqualTo(TestGateway.RING);
        assertThat(gateway.sent().ext()).hasSize(TestGateway.RING);
        assertThat(gateway.drops()).isEmpty();
    }

    private void fillRing(int packets) {
        for (int i = 0; i < packets; i++) {
            gateway.intoPaOfFirstAlone(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, portOf(i), 53)));
        }
    }

    /** Of few sessions, next to each other never the same. */
    private static int portOf(int packet) {
        return 4000 + packet % 31;
    }

    @Nested
    class Hairpin extends HairpinTest {
        @Override
        int workers() {
            return BOTH;
        }
    }

    @Nested
    class Forwarding extends ForwardingTest {
        @Override
        int workers() {
            return BOTH;
        }
    }

    @Nested
    class Rules extends NatRulesTest {
        @Override
        int workers() {
            return BOTH;
        }
    }

    @Nested
    class Errors extends IcmpNatTest {
        @Override
        int workers() {
            return BOTH;
        }
    }

    @Nested
    class PathMtu extends PathMtuTest {
        @Override
        int workers() {
            return BOTH;
        }
    }
}
