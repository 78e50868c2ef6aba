package net.nvgate.gateway.dpdk;

import java.util.Optional;
import net.nvgate.fabric.model.MacAddress;

/**
 * How a port is to be set up.
 *
 * @param mtu bytes of the largest IP packet
 * @param mac address to give it; empty = keep its own
 * @param rxDescriptors packets that the receive ring holds; rounded to what the driver allows
 * @param txDescriptors packets that the send ring holds; rounded likewise
 * @param rxOffloads wanted bits of {@link Offloads}; what the driver does not offer is left out
 * @param txOffloads wanted bits of {@link Offloads}; what the driver does not offer is left out
 */
public record PortSettings(
        int mtu,
        Optional<MacAddress> mac,
        boolean promiscuous,
        int rxQueues,
        int txQueues,
        int rxDescriptors,
        int txDescriptors,
        long rxOffloads,
        long txOffloads) {

    public static final int MTU_MIN = 576;
    public static final int MTU_MAX = 9600;
    public static final int QUEUES_MAX = 64;

    public PortSettings {
        require(mtu >= MTU_MIN && mtu <= MTU_MAX, "mtu must be " + MTU_MIN + ".." + MTU_MAX + ", not " + mtu);
        require(rxQueues >= 1 && rxQueues <= QUEUES_MAX, "rx queues must be 1.." + QUEUES_MAX + ", not " + rxQueues);
        require(txQueues >= 1 && txQueues <= QUEUES_MAX, "tx queues must be 1.." + QUEUES_MAX + ", not " + txQueues);
        require(rxDescriptors >= 32 && rxDescriptors <= 32768, "rx descriptors must be 32..32768");
        require(txDescriptors >= 32 && txDescriptors <= 32768, "tx descriptors must be 32..32768");
    }

    /** One queue each way, promiscuous, 512 descriptors, checksum offloads wanted. */
    public static PortSettings simple(int mtu) {
        return new PortSettings(
                mtu, Optional.empty(), true, 1, 1, 512, 512, Offloads.RX_CHECKSUMS, Offloads.TX_CHECKSUMS);
    }

    /** With so many queues each way. */
    public PortSettings withQueues(int queues) {
        return new PortSettings(
                mtu, mac, promiscuous, queues, queues, rxDescriptors, txDescriptors, rxOffloads, txOffloads);
    }

    /**
     * Bytes that an mbuf's buffer must have to take such a port's packets in one piece. Frames up to 4096 bytes get a power
     * of two, which is what net_af_packet's {@code framesz} wants to fit in.
     */
    public static int dataRoom(int mtu) {
        int ethernetWithTwoTagsAndCrc = 14 + 2 * 4 + 4;
        int frame = mtu + ethernetWithTwoTagsAndCrc;
        int rounded = frame <= 2048 ? 2048 : frame <= 4096 ? 4096 : (frame + 1023) & -1024;
        return rounded + Mbuf.DEFAULT_HEADROOM;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
