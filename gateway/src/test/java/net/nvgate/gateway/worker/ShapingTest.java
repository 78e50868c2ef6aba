package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RateLimits;
import org.junit.jupiter.api.Test;

/** Limits that make packets wait (shaping): packets in, packets out, by a clock that stands until moved. */
class ShapingTest extends NatTestBase {

    private static final int DATA = 972;

    private void shape(int tenant, int inKbps, int outKbps) {
        set(tenant, new RateLimits.Row(inKbps, outKbps, 0, 0, true, false));
    }

    private void set(int tenant, RateLimits.Row row) {
        gateway.tables.rates.setTenant(tenant, row);
        gateway.tables.epochs.bump(tenant);
    }

    /** An IP packet of 1000 bytes, with a number in it. */
    private static byte[] packet(int source, int destination, int sourcePort, int destinationPort, int tos, int id) {
        byte[] data = new byte[DATA];
        data[0] = (byte) (id >>> 8);
        data[1] = (byte) id;
        byte[] udp = Wire.udp(source, destination, sourcePort, destinationPort, data);
        return Wire.ipv4(source, destination, Wire.UDP, 64, 0, 0x4000, tos, udp);
    }

    private static byte[] fromVm(int port, int id) {
        return packet(Net.VM1, Net.SERVER, port, 53, 0, id);
    }

    private static int id(byte[] ip) {
        return Wire.u16(ip, 28);
    }

    /** Moves time and packets: each frame goes in, then a ms passes. What left by the external port. */
    private List<byte[]> out(int ms, int perMs, IntFunction<byte[]> next) {
        List<byte[]> left = new ArrayList<>();
        for (int i = 0; i < ms * perMs; i++) {
            add(left, gateway.intoPa(Net.fromVm1(1, next.apply(i))));
            if ((i + 1) % perMs == 0) {
                add(left, gateway.turnAfter(1));
            }
        }
        return left;
    }

    private static void add(List<byte[]> to, TestGateway.Sent sent) {
        sent.ext().forEach(frame -> to.add(TestGateway.ip(frame)));
    }

    private List<byte[]> wait(int ms) {
        List<byte[]> left = new ArrayList<>();
        for (int i = 0; i < ms; i++) {
            add(left, gateway.turnAfter(1));
        }
        return left;
    }

