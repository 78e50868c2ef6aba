package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.conformance.Requirement;
import org.junit.jupiter.api.Test;

/** One sees which VM has the wrong MTU, and what was done about its packets. */
class MtuDiagnosisTest extends GatewayFixture {

    private static byte[] udp(int source, int destination, int fragment, int size) {
        byte[] l4 = Wire.udp(source, destination, 4000, 53, new byte[size - 28]);
        return Wire.ipv4(source, destination, Wire.UDP, 64, 7, fragment, 0, l4);
    }

    private MtuRow only() {
        List<MtuRow> rows = gateway.worker.mtuRows();
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }

    private long counter(VsidCounter counter) {
        return gateway.worker.counters().vsid(2, counter);
    }

    @Test
    @Requirement({"RFC 1191 4", "RFC 4459 3.2"})
    void refusedPacketsOfAVm() {
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.VM2, 0x4000, 1500)));
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 0x4000, 1501)));
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 0x4000, 1400)));
        MtuRow vm = only();
        assertThat(vm.domain()).isEqualTo(1);
        assertThat(vm.customerAddress()).isEqualTo(new Ipv4Address(Net.VM1));
        assertThat(vm.refused()).isEqualTo(2);
        assertThat(vm.lastSize()).isEqualTo(1501);
        assertThat(vm.fragmented()).isZero();
        assertThat(counter(VsidCounter.TOO_BIG)).isEqualTo(2);
    }

    @Test
    @Requirement({"RFC 4787 REQ-13a", "RFC 4459 3.4"})
    void fragmentedPacketsOfAVm() {
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 0, 2000)));
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.VM2, 0, 1459)));
        MtuRow vm = only();
        assertThat(vm.fragmented()).isEqualTo(2);
        assertThat(vm.lastSize()).isEqualTo(1459);
        assertThat(counter(VsidCounter.FRAGMENTED)).isEqualTo(2);
    }

    @Test
    @Requirement("RFC 7637 4.4a")
    void packetsThatTheHostFragmented() {
        byte[] frame = Wire.ethernet(Net.GATEWAY_MAC, Net.VM1_MAC, 0x800, udp(Net.VM1, Net.SERVER, 0x4000, 1500));
        byte[] gre = Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 7, frame);
        byte[] outer = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, 64, 9, 0, 0, gre);
        for (byte[] piece : Pieces.cut(outer, 1480)) {
            gateway.intoPa(Wire.ethernet(Net.PA_MAC, 2, 0x800, piece));
        }
        assertThat(only().tunnelFragmented()).isEqualTo(1);
        assertThat(only().lastSize()).isEqualTo(1500);
        assertThat(counter(VsidCounter.TUNNEL_FRAGMENTED)).isEqualTo(1);
    }

    @Test
    void packetsToAVm() {
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 0x4000, 100)));
        for (int fragment : new int[] {0, 0x4000}) {
            byte[] l4 = Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[1472]);
            gateway.intoExt(Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 7, fragment, 0, l4)));
        }
        assertThat(only().receivedTooBig()).isEqualTo(2);
        assertThat(only().lastSize()).isZero();
        assertThat(counter(VsidCounter.TOO_BIG)).isEqualTo(1);
        assertThat(counter(VsidCounter.FRAGMENTED)).isEqualTo(1);
    }

    @Test
    @Requirement("nat-behaviour 70")
    void whatWasClamped() {
        byte[] tcp = Wire.tcp(Net.VM1, Net.SERVER, 4000, 80, 2, new byte[] {2, 4, 5, (byte) 0xb4});
        tcp[12] = 0x60;
        gateway.intoPa(Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.TCP, tcp)));
        MtuRow vm = only();
        assertThat(vm.mssClamped()).isEqualTo(1);
        assertThat(vm.mssAnnounced()).isEqualTo(1460);
        assertThat(vm.mssLowered()).isEqualTo(1418);
    }

    /** The table has a fixed size: who was heard of last stays. */
    @Test
    void newVmsDisplaceThoseOfWhichNothingIsHeard() {
        for (int i = 0; i < 3000; i++) {
            int ca = Wire.address("192.168.1.0") + (i << 8);
            gateway.record(1, ca, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
            gateway.intoPa(Net.fromVm1(1, udp(ca, Net.VM2, 0x4000, 1500)));
            gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.VM2, 0x4000, 1500)));
            gateway.turnAfter(1);
        }
        List<MtuRow> rows = gateway.worker.mtuRows();
        assertThat(rows.size()).isBetween(900, 1024);
        assertThat(rows)
                .filteredOn(row -> row.customerAddress().equals(new Ipv4Address(Net.VM1)))
                .singleElement()
                .satisfies(row -> assertThat(row.refused()).isEqualTo(3000));
    }

    /** The index of a tenant is used again: the next one, which has the same addresses, sees nothing of the first. */
    @Test
    void rowsEndWithTheirTenant() {
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 0x4000, 1501)));
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 0x4000, 1501)));
        gateway.intoPa(Net.fromVm1(2, udp(Net.VM1, Net.SERVER, 0x4000, 1501)));
        assertThat(gateway.worker.mtuRows()).hasSize(2);
        int before = gateway.tables.epochs.of(1);
        gateway.tables.epochs.end(1);
        gateway.tables.epochs.bump(1);
        assertThat(gateway.tables.epochs.of(1)).isEqualTo(before + 2);
        assertThat(only().domain()).isEqualTo(2);
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 0x4000, 1502)));
        assertThat(gateway.worker.mtuRows())
                .filteredOn(row -> row.domain() == 1)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.refused()).isEqualTo(1);
                    assertThat(row.lastSize()).isEqualTo(1502);
                });
    }
}
