package net.nvgate.gateway.worker;

import static net.nvgate.gateway.worker.TcpPeers.ACK;
import static net.nvgate.gateway.worker.TcpPeers.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SYNs from outside that nobody asked for (RFC 5382 REQ-4). */
@ExtendWith(EalExtension.class)
class HeldSynsTest {

    private TestGateway gateway = new TestGateway(TestGateway.CONFIG.withHeldSynsMax(4));

    @AfterEach
    void close() {
        gateway.close();
    }

    private static byte[] syn(int source, int destinationPort) {
        return Net.tcp(source, Net.NAT[1], 80, destinationPort, SYN);
    }

    private boolean isSilent(byte[] ip) {
        return gateway.intoExt(Net.fromOutside(ip)).isEmpty();
    }

    @Test
    @Requirement("RFC 5382 REQ-4")
    void unsolicitedSynIsRefusedAfterSixSecondsAndNotBefore() {
        byte[] syn = syn(Net.SERVER, 4000);
        assertThat(isSilent(syn)).isTrue();
        for (int i = 0; i < 6; i++) {
            assertThat(gateway.turnAfter(1000).isEmpty()).isTrue();
        }
        byte[] error = TestGateway.ip(gateway.turnAfter(10).onlyExt());
        Wire.requireRight(error);
        assertThat(Wire.i32(error, 16)).isEqualTo(Net.SERVER);
        assertThat(Wire.u8(error, 9)).isEqualTo(Wire.ICMP);
        assertThat(Wire.u8(error, 20)).as("unreachable").isEqualTo(3);
        assertThat(Wire.u8(error, 21)).as("port").isEqualTo(3);
        byte[] body = Wire.slice(error, 28);
        assertThat(body).isEqualTo(Arrays.copyOf(syn, body.length));
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 1L));
        assertThat(gateway.count(WorkerCounter.SYNS_REFUSED)).isEqualTo(1);
        assertThat(gateway.turnAfter(60_000).isEmpty()).isTrue();
    }

    @Test
    @Requirement({"RFC 5382 REQ-4", "RFC 5382 REQ-2a", "RFC 6146 3.5.2.2"})
    void outboundSynOfTheSameConnectionForgetsIt() {
        assertThat(isSilent(syn(Net.SERVER, 4000))).isTrue();
        gateway.turnAfter(5_000);
        gateway.intoPa(Net.fromVm1(1, Net.tcp(Net.VM1, Net.SERVER, 4000, 80, SYN)))
                .onlyExt();
        assertThat(gateway.turnAfter(10_000).isEmpty()).as("no answer at all").isTrue();
        gateway.intoExt(Net.fromOutside(syn(Net.SERVER, 4000))).onlyPa();
        gateway.intoPa(Net.fromVm1(1, Net.tcp(Net.VM1, Net.SERVER, 4000, 80, SYN | ACK)))
                .onlyExt();
        assertThat(gateway.count(WorkerCounter.SYNS_REFUSED)).isZero();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 1L));
    }

    @Test
    void otherConnectionsSynDoesNotForgetIt() {
        assertThat(isSilent(syn(Net.SERVER, 4000))).isTrue();
        gateway.intoPa(Net.fromVm1(1, Net.tcp(Net.VM1, Net.FAR, 4000, 80, SYN))).onlyExt();
        gateway.turnAfter(7_000).onlyExt();
        assertThat(gateway.count(WorkerCounter.SYNS_REFUSED)).isEqualTo(1);
    }

    @Test
    void repeatedSynIsHeldOnce() {
        for (int i = 0; i < 3; i++) {
            assertThat(isSilent(syn(Net.SERVER, 4000))).isTrue();
            gateway.turnAfter(1000);
        }
        assertThat(gateway.count(WorkerCounter.SYNS_HELD)).isEqualTo(1);
        gateway.turnAfter(6_000).onlyExt();
        assertThat(gateway.turnAfter(60_000).isEmpty()).isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 3L));
    }

    @Test
    void floodIsDroppedWithoutAnswerAndTold() {
        for (int i = 0; i < 10; i++) {
            assertThat(isSilent(syn(Net.SERVER, 4000 + i))).isTrue();
        }
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 6L));
        assertThat(gateway.worker.events().count(EventKind.SYN_FLOOD)).isEqualTo(6);
        assertThat(gateway.turnAfter(7_000).ext()).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(isSilent(syn(Net.SERVER, 5000 + i))).isTrue();
        }
        assertThat(gateway.turnAfter(7_000).ext()).hasSize(4);
    }

    @Test
    @Requirement("RFC 5382 REQ-4a")
    void wherePolicyForbidsAnAnswerThereIsNone() {
        gateway.close();
        gateway = new TestGateway(TestGateway.CONFIG.withHeldSynsMax(0));
        assertThat(isSilent(syn(Net.SERVER, 4000))).isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 1L));
        assertThat(gateway.turnAfter(60_000).isEmpty()).isTrue();
    }

    /** A tenant's SYN to another tenant's address: the refusal comes back to the VM. */
    @Test
    @Requirement({"RFC 5382 REQ-4", "RFC 5382 REQ-8", "RFC 5508 REQ-7"})
    void hairpinnedSynIsRefusedToTheVmThatSentIt() {
        byte[] syn = Net.tcp(Net.VM1, Net.NAT[2], 4000, 80, SYN);
        assertThat(gateway.intoPa(Net.fromVm1(1, syn)).isEmpty()).isTrue();
        byte[] frame = gateway.turnAfter(7_000).onlyPa();
        byte[] error = Wire.slice(TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 14);
        Wire.requireRight(error);
        assertThat(Wire.u8(error, 20)).isEqualTo(3);
        assertThat(Wire.i32(error, 28 + 12)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(error, 28 + 20)).isEqualTo(4000);
    }

    @Test
    void segmentsThatOpenNothingAreDroppedAtOnce() {
        for (int flags : new int[] {ACK, SYN | ACK, TcpPeers.RST, TcpPeers.FIN | ACK}) {
            assertThat(isSilent(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4000, flags)))
                    .isTrue();
        }
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 4L));
        assertThat(gateway.turnAfter(60_000).isEmpty()).isTrue();
    }
}
