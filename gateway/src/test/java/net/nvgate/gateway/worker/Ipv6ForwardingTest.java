package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** IPv6 of tenants between VMs and to the physical side, inside outer IPv4 and IPv6. */
@ExtendWith(EalExtension.class)
class Ipv6ForwardingTest {

    private final TestGateway gateway = Net6.on(new TestGateway());

    @AfterEach
    void close() {
        gateway.close();
    }

    /** The packet with another hop limit. */
    private static byte[] hops(byte[] ip, int hopLimit) {
        byte[] copy = ip.clone();
        copy[7] = (byte) hopLimit;
        return copy;
    }

    @Test
    @Requirement({"RFC 7676 3", "RFC 8200 3"})
    void betweenVmsWhoseHostsHaveDifferentFamilies() {
        byte[] out = Wire6.udpPacket(Net6.VM1, Net6.VM2, 4000, 53);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, out)).onlyPa();
        assertThat(Net6.inHostB(frame, Net.VM_VSID[1], Net.VM2_MAC)).isEqualTo(hops(out, 63));

        byte[] back = Wire6.tcpPacket(Net6.VM2, Net6.VM1, 80, 4000, 0x12);
        frame = gateway.intoPa(Net6.fromVm2(1, back)).onlyPa();
        assertThat(Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC)).isEqualTo(hops(back, 63));
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.worker.counters().vsid(2, VsidCounter.TX_PACKETS)).isEqualTo(2);
        assertThat(gateway.worker.counters().vsid(3, VsidCounter.RX_PACKETS)).isEqualTo(2);
    }

    @Test
    @Requirement({"RFC 7676 3", "RFC 7637 3.2e"})
    void ipv4OfTenantsByIpv6ProviderAddresses() {
        int hostB = gateway.tables.providerAddresses6.handle(Net6.model(Net6.HOST_B));
        gateway.record(1, Net.VM2, Net.VM_VSID[1], Net.VM2_MAC, hostB, 0);
        byte[] frame =
                gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.VM2, 1, 2))).onlyPa();
        assertThat(Wire.u16(frame, 12)).isEqualTo(Wire6.TYPE);
        byte[] inner = Wire.slice(frame, 14 + 48);
        assertThat(Wire.u16(inner, 12)).isEqualTo(0x800);
        assertThat(Wire.i32(inner, 14 + 16)).isEqualTo(Net.VM2);

        // And out to the Internet by NAT, with the answer back into IPv6.
        byte[] query = Wire.ethernet(Net.GATEWAY_MAC, Net.VM2_MAC, 0x800, Net.udp(Net.VM2, Net.SERVER, 4000, 53));
        byte[] sent = gateway.intoPa(Net6.outer(Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 7, query)))
                .onlyExt();
        byte[] ip = TestGateway.ip(sent);
        byte[] answer = Net.udp(Net.SERVER, Net.NAT[1], 53, Wire.u16(ip, 20));
        frame = gateway.intoExt(Net.fromOutside(answer)).onlyPa();
        assertThat(Wire.u16(frame, 12)).isEqualTo(Wire6.TYPE);
        assertThat(Wire6.destination(Wire.slice(frame, 14))).isEqualTo(Net6.HOST_B);
        assertThat(Wire.i32(frame, 14 + 48 + 14 + 16)).isEqualTo(Net.VM2);
    }

    @Test
    void anIpv4SourceOfAVmOnAnIpv6HostIsCheckedByItsHost() {
        byte[] forged = Wire.ethernet(Net.GATEWAY_MAC, Net.VM2_MAC, 0x800, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(gateway.intoPa(Net6.outer(Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 7, forged)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 1L));
    }

    @Test
    void toAPrefixBehindAVmAndFromIt() {
        byte[] there = Wire6.udpPacket(Net6.VM1, Net6.BEHIND_VM2, 1, 2);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, there)).onlyPa();
        assertThat(Net6.inHostB(frame, Net.VM_VSID[1], Net.VM2_MAC)).isEqualTo(hops(there, 63));
        byte[] back = Wire6.udpPacket(Net6.BEHIND_VM2, Net6.VM1, 2, 1);
        frame = gateway.intoPa(Net6.fromVm2(1, back)).onlyPa();
        assertThat(Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC)).isEqualTo(hops(back, 63));
    }

    @Test
    @Requirement("RFC 8200 4")
    void extensionHeadersAndFragmentsPassUnchanged() {
        byte[] udp = Wire6.udp(Net6.VM1, Net6.VM2, 1, 2, new byte[40]);
        byte[] options = Wire6.ipv6(Net6.VM1, Net6.VM2, 0, Wire6.extension(60, 1, Wire6.extension(17, 2, udp)));
        byte[] first = Wire6.ipv6(Net6.VM1, Net6.VM2, 44, Wire6.fragment(17, 0, true, 9, Wire.slice(udp, 0, 24)));
        byte[] later = Wire6.ipv6(Net6.VM1, Net6.VM2, 44, Wire6.fragment(17, 24, false, 9, Wire.slice(udp, 24)));
        for (byte[] packet : new byte[][] {options, later, first}) {
            byte[] frame = gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa();
            assertThat(Net6.inHostB(frame, Net.VM_VSID[1], Net.VM2_MAC)).isEqualTo(hops(packet, 63));
        }
    }

    @Test
    @Requirement("RFC 6040 4.1")
    void theOuterTrafficClassIsTheInnerOne() {
        byte[] marked = Wire6.ipv6(Net6.VM1, Net6.VM2, 59, 64, 0xba, 0, new byte[4]);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, marked)).onlyPa();
        assertThat((Wire.i32(frame, 14) >>> 20) & 0xff).isEqualTo(0xba);
        byte[] toHostA = Wire6.ipv6(Net6.VM2, Net6.VM1, 59, 64, 0xb9, 0, new byte[4]);
        frame = gateway.intoPa(Net6.fromVm2(1, toHostA)).onlyPa();
        assertThat(Wire.u8(frame, 15)).isEqualTo(0xb9);
    }

    @Test
    @Requirement("RFC 6040 4.2")
    void aCongestionMarkOutsideGoesInside() {
        byte[] inner = Wire6.ipv6(Net6.VM2, Net6.VM1, 59, 64, 0x02, 0, new byte[4]);
        byte[] gre = Wire.gre(
                0x20006558, Net.GATEWAY_VSID[1], 7, Wire.ethernet(Net.GATEWAY_MAC, Net.VM2_MAC, Wire6.TYPE, inner));
        byte[] outer = Wire6.ipv6(Net6.HOST_B, Net6.PA, Wire.GRE, 64, 0x03, 0, gre);
        byte[] frame = gateway.intoPa(Wire.ethernet(Net.PA_MAC, Net.HOST_B_MAC, Wire6.TYPE, outer))
                .onlyPa();
        byte[] ip = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat((Wire.i32(ip, 0) >>> 20) & 0xff).isEqualTo(0x03);
    }

    @Test
    @Requirement("RFC 7676 4")
    void theFlowLabelOutsideIsTheFlowsAndNeverZero() {
        int[] labels = new int[20];
        for (int port = 0; port < labels.length; port++) {
            byte[] packet = Wire6.udpPacket(Net6.VM1, Net6.VM2, 1000 + port, 53);
            byte[] frame = gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa();
            byte[] again = gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa();
            labels[port] = Wire.i32(frame, 14) & 0xfffff;
            assertThat(labels[port]).isNotZero().isEqualTo(Wire.i32(again, 14) & 0xfffff);
            assertThat(Wire.u8(frame, 14 + 7)).as("hop limit").isEqualTo(64);
            assertThat(Wire.u8(frame, 14 + 47)).as("FlowID").isEqualTo(Wire.u8(again, 14 + 47));
        }
        assertThat(Arrays.stream(labels).distinct().count()).isGreaterThan(10);
    }

    @Test
    @Requirement({"RFC 4443 2.2", "RFC 4443 3.3", "RFC 8200 3"})
    void anExpiredHopLimitIsToldFromTheGatewaysAddress() {
        byte[] packet = hops(Wire6.udpPacket(Net6.VM1, Net6.SERVER, 4000, 53), 1);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa();
        byte[] error = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire6.source(error)).isEqualTo(Net6.GATEWAY_CA);
        assertThat(Wire6.destination(error)).isEqualTo(Net6.VM1);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x0300);
        assertThat(Wire.i32(error, 44)).isZero();
        assertThat(Wire.slice(error, 48)).isEqualTo(packet);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.TTL_EXPIRED, 1L));
    }

    @Test
    @Requirement({"RFC 4443 3.2", "RFC 8200 4.5", "RFC 4459 3.2"})
    void whatDoesNotFitIsNeverFragmentedAndItsSenderToldTheMtu() {
        byte[] fits = Wire6.ipv6(Net6.VM1, Net6.VM2, 59, new byte[1500 - 62 - 40]);
        assertThat(gateway.intoPa(Net6.fromVm1(1, fits)).onlyPa()).hasSize(14 + 1500);
        byte[] big = Wire6.ipv6(Net6.VM1, Net6.VM2, 59, new byte[1500 - 62 - 40 + 1]);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, big)).onlyPa();
        byte[] error = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x0200);
        assertThat(Wire.i32(error, 44)).as("with outer IPv6").isEqualTo(1438);

        byte[] fromHostB = Wire6.ipv6(Net6.VM2, Net6.VM1, 59, new byte[1459 - 40]);
        frame = gateway.intoPa(Net6.fromVm2(1, fromHostB)).onlyPa();
        error = Net6.inHostB(frame, Net.VM_VSID[1], Net.VM2_MAC);
        assertThat(Wire.i32(error, 44)).as("with outer IPv4").isEqualTo(1458);
    }

    @Test
    @Requirement("RFC 4443 2.4c")
    void anErrorIsAtMost1280BytesLong() {
        byte[] big = Wire6.ipv6(Net6.VM1, Net6.VM2, 59, new byte[1400]);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, big)).onlyPa();
        byte[] error = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(error).hasSize(1280);
        assertThat(Wire.slice(error, 48)).isEqualTo(Wire.slice(big, 0, 1232));
    }

    @Test
    @Requirement("RFC 4443 3.1")
    void whatHasNoWayIsUnreachable() {
        assertThat(unreachable(Wire6.address("fc00::1"))).as("no route").isZero();
        assertThat(unreachable(Wire6.address("fd00:1::99"))).as("no such VM").isEqualTo(3);
        byte[] stranger = Wire6.address("fd00:2::3");
        Net6.record(gateway, 1, stranger, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
        byte[] packet = Wire6.udpPacket(stranger, Net6.SERVER, 1, 2);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa();
        byte[] error = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u16(error, 40)).as("the source has no outside prefix").isEqualTo(0x0105);
    }

    private int unreachable(byte[] destination) {
        byte[] packet = Wire6.udpPacket(Net6.VM1, destination, 1, 2);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa();
        byte[] error = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u8(error, 40)).isEqualTo(1);
        return Wire.u8(error, 41);
    }

    @Test
    @Requirement("RFC 4443 2.4e")
    void noErrorAboutErrors() {
        byte[] embedded = Wire6.udpPacket(Net6.SERVER, Net6.VM1, 1, 2);
        byte[] error = Wire6.icmpPacket(Net6.VM1, Wire6.address("fc00::1"), 1, 4, 0, embedded);
        assertThat(gateway.intoPa(Net6.fromVm1(1, error)).isEmpty()).isTrue();
        byte[] redirect = Wire6.icmpPacket(Net6.VM1, Net6.VM2, 137, 0, 0, new byte[32]);
        assertThat(gateway.intoPa(Net6.fromVm1(1, redirect)).isEmpty()).isTrue();
        byte[] later = Wire6.ipv6(
                Net6.VM1, Wire6.address("fc00::1"), 44, Wire6.fragment(Wire6.ICMPV6, 64, false, 3, new byte[8]));
        assertThat(gateway.intoPa(Net6.fromVm1(1, later)).isEmpty()).isTrue();
        assertThat(gateway.count(WorkerCounter.ICMP_ERRORS_SENT)).isZero();
    }

    @Test
    @Requirement("RFC 4443 2.4f")
    void theRateOfErrorsIsLimited() {
        byte[] packet = Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, Wire6.address("fc00::1"), 1, 2));
        int sent = 0;
        for (int i = 0; i < TestGateway.CONFIG.icmpErrorsPerSecond() + 50; i++) {
            sent += gateway.intoPa(packet).pa().size();
        }
        assertThat(sent).isEqualTo(TestGateway.CONFIG.icmpErrorsPerSecond());
        assertThat(gateway.count(WorkerCounter.ICMP_ERRORS_LIMITED)).isEqualTo(50);
        gateway.turnAfter(1000);
        assertThat(gateway.intoPa(packet).pa()).hasSize(1);
    }

    @Test
    @Requirement({"RFC 4443 4.2", "RFC 4443 2.1"})
    void pingsToEveryAddressOfOursAreAnswered() {
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, Wire6.ping(Net6.VM1, Net6.GATEWAY_CA, 5)))
                .onlyPa();
        assertThat(Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC))
                .isEqualTo(Wire6.pong(Net6.GATEWAY_CA, Net6.VM1, 5));
        frame = gateway.intoPa(Net6.fromVm2(1, Wire6.ping(Net6.VM2, Net6.DG, 6)))
                .onlyPa();
        assertThat(Net6.inHostB(frame, Net.VM_VSID[1], Net.VM2_MAC)).isEqualTo(Wire6.pong(Net6.DG, Net6.VM2, 6));

        byte[] onPa = Wire.ethernet(Net.PA_MAC, Net.HOST_B_MAC, Wire6.TYPE, Wire6.ping(Net6.HOST_B, Net6.PA, 7));
        frame = gateway.intoPa(onPa).onlyPa();
        assertThat(frame)
                .isEqualTo(Wire.ethernet(Net.HOST_B_MAC, Net.PA_MAC, Wire6.TYPE, Wire6.pong(Net6.PA, Net6.HOST_B, 7)));

        frame = gateway.intoExt(Net6.fromOutside(Wire6.ping(Net6.FAR, Net6.EXTERNAL, 8)))
                .onlyExt();
        assertThat(Net6.outside(frame, Net6.ROUTER_MAC)).isEqualTo(Wire6.pong(Net6.EXTERNAL, Net6.FAR, 8));

        byte[] linkLocal = Wire6.address("fe80::ff:fe00:aa02");
        frame = gateway.intoExt(Net6.fromOutside(Wire6.ping(Net6.ROUTER, linkLocal, 9)))
                .onlyExt();
        assertThat(Net6.outside(frame, Net6.ROUTER_MAC)).isEqualTo(Wire6.pong(linkLocal, Net6.ROUTER, 9));
        assertThat(gateway.count(WorkerCounter.ECHOES_ANSWERED)).isEqualTo(5);

        byte[] wrong = Wire6.ping(Net6.FAR, Net6.EXTERNAL, 8);
        wrong[50] ^= 1;
        assertThat(gateway.intoExt(Net6.fromOutside(wrong)).isEmpty()).isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ICMP_CHECKSUM, 1L));
    }

    @Test
    @Requirement({"RFC 4291 2.5.2", "RFC 4291 2.5.3", "RFC 4291 2.5.6", "RFC 4291 2.7", "RFC 8200 3a"})
    void whatMustNotBeForwardedIsNot() {
        String[][] pairs = {
            {"::", "fd00:1::4"},
            {"::1", "fd00:1::4"},
            {"fe80::3", "fd00:1::4"},
            {"fd00:1::3", "fe80::4"},
            {"fd00:1::3", "::1"},
            {"fd00:1::3", "::"},
            {"ff02::1", "fd00:1::4"},
            {"fd00:1::3", "ff05::2"}
        };
        for (String[] pair : pairs) {
            byte[] packet = Wire6.udpPacket(Wire6.address(pair[0]), Wire6.address(pair[1]), 1, 2);
            assertThat(gateway.intoPa(Net6.fromVm1(1, packet)).isEmpty())
                    .as("%s to %s", pair[0], pair[1])
                    .isTrue();
        }
        byte[] good = Wire6.udpPacket(Net6.VM1, Net6.VM2, 1, 2);
        byte[] version = good.clone();
        version[0] = 0x50;
        byte[] length = good.clone();
        length[4] = 1;
        assertThat(gateway.intoPa(Net6.fromVm1(1, version)).isEmpty()).isTrue();
        assertThat(gateway.intoPa(Net6.fromVm1(1, length)).isEmpty()).isTrue();
        assertThat(gateway.drops().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(pairs.length + 2L);
    }

    @Test
    @Requirement("RFC 8200 5")
    void packetsOf1280BytesPassWhereThePaNetworkCarriesThem() {
        byte[] least = Wire6.ipv6(Net6.VM1, Net6.VM2, 59, new byte[1280 - 40]);
        try (TestGateway narrow =
                Net6.on(new TestGateway(TestGateway.CONFIG, PacketPort.detached(Net.PA_MAC, 1342, false)))) {
            assertThat(narrow.intoPa(Net6.fromVm1(1, least)).onlyPa()).hasSize(14 + 1342);
            byte[] more = Wire6.ipv6(Net6.VM1, Net6.VM2, 59, new byte[1281 - 40]);
            byte[] frame = narrow.intoPa(Net6.fromVm1(1, more)).onlyPa();
            byte[] error = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
            assertThat(Wire.i32(error, 44)).isEqualTo(1280);
        }
    }

    @Test
    void packetsWaitForANeighbourThatIsAskedFor() {
        byte[] host = Wire6.address("2001:db8:aa::7");
        int handle = gateway.tables.providerAddresses6.handle(Net6.model(host));
        Net6.record(gateway, 1, Net6.VM2, Net.VM_VSID[1], Net.VM2_MAC, handle, 0);
        byte[] packet = Wire6.udpPacket(Net6.VM1, Net6.VM2, 1, 2);
        assertThat(gateway.intoPa(Net6.fromVm1(1, packet)).isEmpty()).isTrue();
        FixedNeighbors.add(gateway.neighbors, Net.PA_PORT, Net6.model(host), 0x02000000bb07L);
        byte[] frame = gateway.turnAfter(10).onlyPa();
        assertThat(Wire.mac(frame, 0)).isEqualTo(0x02000000bb07L);
        assertThat(Wire6.destination(Wire.slice(frame, 14))).isEqualTo(host);
    }
}