    @Test
    void aBurstWaitsInsteadOfBeingDroppedAndLeavesInOrderAtTheRate() {
        shape(1, 0, 1_000);
        List<byte[]> left = out(1, 20, i -> fromVm(4000, i));
        assertThat(left).as("the bucket").hasSize(2);
        assertThat(gateway.mbufsHeld()).isEqualTo(18);
        left.addAll(wait(80));
        assertThat(left).as("8 ms each").hasSizeBetween(11, 13);
        left.addAll(wait(80));
        assertThat(left.stream().map(ShapingTest::id)).containsExactlyElementsOf(ids(20));
        left.forEach(Wire::requireRight);
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.mbufsHeld()).isZero();
        Meters meters = gateway.worker.meters();
        assertThat(meters.delayNanos(meters.tenant(1, Meters.OUTBOUND))).isBetween(100_000_000L, 160_000_000L);
        assertThat(meters.waiting(meters.tenant(1, Meters.OUTBOUND))).isZero();
    }

    private static List<Integer> ids(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void overTheRateForLongItIsKeptToTwoPercent() {
        shape(1, 0, 2_000);
        int left = out(2_000, 1, i -> fromVm(4000, i)).size();
        assertThat(left).isBetween(490, 510);
        assertThat(gateway.drops())
                .containsKey(DropReason.LIMIT_QUEUE_DELAY)
                .doesNotContainKey(DropReason.LIMIT_BANDWIDTH_OUT);
        assertThat(gateway.mbufsHeld()).as("of 255 buffers").isLessThanOrEqualTo(32);
    }

    @Test
    void inboundWaitsToo() {
        byte[] sent = out(1, fromVm(4000, 0));
        shape(1, 1_000, 0);
        int arrived = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] answer = packet(Net.SERVER, Wire.i32(sent, 12), 53, Wire.u16(sent, 20), 0, i);
            arrived += gateway.intoExt(Net.fromOutside(answer)).pa().size();
            TestGateway.Sent later = gateway.turnAfter(1);
            arrived += later.pa().size();
            later.pa()
                    .forEach(frame -> Wire.requireRight(
                            Wire.slice(TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 14)));
        }
        assertThat(arrived).isBetween(245, 255);
    }

    @Test
    void aModestFlowDoesNotSufferFromAGreedyOne() {
        shape(1, 0, 2_000);
        // 8000 kbit/s of a flow, 500 kbit/s of another.
        Map<Integer, Integer> left = new HashMap<>();
        int modest = 0;
        for (int ms = 0; ms < 3_000; ms++) {
            count(left, gateway.intoPa(Net.fromVm1(1, fromVm(4000, ms))));
            if (ms % 16 == 0) {
                modest++;
                count(left, gateway.intoPa(Net.fromVm1(1, packet(Net.VM1, Net.FAR, 4001, 99, 0, ms))));
            }
            count(left, gateway.turnAfter(1));
        }
        assertThat(left.get(Net.FAR)).isGreaterThanOrEqualTo(modest - 2);
        assertThat(left.getOrDefault(Net.FAR, 0) + left.getOrDefault(Net.SERVER, 0))
                .isBetween(735, 765);
    }

    private static void count(Map<Integer, Integer> by, TestGateway.Sent sent) {
        sent.ext().forEach(frame -> by.merge(Wire.i32(TestGateway.ip(frame), 16), 1, Integer::sum));
    }

    @Test
    void aTenantThatWaitsDoesNotHoldUpAnother() {
        shape(1, 0, 100);
        for (int i = 0; i < 500; i++) {
            gateway.intoPa(Net.fromVm1(1, fromVm(4000, i)));
            assertThat(leaves(2, fromVm(4000, i))).isTrue();
        }
        assertThat(gateway.mbufsHeld()).as("share of the buffers").isLessThanOrEqualTo(32);
    }

    @Test
    void networkControlGoesFirst() {
        shape(1, 0, 1_000);
        out(1, 20, i -> fromVm(4000, i));
        gateway.intoPa(Net.fromVm1(1, packet(Net.VM1, Net.FAR, 179, 179, 0xc0, 7)));
        List<byte[]> left = wait(20);
        assertThat(left.stream().limit(2).map(ip -> Wire.i32(ip, 16)))
                .as("of the next two packets")
                .contains(Net.FAR);
    }

    @Test
    void whoKnowsCongestionMarksIsToldByThemAndLosesNothing() {
        shape(1, 0, 1_000);
        List<byte[]> left = out(1, 25, i -> packet(Net.VM1, Net.SERVER, 4000, 53, 2, i));
        left.addAll(wait(300));
        left.forEach(Wire::requireRight);
        assertThat(left).hasSize(25);
        assertThat(left.stream().filter(ip -> (Wire.u8(ip, 1) & 3) == 3)).isNotEmpty();
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    void aLimitThatIsTakenAwayLetsGoWhatWaits() {
        shape(1, 0, 1);
        out(1, 20, i -> fromVm(4000, i));
        set(1, RateLimits.Row.NONE);
        assertThat(wait(11)).as("though it was to wait for 12 s").hasSize(19);
        assertThat(gateway.mbufsHeld()).isZero();
    }

    @Test
    void aConnectionsQueueLeadsToTheTenants() {
        gateway.tables.rates.setConnection(1, new RateLimits.Row(0, 4_000, 0, 0, true, false));
        set(1, new RateLimits.Row(0, 2_000, 0, 0, true, true));
        assertThat(out(2_000, 1, i -> fromVm(4000, i)).size()).isBetween(490, 510);
        set(1, new RateLimits.Row(0, 0, 0, 0, false, true));
        wait(500);
        assertThat(out(1_000, 1, i -> fromVm(4000, i)).size()).isBetween(490, 512);
    }

    @Test
    void whatWaitsAtTheEndIsGivenBack() {
        shape(1, 0, 1);
        out(1, 20, i -> fromVm(4000, i));
        assertThat(gateway.mbufsHeld()).isEqualTo(19);
    }
}
