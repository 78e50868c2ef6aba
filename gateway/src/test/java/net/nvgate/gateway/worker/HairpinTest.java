package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.nvgate.gateway.conformance.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inside hosts that meet by their external addresses. */
class HairpinTest extends GatewayFixture {

    private static final int SERVICE = 8080;

    /** From VM 1 of a tenant to VM 1 of another or VM 2 of the same one. */
    private byte[] from1(int tenant, byte[] ip, int toTenant, int toVm) {
        return delivered(gateway.intoPa(Net.fromVm1(tenant, ip)), toTenant, toVm);
    }

    private byte[] from2(int tenant, byte[] ip, int toTenant, int toVm) {
        byte[] frame = Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[tenant], Net.GATEWAY_MAC, 0x800, ip);
        return delivered(gateway.intoPa(frame), toTenant, toVm);
    }

    private static byte[] delivered(TestGateway.Sent sent, int tenant, int vm) {
        boolean first = vm == Net.VM1;
        byte[] inner = TestGateway.inner(
                sent.onlyPa(),
                first ? Net.HOST_A : Net.HOST_B,
                first ? Net.HOST_A_MAC : Net.HOST_B_MAC,
                Net.VM_VSID[tenant]);
        byte[] ip = Wire.slice(inner, 14);
        Wire.requireRight(ip);
        assertThat(Wire.i32(ip, 16)).isEqualTo(vm);
        return ip;
    }

    private static byte[] packet(int protocol, int source, int destination, int sourcePort, int destinationPort) {
        return protocol == Wire.UDP
                ? Net.udp(source, destination, sourcePort, destinationPort)
                : Net.tcp(source, destination, sourcePort, destinationPort, TcpPeers.SYN);
    }

    private static void requireSource(byte[] ip, int address, int port) {
        assertThat(Wire.dotted(Wire.i32(ip, 12))).isEqualTo(Wire.dotted(address));
        assertThat(Wire.u16(ip, 20)).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.UDP, Wire.TCP})
    @Requirement({
        "RFC 4787 REQ-9",
        "RFC 4787 REQ-9a",
        "RFC 5382 REQ-8",
        "RFC 5382 REQ-8a",
        "nat-behaviour 51",
        "nat-behaviour 47"
    })
    void hostsOfOneTenantMeetByTheTenantsOwnAddress(int protocol) {
        gateway.rule(1, protocol, SERVICE, Net.VM2, 80);
        byte[] request = from1(1, packet(protocol, Net.VM1, Net.NAT[1], 4001, SERVICE), 1, Net.VM2);
        requireSource(request, Net.NAT[1], 4001);
        assertThat(Wire.u16(request, 22)).isEqualTo(80);
        byte[] answer = from2(1, packet(protocol, Net.VM2, Net.NAT[1], 80, 4001), 1, Net.VM1);
        requireSource(answer, Net.NAT[1], SERVICE);
        assertThat(Wire.u16(answer, 22)).isEqualTo(4001);
        requireSource(from1(1, packet(protocol, Net.VM1, Net.NAT[1], 4001, SERVICE), 1, Net.VM2), Net.NAT[1], 4001);
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.worker.sessions().count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.UDP, Wire.TCP})
    @Requirement({"RFC 4787 REQ-9", "RFC 5382 REQ-8", "nat-behaviour 51", "nat-behaviour 47"})
    void hostsOfTwoTenantsWithOneCustomerAddressMeet(int protocol) {
        gateway.rule(2, protocol, SERVICE, Net.VM1, 80);
        byte[] request = from1(1, packet(protocol, Net.VM1, Net.NAT[2], 4001, SERVICE), 2, Net.VM1);
        requireSource(request, Net.NAT[1], 4001);
        byte[] answer = from1(2, packet(protocol, Net.VM1, Net.NAT[1], 80, 4001), 1, Net.VM1);
        requireSource(answer, Net.NAT[2], SERVICE);
        assertThat(gateway.drops()).isEmpty();
    }

    /** Both have mappings, and each sends to the other's: what STUN clients do. */
    @Test
    @Requirement({"RFC 4787 REQ-9", "nat-behaviour 51"})
    void twoMappingsMeetWhenBothSend() {
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4001, 3478))).onlyExt();
        gateway.intoPa(Net.fromVm1(2, Net.udp(Net.VM1, Net.SERVER, 5001, 3478))).onlyExt();
        assertThat(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.NAT[2], 4001, 5001)))
                        .isEmpty())
                .as("filtered, as from outside")
                .isTrue();
        requireSource(from1(2, Net.udp(Net.VM1, Net.NAT[1], 5001, 4001), 1, Net.VM1), Net.NAT[2], 5001);
        requireSource(from1(1, Net.udp(Net.VM1, Net.NAT[2], 4001, 5001), 2, Net.VM1), Net.NAT[1], 4001);
    }

    @Test
    @Requirement({"RFC 5508 REQ-7", "RFC 5508 REQ-7a", "RFC 4787 REQ-9"})
    void errorAboutAHairpinnedPacketReachesWhoSentIt() {
        gateway.rule(2, Wire.UDP, SERVICE, Net.VM1, 80);
        byte[] own = Net.udp(Net.VM1, Net.NAT[2], 4001, SERVICE);
        byte[] request = from1(1, own, 2, Net.VM1);
        byte[] error = Wire.ipv4(Net.VM1, Net.NAT[1], Wire.ICMP, Wire.icmp(3, 3, 0, request));
        byte[] delivered = from1(2, error, 1, Net.VM1);
        assertThat(Wire.i32(delivered, 12)).as("the server's external address").isEqualTo(Net.NAT[2]);
        byte[] embedded = Wire.slice(delivered, 28);
        byte[] expected = own.clone();
        expected[8] = 62;
        assertThat(embedded).isEqualTo(Arrays.copyOf(Wire.fixIp(expected), embedded.length));
        assertThat(gateway.count(WorkerCounter.ICMP_ERRORS_TRANSLATED)).isEqualTo(2);
        assertThat(gateway.drops()).isEmpty();
    }

    /** And the error about the server's answer reaches the server. */
    @Test
    @Requirement({"RFC 5508 REQ-7", "RFC 5508 REQ-7a"})
    void errorAboutAHairpinnedAnswerReachesTheServer() {
        gateway.rule(1, Wire.UDP, SERVICE, Net.VM2, 80);
        from1(1, Net.udp(Net.VM1, Net.NAT[1], 4001, SERVICE), 1, Net.VM2);
        byte[] own = Net.udp(Net.VM2, Net.NAT[1], 80, 4001);
        byte[] answer = from2(1, own, 1, Net.VM1);
        byte[] error = Wire.ipv4(Net.VM1, Net.NAT[1], Wire.ICMP, Wire.icmp(3, 3, 0, answer));
        byte[] delivered = from1(1, error, 1, Net.VM2);
        byte[] embedded = Wire.slice(delivered, 28);
        byte[] expected = own.clone();
        expected[8] = 62;
        assertThat(embedded).isEqualTo(Arrays.copyOf(Wire.fixIp(expected), embedded.length));
    }

    @Test
    @Requirement("nat-behaviour 53")
    void hostThatTalksToItsOwnMappingMakesNoLoop() {
        byte[] first = Net.udp(Net.VM1, Net.SERVER, 4001, 53);
        gateway.intoPa(Net.fromVm1(1, first)).onlyExt();
        byte[] echoed = from1(1, Net.udp(Net.VM1, Net.NAT[1], 4001, 4001), 1, Net.VM1);
        requireSource(echoed, Net.NAT[1], 4001);
        assertThat(Wire.u8(echoed, 8)).as("TTL, one hop each way").isEqualTo(62);
        assertThat(gateway.count(WorkerCounter.HAIRPINS)).isEqualTo(1);
    }

    @Test
    @Requirement({"nat-behaviour 53", "nat-behaviour 63"})
    void hairpinnedPacketsLoseTheirTtlLikeOthers() {
        gateway.rule(1, Wire.UDP, SERVICE, Net.VM2, 80);
        byte[] own = Net.udp(Net.VM1, Net.NAT[1], 4001, SERVICE);
        own[8] = 2;
        byte[] exceeded = from1(1, Wire.fixIp(own), 1, Net.VM1);
        assertThat(Wire.u8(exceeded, 20))
                .as("time exceeded, by the second pass")
                .isEqualTo(11);
        byte[] embedded = Wire.slice(exceeded, 28);
        assertThat(Wire.i32(embedded, 12)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(embedded, 20)).isEqualTo(4001);
    }
}
