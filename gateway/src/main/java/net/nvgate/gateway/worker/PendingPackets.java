package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.watch.Step;

/**
 * Packets whose next hop has not answered ARP yet: few per next hop, few in all, not for long (RFC 1122 §2.3.2.2 asks for at
 * least one).
 */
final class PendingPackets {

    static final int CAPACITY = 256;
    static final int PER_NEXT_HOP = 4;
    static final int LIFETIME_MS = 2_000;

    private final long[] mbuf = new long[CAPACITY];
    private final int[] ipOffset = new int[CAPACITY];
    private final int[] length = new int[CAPACITY];
    private final int[] entropy = new int[CAPACITY];
    private final int[] adjacency = new int[CAPACITY];
    private final int[] epoch = new int[CAPACITY];
    private final long[] since = new long[CAPACITY];
    private final Adjacencies adjacencies;
    private final Tap tap;
    private final WorkerClock clock;
    private final Disposal disposal;
    private int count;

    PendingPackets(Adjacencies adjacencies, Tap tap, WorkerClock clock, Disposal disposal) {
        this.adjacencies = adjacencies;
        this.tap = tap;
        this.clock = clock;
        this.disposal = disposal;
    }

    void add(long mbufAddress, long ip, int ipLength, int number, int flowEntropy) {
        int same = 0;
        for (int i = 0; i < count; i++) {
            same += adjacency[i] == number ? 1 : 0;
        }
        if (same >= PER_NEXT_HOP || count == CAPACITY) {
            disposal.drop(mbufAddress, DropReason.NEIGHBOR_QUEUE_FULL);
            return;
        }
        long next = adjacencies.address(number);
        tap.step(
                Step.WAITS_FOR_NEIGHBOR,
                Adjacency.neighborPort(next),
                Adjacency.neighborHigh(next),
                Adjacency.neighborLow(next));
        if (tap.isTrial()) {
            disposal.free(mbufAddress);
            return;
        }
        // The packet's frame is as it was received; where the IP packet starts is kept relative to it.
        mbuf[count] = mbufAddress;
        ipOffset[count] = (int) (ip - Mbuf.dataAddress(mbufAddress));
        length[count] = ipLength;
        adjacency[count] = number;
        entropy[count] = flowEntropy;
        since[count] = clock.ms();
        epoch[count] = adjacencies.generation();
        count++;
    }

    /** Packets sent or given up. */
    int poll(Egress egress) {
        int before = count;
        int kept = 0;
        for (int i = 0; i < before; i++) {
            if (epoch[i] == adjacencies.generation() && adjacencies.completes(adjacencies.address(adjacency[i]))) {
                egress.send(mbuf[i], Mbuf.dataAddress(mbuf[i]) + ipOffset[i], length[i], adjacency[i], entropy[i]);
            } else if (clock.ms() - since[i] >= LIFETIME_MS || epoch[i] != adjacencies.generation()) {
                disposal.drop(mbuf[i], DropReason.NEIGHBOR_UNRESOLVED);
            } else {
                keep(i, kept++);
            }
        }
        count = kept;
        return before - kept;
    }

    int count() {
        return count;
    }

    /** Gives everything back, at the end. */
    void clear() {
        for (int i = 0; i < count; i++) {
            disposal.free(mbuf[i]);
        }
        count = 0;
    }

    private void keep(int from, int to) {
        mbuf[to] = mbuf[from];
        ipOffset[to] = ipOffset[from];
        length[to] = length[from];
        entropy[to] = entropy[from];
        adjacency[to] = adjacency[from];
        epoch[to] = epoch[from];
        since[to] = since[from];
    }
}
