package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.route.FibEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** IPv6 to and from the physical side: prefix translation by RFC 6296, and prefixes that are routed as they are. */
@ExtendWith(EalExtension.class)
class Nptv6Test {

    private final TestGateway gateway = Net6.on(new TestGateway());

    @AfterEach
    void close() {
        gateway.close();
    }

    private void vm(int tenant, byte[] ca) {
        Net6.record(gateway, tenant, ca, Net.VM_VSID[tenant], Net.VM1_MAC, Net.HOST_A, 0);
    }

    private byte[] sentOutside(int tenant, byte[] packet) {
        return Net6.outside(gateway.intoPa(Net6.fromVm1(tenant, packet)).onlyExt(), Net6.SERVER_MAC);
    }

    private byte[] sentInside(int tenant, byte[] packet) {
        byte[] frame = gateway.intoExt(Net6.fromOutside(packet)).onlyPa();
        return Net6.inHostA(frame, Net.VM_VSID[tenant], Net.VM1_MAC);
    }

    @Test
    @Requirement({"RFC 6296 3.1", "RFC 6296 3.2", "RFC 6296 3.3", "RFC 6296 3.4"})
    void theRfcsExample() {
        // RFC 6296 §3.6, where the outside prefix 2001:db8:1:: gives subnet d550.
        Drops6.pair(gateway, 1, "fd01:203:405::", "2001:db8:5::", 48);
        byte[] inside = Wire6.address("fd01:203:405:1::1234");
        vm(1, inside);
        byte[] out = sentOutside(1, Wire6.udpPacket(inside, Net6.SERVER, 4000, 53));
        assertThat(Wire6.source(out)).isEqualTo(Wire6.address("2001:db8:5:d54c::1234"));
        byte[] in = sentInside(1, Wire6.udpPacket(Net6.SERVER, Wire6.source(out), 53, 4000));
        assertThat(Wire6.destination(in)).isEqualTo(inside);
        assertThat(Wire.u8(in, 7)).isEqualTo(63);
    }

