package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.dpdk.Frames;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortSettings;
import net.nvgate.gateway.dpdk.VethPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checksums of outer IPv4 headers by the port where it offers that: what it says on receipt, what it fills in on sending. */
@ExtendWith(EalExtension.class)
class ChecksumOffloadTest {

    private static final long GOOD = Offloads.MBUF_RX_IP_CHECKSUM_GOOD;
    private static final long BAD = Offloads.MBUF_RX_IP_CHECKSUM_BAD;
    /** RTE_PTYPE_TUNNEL_NVGRE. */
    private static final int NVGRE = 0x4000;

    private static final int CHECKSUM = 14 + 10;
    private static final int FLOW_ID = 14 + 20 + 7;

    @Test
    void whatThePortSaysOfAReceivedHeaderHolds() {
        try (TestGateway gateway = new TestGateway()) {
            byte[] pa = Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
            byte[] sent = gateway.intoPaWith(GOOD, 0, flipped(pa)).onlyExt();
            byte[] ext = Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, Wire.u16(sent, 14 + 20)));
            gateway.intoExtWith(GOOD, 0, ext).onlyPa();
            assertThat(gateway.drops()).isEmpty();

            assertThat(gateway.intoPaWith(BAD, 0, pa).isEmpty()).isTrue();
            assertThat(gateway.intoExtWith(BAD, 0, ext).isEmpty()).isTrue();
            assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.IPV4_CHECKSUM, 2L));
        }
    }

    /** Then the port speaks of the inner header, or the checksum is not in the packet: the sum decides. */
    @Test
    void whatItSaysOfAnotherHeaderDoesNotCount() {
        try (TestGateway gateway = new TestGateway()) {
            byte[] pa = Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
            gateway.intoPaWith(BAD, NVGRE, pa).onlyExt();
            gateway.intoPaWith(GOOD | BAD, 0, pa).onlyExt();
            assertThat(gateway.drops()).isEmpty();

            assertThat(gateway.intoPaWith(GOOD, NVGRE, flipped(pa)).isEmpty()).isTrue();
            assertThat(gateway.intoPaWith(GOOD | BAD, 0, flipped(pa)).isEmpty()).isTrue();
            assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.IPV4_CHECKSUM, 2L));
        }
    }

    @Test
    void asksThePortForTheOuterChecksumWithTheHeadersLengths() {
        PacketPort pa = PacketPort.detached(Net.PA_MAC, Net.MTU, true);
        try (TestGateway gateway = new TestGateway(TestGateway.CONFIG, pa)) {
            byte[] sent = gateway.intoPa(toVm2(100, 0)).onlyPa();
            assertThat(Wire.u16(sent, CHECKSUM)).isZero();
            assertThat(gateway.lastFlags()).isEqualTo(Offloads.MBUF_TX_IP_CHECKSUM | Offloads.MBUF_TX_IPV4);
            assertThat(gateway.lastOffloadLengths()).isEqualTo(14 | 20L << 7);
        }
    }

    /** net_tap offers it; what leaves the tap device must be what the software path makes, byte for byte. */
    @Test
    void theWireCarriesTheSameAsWithoutIt() throws Exception {
        assumeTrue(VethPair.possible(), "NOT RUN: net_tap needs root");
        PortSettings settings = new PortSettings(
                Net.MTU,
                Optional.of(new MacAddress(Net.PA_MAC)),
                true,
                1,
                1,
                512,
                512,
                Offloads.RX_CHECKSUMS,
                Offloads.TX_CHECKSUMS);
        try (Mempool pool = Mempool.create("offload", 4095, 0, PortSettings.dataRoom(Net.MTU));
                Port tap = Port.attach("tap", "net_tap0,iface=nvgk-tap")) {
            tap.configure(settings, pool);
            tap.start();
            try (Port wire = Port.attach("wire", "net_af_packet9,iface=nvgk-tap")) {
                wire.configure(PortSettings.simple(Net.MTU), pool);
                wire.start();
                PacketPort pa = PacketPort.of(tap, 0);
                assertThat(pa.fillsIpv4Checksums()).isTrue();
                compare(pa, wire);
            }
        }
    }

    private static void compare(PacketPort pa, Port wire) {
        try (TestGateway hardware = new TestGateway(TestGateway.CONFIG, pa);
                TestGateway software = new TestGateway()) {
            for (int size = 0; size < 1400; size += 93) {
                byte[] frame = toVm2(size, size & 0xfc);
                byte[] expected = software.intoPa(frame).onlyPa();
                hardware.intoPa(frame);
                byte[] received = receive(wire);
                // The FlowID comes of a hash with a seed of each worker's own.
                expected[FLOW_ID] = received[FLOW_ID];
                assertThat(received).isEqualTo(expected);
                Wire.requireRight(Wire.slice(received, 14));
            }
            assertThat(hardware.drops()).isEmpty();
        }
    }

    private static byte[] toVm2(int size, int tos) {
        return Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.VM2, 50, 64, 7, 0x4000, tos, new byte[size]));
    }

    private static byte[] flipped(byte[] frame) {
        byte[] wrong = frame.clone();
        wrong[CHECKSUM] ^= 1;
        return wrong;
    }

    /** Polls for the next frame to the host of VM 2; Linux sends some of its own. */
    private static byte[] receive(Port wire) {
        try (Arena arena = Arena.ofConfined()) {
            long array = arena.allocate(8, 8).address();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (System.nanoTime() < deadline) {
                if (wire.rxQueue(0).burst(array, 1) == 1) {
                    byte[] frame = Frames.read(Mem.i64(array));
                    Mempool.free(array, 1);
                    if (Wire.mac(frame, 0) == Net.HOST_B_MAC) {
                        return frame;
                    }
                }
                Thread.onSpinWait();
            }
            throw new AssertionError("no frame within 60 s");
        }
    }
}
