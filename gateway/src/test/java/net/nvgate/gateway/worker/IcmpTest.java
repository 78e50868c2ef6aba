package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import org.junit.jupiter.api.Test;

/** ICMP of our own and of others (RFC 792, RFC 1191, RFC 1812 §4.3, RFC 5508). */
class IcmpTest extends GatewayFixture {

    private byte[] toVm1(TestGateway.Sent sent) {
        byte[] inner = TestGateway.inner(sent.onlyPa(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]);
        byte[] ip = Wire.slice(inner, 14);
        Wire.requireRight(ip);
        assertThat(Wire.i32(ip, 16)).isEqualTo(Net.VM1);
        return ip;
    }

    private byte[] outside(TestGateway.Sent sent) {
        byte[] ip = TestGateway.ip(sent.onlyExt());
        Wire.requireRight(ip);
        return ip;
    }

    private static void requireError(byte[] ip, int source, int type, int code, int mtu, byte[] about) {
        assertThat(Wire.i32(ip, 12)).isEqualTo(source);
        assertThat(Wire.u8(ip, 9)).isEqualTo(Wire.ICMP);
        assertThat(Wire.u8(ip, 20)).isEqualTo(type);
        assertThat(Wire.u8(ip, 21)).isEqualTo(code);
        assertThat(Wire.i32(ip, 24)).isEqualTo(mtu);
        byte[] body = Wire.slice(ip, 28);
        assertThat(body).isEqualTo(Arrays.copyOf(about, body.length));
        assertThat(body.length).isGreaterThanOrEqualTo(28).isLessThanOrEqualTo(548);
    }

    private static byte[] withTtl(byte[] ip, int ttl) {
        ip[8] = (byte) ttl;
        return Wire.fixIp(ip);
    }

    private static byte[] big(int source, int destination, int length) {
        byte[] udp = Wire.udp(source, destination, 4000, 53, new byte[length - 28]);
        return Wire.ipv4(source, destination, Wire.UDP, udp);
    }

