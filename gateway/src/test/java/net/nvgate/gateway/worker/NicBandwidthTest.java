package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import org.junit.jupiter.api.Test;

/** What port profiles say of bandwidth, where there is not enough for all: packets in, packets out, by a clock that stands until moved. */
class NicBandwidthTest extends NatTestBase {

    private static final int DATA = 972;
    private static final int MS = 2_000;

    private void nic(int tenant, int ca, int weight, int minimumKbps, int nic) {
        gateway.tables.nicRates.set(tenant, new Ipv4Address(ca), new NicRates.Row(weight, minimumKbps, nic, ca));
    }

    private void limit(int tenant, RateLimits.Row row) {
        gateway.tables.rates.setTenant(tenant, row);
        gateway.tables.epochs.bump(tenant);
    }

    /** An IP packet of 1000 bytes. */
    private static byte[] packet(int source, int destination, int sourcePort, int destinationPort) {
        byte[] udp = Wire.udp(source, destination, sourcePort, destinationPort, new byte[DATA]);
        return Wire.ipv4(source, destination, Wire.UDP, 64, 0, 0x4000, 0, udp);
    }

    /** Two VMs offer 8 Mbit/s each for two seconds: packets of each that left by the external port, by their destinations. */
    private Map<Integer, Integer> share(int secondTenant) {
        Map<Integer, Integer> left = new HashMap<>();
        for (int ms = 0; ms < MS; ms++) {
            count(left, gateway.intoPa(Net.fromVm1(1, packet(Net.VM1, Net.SERVER, 4000, 53))));
            byte[] second =
                    secondTenant == 1 ? fromVm2() : Net.fromVm1(secondTenant, packet(Net.VM1, Net.FAR, 4000, 53));
            count(left, gateway.intoPa(second));
            count(left, gateway.turnAfter(1));
        }
        return left;
    }

