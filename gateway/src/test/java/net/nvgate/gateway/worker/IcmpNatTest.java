package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import org.junit.jupiter.api.Test;

/** ICMP queries and errors through the NAT, to the letter of RFC 5508. */
class IcmpNatTest extends GatewayFixture {

    private static final int UNREACHABLE = 3;
    private static final int PORT = 3;
    private static final int TIME_EXCEEDED = 11;

    private byte[] out(byte[] ip) {
        return gateway.intoPa(Net.fromVm1(1, ip)).outside();
    }

    private byte[] in(byte[] ip) {
        byte[] inner = gateway.intoExt(Net.fromOutside(ip)).insideVm1();
        assertThat(Wire.i32(inner, 16)).isEqualTo(Net.VM1);
        return inner;
    }

    private static byte[] error(int type, int code, byte[] about) {
        return Wire.ipv4(Net.ROUTER, Net.NAT[1], Wire.ICMP, Wire.icmp(type, code, 0, about));
    }

    private static byte[] withTtl(byte[] ip, int ttl) {
        ip[8] = (byte) ttl;
        return Wire.fixIp(ip);
    }

    /** 128 bytes of the packet, then what a router of MPLS adds (RFC 4950): version 2, a sum of its own, an object of one label. */
    @Test
    @Requirement("RFC 5508 REQ-4")
    void extensionsOfErrorsSurvive() {
        byte[] sent =
                out(Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, Wire.udp(Net.VM1, Net.SERVER, 4000, 53, new byte[200])));
        byte[] extension = {0x20, 0, 0, 0, 0, 8, 1, 1, 0x04, (byte) 0xd2, 0x01, 1};
        int sum = ~Wire.sum(extension, 0, extension.length, 0);
        extension[2] = (byte) (sum >>> 8);
        extension[3] = (byte) sum;
        byte[] about = Arrays.copyOf(sent, 128 + extension.length);
        System.arraycopy(extension, 0, about, 128, extension.length);
        byte[] error =
                Wire.ipv4(Net.ROUTER, Net.NAT[1], Wire.ICMP, Wire.icmp(TIME_EXCEEDED, 0, (128 / 4) << 16, about));
        byte[] there = in(error);
        assertThat(there).hasSize(error.length);
        assertThat(Wire.u8(there, 20 + 5)).as("length of the packet, words").isEqualTo(32);
        assertThat(Wire.i32(embedded(there), 12)).isEqualTo(Net.VM1);
        assertThat(Wire.slice(embedded(there), 128)).isEqualTo(extension);
    }

    private static byte[] embedded(byte[] error) {
        return Wire.slice(error, 28);
    }

    @Test
    @Requirement("RFC 5508 REQ-1")
    void timestampQueryGoesOutAndItsAnswerComesBack() {
        byte[] times = new byte[12];
        byte[] sent = out(Wire.ipv4(Net.VM1, Net.SERVER, 1, Wire.icmp(13, 0, 7777 << 16 | 1, times)));
        assertThat(Wire.u8(sent, 20)).isEqualTo(13);
        int id = Wire.u16(sent, 24);
        byte[] back = in(Wire.ipv4(Net.SERVER, Net.NAT[1], 1, Wire.icmp(14, 0, id << 16 | 1, times)));
        assertThat(Wire.u8(back, 20)).isEqualTo(14);
        assertThat(Wire.u16(back, 24)).isEqualTo(7777);
    }

    @Test
    @Requirement("RFC 5508 REQ-1a")
    void identifierIsTheSameWhoeverIsAsked() {
        int first = Wire.u16(out(Net.ping(Net.VM1, Net.SERVER, 7777)), 24);
        assertThat(Wire.u16(out(Net.ping(Net.VM1, Net.FAR, 7777)), 24)).isEqualTo(first);
        byte[] other =
                Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, Net.ping(Net.VM2, Net.SERVER, 7777));
        assertThat(Wire.u16(TestGateway.ip(gateway.intoPa(other).onlyExt()), 24))
                .isNotEqualTo(first);
    }

    @Test
    @Requirement({"RFC 5508 REQ-3b", "RFC 5508 REQ-4a"})
    void optionsOfTheEmbeddedHeaderAreSkipped() {
        byte[] plain = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
        byte[] own = withOptions(plain);
        byte[] sent = out(own);
        assertThat(Wire.u8(sent, 0)).isEqualTo(0x47);
        byte[] restored = embedded(in(error(UNREACHABLE, PORT, Arrays.copyOf(sent, 28 + 8))));
        assertThat(restored).isEqualTo(Arrays.copyOf(withTtl(own, 63), restored.length));
    }

    /** Eight bytes of no-operation options. */
    private static byte[] withOptions(byte[] ip) {
        byte[] longer = new byte[ip.length + 8];
        System.arraycopy(ip, 0, longer, 0, 20);
        Arrays.fill(longer, 20, 28, (byte) 1);
        System.arraycopy(ip, 20, longer, 28, ip.length - 20);
        longer[0] = 0x47;
        longer[2] = (byte) (longer.length >>> 8);
        longer[3] = (byte) longer.length;
        return Wire.fixIp(longer);
    }

    @Test
    @Requirement("RFC 5508 REQ-3c")
    void embeddedTransportChecksumIsNotChecked() {
        byte[] own = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
        byte[] sent = out(own);
        sent[26] ^= 0x55;
        assertThat(Wire.u16(embedded(in(error(UNREACHABLE, PORT, sent))), 20)).isEqualTo(4000);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"RFC 5508 REQ-3", "RFC 5508 REQ-3a"})
    void wrongChecksumsAreDropped() {
        byte[] sent = out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] broken = sent.clone();
        broken[10] ^= 1;
        byte[] outer = error(UNREACHABLE, PORT, sent);
        outer[40] ^= 1;
        assertThat(gateway.intoExt(Net.fromOutside(error(UNREACHABLE, PORT, broken)), Net.fromOutside(outer))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ICMP_CHECKSUM, 2L));
    }

    @Test
    @Requirement("RFC 5508 REQ-4")
    void errorAboutNothingOfOursIsDropped() {
        byte[] sent = out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] other = Net.udp(Net.NAT[1], Net.SERVER, 4001, 53);
        assertThat(gateway.intoExt(Net.fromOutside(error(UNREACHABLE, PORT, other)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ICMP_NO_SESSION, 1L));
        in(error(UNREACHABLE, PORT, sent));
    }

    @Test
    @Requirement("RFC 5508 REQ-6")
    void errorAboutAQueryNeitherRefreshesNorEndsItsSession() {
        byte[] sent = out(Net.ping(Net.VM1, Net.SERVER, 7777));
        gateway.turnAfter(50_000);
        in(error(UNREACHABLE, 1, sent));
        in(Net.pong(Net.SERVER, Net.NAT[1], Wire.u16(sent, 24)));
        gateway.turnAfter(50_000);
        in(error(UNREACHABLE, 1, sent));
        assertThat(gateway.worker.sessions().count()).isEqualTo(1);
        gateway.turnAfter(12_000);
        assertThat(gateway.worker.sessions().count()).isZero();
    }

    @Test
    @Requirement({"RFC 5382 REQ-10", "RFC 4787 REQ-12", "RFC 4787 REQ-12a", "RFC 5508 REQ-10"})
    void noErrorEndsAMappingOrAConnection() {
        TcpPeers peers = new TcpPeers(gateway).open();
        byte[] udp = out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] tcp = Wire.ipv4(
                Net.NAT[1],
                Net.SERVER,
                Wire.TCP,
                Wire.tcp(Net.NAT[1], Net.SERVER, 4000 << 16 | 80, TcpPeers.ACK, peers.vmSequence, 0, 0, new byte[0]));
        for (int code = 0; code < 16; code++) {
            in(error(UNREACHABLE, code, tcp));
            in(error(UNREACHABLE, code, udp));
        }
        in(error(TIME_EXCEEDED, 0, tcp));
        in(error(12, 0, udp));
        peers.in(TcpPeers.ACK).out(TcpPeers.ACK);
        in(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        gateway.turnAfter(400_000);
        assertThat(peers.state()).isEqualTo("established");
    }

    /** Errors do not keep a mapping alive, neither those from outside nor those of the host itself. */
    @Test
    @Requirement("RFC 7857 7.1")
    void errorsRefreshNothing() {
        byte[] sent = out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] delivered = in(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        gateway.turnAfter(290_000);
        in(error(UNREACHABLE, PORT, sent));
        out(Wire.ipv4(Net.VM1, Net.SERVER, 1, Wire.icmp(UNREACHABLE, PORT, 0, delivered)));
        assertThat(gateway.worker.sessions().count()).isEqualTo(1);
        gateway.turnAfter(12_000);
        assertThat(gateway.worker.sessions().count()).isZero();
    }

    /** A router of the tenant behind a VM, or another VM, tells the server of its packet. */
    @Test
    @Requirement({"RFC 5508 REQ-5", "RFC 5508 REQ-5c"})
    void errorOfAnotherInsideHostComesFromTheNatsAddress() {
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] reply = Net.udp(Net.SERVER, Net.NAT[1], 53, 4000);
        byte[] delivered = in(reply);
        byte[] error = Wire.ipv4(Net.VM2, Net.SERVER, 1, Wire.icmp(UNREACHABLE, 1, 0, delivered));
        byte[] frame = Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, error);
        byte[] sent = TestGateway.ip(gateway.intoPa(frame).onlyExt());
        Wire.requireRight(sent);
        assertThat(Wire.i32(sent, 12)).isEqualTo(Net.NAT[1]);
        assertThat(embedded(sent)).isEqualTo(withTtl(reply.clone(), 63));
    }

    /** Traceroute out: the gateway is the first hop, the router outside the second. */
    @Test
    @Requirement({"nat-behaviour 62", "nat-behaviour 63", "RFC 5508 REQ-10"})
    void tracerouteThroughTheNat() {
        for (byte[] probe : new byte[][] {
            Net.udp(Net.VM1, Net.FAR, 40000, 33434),
            Net.ping(Net.VM1, Net.FAR, 40000),
            Net.tcp(Net.VM1, Net.FAR, 40000, 80, TcpPeers.SYN)
        }) {
            byte[] first = TestGateway.inner(
                    gateway.intoPa(Net.fromVm1(1, withTtl(probe.clone(), 1))).onlyPa(),
                    Net.HOST_A,
                    Net.HOST_A_MAC,
                    Net.VM_VSID[1]);
            byte[] exceeded = Wire.slice(first, 14);
            Wire.requireRight(exceeded);
            assertThat(Wire.i32(exceeded, 12)).isEqualTo(Net.GATEWAY_CA);
            assertThat(Wire.u8(exceeded, 20)).isEqualTo(TIME_EXCEEDED);
            assertThat(embedded(exceeded)).isEqualTo(withTtl(probe.clone(), 1));

            byte[] sent = out(withTtl(probe.clone(), 2));
            assertThat(Wire.u8(sent, 8)).isEqualTo(1);
            byte[] second = in(error(TIME_EXCEEDED, 0, sent));
            assertThat(Wire.i32(second, 12)).isEqualTo(Net.ROUTER);
            assertThat(embedded(second)).isEqualTo(withTtl(probe.clone(), 1));
        }
    }

    /** Traceroute in, to a port that is forwarded: the gateway, then the server itself. */
    @Test
    @Requirement({"nat-behaviour 63", "nat-behaviour 42", "RFC 5508 REQ-5"})
    void tracerouteFromOutsideToAForwardedPort() {
        gateway.rule(1, Wire.UDP, 33434, Net.VM1, 9000);
        byte[] probe = Net.udp(Net.FAR, Net.NAT[1], 40000, 33434);
        byte[] exceeded = TestGateway.ip(
                gateway.intoExt(Net.fromOutside(withTtl(probe.clone(), 1))).onlyExt());
        Wire.requireRight(exceeded);
        assertThat(Wire.i32(exceeded, 12)).isEqualTo(Net.EXTERNAL);
        assertThat(embedded(exceeded)).isEqualTo(withTtl(probe.clone(), 1));

        byte[] delivered = in(withTtl(probe.clone(), 2));
        assertThat(Wire.u16(delivered, 22)).isEqualTo(9000);
        byte[] unreachable = out(Wire.ipv4(Net.VM1, Net.FAR, 1, Wire.icmp(UNREACHABLE, PORT, 0, delivered)));
        assertThat(Wire.i32(unreachable, 12)).isEqualTo(Net.NAT[1]);
        assertThat(embedded(unreachable)).isEqualTo(withTtl(probe.clone(), 1));
    }

    @Test
    @Requirement("nat-behaviour 66")
    void paddingBehindThePacketSpoilsNoChecksum() {
        byte[] sent = out(Net.ping(Net.VM1, Net.SERVER, 7777));
        byte[] error = error(UNREACHABLE, 1, Arrays.copyOf(sent, 28));
        for (byte[] ip : new byte[][] {Net.pong(Net.SERVER, Net.NAT[1], Wire.u16(sent, 24)), error}) {
            byte[] padded = Arrays.copyOf(ip, ip.length + 17);
            Arrays.fill(padded, ip.length, padded.length, (byte) 0xa5);
            byte[] frame = gateway.intoExt(Net.fromOutside(padded)).onlyPa();
            byte[] inner = Wire.slice(TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 14);
            assertThat(inner).hasSize(ip.length);
            Wire.requireRight(inner);
        }
    }

    /** The error is about a first fragment; its header says so and its ports are there. */
    @Test
    @Requirement("RFC 5508 REQ-4a")
    void errorAboutAFirstFragmentIsTranslated() {
        byte[] udp = Wire.udp(Net.VM1, Net.SERVER, 4000, 53, new byte[64]);
        byte[] first = Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, 64, 77, 0x2000, 0, Arrays.copyOf(udp, 32));
        byte[] sent = out(first);
        byte[] restored = embedded(in(error(TIME_EXCEEDED, 1, sent)));
        assertThat(Wire.i32(restored, 12)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(restored, 20)).isEqualTo(4000);
    }
}
