package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.model.MacAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The driver of the demo: Linux interfaces through AF_PACKET rings, here the two ends of a veth pair. */
@ExtendWith(EalExtension.class)
class AfPacketTest {

    private final Arena arena = Arena.ofShared();
    private final long array = arena.allocate(8L * 32, 64).address();
    private VethPair veth;
    private Mempool pool;

    @BeforeEach
    void makeInterfaces() throws Exception {
        assumeTrue(VethPair.possible(), "NOT RUN: af_packet needs root");
        veth = new VethPair("nvga-l", "nvga-r");
        pool = Mempool.create("afp-test", 1023, 0, 2176);
    }

    @AfterEach
    void removeThem() throws Exception {
        if (veth != null) {
            assertThat(pool.inUse()).isZero();
            pool.close();
            veth.close();
        }
        arena.close();
    }

    @Test
    void framesCrossTheWireAndSettingsReachTheInterface() throws Exception {
        try (Port left = Port.attach("left", "net_af_packet0,iface=" + veth.left());
                Port right = Port.attach("right", "net_af_packet1,iface=" + veth.right())) {
            left.configure(PortSettings.simple(1600), pool);
            right.configure(PortSettings.simple(1600), pool);
            left.start();
            right.start();
            assertThat(left.mtu()).isEqualTo(1600);
            assertThat(ipLink(veth.left())).contains("mtu 1600");
            left.mac(MacAddress.parse("02:00:00:00:0a:01"));
            assertThat(ipLink(veth.left())).contains("02:00:00:00:0a:01");
            assertThat(left.link().up()).isTrue();

            send(left, Frames.counting(1614, 5));
            assertThat(receive(right)).isEqualTo(Frames.counting(1614, 5));
            send(right, Frames.counting(60, 9));
            assertThat(receive(left)).isEqualTo(Frames.counting(60, 9));
            assertThat(right.stats().rxPackets()).isPositive();
        }
    }

    /** Linux takes 802.1Q tags out of what AF_PACKET sees; the driver must put them back, we expect them in the packet. */
    @Test
    void vlanTagsStayInThePacket() throws Exception {
        byte[] tagged = Frames.counting(100, 3);
        byte[] tag = {(byte) 0x81, 0x00, 0x00, 0x2a, (byte) 0x88, (byte) 0xb5};
        System.arraycopy(tag, 0, tagged, 12, tag.length);
        try (Port left = Port.attach("left", "net_af_packet2,iface=" + veth.left());
                Port right = Port.attach("right", "net_af_packet3,iface=" + veth.right())) {
            left.configure(PortSettings.simple(1500), pool);
            right.configure(PortSettings.simple(1500), pool);
            left.start();
            right.start();
            send(left, tagged);
            assertThat(receive(right)).isEqualTo(tagged);
        }
    }

    @Test
    void anInterfaceThatIsDownOrGoneIsNoCrash() throws Exception {
        Commands.succeed("ip link set " + veth.left() + " down");
        try (Port left = Port.attach("left", "net_af_packet4,iface=" + veth.left())) {
            left.configure(PortSettings.simple(1500), pool);
            left.start();
            assertThat(left.link().up()).isFalse();
            assertThat(left.rxQueue(0).burst(array, 32)).isZero();
        }
        assertThatThrownBy(() -> Port.attach("ext", "net_af_packet5,iface=nvga-none"))
                .hasMessageContaining("port ext: cannot attach device net_af_packet5,iface=nvga-none");
    }

    /**
     * The driver's sockets are every interface's until they are bound: what came by another one meanwhile is nobody's. Opened again and
     * again until something has.
     */
    @Test
    void framesOfOtherInterfacesThatCameDuringTheStartAreDiscarded() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (VethPair other = new VethPair("nvga-ol", "nvga-or");
                Port sender = Port.attach("sender", "net_af_packet6,iface=" + other.left())) {
            sender.configure(PortSettings.simple(1500), pool);
            sender.start();
            Thread flood = Thread.ofPlatform().start(() -> flood(sender, enough));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            int discarded = 0;
            try {
                while (discarded == 0 && System.nanoTime() < deadline) {
                    try (Port port = Port.attach("port", "net_af_packet7,iface=" + veth.left())) {
                        port.configure(PortSettings.simple(1500), pool);
                        port.start();
                        discarded = port.discarded();
                        assertThat(port.rxQueue(0).burst(array, 32)).isZero();
                    }
                }
            } finally {
                enough.set(true);
                flood.join();
            }
            assertThat(discarded).isPositive();
        }
    }

    private void flood(Port sender, AtomicBoolean enough) {
        long own = arena.allocate(8, 8).address();
        byte[] frame = Frames.counting(100, 1);
        while (!enough.get()) {
            if (pool.allocate(own, 1)) {
                Frames.write(Mem.i64(own), frame);
                if (sender.txQueue(0).burst(own, 1) == 0) {
                    Mempool.free(own, 1);
                }
            }
        }
    }

    private static String ipLink(String name) throws IOException {
        return Commands.succeed("ip link show " + name);
    }

    private void send(Port port, byte[] frame) {
        assertThat(pool.allocate(array, 1)).isTrue();
        Frames.write(Mem.i64(array), frame);
        assertThat(port.txQueue(0).burst(array, 1)).isOne();
    }

    /** Polls, as a worker does, for the next frame of ours. */
    private byte[] receive(Port port) {
        RxQueue queue = port.rxQueue(0);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            if (queue.burst(array, 1) == 1) {
                byte[] frame = Frames.read(Mem.i64(array));
                Mempool.free(array, 1);
                if (frame[0] == 2 && frame[6] == 2) {
                    return frame;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no frame within 60 s");
    }
}