    @Test
    @Requirement({"RFC 6296 3.2", "RFC 6296 3.3", "RFC 6296 4.1"})
    void everyProtocolKeepsItsBytesBothWays() {
        byte[][] packets = {
            Wire6.udpPacket(Net6.VM1, Net6.SERVER, 4000, 53),
            Wire6.tcpPacket(Net6.VM1, Net6.SERVER, 4000, 80, 2),
            Wire6.ping(Net6.VM1, Net6.SERVER, 77),
            Wire6.ipv6(Net6.VM1, Net6.SERVER, 132, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}),
            Wire6.ipv6(Net6.VM1, Net6.SERVER, 44, Wire6.fragment(17, 1232, true, 5, new byte[16]))
        };
        for (byte[] packet : packets) {
            byte[] out = sentOutside(1, packet);
            assertThat(Wire6.source(out)).isEqualTo(Net6.OUTSIDE_VM1);
            assertThat(Wire.slice(out, 24)).as("all but the source").isEqualTo(Wire.slice(packet, 24));
            byte[] other = sentOutside(2, packet);
            assertThat(Wire.slice(Wire6.source(other), 0, 6))
                    .isEqualTo(Wire.slice(Wire6.address("2001:db8:2::"), 0, 6));
        }
        assertThat(gateway.worker.sessions().list(new SessionFilter(0, 0, 0, 0), 10, 0))
                .isEmpty();
    }

    @Test
    @Requirement("RFC 6296 3.3")
    void outAndInAgainIsTheIdentityForRandomAddresses() {
        Random random = new Random(42);
        Drops6.pair(gateway, 1, "fd55:aa00::", "2001:db8:7000::", 36);
        Drops6.pair(gateway, 1, "fd77:1:2:300::", "2001:db8:8:ff00::", 56);
        for (int i = 0; i < 200; i++) {
            byte[] inside = Wire6.address(i % 2 == 0 ? "fd55:aa00::" : "fd77:1:2:300::");
            for (int b = i % 2 == 0 ? 5 : 7; b < 16; b++) {
                inside[b] = (byte) (random.nextInt(4) == 0 ? 0xff : random.nextInt(256));
            }
            inside[15] |= 1;
            if (inside[6] == -1 && inside[7] == -1) {
                inside[7] = 0;
            }
            vm(1, inside);
            byte[] out = sentOutside(1, Wire6.tcpPacket(inside, Net6.SERVER, 4000 + i, 80, 2));
            byte[] outside = Wire6.source(out);
            assertThat(outside).isNotEqualTo(inside);
            byte[] in = sentInside(1, Wire6.tcpPacket(Net6.SERVER, outside, 80, 4000 + i, 0x12));
            assertThat(Wire6.destination(in)).as("%s", Arrays.toString(inside)).isEqualTo(inside);
            gateway.tables.records6.remove(1, Net6.model(inside));
        }
    }

    @Test
    @Requirement("RFC 6296 3.5")
    void longerPrefixesAdjustTheFirstWordThatIsNotAllOnes() {
        Drops6.pair(gateway, 1, "fd66:1:2:3::", "2001:db8:8:9::", 64);
        byte[] inside = Wire6.address("fd66:1:2:3:ffff:0:0:7");
        vm(1, inside);
        byte[] out = sentOutside(1, Wire6.udpPacket(inside, Net6.SERVER, 1, 2));
        byte[] outside = Wire6.source(out);
        assertThat(Wire.slice(outside, 0, 10)).isEqualTo(Wire.slice(Wire6.address("2001:db8:8:9:ffff::"), 0, 10));
        assertThat(Wire.slice(outside, 12)).isEqualTo(Wire.slice(inside, 12));
        assertThat(Wire.u16(outside, 10)).isNotZero();

        byte[] ones = Wire6.address("fd66:1:2:3:ffff:ffff:ffff:ffff");
        vm(1, ones);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(ones, Net6.SERVER, 1, 2)))
                .onlyPa();
        byte[] error = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u16(error, 40)).as("parameter problem").isEqualTo(0x0400);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NPTV6_UNMAPPABLE, 1L));
    }

    @Test
    @Requirement({"RFC 6296 3.4", "RFC 6296 3.1"})
    void aSumOfAllOnesIsWrittenAsZero() {
        // 0 + adjustment of equal sums: fd00:1:1 and 2001:db8:... with the same sum.
        Drops6.pair(gateway, 1, "fd00:0:1::", "fd00:1::", 48);
        byte[] inside = Wire6.address("fd00:0:1:0::5");
        vm(1, inside);
        byte[] out = sentOutside(1, Wire6.udpPacket(inside, Net6.SERVER, 1, 2));
        assertThat(Wire6.source(out)).isEqualTo(Wire6.address("fd00:1:0:0::5"));
    }

    @Test
    @Requirement("RFC 6296 4.3")
    void packetsToATenantsOutsidePrefixTurnRound() {
        byte[] other = Wire6.address("2001:db8:2:cf46::3");
        byte[] packet = Wire6.tcpPacket(Net6.VM1, other, 4000, 80, 2);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa();
        byte[] in = Net6.inHostA(frame, Net.VM_VSID[2], Net.VM1_MAC);
        assertThat(Wire6.source(in)).as("seen by its outside address").isEqualTo(Net6.OUTSIDE_VM1);
        assertThat(Wire6.destination(in)).isEqualTo(Net6.VM1);
        assertThat(Wire.u8(in, 7)).isEqualTo(62);
        assertThat(gateway.count(WorkerCounter.HAIRPINS)).isEqualTo(1);

        byte[] self = Wire6.udpPacket(Net6.VM1, Net6.OUTSIDE_VM1, 4000, 53);
        frame = gateway.intoPa(Net6.fromVm1(1, self)).onlyPa();
        in = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire6.source(in)).isEqualTo(Net6.OUTSIDE_VM1);
        assertThat(Wire6.destination(in)).isEqualTo(Net6.VM1);

        frame = gateway.intoPa(Net6.fromVm1(1, Wire6.ping(Net6.VM1, Net6.EXTERNAL, 3)))
                .onlyPa();
        in = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire6.source(in)).isEqualTo(Net6.EXTERNAL);
        assertThat(Wire.u8(in, 40)).isEqualTo(129);
    }

    @Test
    @Requirement("RFC 6296 4.3")
    void errorsAreTranslatedInsideToo() {
        byte[] sent = sentOutside(1, Wire6.udpPacket(Net6.VM1, Net6.SERVER, 4000, 53));
        byte[] error = Wire6.icmpPacket(Net6.FAR, Net6.OUTSIDE_VM1, 1, 4, 0, sent);
        byte[] in = sentInside(1, error);
        byte[] embedded = Wire.slice(in, 48);
        assertThat(Wire6.source(embedded)).isEqualTo(Net6.VM1);
        assertThat(Wire6.destination(embedded)).isEqualTo(Net6.SERVER);
        Wire6.requireRight(embedded);

        byte[] query = sentInside(1, Wire6.udpPacket(Net6.SERVER, Net6.OUTSIDE_VM1, 53, 9));
        byte[] refused = Wire6.icmpPacket(Net6.VM1, Net6.SERVER, 1, 4, 0, query);
        byte[] out = sentOutside(1, refused);
        embedded = Wire.slice(out, 48);
        assertThat(Wire6.source(out)).isEqualTo(Net6.OUTSIDE_VM1);
        assertThat(Wire6.destination(embedded)).isEqualTo(Net6.OUTSIDE_VM1);
        Wire6.requireRight(embedded);
    }

    @Test
    void anErrorAboutAPacketFromOutsideNamesTheAddressThatWasUsed() {
        byte[] packet = Wire6.udpPacket(Net6.FAR, Wire6.address("2001:db8:1:cf47::99"), 53, 9);
        byte[] frame = gateway.intoExt(Net6.fromOutside(packet)).onlyExt();
        byte[] error = Net6.outside(frame, Net6.ROUTER_MAC);
        assertThat(Wire6.source(error)).isEqualTo(Net6.EXTERNAL);
        assertThat(Wire6.destination(error)).isEqualTo(Net6.FAR);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x0103);
        assertThat(Wire.slice(error, 48)).isEqualTo(packet);

        byte[] big = Wire6.ipv6(Net6.FAR, Net6.OUTSIDE_VM1, 59, new byte[1459 - 40]);
        error = Net6.outside(gateway.intoExt(Net6.fromOutside(big)).onlyExt(), Net6.ROUTER_MAC);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x0200);
        assertThat(Wire.i32(error, 44)).isEqualTo(1458);
        assertThat(Wire.slice(error, 48)).isEqualTo(Wire.slice(big, 0, 1232));
    }

    @Test
    void aPairOfEqualPrefixesIsRoutedUntouched() {
        Drops6.pair(gateway, 1, "2001:db8:77::", "2001:db8:77::", 48);
        byte[] ca = Wire6.address("2001:db8:77:ffff::5");
        vm(1, ca);
        byte[] packet = Wire6.udpPacket(ca, Net6.SERVER, 1, 2);
        byte[] out = sentOutside(1, packet);
        assertThat(Wire6.source(out)).isEqualTo(ca);
        byte[] in = sentInside(1, Wire6.udpPacket(Net6.SERVER, ca, 2, 1));
        assertThat(Wire6.destination(in)).isEqualTo(ca);
    }

    @Test
    void farDestinationsGoToTheRouterByItsLinkLocalAddress() {
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, Net6.FAR, 1, 2)))
                .onlyExt();
        assertThat(Wire6.source(Net6.outside(frame, Net6.ROUTER_MAC))).isEqualTo(Net6.OUTSIDE_VM1);
        Net6.route(gateway, 1, "2600::", 16, FibEntry.BLACKHOLE, Ipv6Address.UNSPECIFIED);
        frame = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, Net6.FAR, 1, 2)))
                .onlyPa();
        assertThat(Wire.u16(Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC), 40))
                .isEqualTo(0x0100);
    }
}
