package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.gateway.nat.NatTimers;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RateLimits;
import org.junit.jupiter.api.Test;

/** Limits that drop what is too fast (policing): packets in, packets out, by a clock that stands until moved. */
class LimitTest extends NatTestBase {

    private static final int PAYLOAD = 972;
    /** Of an IP packet. */
    private static final int BYTES = 1_000;

    private void limit(int tenant, int inKbps, int outKbps, int inPackets, int outPackets) {
        set(tenant, new RateLimits.Row(inKbps, outKbps, inPackets, outPackets, false, false));
    }

    private void set(int tenant, RateLimits.Row row) {
        gateway.tables.rates.setTenant(tenant, row);
        gateway.tables.epochs.bump(tenant);
    }

    private static byte[] packet(int source, int destination, int sourcePort, int destinationPort) {
        byte[] data = new byte[PAYLOAD];
        return Wire.ipv4(
                source, destination, Wire.UDP, Wire.udp(source, destination, sourcePort, destinationPort, data));
    }

    private static byte[] fromVm(int port) {
        return packet(Net.VM1, Net.SERVER, port, 53);
    }

    private static byte[] toVm(byte[] sent) {
        return packet(Net.SERVER, Wire.i32(sent, 12), 53, Wire.u16(sent, 20));
    }

    /** Packets that leave of one per millisecond. */
    private int outOf(int tenant, int port, int ms) {
        int left = 0;
        for (int i = 0; i < ms; i++) {
            gateway.pass(1);
            left += leaves(tenant, fromVm(port)) ? 1 : 0;
        }
        return left;
    }

    private int inOf(byte[] packet, int ms) {
        int arrived = 0;
        for (int i = 0; i < ms; i++) {
            gateway.pass(1);
            arrived += arrives(packet) ? 1 : 0;
        }
        return arrived;
    }

