package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.route.VsidRow;
import org.junit.jupiter.api.Test;

/** ECN and DSCP through the tunnel, both ways. */
class TunnelTosTest extends GatewayFixture {

    private static final int DROPPED = -1;
    private static final int EF = 46 << 2;
    private static final int AF11 = 10 << 2;

    /** RFC 6040 figure 4: rows inner, columns outer, both in the order Not-ECT 0, ECT(1) 1, ECT(0) 2, CE 3. */
    private static final int[][] DECAPSULATED = {{0, 0, 0, DROPPED}, {1, 1, 1, 3}, {2, 1, 2, 3}, {3, 3, 3, 3}};

    @Test
    @Requirement("RFC 6040 4.2")
    void everyPairOfMarksDecapsulatesByTheTable() {
        for (int inner = 0; inner < 4; inner++) {
            for (int outer = 0; outer < 4; outer++) {
                assertThat(decapsulated(outer, EF | inner))
                        .as("inner %d, outer %d", inner, outer)
                        .isEqualTo(DECAPSULATED[inner][outer] == DROPPED ? DROPPED : EF | DECAPSULATED[inner][outer]);
            }
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.INNER_ECN, 1L));
    }

    @Test
    @Requirement({"RFC 6040 4.1", "nat-behaviour 84"})
    void everyMarkIsCopiedOutside() {
        for (int ecn = 0; ecn < 4; ecn++) {
            assertThat(encapsulated(AF11 | ecn)).isEqualTo(AF11 | ecn);
        }
    }

    @Test
    @Requirement({"RFC 2983 3.1", "RFC 2983 5"})
    void uniformModelTakesWhatTheNetworkRemarked() {
        assertThat(decapsulated(AF11 | 2, EF | 2)).isEqualTo(AF11 | 2);
        assertThat(decapsulated(0, EF)).as("a host that does not copy DSCP").isEqualTo(EF);
    }

    @Test
    @Requirement({"RFC 2983 3.1a", "RFC 2983 5"})
    void pipeModelHidesTheDscpOfEachFromTheOther() {
        pipe(26);
        assertThat(decapsulated(AF11 | 3, EF | 2)).isEqualTo(EF | 3);
        for (int ecn = 0; ecn < 4; ecn++) {
            assertThat(encapsulated(EF | ecn)).isEqualTo(26 << 2 | ecn);
        }
    }

    private void pipe(int dscp) {
        for (int vsid : new int[] {Net.VM_VSID[1], Net.GATEWAY_VSID[1]}) {
            VsidRow row = Objects.requireNonNull(gateway.tables.vsids.row(vsid));
            gateway.tables.vsids.put(row.withFlags(row.flags() | VsidEntry.pipe(dscp)));
        }
        gateway.tables.epochs.bump(1);
    }

    /** TOS of what leaves by the external port, or DROPPED. */
    private int decapsulated(int outerTos, int innerTos) {
        byte[] ip = packet(Net.VM1, Net.SERVER, 4000, 53, innerTos);
        byte[] gre = Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 0, Wire.ethernet(Net.GATEWAY_MAC, 2, 0x800, ip));
        byte[] outer = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, 64, 0, 0x4000, outerTos, gre);
        TestGateway.Sent sent = gateway.intoPa(Wire.ethernet(Net.PA_MAC, 2, 0x800, outer));
        if (sent.isEmpty()) {
            return DROPPED;
        }
        byte[] out = TestGateway.ip(sent.onlyExt());
        Wire.requireRight(out);
        return Wire.u8(out, 1);
    }

    /** TOS of the outer header around a VM's packet to another VM, whose own stays. */
    private int encapsulated(int tos) {
        byte[] ip = packet(Net.VM1, Net.VM2, 4000, 53, tos);
        byte[] frame = gateway.intoPa(Net.fromVm1(1, ip)).onlyPa();
        byte[] inner = TestGateway.inner(frame, Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]);
        assertThat(Wire.u8(inner, 15)).isEqualTo(tos);
        Wire.requireRight(Wire.slice(inner, 14));
        return Wire.u8(frame, 15);
    }

    private static byte[] packet(int source, int destination, int sourcePort, int destinationPort, int tos) {
        byte[] udp = Wire.udp(source, destination, sourcePort, destinationPort, new byte[4]);
        return Wire.ipv4(source, destination, Wire.UDP, 64, 0, 0x4000, tos, udp);
    }
}
