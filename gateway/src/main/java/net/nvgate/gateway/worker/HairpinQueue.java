package net.nvgate.gateway.worker;

/**
 * Packets that leave by one NAT address and come back in by another, or by the gateway's own external address (RFC 4787 REQ-9).
 * They go through the inbound path as if the external port had received them.
 */
final class HairpinQueue {

    /** A packet turns round at most this often per burst: a ping to our own address and its answer are two. */
    static final int ROUNDS_MAX = 4;

    final long[] mbuf = new long[Burst.MAX];
    final long[] ip = new long[Burst.MAX];
    final int[] length = new int[Burst.MAX];
    private final WorkerCounters counters;
    private final Disposal disposal;
    private int count;

    HairpinQueue(WorkerCounters counters, Disposal disposal) {
        this.counters = counters;
        this.disposal = disposal;
    }

    void add(long mbufAddress, long ipAddress, int ipLength) {
        if (count == Burst.MAX) {
            disposal.drop(mbufAddress, DropReason.HAIRPIN_LOOP);
            return;
        }
        counters.add(WorkerCounter.HAIRPINS, 1);
        mbuf[count] = mbufAddress;
        ip[count] = ipAddress;
        length[count] = ipLength;
        count++;
    }

    int count() {
        return count;
    }

    /** Forgets the packets: they have been taken. */
    void clear() {
        count = 0;
    }

    void dropAll() {
        for (int i = 0; i < count; i++) {
            disposal.drop(mbuf[i], DropReason.HAIRPIN_LOOP);
        }
        count = 0;
    }
}
