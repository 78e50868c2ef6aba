package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.flow.SessionRow;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;
import org.junit.jupiter.api.Test;

/** What does not depend on what: protocols on each other, NAT on the port's own address, VMs on their tenant's NAT. */
class NatIndependenceTest extends GatewayFixture {

    private void out(byte[] ip) {
        Wire.requireRight(TestGateway.ip(gateway.intoPa(Net.fromVm1(1, ip)).onlyExt()));
    }

    private boolean comesIn(byte[] ip) {
        return !gateway.intoExt(Net.fromOutside(ip)).isEmpty();
    }

    @Test
    @Requirement({"RFC 7857 5", "RFC 7857 6"})
    void openPortOfOneProtocolDoesNotOpenTheOthers() {
        NatSettingsRow open = NatSettingsRow.DEFAULT.withFiltering(NatEntry.ENDPOINT_INDEPENDENT);
        gateway.connection(new NatTable.Connection(Net.NAT[1], 1, 1, 1024, 65535, 77, open));
        out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, TcpPeers.SYN));
        out(Net.udp(Net.VM1, Net.SERVER, 5000, 53));
        assertThat(comesIn(Net.udp(Net.FAR, Net.NAT[1], 9, 4000))).isFalse();
        assertThat(comesIn(Net.tcp(Net.FAR, Net.NAT[1], 9, 5000, TcpPeers.SYN))).isFalse();
        assertThat(comesIn(Net.tcp(Net.FAR, Net.NAT[1], 9, 4000, TcpPeers.SYN))).isTrue();
        assertThat(comesIn(Net.udp(Net.FAR, Net.NAT[1], 9, 5000))).isTrue();
    }

    @Test
    @Requirement("nat-behaviour 14")
    void natWorksWhenTheExternalPortHasNoAddressOfItsOwn() {
        gateway.tables.ownAddresses.remove(Net.EXTERNAL);
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(comesIn(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000))).isTrue();
        gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
        assertThat(comesIn(Net.tcp(Net.FAR, Net.NAT[1], 30000, 8080, TcpPeers.SYN)))
                .isTrue();
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement("nat-behaviour 49")
    void serviceIsReachedByItsRealAddressUntranslated() {
        gateway.rule(1, Wire.TCP, 80, Net.VM2, 80);
        byte[] syn = Net.tcp(Net.VM1, Net.VM2, 4000, 80, TcpPeers.SYN);
        byte[] frame = gateway.intoPa(Net.fromVm1(1, syn)).onlyPa();
        byte[] ip = Wire.slice(TestGateway.inner(frame, Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]), 14);
        Wire.requireRight(ip);
        assertThat(Wire.i32(ip, 12)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(ip, 20)).isEqualTo(4000);
        byte[] answer = Net.tcp(Net.VM2, Net.VM1, 80, 4000, TcpPeers.SYN | TcpPeers.ACK);
        byte[] back = gateway.intoPa(Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, answer))
                .onlyPa();
        ip = Wire.slice(TestGateway.inner(back, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 14);
        assertThat(Wire.i32(ip, 12)).isEqualTo(Net.VM2);
        assertThat(Wire.u16(ip, 20)).isEqualTo(80);
        assertThat(gateway.worker.sessions().count()).isZero();
    }

    /** First packets and all packets, by protocol and in all. */
    @Test
    @Requirement("nat-behaviour 74")
    void countersAndTheGaugeOfSessionsAreExact() {
        for (int i = 0; i < 5; i++) {
            out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
            out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, TcpPeers.SYN));
            out(Net.ping(Net.VM1, Net.SERVER, 4000));
            out(Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, new byte[24]));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(comesIn(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000))).isTrue();
            assertThat(comesIn(Net.udp(Net.FAR, Net.NAT[1], 53, 4000))).isFalse();
        }
        for (int protocol : new int[] {Wire.UDP, Wire.TCP, Wire.ICMP, Wire.GRE}) {
            SessionRow row = gateway.worker
                    .sessions()
                    .list(new SessionFilter(1, 0, 0, protocol), 9, 0)
                    .getFirst();
            assertThat(row.packetsOut()).isEqualTo(5);
            assertThat(row.packetsIn()).isEqualTo(protocol == Wire.UDP ? 3 : 0);
        }
        assertThat(gateway.worker.sessions().count()).isEqualTo(4);
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(4);
        assertThat(gateway.count(WorkerCounter.FIRST_PACKETS)).isEqualTo(4 + 3);
        assertThat(gateway.count(WorkerCounter.PA_RX_PACKETS)).isEqualTo(20);
        assertThat(gateway.count(WorkerCounter.EXT_TX_PACKETS)).isEqualTo(20);
        assertThat(gateway.count(WorkerCounter.EXT_RX_PACKETS)).isEqualTo(6);
        assertThat(gateway.count(WorkerCounter.PA_TX_PACKETS)).isEqualTo(3);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.UNSOLICITED, 3L));
        gateway.turnAfter(400_000);
        assertThat(gateway.worker.sessions().count()).isZero();
        assertThat(gateway.count(WorkerCounter.SESSIONS_ENDED)).isEqualTo(4);
    }
}
