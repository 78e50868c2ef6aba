package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** NVGRE packets that a host sent in fragments are put together, within limits. */
@ExtendWith(EalExtension.class)
class OuterFragmentTest {

    private TestGateway gateway;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeEach
    void open() {
        gateway = new TestGateway();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private byte[] inner(int size) {
        byte[] data = new byte[size - 28];
        random.nextBytes(data);
        return Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, Wire.udp(Net.VM1, Net.SERVER, 4000, 53, data));
    }

    /** The outer packet without DF, as a host makes it before it fragments. */
    private static byte[] outer(int host, int id, int tos, byte[] inner) {
        byte[] frame = Wire.ethernet(Net.GATEWAY_MAC, Net.VM1_MAC, 0x800, inner);
        byte[] gre = Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 7, frame);
        return Wire.ipv4(host, Net.GATEWAY_PA, Wire.GRE, 64, id, 0, tos, gre);
    }

    private static byte[] frame(byte[] ip) {
        return Wire.ethernet(Net.PA_MAC, Net.HOST_A_MAC, 0x800, ip);
    }

    private TestGateway.Sent send(List<byte[]> pieces) {
        return gateway.intoPa(pieces.stream().map(OuterFragmentTest::frame).toArray(byte[][]::new));
    }

    /** Fragmentation then reassembly is identity for random sizes and orders. */
    @Test
    @Requirement({"RFC 7637 4.4a", "RFC 791 3.2"})
    void anySizesAndOrder() {
        for (int i = 0; i < 200; i++) {
            byte[] inner = inner(40 + random.nextInt(1461));
            List<byte[]> pieces = Pieces.cut(outer(Net.HOST_A, i, 0, inner), 8, random);
            Collections.shuffle(pieces, random);
            byte[] sent = TestGateway.ip(send(pieces).onlyExt());
            Wire.requireRight(sent);
            assertThat(Wire.slice(sent, 28)).as("seed " + seed + " round " + i).isEqualTo(Wire.slice(inner, 28));
        }
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.mbufsHeld()).isZero();
        assertThat(gateway.count(WorkerCounter.OUTER_REASSEMBLED)).isGreaterThan(100);
    }

    @Test
    @Requirement("RFC 7637 4.4a")
    void tooLargeForABufferIsDropped() {
        List<byte[]> pieces = Pieces.cut(outer(Net.HOST_A, 1, 0, inner(5000)), 1480);
        assertThat(send(pieces).isEmpty()).isTrue();
        assertThat(gateway.drops()).containsKey(DropReason.OUTER_FRAGMENT_SIZE);
        gateway.turnsAfter(OuterReassembly.LIFETIME_MS);
        assertThat(gateway.mbufsHeld()).isZero();
        long dropped =
                gateway.drops().values().stream().mapToLong(Long::longValue).sum();
        assertThat(dropped).isEqualTo(pieces.size());
    }

    @Test
    @Requirement("RFC 7637 4.4a")
    void onlyHostsThatARecordNames() {
        int stranger = Wire.address("10.10.10.66");
        send(Pieces.cut(outer(stranger, 1, 0, inner(1500)), 1480));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.OUTER_FRAGMENT_SOURCE, 2L));
    }

    @Test
    @Requirement({"RFC 7637 4.4a", "RFC 5722 3"})
    void overlapDropsAll() {
        byte[] whole = outer(Net.HOST_A, 1, 0, inner(1400));
        List<byte[]> pieces =
                List.of(Pieces.piece(whole, 0, 800), Pieces.piece(whole, 792, 1000), Pieces.piece(whole, 800, 1422));
        assertThat(send(pieces).isEmpty()).isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.OUTER_FRAGMENT_OVERLAP, 3L));
        assertThat(gateway.mbufsHeld()).isZero();
    }

    @Test
    @Requirement("RFC 1122 3.3.2")
    void waitingEnds() {
        send(Pieces.cut(outer(Net.HOST_A, 1, 0, inner(1500)), 1480).subList(0, 1));
        assertThat(gateway.mbufsHeld()).isEqualTo(1);
        gateway.turnsAfter(OuterReassembly.LIFETIME_MS);
        assertThat(gateway.mbufsHeld()).isZero();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.OUTER_FRAGMENT_TIMEOUT, 1L));
    }

    /** A host that sends halves without end displaces its own; another host's packet comes together. */
    @Test
    @Requirement("RFC 7637 4.4a")
    void floodHurtsItsOwnHostOnly() {
        byte[] inner =
                Wire.ipv4(Net.VM2, Net.SERVER, Wire.UDP, Wire.udp(Net.VM2, Net.SERVER, 4000, 53, new byte[1400]));
        List<byte[]> good = Pieces.cut(outer(Net.HOST_B, 1, 0, inner), 800);
        send(good.subList(0, 1));
        for (int i = 0; i < 1000; i++) {
            send(Pieces.cut(outer(Net.HOST_A, i, 0, inner(1500)), 1480).subList(i % 2, i % 2 + 1));
        }
        int held = gateway.mbufsHeld();
        assertThat(held).isEqualTo(1 + MtuConfig.DEFAULT.outerFragmentsHeldMax() / 8);
        assertThat(send(good.subList(1, 2)).ext()).hasSize(1);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.OUTER_FRAGMENT_LIMIT, 1000L - (held - 1)));
    }

    /** A congestion mark on one fragment is one on the packet (RFC 3168 §5.3), and goes inside. */
    @Test
    @Requirement("RFC 6040 4.2")
    void congestionOnOneFragment() {
        byte[] inner = inner(1500);
        inner[1] = 2;
        List<byte[]> pieces = Pieces.cut(outer(Net.HOST_A, 1, 2, Wire.fixIp(inner)), 800);
        pieces.get(1)[1] = 3;
        Wire.fixIp(pieces.get(1));
        assertThat(Wire.u8(TestGateway.ip(send(pieces).onlyExt()), 1) & 3).isEqualTo(3);
    }

    @Test
    @Requirement("RFC 7637 4.4a")
    void switchedOffTheyAreDropped() {
        gateway.close();
        gateway = new TestGateway(TestGateway.CONFIG.withMtu(MtuConfig.DEFAULT.withOuterReassembly(false)));
        send(Pieces.cut(outer(Net.HOST_A, 1, 0, inner(1500)), 1480));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.OUTER_FRAGMENT, 2L));
    }

    /** The gateway itself never sends a fragment of NVGRE, whatever the tenant sends. */
    @Test
    @Requirement({"RFC 7637 4.4", "RFC 4459 3.4"})
    void nvgreIsNeverFragmented() {
        for (int i = 0; i < 100; i++) {
            int size = 28 + random.nextInt(3000);
            byte[] ip = Wire.ipv4(
                    Net.VM1,
                    Net.VM2,
                    Wire.UDP,
                    64,
                    i,
                    random.nextBoolean() ? 0x4000 : 0,
                    0,
                    Wire.udp(Net.VM1, Net.VM2, 1, 2, new byte[size - 28]));
            for (byte[] frame : gateway.intoPa(Net.fromVm1(1, ip)).pa()) {
                assertThat(frame.length).isLessThanOrEqualTo(14 + Net.MTU);
                assertThat(Wire.u16(frame, 20)).isEqualTo(0x4000);
            }
        }
    }
}
