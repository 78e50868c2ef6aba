package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thread that sleeps is woken by packets: through receive interrupts (net_tap), and through packet sockets (net_af_packet). */
@ExtendWith(EalExtension.class)
class RxWaitTest {

    private static final int LONG_MILLIS = 60_000;

    private final Arena arena = Arena.ofShared();
    private final long array = arena.allocate(8L * 32, 64).address();
    private Mempool pool;

    @BeforeEach
    void makePool() {
        assumeTrue(VethPair.possible(), "NOT RUN: interfaces need root");
        pool = Mempool.create("rxwait-test", 4095, 0, 2176);
    }

    @AfterEach
    void closePool() {
        if (pool != null) {
            pool.close();
        }
        arena.close();
    }

    @Test
    void packetsOfALinuxInterfaceEndTheSleep() throws Exception {
        try (VethPair veth = new VethPair("nvgw-l", "nvgw-r");
                Port left = started("nvgw-left", "net_af_packet30,iface=" + veth.left());
                Port right = started("nvgw-right", "net_af_packet31,iface=" + veth.right())) {
            try (RxWait wait = waitFor(left)) {
                assertWakes(wait, left, right);
            }
        }
    }

    @Test
    void receiveInterruptsOfTheDriverEndTheSleep() throws Exception {
        try (Port tap = started("nvgw-tap", "net_tap30,iface=nvgw-tap")) {
            assertTapWakes(tap, "nvgw-tap");
        }
    }

    /** A queue tells whoever waits for it now, not who did before. */
    @Test
    void aQueueCanBeWaitedForAgain() throws Exception {
        try (Port tap = started("nvgw-again", "net_tap31,iface=nvgw-again")) {
            waitFor(tap).close();
            assertTapWakes(tap, "nvgw-again");
        }
    }

    /** Nothing else of this process has a socket at the interface when the waiting is made, so it is the driver that tells. */
    private void assertTapWakes(Port tap, String interfaceName) throws Exception {
        try (RxWait wait = waitFor(tap)) {
            Commands.succeed("ip link set " + interfaceName + " up");
            try (Port linux = started("nvgw-linux", "net_af_packet32,iface=" + interfaceName)) {
                assertWakes(wait, tap, linux);
            }
        }
    }

    @Test
    void aRingTellsNobody() {
        try (Port ring = started("nvgw-ring", "net_ring30")) {
            assertThat(RxWait.of(List.of(ring.rxQueue(0)))).isEmpty();
        }
    }

    @Test
    void whoIsNotToBeToldIsNot() throws Exception {
        try (VethPair veth = new VethPair("nvgw-l", "nvgw-r");
                Port left = Port.attach("nvgw-left", "net_af_packet33,iface=" + veth.left())) {
            left.configure(PortSettings.simple(1500), pool);
            left.start();
            assertThat(RxWait.of(List.of(left.rxQueue(0)))).isEmpty();
        }
    }

    /** A packet is there before the sleep has begun, or comes while it lasts: it must end either way. */
    private void assertWakes(RxWait wait, Port sleeping, Port sending) throws Exception {
        RxQueue queue = sleeping.rxQueue(0);
        for (int round = 0; round < 3; round++) {
            wait.arm();
            drain(queue);
            Thread sender = Thread.ofPlatform().start(() -> send(sending));
            assertThat(wait.await(LONG_MILLIS)).as("woken by a packet").isTrue();
            sender.join();
            wait.disarm();
            assertThat(received(queue)).isPositive();
        }
    }

    private static RxWait waitFor(Port port) {
        return RxWait.of(List.of(port.rxQueue(0))).orElseThrow();
    }

    private int received(RxQueue queue) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int count = 0;
        while (count == 0 && System.nanoTime() < deadline) {
            count = queue.burst(array, 32);
            Mempool.free(array, count);
        }
        return count;
    }

    private void drain(RxQueue queue) {
        for (int count = 32; count > 0; ) {
            count = queue.burst(array, 32);
            if (count > 0) {
                Mempool.free(array, count);
            }
        }
    }

    private void send(Port port) {
        try (Arena own = Arena.ofConfined()) {
            long one = own.allocate(8, 8).address();
            assertThat(pool.allocate(one, 1)).isTrue();
            Frames.write(Mem.i64(one), Frames.counting(100, 1));
            assertThat(port.txQueue(0).burst(one, 1)).isEqualTo(1);
        }
    }

    private Port started(String name, String device) {
        Port port = Port.attach(name, device);
        port.tellOfPackets(true);
        port.configure(PortSettings.simple(1500), pool);
        port.start();
        return port;
    }
}
