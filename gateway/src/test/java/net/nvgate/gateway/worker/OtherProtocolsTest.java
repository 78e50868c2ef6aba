package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.flow.SessionFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocols without ports that a NAT could change: translated by address. */
class OtherProtocolsTest extends GatewayFixture {

    private static final int ESP = 50;
    private static final int SCTP = 132;
    private static final int DCCP = 33;
    private static final int UDP_LITE = 136;
    private static final byte[] DATA = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private byte[] out(byte[] ip) {
        return gateway.intoPa(Net.fromVm1(1, ip)).outside();
    }

    private byte[] in(byte[] ip) {
        return gateway.intoExt(Net.fromOutside(ip)).insideVm1();
    }

    private TestGateway.Sent fromVm2(byte[] ip) {
        return gateway.intoPa(Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, ip));
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.GRE, ESP, SCTP, 4, 41, 89, 255})
    @Requirement({"nat-behaviour 18", "RFC 6888 REQ-1"})
    void addressIsTranslatedBothWaysAndNothingElse(int protocol) {
        byte[] sent = out(Wire.ipv4(Net.VM1, Net.SERVER, protocol, DATA));
        assertThat(Wire.i32(sent, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.slice(sent, 20)).isEqualTo(DATA);
        byte[] back = in(Wire.ipv4(Net.SERVER, Net.NAT[1], protocol, DATA));
        assertThat(Wire.i32(back, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.slice(back, 20)).isEqualTo(DATA);
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 9, 0))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.protocol()).isEqualTo(protocol);
                    assertThat(row.externalPort()).isZero();
                });
        assertThat(gateway.drops()).isEmpty();
    }

    /** Both have a checksum at 6 that covers the addresses. */
    @ParameterizedTest
    @ValueSource(ints = {DCCP, UDP_LITE})
    @Requirement({"nat-behaviour 18", "RFC 6888 REQ-1"})
    void checksumOverTheAddressesIsKeptRight(int protocol) {
        byte[] sent = out(withChecksum(Net.VM1, Net.SERVER, protocol));
        assertThat(Wire.l4Sum(Net.NAT[1], Net.SERVER, protocol, Wire.slice(sent, 20)))
                .isEqualTo(0xffff);
        byte[] back = in(withChecksum(Net.SERVER, Net.NAT[1], protocol));
        assertThat(Wire.l4Sum(Net.SERVER, Net.VM1, protocol, Wire.slice(back, 20)))
                .isEqualTo(0xffff);
    }

    private static byte[] withChecksum(int source, int destination, int protocol) {
        byte[] l4 = DATA.clone();
        l4[6] = 0;
        l4[7] = 0;
        int sum = ~Wire.l4Sum(source, destination, protocol, l4);
        l4[6] = (byte) (sum >>> 8);
        l4[7] = (byte) sum;
        return Wire.ipv4(source, destination, protocol, l4);
    }

    @Test
    @Requirement("nat-behaviour 18")
    void oneHostPerRemoteAndProtocolAtATime() {
        out(Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, DATA));
        assertThat(fromVm2(Wire.ipv4(Net.VM2, Net.SERVER, Wire.GRE, DATA)).isEmpty())
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NAT_TUPLE_IN_USE, 1L));
        fromVm2(Wire.ipv4(Net.VM2, Net.SERVER, ESP, DATA)).onlyExt();
        fromVm2(Wire.ipv4(Net.VM2, Net.FAR, Wire.GRE, DATA)).onlyExt();
        gateway.turnAfter(302_000);
        fromVm2(Wire.ipv4(Net.VM2, Net.SERVER, Wire.GRE, DATA)).onlyExt();
    }

    @Test
    void unsolicitedIsDropped() {
        out(Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, DATA));
        assertThat(gateway.intoExt(
                                Net.fromOutside(Wire.ipv4(Net.FAR, Net.NAT[1], Wire.GRE, DATA)),
                                Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], ESP, DATA)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.UNSOLICITED, 2L));
    }

    @Test
    void tenantsWithOneCustomerAddressDoNotMeet() {
        out(Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, DATA));
        byte[] two = TestGateway.ip(gateway.intoPa(Net.fromVm1(2, Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, DATA)))
                .onlyExt());
        assertThat(Wire.i32(two, 12)).isEqualTo(Net.NAT[2]);
        in(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.GRE, DATA));
    }

    /** Each fragment has its addresses: none waits for the first. */
    @Test
    @Requirement({"nat-behaviour 18", "RFC 4787 REQ-14"})
    void fragmentsPassInAnyOrder() {
        byte[] later = Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, 64, 9, 2, 0, DATA);
        byte[] first = Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, 64, 9, 0x2000, 0, DATA);
        assertThat(Wire.i32(out(later), 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(out(first), 12)).isEqualTo(Net.NAT[1]);
        in(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.GRE, 64, 9, 2, 0, DATA));
        in(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.GRE, 64, 9, 0x2000, 0, DATA));
    }

    @Test
    @Requirement({"RFC 5508 REQ-4", "RFC 5508 REQ-4a"})
    void errorAboutItReachesTheVm() {
        for (int protocol : new int[] {ESP, DCCP}) {
            byte[] own = withChecksum(Net.VM1, Net.SERVER, protocol);
            byte[] sent = out(own.clone());
            byte[] error =
                    in(Wire.ipv4(Net.ROUTER, Net.NAT[1], Wire.ICMP, Wire.icmp(3, 2, 0, Arrays.copyOf(sent, 28))));
            own[8] = 63;
            assertThat(Wire.slice(error, 28)).isEqualTo(Arrays.copyOf(Wire.fixIp(own), 28));
        }
    }

    @Test
    void sessionEndsWithItsConnection() {
        out(Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, DATA));
        gateway.removeNat(1, 1);
        assertThat(gateway.intoPa(Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, DATA)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_NAT, 1L));
        assertThat(gateway.worker.sessions().count()).isZero();
    }
}
