package net.nvgate.gateway.bench;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.MempoolCache;
import net.nvgate.gateway.dpdk.TxQueue;

/**
 * Puts the packets of a list into a port's queue, from where a worker receives them. A packet's headers are written into a fresh mbuf,
 * as a NIC writes them there; what is behind them is zero and never written. Of the mbuf itself is written what a driver writes.
 */
final class Generator {

    static final int BURST = 64;

    /** Packets of {@link #slide}, a multiple of 32 bursts. */
    private static final int WINDOW = 1 << 16;

    private final Mempool pool;
    private final MempoolCache mbufs;
    private final TxQueue queue;
    private final long port;
    private final long array;
    private final PacketList list;
    private int next;
    private int first;
    private int sentCount;
    private int triedCount;
    private int stampAt;
    private int windowStart;
    private int windowEnd;
    private int windowStep;

    /**
     * @param portId of the port by which the packets come in
     * @param array room for 64 mbuf addresses, this generator's
     */
    Generator(Mempool pool, TxQueue queue, int portId, long array, PacketList list) {
        this.pool = pool;
        this.mbufs = new MempoolCache(pool);
        this.queue = queue;
        this.port = Mbuf.arrival(portId);
        this.array = array;
        this.list = list;
        this.windowEnd = list.size();
    }

    /** From now on packets carry the time when they were sent, at an offset; their UDP checksum is then wrong. */
    void stamp(int offset) {
        stampAt = offset;
    }

    /** Begins at the beginning again. */
    void rewind() {
        next = 0;
    }

    /**
     * Sends from now on only a window of the list, which moves on by a 32nd of its size each time that it has been sent: so one packet
     * of 32 is one that has not been sent for long.
     */
    void slide() {
        windowStep = WINDOW / 32;
        windowEnd = Math.min(list.size(), WINDOW);
    }

    PacketList list() {
        return list;
    }

    /**
     * Sends the next packets, or what is left of the list or window if that is less; then it begins again.
     *
     * @return packets sent; fewer than were there if the queue is full, and the others are sent next time
     */
    int send() {
        int count = Math.min(BURST, windowEnd - next);
        if (!mbufs.take(array, count)) {
            throw new IllegalStateException("the sink has not given packets back: pool " + pool.name() + " is empty");
        }
        list.write(next, array, count, port);
        if (stampAt != 0) {
            stampAll(count);
        }
        int sent = queue.burst(array, count);
        if (sent < count) {
            Mempool.free(array + 8L * sent, count - sent);
        }
        first = next;
        sentCount = sent;
        triedCount = count;
        next += sent;
        if (next == windowEnd) {
            moveWindow();
        }
        return sent;
    }

    private void moveWindow() {
        windowStart += windowStep;
        windowEnd += windowStep;
        if (windowEnd > list.size()) {
            windowEnd -= windowStart;
            windowStart = 0;
        }
        next = windowStart;
    }

    private void stampAll(int count) {
        for (int i = 0; i < count; i++) {
            Mem.i64(Mbuf.dataAddress(Mem.i64(array + 8L * i)) + stampAt, System.nanoTime());
        }
    }

    /** Packets of the last burst. */
    int sentCount() {
        return sentCount;
    }

    /** Packets of the last burst, those that the queue did not take, too: fewer than {@link #BURST} at the end of the list. */
    int triedCount() {
        return triedCount;
    }

    /** Mbuf of packet {@code i} of the last burst. The sink has given it back, but nobody has used it since. */
    long sentMbuf(int i) {
        return Mem.i64(array + 8L * i);
    }

    /** Place in the list of packet {@code i} of the last burst. */
    int sentPlace(int i) {
        return first + i;
    }
}