    @Test
    @Requirement({"nat-behaviour 63", "RFC 1812 4.3.2.4", "RFC 1812 5.3.1", "RFC 1812 4.3.2.3"})
    void timeExceededComesFromTheGatewaysCa() {
        byte[] ip = withTtl(Net.udp(Net.VM1, Net.SERVER, 4000, 53), 1);
        requireError(toVm1(gateway.intoPa(Net.fromVm1(1, ip))), Net.GATEWAY_CA, 11, 0, 0, ip);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))).onlyExt();
        requireError(toVm1(gateway.intoPa(Net.fromVm1(1, ip))), Net.GATEWAY_CA, 11, 0, 0, ip);
    }

    @Test
    @Requirement({"nat-behaviour 63", "RFC 1812 4.3.2.4"})
    void timeExceededOutsideComesFromTheExternalAddress() {
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))).onlyExt();
        byte[] ip = withTtl(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000), 1);
        byte[] error = outside(gateway.intoExt(Net.fromOutside(ip)));
        requireError(error, Net.EXTERNAL, 11, 0, 0, ip);
        assertThat(Wire.i32(error, 16)).isEqualTo(Net.SERVER);
    }

    @Test
    @Requirement({"nat-behaviour M13", "RFC 4787 REQ-13", "RFC 1191 4", "RFC 4459 3.2", "RFC 4459 3.3", "RFC 791 3.2a"})
    void fragmentationNeededNamesTheMtuOfTheOtherSide() {
        byte[] out = big(Net.VM1, Net.SERVER, 1501);
        requireError(toVm1(gateway.intoPa(Net.fromVm1(1, out))), Net.GATEWAY_CA, 3, 4, 1500, out);
        gateway.intoPa(Net.fromVm1(1, big(Net.VM1, Net.SERVER, 1500))).onlyExt();
        byte[] in =
                Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[1431]));
        requireError(outside(gateway.intoExt(Net.fromOutside(in))), Net.EXTERNAL, 3, 4, 1458, in);
        byte[] eastWest = big(Net.VM1, Net.VM2, 1459);
        requireError(toVm1(gateway.intoPa(Net.fromVm1(1, eastWest))), Net.GATEWAY_CA, 3, 4, 1458, eastWest);
    }

    @Test
    void fullSizeFitsBothWays() {
        gateway.intoPa(Net.fromVm1(1, big(Net.VM1, Net.SERVER, 1458))).onlyExt();
        byte[] in =
                Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[1430]));
        assertThat(gateway.intoExt(Net.fromOutside(in)).onlyPa()).hasSize(1514);
    }

    @Test
    @Requirement("RFC 1812 4.3.3.1")
    void hostUnreachableForAVmThatIsNot() {
        byte[] ip = Net.udp(Net.VM1, Wire.address("192.168.1.77"), 1, 2);
        requireError(toVm1(gateway.intoPa(Net.fromVm1(1, ip))), Net.GATEWAY_CA, 3, 1, 0, ip);
    }

    @Test
    @Requirement({"RFC 1122 3.2.2", "RFC 1812 4.3.2.7"})
    void noErrorAboutAnError() {
        byte[] error = Wire.ipv4(
                Net.VM1, Net.SERVER, 1, 1, 0, 0, 0, Wire.icmp(3, 3, 0, Net.udp(Net.SERVER, Net.VM1, 53, 4000)));
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))).onlyExt();
        assertThat(gateway.intoPa(Net.fromVm1(1, error)).isEmpty()).isTrue();
        assertThat(gateway.drops()).containsOnlyKeys(DropReason.TTL_EXPIRED);
    }

    @Test
    @Requirement("RFC 1812 4.3.2.8")
    void errorsAreLimited() {
        byte[] frame = Net.fromVm1(1, withTtl(Net.udp(Net.VM1, Net.SERVER, 4000, 53), 1));
        int sent = 0;
        for (int i = 0; i < 1100; i++) {
            sent += gateway.intoPa(frame).pa().size();
        }
        assertThat(sent).isEqualTo(1000);
        assertThat(gateway.count(WorkerCounter.ICMP_ERRORS_LIMITED)).isEqualTo(100);
        assertThat(gateway.turnAfter(1000).isEmpty()).isTrue();
        assertThat(gateway.intoPa(frame).pa()).hasSize(1);
    }

    /** Nobody reflects packets by us: a source route to one of our addresses ends there, inside and outside. */
    @Test
    @Requirement({"RFC 1812 4.2.2.1", "RFC 1812 4.3.3.1"})
    void sourceRouteByUsFails() {
        byte[] inside = Wire.sourceRouted(Net.ping(Net.VM1, Net.GATEWAY_CA, 7), Net.SERVER);
        requireError(toVm1(gateway.intoPa(Net.fromVm1(1, inside))), Net.GATEWAY_CA, 3, 5, 0, inside);
        for (int address : new int[] {Net.EXTERNAL, Net.NAT[1]}) {
            byte[] outside = Wire.sourceRouted(Net.ping(Net.SERVER, address, 7), Net.FAR);
            byte[] error =
                    TestGateway.ip(gateway.intoExt(Net.fromOutside(outside)).onlyExt());
            requireError(error, Net.EXTERNAL, 3, 5, 0, outside);
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SOURCE_ROUTE, 3L));
        byte[] usedUp = Wire.sourceRouted(Net.ping(Net.VM1, Net.GATEWAY_CA, 7), Net.SERVER);
        usedUp[22] = 8;
        assertThat(gateway.intoPa(Net.fromVm1(1, Wire.fixIp(usedUp))).pa())
                .as("answered")
                .hasSize(1);
        assertThat(gateway.count(WorkerCounter.ECHOES_ANSWERED)).isOne();
    }

    /** Another tenant's hosts still learn their paths' MTU, and routers outside hear of us. */
    @Test
    @Requirement({"RFC 1812 4.3.2.8", "nat-behaviour M12"})
    void oneTenantsFloodTakesNoErrorsFromOthers() {
        byte[] flood = Net.fromVm1(1, withTtl(Net.udp(Net.VM1, Net.SERVER, 4000, 53), 1));
        for (int i = 0; i < 1100; i++) {
            gateway.intoPa(flood);
        }
        assertThat(gateway.count(WorkerCounter.ICMP_ERRORS_LIMITED)).isEqualTo(100);
        assertThat(gateway.intoPa(Net.fromVm1(2, withTtl(Net.udp(Net.VM1, Net.SERVER, 4000, 53), 1)))
                        .pa())
                .hasSize(1);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))).onlyExt();
        assertThat(gateway.intoExt(Net.fromOutside(withTtl(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000), 1)))
                        .ext())
                .hasSize(1);
    }

    /** RFC 5508 REQ-4, with all of the packet and with only 8 bytes of its payload. */
    @Test
    @Requirement({
        "nat-behaviour 62",
        "RFC 5508 REQ-4",
        "RFC 5508 REQ-4a",
        "RFC 5508 REQ-4b",
        "RFC 5508 REQ-4c",
        "RFC 5508 REQ-10",
        "RFC 5382 REQ-9",
        "RFC 4787 REQ-12b"
    })
    void errorFromOutsideReachesTheVmAsAboutItsOwnPacket() {
        for (byte[] own : new byte[][] {
            Net.udp(Net.VM1, Net.SERVER, 4000, 53),
            Net.tcp(Net.VM1, Net.SERVER, 4000, 80, 2),
            Net.ping(Net.VM1, Net.SERVER, 4000)
        }) {
            byte[] sent = outside(gateway.intoPa(Net.fromVm1(1, own)));
            for (int length : new int[] {sent.length, 28}) {
                byte[] error = Wire.icmp(3, 1, 0, Arrays.copyOf(sent, length));
                byte[] ip = toVm1(gateway.intoExt(Net.fromOutside(Wire.ipv4(Net.ROUTER, Net.NAT[1], 1, error))));
                assertThat(Wire.i32(ip, 12)).isEqualTo(Net.ROUTER);
                byte[] embedded = Wire.slice(ip, 28);
                byte[] expected = withTtl(own.clone(), 63);
                assertThat(embedded).isEqualTo(Arrays.copyOf(expected, embedded.length));
            }
        }
        assertThat(gateway.count(WorkerCounter.ICMP_ERRORS_TRANSLATED)).isEqualTo(6);
        assertThat(gateway.drops()).isEmpty();
    }

    /** RFC 5508 REQ-5. */
    @Test
    @Requirement({"nat-behaviour 62", "RFC 5508 REQ-5", "RFC 5508 REQ-5a", "RFC 5508 REQ-5b", "RFC 5508 REQ-5c"})
    void errorFromTheVmIsAboutThePacketTheServerSent() {
        outside(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))));
        byte[] reply = Net.udp(Net.SERVER, Net.NAT[1], 53, 4000);
        byte[] delivered = toVm1(gateway.intoExt(Net.fromOutside(reply)));
        byte[] error = Wire.ipv4(Net.VM1, Net.SERVER, 1, Wire.icmp(3, 3, 0, delivered));
        byte[] ip = outside(gateway.intoPa(Net.fromVm1(1, error)));
        assertThat(Wire.i32(ip, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.slice(ip, 28)).isEqualTo(withTtl(reply.clone(), 63));
    }

    @Test
    @Requirement({"nat-behaviour 64", "RFC 792 echo", "RFC 1122 3.2.2.6", "RFC 1812 4.3.3.6"})
    void gatewayAnswersPings() {
        for (int target : new int[] {Net.GATEWAY_CA, Net.ROUTER_CA, Net.DG}) {
            byte[] ip = toVm1(gateway.intoPa(Net.fromVm1(1, Net.ping(Net.VM1, target, 6))));
            assertThat(Wire.i32(ip, 12)).isEqualTo(target);
            assertThat(Wire.u8(ip, 20)).isZero();
        }
        for (int target : new int[] {Net.EXTERNAL, Net.NAT[1]}) {
            byte[] ip = outside(gateway.intoExt(Net.fromOutside(Net.ping(Net.SERVER, target, 6))));
            assertThat(Wire.i32(ip, 12)).isEqualTo(target);
            assertThat(Wire.u8(ip, 20)).isZero();
        }
        byte[] ping = Wire.ethernet(Net.PA_MAC, Net.HOST_A_MAC, 0x800, Net.ping(Net.HOST_A, Net.GATEWAY_PA, 6));
        byte[] frame = gateway.intoPa(ping).onlyPa();
        assertThat(Wire.mac(frame, 0)).isEqualTo(Net.HOST_A_MAC);
        byte[] ip = TestGateway.ip(frame);
        Wire.requireRight(ip);
        assertThat(Wire.i32(ip, 16)).isEqualTo(Net.HOST_A);
        assertThat(gateway.count(WorkerCounter.ECHOES_ANSWERED)).isEqualTo(6);
        assertThat(gateway.drops()).isEmpty();
    }
}