    private static byte[] fromVm2() {
        byte[] packet = packet(Net.VM2, Net.FAR, 4000, 53);
        return Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, packet);
    }

    private static void count(Map<Integer, Integer> by, TestGateway.Sent sent) {
        sent.ext().forEach(frame -> by.merge(Wire.i32(TestGateway.ip(frame), 16), 1, Integer::sum));
    }

    @Test
    void vmsShareATenantsLimitByTheirWeights() {
        limit(1, new RateLimits.Row(0, 4_000, 0, 0, true, false));
        assertThat(share(1).get(Net.FAR)).as("without profiles").isBetween(480, 520);
        nic(1, Net.VM1, 10, 0, NicRates.NO_INDEX);
        nic(1, Net.VM2, 30, 0, NicRates.NO_INDEX);
        Map<Integer, Integer> left = share(1);
        assertThat(left.get(Net.FAR)).isBetween(720, 780);
        assertThat(left.get(Net.SERVER)).isBetween(220, 280);
    }

    @Test
    void aConnectionsLimitIsSharedLikewise() {
        gateway.tables.rates.setConnection(1, new RateLimits.Row(0, 4_000, 0, 0, true, false));
        limit(1, new RateLimits.Row(0, 0, 0, 0, false, true));
        nic(1, Net.VM2, 30, 0, NicRates.NO_INDEX);
        assertThat(share(1).get(Net.FAR)).isBetween(720, 780);
    }

    @Test
    void aMinimumComesBeforeShares() {
        limit(1, new RateLimits.Row(0, 4_000, 0, 0, true, false));
        nic(1, Net.VM1, 100, 0, NicRates.NO_INDEX);
        nic(1, Net.VM2, 10, 3_000, NicRates.NO_INDEX);
        Map<Integer, Integer> left = share(1);
        assertThat(left.get(Net.FAR)).as("3 Mbit/s and an eleventh of the rest").isBetween(750, 800);
        assertThat(left.get(Net.SERVER)).isBetween(200, 250);
    }

    /** 4 Mbit/s are 1000 packets; of these the NIC has 250, and half of the rest. */
    @Test
    void aNicHasItsMinimumAndShareOnceWhateverItsAddresses() {
        int second = Net.VM1 + 0x40;
        vm(1, second);
        limit(1, new RateLimits.Row(0, 4_000, 0, 0, true, false));
        NicRates.Row row = new NicRates.Row(10, 1_000, NicRates.NO_INDEX, 77);
        gateway.tables.nicRates.set(1, new Ipv4Address(Net.VM1), row);
        gateway.tables.nicRates.set(1, new Ipv4Address(second), row);
        Map<Integer, Integer> left = new HashMap<>();
        for (int ms = 0; ms < MS; ms++) {
            count(left, gateway.intoPa(Net.fromVm1(1, packet(Net.VM1, Net.SERVER, 4000, 53))));
            count(left, gateway.intoPa(Net.fromVm1(1, packet(second, Net.SERVER, 4000, 53))));
            count(left, gateway.intoPa(fromVm2()));
            count(left, gateway.turnAfter(1));
        }
        assertThat(left.get(Net.SERVER)).isBetween(590, 660);
        assertThat(left.get(Net.FAR)).isBetween(340, 410);
    }

    @Test
    void aMaximumHoldsForItsNicAloneInBothDirections() {
        nic(1, Net.VM1, 10, 0, 3);
        gateway.tables.rates.setNic(3, new RateLimits.Row(1_000, 1_000, 0, 0, true, false));
        limit(1, new RateLimits.Row(0, 0, 0, 0, false, false, true));
        byte[] sent = out(1, packet(Net.VM1, Net.SERVER, 4000, 53));
        Map<Integer, Integer> left = share(1);
        assertThat(left.get(Net.SERVER)).isBetween(245, 255);
        assertThat(left.get(Net.FAR)).isEqualTo(MS);
        byte[] answer = packet(Net.SERVER, Wire.i32(sent, 12), 53, Wire.u16(sent, 20));
        assertThat(arriving(answer)).isBetween(245, 255);
        Meters meters = gateway.worker.meters();
        assertThat(meters.drops(meters.nic(3, Meters.INBOUND))).isPositive();
        assertThat(meters.packets(meters.nic(3, Meters.OUTBOUND)))
                .as("with what still waited")
                .isBetween(245L, 290L);
    }

    @Test
    void whatItsNicHasLetThroughWaitsForTheTenantsLimit() {
        nic(1, Net.VM1, 10, 0, 3);
        gateway.tables.rates.setNic(3, new RateLimits.Row(2_000, 2_000, 0, 0, true, false));
        limit(1, new RateLimits.Row(0, 1_000, 0, 0, true, false, true));
        assertThat(share(1).values().stream().mapToInt(Integer::intValue).sum()).isBetween(245, 256);
        gateway.turnAfter(60_000);
        limit(1, new RateLimits.Row(0, 1_000, 0, 0, false, false, true));
        assertThat(share(1).values().stream().mapToInt(Integer::intValue).sum()).isBetween(245, 256);
    }

    /** Packets wait for the NIC when the tenant gets its limit: 250 of 2000 then pass the NIC, 125 of these the tenant. */
    @Test
    void whatItsNicHasLetThroughIsDroppedByTheTenantsLimitInItsTurn() {
        nic(1, Net.VM1, 10, 0, 3);
        gateway.tables.rates.setNic(3, new RateLimits.Row(1_000, 1_000, 0, 0, true, false));
        limit(1, new RateLimits.Row(0, 0, 0, 0, false, false, true));
        offer(100);
        Meters meters = gateway.worker.meters();
        long before = meters.packets(meters.nic(3, Meters.OUTBOUND));
        limit(1, new RateLimits.Row(0, 500, 0, 0, false, false, true));
        int left = offer(MS);
        assertThat(left).isBetween(120, 130);
        assertThat(gateway.drops().get(DropReason.LIMIT_BANDWIDTH_OUT))
                .as("not all that waited at once")
                .isBetween(115L, 135L);
        assertThat(meters.packets(meters.nic(3, Meters.OUTBOUND)) - before)
                .as("not counted where it went no further")
                .isEqualTo(left);
    }

    /** VM 1 of tenant 1 offers 8 Mbit/s: packets that left. */
    private int offer(int milliseconds) {
        Map<Integer, Integer> left = new HashMap<>();
        for (int ms = 0; ms < milliseconds; ms++) {
            count(left, gateway.intoPa(Net.fromVm1(1, packet(Net.VM1, Net.SERVER, 4000, 53))));
            count(left, gateway.turnAfter(1));
        }
        return left.getOrDefault(Net.SERVER, 0);
    }

    /** 4 Mbit/s of frames: 463 of the packets a second with what Ethernet adds. */
    @Test
    void tenantsShareAPortByTheWeightsOfTheirVms() {
        gateway.tables.rates.setPorts(new RateLimits.Row(0, 4_000, 0, 0, true, false));
        nic(1, Net.VM1, 10, 0, NicRates.NO_INDEX);
        nic(2, Net.VM1, 30, 0, NicRates.NO_INDEX);
        Map<Integer, Integer> left = share(2);
        int all = left.getOrDefault(Net.FAR, 0) + left.getOrDefault(Net.SERVER, 0);
        assertThat(all).isBetween(945, 980);
        assertThat(left.get(Net.FAR)).as("of %s", all).isBetween(all * 72 / 100, all * 78 / 100);
    }

    @Test
    void whatThePortStopsIsNotChargedToTheTenant() {
        gateway.tables.rates.setPorts(new RateLimits.Row(0, 800, 0, 0, false, false));
        limit(1, new RateLimits.Row(0, 1_000_000, 0, 0, false, false));
        share(1);
        Meters meters = gateway.worker.meters();
        assertThat(meters.packets(meters.tenant(1, Meters.OUTBOUND)))
                .isEqualTo(meters.packets(meters.port(Meters.OUTBOUND)));
    }

    @Test
    void aChangeOfAMaximumHoldsForTheNextPacketOfASession() {
        nic(1, Net.VM1, 10, 0, 3);
        gateway.tables.rates.setNic(3, new RateLimits.Row(1_000_000, 1_000_000, 0, 0, true, false));
        limit(1, new RateLimits.Row(0, 0, 0, 0, false, false, true));
        assertThat(share(1).get(Net.SERVER)).as("fast").isEqualTo(MS);
        gateway.tables.rates.setNic(3, new RateLimits.Row(1_000, 1_000, 0, 0, true, false));
        gateway.tables.epochs.bump(1);
        assertThat(share(1).get(Net.SERVER)).as("slow").isBetween(245, 260);
        nic(1, Net.VM1, 10, 0, 4);
        gateway.tables.rates.setNic(4, new RateLimits.Row(1_000_000, 1_000_000, 0, 0, true, false));
        gateway.tables.epochs.bump(1);
        gateway.turnAfter(5_000);
        assertThat(share(1).get(Net.SERVER)).as("another index").isGreaterThanOrEqualTo(MS);
    }

    /** As when a tenant is deleted, and its indexes are another's at once. */
    @Test
    void whatWaitsForWhatIsGoneComesBack() {
        RateLimits.Row slow = new RateLimits.Row(1, 1, 0, 0, true, false);
        byte[] sent = out(1, packet(Net.VM1, Net.SERVER, 4000, 53));
        byte[] answer = packet(Net.SERVER, Wire.i32(sent, 12), 53, Wire.u16(sent, 20));
        nic(1, Net.VM1, 10, 0, 3);
        gateway.tables.rates.setNic(3, slow);
        limit(1, new RateLimits.Row(1, 1, 0, 0, true, false, true));
        gateway.tables.rates.setPorts(slow);
        for (int i = 0; i < 10; i++) {
            gateway.intoPa(Net.fromVm1(1, packet(Net.VM1, Net.SERVER, 4000, 53)));
            gateway.intoPa(Net.fromVm1(1, packet(Net.VM2, Net.SERVER, 4000, 53)));
            gateway.intoPa(Net.fromVm1(2, packet(Net.VM1, Net.SERVER, 4000, 53)));
            gateway.intoExt(Net.fromOutside(answer));
        }
        assertThat(gateway.mbufsHeld()).as("wait for NIC, tenant and port").isGreaterThan(20);
        gateway.tables.nicRates.set(1, new Ipv4Address(Net.VM1), NicRates.Row.NONE);
        gateway.tables.rates.setNic(3, RateLimits.Row.NONE);
        gateway.tables.records.remove(1, Net.VM1);
        limit(1, RateLimits.Row.NONE);
        gateway.tables.rates.setPorts(RateLimits.Row.NONE);
        Meters meters = gateway.worker.meters();
        for (int direction : new int[] {Meters.INBOUND, Meters.OUTBOUND}) {
            meters.reset(meters.nic(3, direction));
            meters.reset(meters.tenant(1, direction));
        }
        for (int ms = 0; ms < 30; ms++) {
            gateway.turnAfter(1);
        }
        assertThat(gateway.mbufsHeld()).isZero();
        assertThat(meters.waiting(meters.nic(3, Meters.OUTBOUND))).isZero();
        assertThat(meters.waiting(meters.tenant(1, Meters.OUTBOUND))).isZero();
    }

    /** A host behind VM 2, which routes, and then a VM with the same CA: both have the tenant's limit, neither VM 2's. */
    @Test
    void whoIsBehindAVmHasTheTenantsLimitAndNotThatVms() {
        int behind = Wire.address("10.77.0.5");
        gateway.tables.tenantFib.put(
                new FibRow(1, Wire.address("10.77.0.0"), 24, FibEntry.VIA_CA, Net.VM2, Net.VM_VSID[1], 0, 0, 255));
        gateway.tables.epochs.bump(1);
        nic(1, Net.VM2, 10, 0, 3);
        gateway.tables.rates.setNic(3, new RateLimits.Row(100_000, 0, 0, 0, false, false));
        limit(1, new RateLimits.Row(1_000_000, 0, 0, 0, false, false, true));
        Meters meters = gateway.worker.meters();
        assertThat(arriving(answerTo(packet(Net.VM2, Net.SERVER, 4000, 53)))).isEqualTo(MS);
        assertThat(meters.packets(meters.nic(3, Meters.INBOUND))).isEqualTo(MS);
        byte[] answer = answerTo(packet(behind, Net.SERVER, 4000, 53));
        assertThat(arriving(answer)).isEqualTo(MS);
        assertThat(meters.packets(meters.nic(3, Meters.INBOUND)))
                .as("not VM 2's")
                .isEqualTo(MS);
        limit(1, new RateLimits.Row(1_000, 0, 0, 0, false, false, true));
        assertThat(arriving(answer)).as("the tenant's").isBetween(245, 255);
        vm(1, behind);
        nic(1, behind, 10, 0, 4);
        gateway.tables.rates.setNic(4, new RateLimits.Row(200, 0, 0, 0, false, false));
        gateway.tables.epochs.bump(1);
        gateway.turnAfter(1_000);
        assertThat(arriving(answer)).as("a VM itself").isBetween(48, 55);
    }

    /** To a packet that comes from host B. */
    private byte[] answerTo(byte[] request) {
        byte[] frame = Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, request);
        byte[] sent = TestGateway.ip(gateway.intoPa(frame).onlyExt());
        return packet(Net.SERVER, Wire.i32(sent, 12), 53, Wire.u16(sent, 20));
    }

    /** Of 1000 a second for two seconds. */
    private int arriving(byte[] packet) {
        int arrived = 0;
        for (int ms = 0; ms < MS; ms++) {
            arrived += gateway.intoExt(Net.fromOutside(packet)).pa().size();
            arrived += gateway.turnAfter(1).pa().size();
        }
        return arrived;
    }

    /** As when a VM is deleted and another one's NIC gets its limit: sessions of both are there all the while. */
    @Test
    void anIndexThatIsAnothersHoldsForThatOneAlone() {
        nic(1, Net.VM1, 10, 0, 3);
        gateway.tables.rates.setNic(3, new RateLimits.Row(1_000, 1_000, 0, 0, true, false));
        limit(1, new RateLimits.Row(0, 0, 0, 0, false, false, true));
        Map<Integer, Integer> left = share(1);
        assertThat(left.get(Net.SERVER)).isBetween(245, 260);
        assertThat(left.get(Net.FAR)).isEqualTo(MS);
        gateway.tables.nicRates.set(1, new Ipv4Address(Net.VM1), NicRates.Row.NONE);
        gateway.tables.rates.setNic(3, RateLimits.Row.NONE);
        gateway.tables.epochs.bump(1);
        gateway.turnAfter(5_000);
        gateway.worker.meters().reset(gateway.worker.meters().nic(3, Meters.OUTBOUND));
        nic(1, Net.VM2, 10, 0, 3);
        gateway.tables.rates.setNic(3, new RateLimits.Row(2_000, 2_000, 0, 0, true, false));
        gateway.tables.epochs.bump(1);
        left = share(1);
        assertThat(left.get(Net.SERVER)).as("was limited").isGreaterThanOrEqualTo(MS);
        assertThat(left.get(Net.FAR)).as("is limited").isBetween(490, 520);
    }
}
