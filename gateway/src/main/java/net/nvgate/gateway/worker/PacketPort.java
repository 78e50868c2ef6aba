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
    /** To the worker that has a queue to send by, where this one has none. */
    private final @Nullable HandOffRing relay;

    private final int relayKind;
    private long[] taken = new long[0];
    private boolean refusing;

    private PacketPort(long mac, int mtu, @Nullable RxQueue rx, @Nullable TxQueue tx, boolean fillsIpv4Checksums) {
        this(mac, mtu, rx, tx, fillsIpv4Checksums, null, 0);
    }

    private PacketPort(
            long mac,
            int mtu,
            @Nullable RxQueue rx,
            @Nullable TxQueue tx,
            boolean fillsIpv4Checksums,
            @Nullable HandOffRing relay,
            int relayKind) {
        this.relay = relay;
        this.relayKind = relayKind;
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

    /**
     * A port of which other workers have all queues: nothing is received, and what is sent goes by the ring to one of them.
     *
     * @param like the port as that worker sees it
     * @param kind {@link HandOffRing#TO_PA} or {@link HandOffRing#TO_EXT}
     */
    static PacketPort relayed(PacketPort like, HandOffRing ring, int kind) {
        return new PacketPort(like.mac, like.mtu, null, null, like.fillsIpv4Checksums, ring, kind);
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

    /** The queue it receives from, null without a wire. */
    @Nullable
    RxQueue rxQueue() {
        return rx;
    }

    /** Sends packets from an array of mbuf addresses; those behind the returned number are still the caller's. */
    int send(long array, int count) {
        if (tx != null) {
            return tx.burst(array, fillsIpv4Checksums ? tx.prepare(array, count) : count);
        }
        if (relay != null) {
            return relay(relay, array, count);
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

    private int relay(HandOffRing ring, long array, int count) {
        int given = 0;
        while (given < count && ring.add(relayKind, Mem.i64(array + 8L * given))) {
            given++;
        }
        ring.publish();
        return given;
    }

    /** Whether another worker sends by the port for this one, and counts it. */
    boolean isRelayed() {
        return relay != null;
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
