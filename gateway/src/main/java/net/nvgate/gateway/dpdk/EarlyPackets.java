package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What net_af_packet has received before its port was started, which may be any interface's: the driver (of DPDK 22.11,
 * rte_pmd_init_internals) opens its sockets for all protocols, gives them their rings, and only then binds them to the interface. Until then
 * the kernel puts frames of all interfaces of the namespace into the rings (packet(7)), and they stay there.
 */
final class EarlyPackets {

    private static final Logger LOG = LoggerFactory.getLogger(EarlyPackets.class);

    private static final int BURST = 32;

    /** More than any ring of frames has; so a port that is flooded starts, too. */
    private static final int MOST = 1 << 17;

    private EarlyPackets() {}

    /**
     * Takes and frees them, of a port whose sockets are bound and that nobody uses yet.
     *
     * @return how many there were
     */
    static int discard(Port port, int queues) {
        int discarded = 0;
        try (Arena arena = Arena.ofConfined()) {
            long array = arena.allocate(8L * BURST, 8).address();
            for (int queue = 0; queue < queues; queue++) {
                discarded += discard(port.rxQueue(queue), array);
            }
        }
        if (discarded > 0) {
            LOG.info("port {}: {} packets from before its start are discarded", port.name(), discarded);
        }
        return discarded;
    }

    private static int discard(RxQueue queue, long array) {
        int discarded = 0;
        int count = BURST;
        while (count > 0 && discarded < MOST) {
            count = queue.burst(array, BURST);
            if (count > 0) {
                Mempool.free(array, count);
            }
            discarded += count;
        }
        return discarded;
    }
}
