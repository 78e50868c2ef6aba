package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.RateLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Limits of tenants hold for IPv6, too, which has no sessions: by prefix translation and by NAT64. */
@ExtendWith(EalExtension.class)
class Limit6Test {

    private final TestGateway gateway = Net6.on(new TestGateway());
    private final byte[] packet = Wire6.udpPacket(Net6.VM1, Net6.SERVER, 4000, 53);

    @BeforeEach
    void routed() {
        Drops6.pair(gateway, 1, "fd00:1::", "2001:db8:5::", 48);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void limit(int inPackets, int outPackets, boolean shapes) {
        gateway.tables.rates.setTenant(1, new RateLimits.Row(0, 0, inPackets, outPackets, shapes, false));
        gateway.tables.epochs.bump(1);
    }

    private int leave(int count) {
        int left = 0;
        for (int i = 0; i < count; i++) {
            left += gateway.intoPa(Net6.fromVm1(1, packet)).ext().size();
        }
        return left;
    }

    @Test
    void outboundIsLimited() {
        assertThat(leave(20)).isEqualTo(20);
        limit(0, 100, false);
        assertThat(leave(20)).isEqualTo(2);
        gateway.pass(20);
        assertThat(leave(20)).isEqualTo(2);
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.LIMIT_PACKETS_OUT);
    }

    @Test
    void inboundIsLimited() {
        byte[] out = Net6.outside(gateway.intoPa(Net6.fromVm1(1, packet)).onlyExt(), Net6.SERVER_MAC);
        byte[] answer = Wire6.udpPacket(Net6.SERVER, Wire6.source(out), 53, 4000);
        limit(100, 0, false);
        int arrived = 0;
        for (int i = 0; i < 20; i++) {
            arrived += gateway.intoExt(Net6.fromOutside(answer)).pa().size();
        }
        assertThat(arrived).isEqualTo(2);
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.LIMIT_PACKETS_IN);
    }

    @Test
    void whatWaitsLeavesWholeWithItsPrefixTranslated() {
        limit(0, 100, true);
        assertThat(leave(10)).isEqualTo(2);
        int left = 0;
        for (int i = 0; i < 100; i++) {
            for (byte[] frame : gateway.turnAfter(1).ext()) {
                byte[] out = Net6.outside(frame, Net6.SERVER_MAC);
                assertThat(Wire6.source(out)).startsWith(0x20, 0x01, 0x0d, 0xb8, 0, 5);
                left++;
            }
        }
        assertThat(left).isEqualTo(8);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    void nat64CountsForTheSameLimit() {
        byte[] server = Wire6.address("2001:db8:64::203.0.113.50");
        gateway.tables.nat64.put(1, Ipv6Address.parse("2001:db8:64::"), 96);
        limit(0, 100, false);
        int left = 0;
        for (int i = 0; i < 10; i++) {
            left += gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, server, 4000, 53)))
                    .ext()
                    .size();
        }
        assertThat(left).isEqualTo(2);
        assertThat(leave(5)).as("the bucket is empty").isZero();
    }
}
