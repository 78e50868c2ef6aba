package net.nvgate.gateway.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Packets from one worker to one other, without locks or allocation: Lamport's ring, with what the writer last saw of the reader's
 * position kept beside its own, so that the two touch each other's cache line once a burst and not once a packet.
 *
 * <pre>
 * slot: kind (8 bits) | mbuf address (56 bits)
 * writer: add, add, ... publish        reader: available, get(0), get(1), ... take(n)
 * </pre>
 */
final class HandOffRing {

    /** Received by the PA port: for the worker that has the tenant. */
    static final int FROM_PA = 0;
    /** Received by the external port. */
    static final int FROM_EXT = 1;
    /** To a NAT address of another worker's tenant; its data begins with the IP header. */
    static final int TURNED = 2;
    /** Ready to leave by the PA port, of which the other worker has the queue. */
    static final int TO_PA = 3;
    /** Ready to leave by the external port. */
    static final int TO_EXT = 4;

    private static final int KIND_SHIFT = 56;
    private static final long ADDRESS = (1L << KIND_SHIFT) - 1;
    private static final VarHandle POSITION = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int WRITTEN = 16;
    private static final int NEXT = 17;
    private static final int READ_SEEN = 18;
    private static final int READ = 48;

    /** Positions count packets; the writer's and the reader's lie four cache lines apart. */
    private final long[] positions = new long[80];

    private final long[] slots;
    private final int mask;

    /** @param capacity packets, a power of two */
    HandOffRing(int capacity) {
        this.slots = new long[capacity];
        this.mask = capacity - 1;
    }

    /** Writer: false if the ring is full; the packet is still the caller's. Seen by the reader after {@link #publish}. */
    boolean add(int kind, long mbuf) {
        long next = positions[NEXT];
        if (next - positions[READ_SEEN] > mask) {
            positions[READ_SEEN] = (long) POSITION.getAcquire(positions, READ);
            if (next - positions[READ_SEEN] > mask) {
                return false;
            }
        }
        slots[(int) next & mask] = (long) kind << KIND_SHIFT | mbuf;
        positions[NEXT] = next + 1;
        return true;
    }

    /** Writer: shows what was added. */
    void publish() {
        if (positions[NEXT] != positions[WRITTEN]) {
            POSITION.setRelease(positions, WRITTEN, positions[NEXT]);
        }
    }

    /** Reader: packets that wait. */
    int available() {
        return (int) ((long) POSITION.getAcquire(positions, WRITTEN) - positions[READ]);
    }

    /** Reader: one of those that wait, from 0 on. */
    long get(int i) {
        return slots[(int) (positions[READ] + i) & mask];
    }

    /** Reader: gives the places of the first ones back. */
    void take(int count) {
        POSITION.setRelease(positions, READ, positions[READ] + count);
    }

    static int kind(long slot) {
        return (int) (slot >>> KIND_SHIFT);
    }

    static long mbuf(long slot) {
        return slot & ADDRESS;
    }
}
