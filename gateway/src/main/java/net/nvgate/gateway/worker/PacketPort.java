package net.nvgate.gateway.worker;

import java.util.Arrays;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.RxQueue;
import net.nvgate.gateway.dpdk.TxQueue;
import org.jspecify.annotations.Nullable;

/**
 * A port as one worker sees it: one receive and one transmit queue, and what headers need. The only way packets come to a worker
 * and leave it. Used by that worker's thread.
 */
public final class PacketPort {

    private final long mac;
    private final int mtu;
    private final @Nullable RxQueue rx;
    private final @Nullable TxQueue tx;
    private final boolean fillsIpv4Checksums;
    private long[] taken = new long[0];
    private boolean refusing;

    private PacketPort(long mac, int mtu, @Nullable RxQueue rx, @Nullable TxQueue tx, boolean fillsIpv4Checksums) {
        this.mac = mac;
        this.mtu = mtu;
        this.rx = rx;
        this.tx = tx;
        this.fillsIpv4Checksums = fillsIpv4Checksums;
    }

    /** Queues of a started port; one worker per queue number. */
    public static PacketPort of(Port port, int queue) {
        return new PacketPort(
                port.mac().value(), port.mtu(), port.rxQueue(queue), port.txQueue(queue), fillsIpv4Checksums(port));
    }

    /** Receives from one started port and sends to another: a measured worker between a source and a sink. */
    public static PacketPort between(Port source, Port sink) {
        return new PacketPort(
                source.mac().value(), source.mtu(), source.rxQueue(0), sink.txQueue(0), fillsIpv4Checksums(sink));
    }

    private static boolean fillsIpv4Checksums(Port port) {
        return (port.txOffloads() & Offloads.TX_IPV4_CHECKSUM) != 0;
    }

    /** A port without a wire: receives nothing and keeps what is sent, for {@link #takeSent}. */
    static PacketPort detached(long mac, int mtu, boolean fillsIpv4Checksums) {
        return new PacketPort(mac, mtu, null, null, fillsIpv4Checksums);
    }

    public long mac() {
        return mac;
    }

    /** Bytes of the largest IP packet. */
    public int mtu() {
        return mtu;
    }

    /** Whether it wants IPv4 header checksums left to it: {@link Offloads#MBUF_TX_IP_CHECKSUM} and the header lengths. */
    boolean fillsIpv4Checksums() {
        return fillsIpv4Checksums;
    }

    /** Takes up to {@code max} packets into an array of mbuf addresses. */
    int receive(long array, int max) {
        return rx == null ? 0 : rx.burst(array, max);
    }

    /** Sends packets from an array of mbuf addresses; those behind the returned number are still the caller's. */
    int send(long array, int count) {
        if (tx != null) {
            return tx.burst(array, fillsIpv4Checksums ? tx.prepare(array, count) : count);
        }
        if (refusing) {
            return 0;
        }
        int before = taken.length;
        taken = Arrays.copyOf(taken, before + count);
        for (int i = 0; i < count; i++) {
            taken[before + i] = Mem.i64(array + 8L * i);
        }
        return count;
    }

    /** Makes a detached port take nothing, as a driver whose ring is full. */
    void refuse(boolean refuse) {
        refusing = refuse;
    }

    /** Mbufs that a detached port was given since the last call; the caller owns them. */
    long[] takeSent() {
        long[] result = taken;
        taken = new long[0];
        return result;
    }
}
