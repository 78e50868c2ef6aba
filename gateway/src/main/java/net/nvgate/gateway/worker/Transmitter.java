package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.watch.Side;

/** Collects packets for one port and sends them in bursts. What the port does not take is a counted drop. */
final class Transmitter {

    private final Tap tap;
    private final Side side;
    private final PacketPort port;
    private final MbufBatch batch;
    private final WorkerCounters counters;
    private final Disposal disposal;
    private final WorkerCounter packetsCounter;
    private final WorkerCounter bytesCounter;
    private long bytes;

    Transmitter(
            Tap tap,
            Side side,
            PacketPort port,
            MbufBatch batch,
            WorkerCounters counters,
            Disposal disposal,
            WorkerCounter packetsCounter,
            WorkerCounter bytesCounter) {
        this.tap = tap;
        this.side = side;
        this.port = port;
        this.batch = batch;
        this.counters = counters;
        this.disposal = disposal;
        this.packetsCounter = packetsCounter;
        this.bytesCounter = bytesCounter;
    }

    void add(long mbuf, int length) {
        if (batch.isFull()) {
            flush();
        }
        bytes += length;
        batch.add(mbuf);
    }

    /** Address where the caller can put mbufs, for {@link #added}; nothing else may be added meanwhile. */
    long reserve(int mbufs) {
        if (batch.room() < mbufs) {
            flush();
        }
        return batch.end();
    }

    /**
     * Mbufs have been put where {@link #reserve} said.
     *
     * @param length bytes of all
     */
    void added(int mbufs, long length) {
        batch.added(mbufs);
        bytes += length;
    }

    void flush() {
        int count = batch.count();
        if (count == 0) {
            return;
        }
        if (tap.isFollowing()) {
            tap.sent(side, batch);
            if (tap.isTrial()) {
                giveBack(count);
                return;
            }
        }
        int sent = port.send(batch.array(), count);
        for (int i = sent; i < count; i++) {
            bytes -= Mbuf.dataLength(batch.get(i));
            disposal.drop(batch.get(i), DropReason.TX_FULL);
        }
        if (!port.isRelayed()) {
            counters.add(packetsCounter, sent);
            counters.add(bytesCounter, bytes);
        }
        bytes = 0;
        batch.clear();
    }

    private void giveBack(int count) {
        for (int i = 0; i < count; i++) {
            disposal.free(batch.get(i));
        }
        bytes = 0;
        batch.clear();
    }
}
