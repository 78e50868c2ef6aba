package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.MacAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real drivers that need no hardware: net_ring (what is sent comes back), net_pcap (files), net_null. */
@ExtendWith(EalExtension.class)
class PortTest {

    private static final int SIZE = 2047;

    private final Arena arena = Arena.ofShared();
    private final long array = arena.allocate(8L * 64, 64).address();
    private Mempool pool;

    @TempDir
    Path directory;

    @BeforeEach
    void makePool() {
        pool = Mempool.create("port-test", SIZE, 32, 2176);
    }

    @AfterEach
    void everyMbufIsBack() {
        assertThat(pool.inUse()).isZero();
        pool.close();
        arena.close();
    }

    @Test
    void packetsThroughARingComeBackByteForByte() {
        try (Port port = Port.attach("loop", "net_ring0")) {
            port.configure(PortSettings.simple(1500), pool);
            port.start();
            List<byte[]> sent = List.of(Frames.counting(60, 1), Frames.counting(1514, 2), Frames.counting(97, 3));
            assertThat(pool.allocate(array, sent.size())).isTrue();
            for (int i = 0; i < sent.size(); i++) {
                Frames.write(Mem.i64(array + 8L * i), sent.get(i));
            }
            assertThat(port.txQueue(0).prepare(array, 3)).isEqualTo(3);
            assertThat(port.txQueue(0).burst(array, 3)).isEqualTo(3);
            assertThat(port.stats().txPackets()).isEqualTo(3);

            int received = port.rxQueue(0).burst(array, 32);
            assertThat(received).isEqualTo(3);
            for (int i = 0; i < received; i++) {
                assertThat(Frames.read(Mem.i64(array + 8L * i))).isEqualTo(sent.get(i));
            }
            assertThat(port.rxQueue(0).burst(array + 256, 32)).isZero();
            assertThat(pool.inUse()).isEqualTo(3);
            Mempool.free(array, received);
            assertThat(port.stats().rxPackets()).isEqualTo(3);
            assertThat(port.xstats()).containsEntry("rx_good_packets", 3L).containsEntry("tx_good_packets", 3L);
            assertThat(port.link().up()).isTrue();
        }
    }

    @Test
    void packetsOfACaptureFileAreReadAndWrittenByteForByte() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            frames.add(Frames.counting(60 + i * 7, i));
        }
        Path in = directory.resolve("in.pcap");
        Path out = directory.resolve("out.pcap");
        PcapFiles.write(in, frames);
        try (Port port = Port.attach("pcap", "net_pcap7,rx_pcap=" + in + ",tx_pcap=" + out)) {
            port.configure(PortSettings.simple(1500), pool);
            port.start();
            RxQueue rx = port.rxQueue(0);
            TxQueue tx = port.txQueue(0);
            int forwarded = 0;
            for (int n = rx.burst(array, 32); n > 0; n = rx.burst(array, 32)) {
                assertThat(Mbuf.portId(Mem.i64(array))).isEqualTo(port.id());
                forwarded += tx.burst(array, n);
            }
            assertThat(forwarded).isEqualTo(100);
            assertThat(port.stats().rxBytes())
                    .isEqualTo(frames.stream().mapToLong(frame -> frame.length).sum());
        }
        List<byte[]> written = PcapFiles.read(out);
        assertThat(written).hasSameSizeAs(frames);
        for (int i = 0; i < frames.size(); i++) {
            assertThat(written.get(i)).isEqualTo(frames.get(i));
        }
        assertThat(Files.size(out)).isEqualTo(Files.size(in));
    }

    @Test
    void tellsWhatTheDriverOffersAndTakesTheIntersection() {
        try (Port port = Port.attach("null", "net_null3")) {
            assertThat(port.info().driver()).isEqualTo("net_null");
            assertThat(port.info().rxQueuesMax()).isPositive();
            port.configure(PortSettings.simple(1500), pool);
            assertThat(port.txOffloads() & ~port.info().txOffloads()).isZero();
            assertThat(port.txChecksumOffered())
                    .isEqualTo((port.info().txOffloads() & Offloads.TX_CHECKSUMS) == Offloads.TX_CHECKSUMS);
            port.mac(MacAddress.parse("02:00:00:00:00:07"));
            assertThat(port.mac()).isEqualTo(MacAddress.parse("02:00:00:00:00:07"));
            assertThat(port.promiscuous()).isTrue();
        }
    }

    @Test
    void errorsNameThePortTheDeviceAndTheReason() {
        assertThatThrownBy(() -> Port.attach("pa", "net_nonesuch0"))
                .isInstanceOf(DpdkException.class)
                .hasMessageContaining("port pa: cannot attach device net_nonesuch0")
                .hasMessageContaining("no driver or bus of the installed DPDK knows such a device");
        assertThatThrownBy(() -> Port.attach("ext", "net_af_packet9,iface=nvga-nonesuch"))
                .isInstanceOf(DpdkException.class)
                .hasMessageContaining("port ext: cannot attach device net_af_packet9,iface=nvga-nonesuch");
        try (Port port = Port.attach("small", "net_null4")) {
            assertThatThrownBy(() -> port.configure(PortSettings.simple(9000), pool))
                    .hasMessageContaining("MTU 9000 needs mbufs of 9")
                    .hasMessageContaining("pool port-test has 2176");
            assertThatThrownBy(() -> port.rxQueue(0)).hasMessageContaining("not started");
        }
    }

    @Test
    void aClosedDeviceCanBeAttachedAgain() {
        for (int round = 0; round < 2; round++) {
            Port port = Port.attach("again", "net_ring5");
            port.configure(PortSettings.simple(1500), pool);
            port.start();
            port.close();
            port.close();
        }
    }

    @Test
    void deviceNamesArePlain() {
        assertThat(Port.deviceName("net_af_packet0,iface=pa0")).isEqualTo("net_af_packet0");
        assertThat(Port.deviceName("00:10.0")).isEqualTo("0000:00:10.0");
        assertThat(Port.deviceName("0000:00:10.0,opt=1")).isEqualTo("0000:00:10.0");
    }
}
