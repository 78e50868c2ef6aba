package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import org.junit.jupiter.api.Test;

/** More packets are to wait than can: who has most of them must give way. */
class LimitFloodTest extends NatTestBase {

    private static final int NICS = 6;
    private static final int BURST_MS = 32;
    private static final int BURST = 4;
    private static final int BURSTS = 62;

    /** An IP packet of 1000 bytes. */
    private static byte[] packet(int source, int destination) {
        byte[] udp = Wire.udp(source, destination, 4000, 53, new byte[972]);
        return Wire.ipv4(source, destination, Wire.UDP, 64, 0, 0x4000, 0, udp);
    }

    private void nicsOfTenant1() {
        for (int nic = 0; nic < NICS; nic++) {
            int ca = Net.VM1 + 0x40 + nic;
            vm(1, ca);
            gateway.tables.nicRates.set(1, new Ipv4Address(ca), new NicRates.Row(10, 0, nic, ca));
            gateway.tables.rates.setNic(nic, new RateLimits.Row(1_000, 1_000, 0, 0, true, false));
        }
        gateway.tables.rates.setTenant(1, new RateLimits.Row(0, 0, 0, 0, false, false, true));
        gateway.tables.epochs.bump(1);
    }

    /** Six NICs of tenant 1 offer eight times their maximum; tenant 2 sends what it may, four packets at a time. */
    @Test
    void aTenantsFloodCostsNoPacketOfAnother() {
        nicsOfTenant1();
        gateway.tables.rates.setTenant(2, new RateLimits.Row(0, 1_000, 0, 0, true, false));
        gateway.tables.epochs.bump(2);
        int arrived = 0;
        for (int ms = 0; ms < BURST_MS * BURSTS; ms++) {
            for (int nic = 0; nic < NICS; nic++) {
                arrived += ofTenant2(gateway.intoPa(Net.fromVm1(1, packet(Net.VM1 + 0x40 + nic, Net.SERVER))));
            }
            for (int i = 0; i < BURST && ms % BURST_MS == 0; i++) {
                arrived += ofTenant2(gateway.intoPa(Net.fromVm1(2, packet(Net.VM1, Net.FAR))));
            }
            arrived += ofTenant2(gateway.turnAfter(1));
        }
        assertThat(arrived).isEqualTo(BURST * BURSTS);
        Meters meters = gateway.worker.meters();
        assertThat(meters.drops(meters.nic(0, Meters.OUTBOUND)))
                .as("there was a flood")
                .isPositive();
    }

    private static int ofTenant2(TestGateway.Sent sent) {
        return (int) sent.ext().stream()
                .filter(frame -> Wire.i32(TestGateway.ip(frame), 16) == Net.FAR)
                .count();
    }
}
