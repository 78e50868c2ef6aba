package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.flow.SessionRow;
import org.junit.jupiter.api.Test;

/** Sessions through the NAT, packet by packet. */
class NatTest extends GatewayFixture {

    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final int RST = 4;

    private byte[] out(int tenant, byte[] ip) {
        byte[] frame = gateway.intoPa(Net.fromVm1(tenant, ip)).onlyExt();
        byte[] sent = TestGateway.ip(frame);
        assertThat(frame).hasSize(14 + sent.length);
        Wire.requireRight(sent);
        return sent;
    }

    private byte[] in(int tenant, byte[] ip) {
        byte[] inner = TestGateway.inner(
                gateway.intoExt(Net.fromOutside(ip)).onlyPa(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[tenant]);
        assertThat(Wire.mac(inner, 0)).isEqualTo(Net.VM1_MAC);
        assertThat(Wire.mac(inner, 6)).isEqualTo(Net.GATEWAY_MAC);
        byte[] sent = Wire.slice(inner, 14);
        Wire.requireRight(sent);
        return sent;
    }

    @Test
    @Requirement({"nat-behaviour 1", "nat-behaviour 3", "RFC 7637 4.6", "RFC 7637 4.7", "RFC 1812 5.3.1"})
    void udpGoesOutAndComesBack() {
        byte[] sent = out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(Wire.i32(sent, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(sent, 16)).isEqualTo(Net.SERVER);
        assertThat(Wire.u16(sent, 20)).as("free port is preserved").isEqualTo(4000);
        assertThat(Wire.u8(sent, 8)).isEqualTo(63);
        assertThat(Wire.slice(sent, 28)).containsExactly(1, 2, 3, 4, 5);

        byte[] back = in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        assertThat(Wire.i32(back, 12)).isEqualTo(Net.SERVER);
        assertThat(Wire.i32(back, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(back, 22)).isEqualTo(4000);
        assertThat(Wire.u8(back, 8)).isEqualTo(63);
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(1);
        assertThat(gateway.count(WorkerCounter.FIRST_PACKETS)).isEqualTo(1);
    }

    @Test
    void externalFrameHasTheNextHopsMac() {
        byte[] onLink = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)))
                .onlyExt();
        assertThat(Wire.mac(onLink, 0)).isEqualTo(Net.SERVER_MAC);
        assertThat(Wire.mac(onLink, 6)).isEqualTo(Net.EXT_MAC);
        byte[] routed = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.FAR, 4000, 53)))
                .onlyExt();
        assertThat(Wire.mac(routed, 0)).isEqualTo(Net.ROUTER_MAC);
    }

    @Test
    @Requirement({"nat-behaviour 1", "nat-behaviour 76", "RFC 5382 REQ-2"})
    void tcpHandshakeAndData() {
        out(1, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, SYN));
        in(1, Net.tcp(Net.SERVER, Net.NAT[1], 80, 4001, SYN | ACK));
        byte[] data = out(1, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, ACK));
        assertThat(Wire.slice(data, 40)).containsExactly(9, 8, 7);
        assertThat(rows(SessionFilter.ALL)).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo("established");
            assertThat(row.packetsOut()).isEqualTo(2);
            assertThat(row.packetsIn()).isEqualTo(1);
            assertThat(row.bytesOut()).isEqualTo(2 * 43);
            assertThat(row.externalPort()).isEqualTo(4001);
            assertThat(row.remotePort()).isEqualTo(80);
            assertThat(row.insideAddress()).isEqualTo(Net.VM1);
        });
        assertThat(rows(new SessionFilter(2, 0, 0, 0))).isEmpty();
        assertThat(rows(new SessionFilter(1, Net.VM1, Net.NAT[1], Wire.TCP))).hasSize(1);
    }

    private List<SessionRow> rows(SessionFilter filter) {
        return gateway.worker.sessions().list(filter, 100, 5_000);
    }

    @Test
    @Requirement({"nat-behaviour 1", "nat-behaviour 61", "RFC 5508 REQ-1"})
    void pingGoesOutAndComesBack() {
        byte[] sent = out(1, Net.ping(Net.VM1, Net.SERVER, 7777));
        int id = Wire.u16(sent, 24);
        byte[] back = in(1, Net.pong(Net.SERVER, Net.NAT[1], id));
        assertThat(Wire.u16(back, 24)).isEqualTo(7777);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"nat-behaviour 9", "nat-behaviour 11", "nat-behaviour M11", "RFC 7637 4.5"})
    void tenantsWithTheSameAddressesDoNotMeet() {
        byte[] one = out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] two = out(2, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(Wire.i32(one, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(two, 12)).isEqualTo(Net.NAT[2]);
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        in(2, Net.udp(Net.SERVER, Net.NAT[2], 53, 4000));
    }

    /** RFC 4787 REQ-1. */
    @Test
    @Requirement("RFC 4787 REQ-1")
    void mappingIsEndpointIndependent() {
        byte[] first = out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] second = out(1, Net.udp(Net.VM1, Net.FAR, 4000, 9999));
        assertThat(Wire.u16(second, 20)).isEqualTo(Wire.u16(first, 20));
    }

    /** RFC 4787 REQ-3 and REQ-4. */
    @Test
    @Requirement({"RFC 4787 REQ-3", "RFC 4787 REQ-4"})
    void takenPortGivesAnotherOfTheSameParityAndRange() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53));
        byte[] vm2 = Net.nvgre(
                Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, Net.udp(Net.VM2, Net.SERVER, 4001, 53));
        byte[] sent = TestGateway.ip(gateway.intoPa(vm2).onlyExt());
        Wire.requireRight(sent);
        assertThat(Wire.u16(sent, 20)).isNotEqualTo(4001).isOdd().isGreaterThanOrEqualTo(1024);
    }

    /** RFC 4787 REQ-8, address and port dependent filtering. */
    @Test
    void othersCannotUseTheMapping() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.FAR, Net.NAT[1], 53, 4000)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 54, 4000)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(java.util.Map.entry(DropReason.UNSOLICITED, 2L));
    }

    @Test
    void udpWithoutChecksumStaysWithout() {
        byte[] ip = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
        ip[26] = 0;
        ip[27] = 0;
        assertThat(Wire.u16(out(1, ip), 26)).isZero();
    }

    @Test
    @Requirement("nat-behaviour 37")
    void ruleForwardsAndTheServerKeepsItsTuple() {
        gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
        byte[] syn = in(1, Net.tcp(Net.FAR, Net.NAT[1], 30000, 8080, SYN));
        assertThat(Wire.i32(syn, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(syn, 22)).isEqualTo(80);
        byte[] answer = out(1, Net.tcp(Net.VM1, Net.FAR, 80, 30000, SYN | ACK));
        assertThat(Wire.i32(answer, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.u16(answer, 20)).isEqualTo(8080);
        assertThat(rows(SessionFilter.ALL).getFirst().state()).isEqualTo("established");
        byte[] own = out(1, Net.tcp(Net.VM1, Net.SERVER, 80, 5000, SYN));
        assertThat(Wire.u16(own, 20)).as("what the server opens itself").isEqualTo(8080);
    }

    @Test
    @Requirement("RFC 4787 REQ-3")
    void portOfARuleIsNotGivenOut() {
        gateway.rule(1, Wire.UDP, 4000, Net.VM2, 53);
        assertThat(Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20)).isNotEqualTo(4000);
    }

    @Test
    @Requirement({"nat-behaviour 17", "RFC 6888 REQ-11", "RFC 6888 REQ-11d", "RFC 6888 REQ-13"})
    void exhaustedPortsAreACountedDropAndHarmNobody() {
        gateway.nat(1, 1, 5000, 5001);
        out(1, Net.udp(Net.VM1, Net.SERVER, 1, 53));
        out(1, Net.udp(Net.VM1, Net.SERVER, 2, 53));
        byte[] told = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 3, 53)))
                        .onlyPa(),
                Net.HOST_A,
                Net.HOST_A_MAC,
                Net.VM_VSID[1]);
        assertThat(Wire.u16(told, 34)).as("host unreachable").isEqualTo(0x0301);
        assertThat(gateway.drops()).containsExactly(java.util.Map.entry(DropReason.NAT_PORTS_EXHAUSTED, 1L));
        assertThat(gateway.worker.events().count(EventKind.NAT_PORTS_EXHAUSTED)).isEqualTo(1);
        assertThat(gateway.worker.events().count(EventKind.NAT_ADDRESSES_EXHAUSTED))
                .as("only the one that the host has is full, for all it knows")
                .isZero();
        gateway.record(1, Net.VM2, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
        assertThat(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM2, Net.SERVER, 3, 53)))
                        .ext())
                .isEmpty();
        assertThat(gateway.worker.events().count(EventKind.NAT_ADDRESSES_EXHAUSTED))
                .as("a host without ports may have any address")
                .isEqualTo(1);
        out(1, Net.udp(Net.VM1, Net.FAR, 1, 53));
        out(1, Net.tcp(Net.VM1, Net.SERVER, 3, 53, SYN));
    }

    @Test
    void midstreamConnectionGoesOn() {
        out(1, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, ACK));
        assertThat(rows(SessionFilter.ALL).getFirst().state()).isEqualTo("midstream");
        in(1, Net.tcp(Net.SERVER, Net.NAT[1], 80, 4001, ACK));
        assertThat(rows(SessionFilter.ALL).getFirst().state()).isEqualTo("established");
        assertThat(gateway.intoPa(Net.fromVm1(1, Net.tcp(Net.VM1, Net.SERVER, 4002, 80, RST)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(java.util.Map.entry(DropReason.TCP_NO_SESSION, 1L));
    }

    /** RFC 4787 REQ-9, RFC 5382 REQ-8. */
    @Test
    @Requirement({"nat-behaviour 47", "nat-behaviour 51", "RFC 5382 REQ-8", "RFC 5382 REQ-8a"})
    void tenantReachesAnotherByItsExternalAddress() {
        gateway.rule(2, Wire.TCP, 8080, Net.VM1, 80);
        byte[] syn = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, Net.tcp(Net.VM1, Net.NAT[2], 4001, 8080, SYN)))
                        .onlyPa(),
                Net.HOST_A,
                Net.HOST_A_MAC,
                Net.VM_VSID[2]);
        byte[] ip = Wire.slice(syn, 14);
        Wire.requireRight(ip);
        assertThat(Wire.i32(ip, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(ip, 16)).isEqualTo(Net.VM1);
        byte[] back = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(2, Net.tcp(Net.VM1, Net.NAT[1], 80, 4001, SYN | ACK)))
                        .onlyPa(),
                Net.HOST_A,
                Net.HOST_A_MAC,
                Net.VM_VSID[1]);
        byte[] answer = Wire.slice(back, 14);
        Wire.requireRight(answer);
        assertThat(Wire.i32(answer, 12)).isEqualTo(Net.NAT[2]);
        assertThat(Wire.u16(answer, 20)).isEqualTo(8080);
        assertThat(Wire.i32(answer, 16)).isEqualTo(Net.VM1);
        assertThat(gateway.count(WorkerCounter.HAIRPINS)).isEqualTo(2);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"RFC 7857 12", "nat-behaviour 53"})
    void tenantPingsItsOwnAndTheGatewaysExternalAddress() {
        for (int target : new int[] {Net.NAT[1], Net.NAT[2], Net.EXTERNAL}) {
            byte[] inner = TestGateway.inner(
                    gateway.intoPa(Net.fromVm1(1, Net.ping(Net.VM1, target, 5000)))
                            .onlyPa(),
                    Net.HOST_A,
                    Net.HOST_A_MAC,
                    Net.VM_VSID[1]);
            byte[] ip = Wire.slice(inner, 14);
            Wire.requireRight(ip);
            assertThat(Wire.i32(ip, 12)).isEqualTo(target);
            assertThat(Wire.u8(ip, 20)).as("echo reply").isZero();
            assertThat(Wire.u16(ip, 24)).isEqualTo(5000);
        }
    }

    @Test
    void burstOfOneNewFlowMakesOneSession() {
        byte[] frame = Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(gateway.intoPa(frame, frame, frame).ext()).hasSize(3);
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(1);
    }

    @Test
    void perVsidCountersCount() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        WorkerCounters counters = gateway.worker.counters();
        assertThat(counters.vsid(3, VsidCounter.RX_PACKETS)).isEqualTo(1);
        assertThat(counters.vsid(3, VsidCounter.RX_BYTES)).isEqualTo(33);
        assertThat(counters.vsid(2, VsidCounter.TX_PACKETS)).isEqualTo(1);
        assertThat(counters.vsid(2, VsidCounter.TX_BYTES)).isEqualTo(33);
    }
}
