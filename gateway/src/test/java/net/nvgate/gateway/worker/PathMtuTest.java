package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import org.junit.jupiter.api.Test;

/** The MTU of the way to a host is learned from routers of the PA network, if what they say can be true. */
class PathMtuTest extends GatewayFixture {

    private static final int ROUTER = Wire.address("10.10.10.1");

    private static byte[] big(int size) {
        byte[] udp = Wire.udp(Net.VM1, Net.VM2, 4000, 53, new byte[size - 28]);
        return Wire.ipv4(Net.VM1, Net.VM2, Wire.UDP, udp);
    }

    /** An outer packet of ours to the host of VM 2, as routers see it. */
    private byte[] ours(int size) {
        return Wire.slice(gateway.intoPa(Net.fromVm1(1, big(size))).onlyPa(), 14);
    }

    private static byte[] needed(int mtu, byte[] about) {
        byte[] error = Wire.icmp(3, 4, mtu, about);
        return Wire.ethernet(Net.PA_MAC, 2, 0x800, Wire.ipv4(ROUTER, Net.GATEWAY_PA, Wire.ICMP, error));
    }

    private int mtuSaid(byte[] ip) {
        List<byte[]> sent = gateway.intoPa(Net.fromVm1(1, ip)).pa();
        byte[] error = TestGateway.ip(TestGateway.inner(sent.getFirst(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]));
        assertThat(Wire.u16(error, 20)).isEqualTo(0x0304);
        return Wire.u16(error, 26);
    }

    @Test
    @Requirement({"RFC 1191 4", "RFC 4459 3.2", "RFC 7637 4.4b"})
    void isUsedAndToldToTheVm() {
        byte[] outer = ours(1458);
        for (byte[] about : List.of(outer, Arrays.copyOf(outer, 28))) {
            gateway.intoPa(needed(1400, about));
        }
        assertThat(gateway.count(WorkerCounter.PATH_MTUS_LEARNED)).isEqualTo(1);
        gateway.turnAfter(1000);
        gateway.intoPa(Net.fromVm1(1, big(1000))).onlyPa();
        assertThat(mtuSaid(big(1359))).isEqualTo(1358);
        assertThat(ours(1358)).hasSize(1400);
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.TOO_BIG);
    }

    @Test
    @Requirement("RFC 4459 3.4")
    void innerPacketsWithoutDfAreFragmentedToIt() {
        gateway.intoPa(needed(1000, ours(1458)));
        gateway.turnAfter(1000);
        gateway.intoPa(Net.fromVm1(1, big(500))).onlyPa();
        byte[] ip = big(1400);
        ip[6] = 0;
        List<byte[]> sent = gateway.intoPa(Net.fromVm1(1, Wire.fixIp(ip))).pa();
        assertThat(sent).hasSize(2).allSatisfy(f -> assertThat(f.length).isLessThanOrEqualTo(1014));
    }

    @Test
    @Requirement("RFC 2923 2.1")
    void mssFollows() {
        gateway.intoPa(needed(1000, ours(1458)));
        byte[] options = {2, 4, 5, (byte) 0xb4};
        byte[] tcp = Wire.tcp(Net.VM1, Net.VM2, 4000, 80, 2, options);
        tcp[12] = 0x60;
        tcp[16] = 0;
        tcp[17] = 0;
        int sum = ~Wire.l4Sum(Net.VM1, Net.VM2, Wire.TCP, tcp);
        tcp[16] = (byte) (sum >>> 8);
        tcp[17] = (byte) sum;
        byte[] frame = gateway.intoPa(Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.VM2, Wire.TCP, tcp)))
                .onlyPa();
        byte[] sent = TestGateway.ip(TestGateway.inner(frame, Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]));
        Wire.requireRight(sent);
        assertThat(Wire.u16(sent, 42)).isEqualTo(1000 - 42 - 40);
    }

    @Test
    @Requirement("RFC 1191 6.3")
    void isForgottenAfterTenMinutes() {
        gateway.intoPa(needed(1400, ours(1458)));
        gateway.turnAfter(PathMtus.LIFETIME_MS - 1000);
        ours(1000);
        assertThat(mtuSaid(big(1458))).isEqualTo(1358);
        gateway.turnAfter(1000);
        ours(1000);
        assertThat(ours(1458)).hasSize(1500);
    }

    @Test
    @Requirement("RFC 1191 4")
    void neverGrowsByIcmp() {
        byte[] outer = ours(1458);
        gateway.intoPa(needed(1000, outer));
        gateway.intoPa(needed(1300, outer));
        gateway.turnAfter(1000);
        ours(500);
        assertThat(mtuSaid(big(1458))).isEqualTo(958);
        assertThat(gateway.count(WorkerCounter.PATH_MTUS_LEARNED)).isEqualTo(1);
    }

    /** The next plateau below what was sent (RFC 1191 §7.1). */
    @Test
    @Requirement("RFC 1191 4")
    void oldRoutersSayNoMtu() {
        gateway.intoPa(needed(0, ours(1458)));
        gateway.turnAfter(1000);
        ours(500);
        assertThat(mtuSaid(big(1458))).isEqualTo(1492 - 42);
    }

    @Test
    @Requirement("RFC 1191 4")
    void whatCannotBeTrueIsDropped() {
        byte[] outer = ours(1458);
        byte[][] wrong = {
            needed(PathMtuInput.MTU_MIN - 1, outer),
            needed(1500, outer),
            needed(1400, Arrays.copyOf(outer, 27)),
            needed(1400, Wire.fixIp(with(outer, 12, 99))),
            needed(1400, Wire.fixIp(with(outer, 19, 99))),
            needed(1400, Wire.fixIp(with(outer, 9, 17))),
            needed(1400, Wire.fixIp(with(outer, 6, 0))),
            needed(1400, with(outer, 20, 0)),
            needed(1400, with(outer, 24, 99)),
            with(needed(1400, outer), 14 + 22, 1)
        };
        for (int i = 0; i < wrong.length; i++) {
            gateway.intoPa(wrong[i]);
            assertThat(gateway.drops()).as("case " + i).isEqualTo(Map.of(DropReason.PATH_MTU, i + 1L));
        }
        assertThat(ours(1458)).hasSize(1500);
        assertThat(gateway.count(WorkerCounter.PATH_MTUS_LEARNED)).isZero();
    }

    @Test
    @Requirement("RFC 1191 4")
    void isLimited() {
        byte[] outer = ours(1458);
        for (int i = 0; i < 110; i++) {
            gateway.intoPa(needed(1400, outer));
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.PATH_MTU_LIMIT, 10L));
    }

    @Test
    void switchedOffNothingIsLearned() {
        gateway.close();
        gateway = new TestGateway(TestGateway.CONFIG.withMtu(MtuConfig.DEFAULT.withPathMtuDiscovery(false)));
        gateway.intoPa(needed(1400, ours(1458)));
        gateway.turnAfter(1000);
        ours(1000);
        assertThat(ours(1458)).hasSize(1500);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.OUTER_PROTOCOL, 1L));
    }

    private static byte[] with(byte[] packet, int at, int value) {
        byte[] copy = packet.clone();
        copy[at] = (byte) value;
        return copy;
    }
}
