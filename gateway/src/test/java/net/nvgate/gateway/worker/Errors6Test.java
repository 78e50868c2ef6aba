package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.FibEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** ICMPv6 errors about packets that turn round in the gateway reach the tenant that sent them, about the packet as it was sent. */
@ExtendWith(EalExtension.class)
class Errors6Test {

    /** VM 1 of tenant 2 as tenant 1 sees it. */
    private static final byte[] OTHER = Wire6.address("2001:db8:2:cf46::3");

    private static final String PREFIX = "2001:db8:64::";

    private final TestGateway gateway = Links6.on(Net6.on(new TestGateway()));

    @AfterEach
    void close() {
        gateway.close();
    }

    private byte[] error(byte[] frame) {
        return Net6.inHostA(gateway.intoPa(frame).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
    }

    private static void require(byte[] error, byte[] packet, int typeAndCode, int word) {
        assertThat(Wire6.source(error)).isEqualTo(Net6.GATEWAY_CA);
        assertThat(Wire6.destination(error)).isEqualTo(Net6.VM1);
        assertThat(Wire.u16(error, 40)).isEqualTo(typeAndCode);
        assertThat(Wire.i32(error, 44)).isEqualTo(word);
        byte[] about = Wire.slice(error, 48);
        byte[] sent = Wire.slice(packet, 0, about.length);
        // The hop to us has been counted.
        about[7] = sent[7];
        assertThat(about).isEqualTo(sent);
    }

    private static byte[] hops(byte[] packet, int hopLimit) {
        packet[7] = (byte) hopLimit;
        return packet;
    }

    @Test
    @Requirement({"RFC 6296 4.3", "RFC 4443 3.1", "RFC 4443 3.2", "RFC 4443 3.3"})
    void nptv6BetweenTenants() {
        byte[] reached = Wire6.udpPacket(Net6.VM1, OTHER, 1, 2);
        byte[] there = Net6.inHostA(gateway.intoPa(Net6.fromVm1(1, reached)).onlyPa(), Net.VM_VSID[2], Net.VM1_MAC);
        assertThat(Wire6.source(there)).isEqualTo(Net6.OUTSIDE_VM1);
        byte[] expired = hops(Wire6.udpPacket(Net6.VM1, OTHER, 1, 2), 2);
        require(error(Net6.fromVm1(1, expired)), expired, 0x300, 0);
        byte[] nowhere = Wire6.udpPacket(Net6.VM1, Wire6.address("2001:db8:2:cf46::99"), 1, 2);
        require(error(Net6.fromVm1(1, nowhere)), nowhere, 0x103, 0);
        byte[] big = Wire6.ipv6(Net6.VM1, OTHER, 59, new byte[1420]);
        require(error(Net6.fromVm1(1, big)), big, 0x200, 1458);
        byte[] unmappable = Wire6.udpPacket(Net6.VM1, Wire6.address("2001:db8:2:ffff::3"), 1, 2);
        require(error(Net6.fromVm1(1, unmappable)), unmappable, 0x400, 24);
        Net6.route(gateway, 2, "fd00:1:0:8::", 64, FibEntry.PROHIBITED, none());
        byte[] rejected = Wire6.udpPacket(Net6.VM1, Wire6.address("2001:db8:2:cf4e::3"), 1, 2);
        require(error(Net6.fromVm1(1, rejected)), rejected, 0x106, 0);
        assertThat(gateway.drops())
                .isEqualTo(Map.of(
                        DropReason.TTL_EXPIRED, 1L,
                        DropReason.NO_RECORD, 1L,
                        DropReason.TOO_BIG, 1L,
                        DropReason.NPTV6_UNMAPPABLE, 1L,
                        DropReason.BLACKHOLE_ROUTE, 1L));
    }

    private static Ipv6Address none() {
        return Ipv6Address.UNSPECIFIED;
    }

    /** No error about an error, and none that goes round. */
    @Test
    @Requirement("RFC 4443 2.4e")
    void nothingIsSaidAboutAnError() {
        byte[] about = Wire6.udpPacket(OTHER, Net6.OUTSIDE_VM1, 1, 2);
        byte[] error = hops(Wire6.icmpPacket(Net6.VM1, OTHER, 1, 4, 0, about), 2);
        assertThat(gateway.intoPa(Net6.fromVm1(1, error)).isEmpty()).isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.TTL_EXPIRED, 1L));
    }

    @Test
    @Requirement({"RFC 6296 4.3", "RFC 4443 3.3"})
    void aVmOfAVlanHearsOfItToo() {
        byte[] expired = hops(Wire6.udpPacket(Links6.BACK_VM, OTHER, 1, 2), 2);
        byte[] error = Links6.atBack(gateway.intoPa(Links6.fromBack(1, expired)).onlyPa(), 1);
        assertThat(Wire6.source(error)).isEqualTo(Links6.BACK);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x300);
        assertThat(Wire6.source(Wire.slice(error, 48))).isEqualTo(Links6.BACK_VM);
    }

    private static byte[] seen(int ipv4) {
        return Wire6.address(PREFIX + Wire.dotted(ipv4));
    }

    private void nat64() {
        gateway.tables.nat64.put(1, Ipv6Address.parse(PREFIX), 96);
        gateway.tables.nat64.putDefault(1, Ipv6Address.parse(PREFIX), 96);
        gateway.tables.epochs.bump(1);
    }

    /** Two IPv6 hosts of a tenant that know each other by the external IPv4 address that NAT64 gave them. */
    @Test
    @Requirement({"RFC 6146 3.8", "RFC 4443 3.2", "RFC 4443 3.3"})
    void nat64BetweenHostsOfATenant() {
        nat64();
        // VM 2 lets VM 1 in by what it sends.
        gateway.intoPa(Net6.fromVm2(1, Wire6.udpPacket(Net6.VM2, seen(Net.NAT[1]), 5000, 4000)));
        byte[] packet = Wire6.udpPacket(Net6.VM1, seen(Net.NAT[1]), 4000, 5000);
        byte[] there = gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa();
        assertThat(Wire6.destination(Net6.inHostB(there, Net.VM_VSID[1], Net.VM2_MAC)))
                .isEqualTo(Net6.VM2);
        byte[] expired = hops(packet.clone(), 2);
        byte[] error = error(Net6.fromVm1(1, expired));
        assertThat(Wire.u16(error, 40)).isEqualTo(0x300);
        byte[] about = Wire.slice(error, 48);
        assertThat(Wire6.source(about)).isEqualTo(Net6.VM1);
        assertThat(Wire6.destination(about)).isEqualTo(seen(Net.NAT[1]));
        assertThat(Wire.i32(about, 40)).as("ports").isEqualTo(4000 << 16 | 5000);
        byte[] data = Wire6.udp(Net6.VM1, seen(Net.NAT[1]), 4000, 5000, new byte[1402]);
        byte[] big = Wire6.ipv6(Net6.VM1, seen(Net.NAT[1]), 17, data);
        error = error(Net6.fromVm1(1, big));
        assertThat(Wire.u16(error, 40)).isEqualTo(0x200);
        assertThat(Wire.i32(error, 44)).isEqualTo(1438);
        assertThat(Wire6.source(Wire.slice(error, 48))).isEqualTo(Net6.VM1);
    }

    @Test
    @Requirement({"RFC 6146 2", "RFC 6146 3.6", "nat-behaviour 86"})
    void nat64OfAVmOfAVlan() {
        nat64();
        byte[] out = TestGateway.ip(gateway.intoPa(
                        Links6.fromBack(1, Wire6.udpPacket(Links6.BACK_VM, seen(Net.SERVER), 4000, 53)))
                .onlyExt());
        Wire.requireRight(out);
        assertThat(Wire.i32(out, 12)).isEqualTo(Net.NAT[1]);
        byte[] back = Net.udp(Net.SERVER, Net.NAT[1], 53, Wire.u16(out, 20));
        byte[] in = Links6.atBack(gateway.intoExt(Net.fromOutside(back)).onlyPa(), 1);
        assertThat(Wire6.source(in)).isEqualTo(seen(Net.SERVER));
        assertThat(Wire6.destination(in)).isEqualTo(Links6.BACK_VM);
        byte[] expired = Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.ICMP, Wire.icmp(11, 0, 0, out));
        byte[] error = Links6.atBack(gateway.intoExt(Net.fromOutside(expired)).onlyPa(), 1);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x300);
        assertThat(gateway.drops()).isEmpty();
        byte[] forged = Wire6.udpPacket(Net6.VM1, seen(Net.SERVER), 4000, 53);
        assertThat(gateway.intoPa(Links6.fromBack(1, forged)).isEmpty()).isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 1L));
    }
}
