package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.OwnAddresses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMP errors and protocols without ports of hosts that have an external address of their own. */
@ExtendWith(EalExtension.class)
class OneToOneProtocolsTest {

    private static final int ONE = Wire.address("203.0.113.21");
    private static final int TWO = Wire.address("203.0.113.22");
    private static final int ESP = 50;
    private static final byte[] DATA = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = new TestGateway();
        pair(ONE, Net.VM1, 101);
        pair(TWO, Net.VM2, 102);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void pair(int external, int ca, int generation) {
        gateway.tables.ownAddresses.put(new OwnAddresses.Row(external, OwnAddresses.NAT, 32, 0));
        gateway.tables.nat.oneToOnes.put(new NatOneToOnes.Row(external, 1, ca, generation));
        gateway.tables.epochs.bump(1);
    }

    private byte[] out(TestGateway.Sent sent) {
        byte[] ip = TestGateway.ip(sent.onlyExt());
        Wire.requireRight(ip);
        return ip;
    }

    private TestGateway.Sent fromVm2(byte[] ip) {
        return gateway.intoPa(Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, ip));
    }

    private static byte[] delivered(TestGateway.Sent sent, int vm) {
        boolean first = vm == Net.VM1;
        byte[] inner = TestGateway.inner(
                sent.onlyPa(),
                first ? Net.HOST_A : Net.HOST_B,
                first ? Net.HOST_A_MAC : Net.HOST_B_MAC,
                Net.VM_VSID[1]);
        byte[] ip = Wire.slice(inner, 14);
        Wire.requireRight(ip);
        assertThat(Wire.i32(ip, 16)).isEqualTo(vm);
        return ip;
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.GRE, ESP, 132})
    @Requirement("nat-behaviour 18")
    void openedFromInsideAndFromOutside(int protocol) {
        byte[] sent = out(gateway.intoPa(Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, protocol, DATA))));
        assertThat(Wire.i32(sent, 12)).isEqualTo(ONE);
        delivered(gateway.intoExt(Net.fromOutside(Wire.ipv4(Net.SERVER, ONE, protocol, DATA))), Net.VM1);
        delivered(gateway.intoExt(Net.fromOutside(Wire.ipv4(Net.SERVER, TWO, protocol, DATA))), Net.VM2);
        byte[] answer = out(fromVm2(Wire.ipv4(Net.VM2, Net.SERVER, protocol, DATA)));
        assertThat(Wire.i32(answer, 12)).isEqualTo(TWO);
        assertThat(Wire.slice(answer, 20)).isEqualTo(DATA);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement("nat-behaviour 54")
    void hostsMeetByTheirOwnAddresses() {
        byte[] request = delivered(gateway.intoPa(Net.fromVm1(1, Wire.ipv4(Net.VM1, TWO, Wire.GRE, DATA))), Net.VM2);
        assertThat(Wire.i32(request, 12)).isEqualTo(ONE);
        byte[] answer = delivered(fromVm2(Wire.ipv4(Net.VM2, ONE, Wire.GRE, DATA)), Net.VM1);
        assertThat(Wire.i32(answer, 12)).isEqualTo(TWO);
        byte[] later = Wire.ipv4(Net.VM1, TWO, Wire.GRE, 64, 7, 4, 0, DATA);
        delivered(gateway.intoPa(Net.fromVm1(1, later)), Net.VM2);
        assertThat(gateway.drops()).isEmpty();
    }

    /** Host 2 routes for host 1's connection and tells the server of it by its own address. */
    @Test
    @Requirement({"RFC 5508 REQ-5", "RFC 5508 REQ-5c"})
    void errorComesFromItsSendersOwnAddress() {
        out(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))));
        byte[] reply = Net.udp(Net.SERVER, ONE, 53, 4000);
        byte[] got = delivered(gateway.intoExt(Net.fromOutside(reply)), Net.VM1);
        byte[] error = Wire.ipv4(Net.VM2, Net.SERVER, Wire.ICMP, Wire.icmp(3, 1, 0, got));
        byte[] sent = out(fromVm2(error));
        assertThat(Wire.i32(sent, 12)).isEqualTo(TWO);
        assertThat(Wire.i32(sent, 28 + 16)).as("embedded destination").isEqualTo(ONE);
    }

    @Test
    @Requirement({"RFC 5508 REQ-7", "RFC 5508 REQ-7a"})
    void hairpinnedErrorsReachWhoSent() {
        byte[] own = Net.ping(Net.VM1, TWO, 4711);
        byte[] got = delivered(gateway.intoPa(Net.fromVm1(1, own)), Net.VM2);
        byte[] error = Wire.ipv4(Net.VM2, ONE, Wire.ICMP, Wire.icmp(3, 2, 0, got));
        byte[] told = delivered(fromVm2(error), Net.VM1);
        assertThat(Wire.i32(told, 12)).isEqualTo(TWO);
        own[8] = 62;
        byte[] embedded = Wire.slice(told, 28);
        assertThat(embedded).isEqualTo(Arrays.copyOf(Wire.fixIp(own), embedded.length));
    }
}