    @Test
    void outboundBandwidthIsKeptToTwoPercentAndNobodyElsesIs() {
        limit(1, 0, 1_000, 0, 0);
        assertThat(outOf(1, 4000, 2_000)).isBetween(250, 255);
        assertThat(outOf(2, 4000, 100)).as("another tenant").isEqualTo(100);
        assertThat(inOf(toVm(out(1, fromVm(4000))), 100)).as("the other way").isEqualTo(100);
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.LIMIT_BANDWIDTH_OUT);
        assertThat(gateway.worker.counters().vsidDrops(3, DropReason.LIMIT_BANDWIDTH_OUT))
                .as("of the VSID it came by")
                .isEqualTo(gateway.drops().get(DropReason.LIMIT_BANDWIDTH_OUT));
    }

    @Test
    void inboundBandwidthIsKeptToTwoPercent() {
        byte[] answer = toVm(out(1, fromVm(4000)));
        limit(1, 2_000, 0, 0, 0);
        assertThat(inOf(answer, 2_000)).isBetween(500, 510);
        assertThat(outOf(1, 4000, 100)).as("the other way").isEqualTo(100);
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.LIMIT_BANDWIDTH_IN);
    }

    /** From 77 Mbit/s on meters grant a part of their bucket at a time: what is there at one moment is a bucket all the same. */
    @Test
    void grantsLetPassNoMoreThanABucketHolds() {
        byte[] answer = toVm(out(1, fromVm(4000)));
        limit(1, 200_000, 100_000, 0, 0);
        assertThat(leaves(1, fromVm(4000))).isTrue();
        gateway.pass(100);
        int left = 0;
        int arrived = 0;
        for (int i = 0; i < 1_000; i++) {
            left += leaves(1, fromVm(4000)) ? 1 : 0;
            arrived += arrives(answer) ? 1 : 0;
        }
        assertThat(left).isBetween(242, 250);
        assertThat(arrived).isBetween(484, 500);
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.LIMIT_BANDWIDTH_OUT, DropReason.LIMIT_BANDWIDTH_IN);
    }

    @Test
    void packetsPerSecondAreCountedWhateverTheirSize() {
        byte[] answer = toVm(out(1, fromVm(4000)));
        limit(1, 0, 0, 200, 100);
        assertThat(outOf(1, 4000, 2_000)).isBetween(200, 204);
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.LIMIT_PACKETS_OUT);
        assertThat(inOf(answer, 2_000)).isBetween(400, 408);
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.LIMIT_PACKETS_OUT, DropReason.LIMIT_PACKETS_IN);
    }

    @Test
    void manyFlowsOfATenantShareOneLimit() {
        limit(1, 0, 1_000, 0, 0);
        int left = 0;
        for (int i = 0; i < 2_000; i++) {
            gateway.pass(1);
            left += leaves(1, fromVm(4000 + i % 20)) ? 1 : 0;
        }
        assertThat(left).isBetween(250, 255);
    }

    @Test
    void aChangeHoldsForSessionsThatAreThereAndTheyStay() {
        byte[] sent = out(1, fromVm(4000));
        assertThat(outOf(1, 4000, 100)).isEqualTo(100);
        limit(1, 0, 1_000, 0, 0);
        assertThat(outOf(1, 4000, 1_000)).isBetween(125, 128);
        // The other rate is in the row alone: sessions need not be told.
        gateway.tables.rates.setTenant(1, new RateLimits.Row(0, 2_000, 0, 0, false, false));
        assertThat(outOf(1, 4000, 1_000)).isBetween(250, 255);
        set(1, RateLimits.Row.NONE);
        assertThat(outOf(1, 4000, 100)).isEqualTo(100);
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(1);
        assertThat(Wire.u16(out(1, fromVm(4000)), 20)).as("its port").isEqualTo(Wire.u16(sent, 20));
    }

    @Test
    void aConnectionsLimitHoldsBesideTheTenants() {
        gateway.tables.rates.setConnection(1, new RateLimits.Row(0, 1_000, 0, 0, false, false));
        set(1, new RateLimits.Row(0, 0, 0, 0, false, true));
        assertThat(outOf(1, 4000, 2_000)).isBetween(250, 255);
        set(1, new RateLimits.Row(0, 500, 0, 0, false, true));
        assertThat(outOf(1, 4000, 2_000)).as("the tenant's is lower").isBetween(125, 128);
        Meters meters = gateway.worker.meters();
        assertThat(meters.bytes(meters.connection(1, Meters.OUTBOUND)))
                .as("not charged for what the tenant's stops")
                .isBetween(375L * BYTES, 383L * BYTES);
        set(1, new RateLimits.Row(0, 4_000, 0, 0, false, true));
        assertThat(outOf(1, 4000, 2_000)).as("the connection's is lower").isBetween(250, 255);
    }

    /** Connections are numbered in turn, up to as many as there may be NAT addresses. */
    @Test
    void everyConnectionHasAMeterOfItsOwn() {
        int connections = 1 << 16;
        WorkerConfig config = new WorkerConfig(-1, 64, connections, 64, 64, 64, NatTimers.DEFAULT, true, 1000, 100, 0);
        // Numbers alone: its memory is never read.
        Meters meters = WorkerParts.meters(config, (_, _) -> 0, 0);
        for (int i = 0; i < connections; i++) {
            assertThat(meters.owner(meters.connection(i, Meters.OUTBOUND))).isEqualTo(i);
        }
    }

    @Test
    void aConnectionsLimitHoldsInbound() {
        byte[] answer = toVm(out(1, fromVm(4000)));
        gateway.tables.rates.setConnection(1, new RateLimits.Row(1_000, 0, 0, 0, false, false));
        set(1, new RateLimits.Row(0, 0, 0, 0, false, true));
        assertThat(inOf(answer, 2_000)).isBetween(250, 255);
    }

    @Test
    void whatTheGatewayAnswersItselfIsNotLimited() {
        limit(1, 1, 1, 1, 1);
        byte[] expired = Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, 1, 1, 0, 0, new byte[16]);
        for (int i = 0; i < 50; i++) {
            assertThat(gateway.intoPa(Net.fromVm1(1, expired)).pa())
                    .as("time exceeded")
                    .hasSize(1);
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.TTL_EXPIRED, 50L));
    }

    @Test
    void betweenVmsOfATenantNothingIsLimited() {
        limit(1, 1, 1, 1, 1);
        byte[] packet = packet(Net.VM1, Net.VM2, 4000, 53);
        for (int i = 0; i < 50; i++) {
            assertThat(gateway.intoPa(Net.fromVm1(1, packet)).pa()).hasSize(1);
        }
    }
}
