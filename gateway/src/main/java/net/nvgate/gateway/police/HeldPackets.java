package net.nvgate.gateway.police;

/** Packets that wait, numbered; each belongs to one queue at a time. Bounded: they are buffers that ports then lack. */
public final class HeldPackets {

    /** No packet. */
    public static final int NONE = -1;

    final int[] next;
    final int[] length;
    final long[] since;
    private final long[] mbuf;
    private final int[] ipOffset;
    private final int[] adjacency;
    private final int[] generation;
    private final int[] entropy;
    private final int[] counters;
    private final int[] domain;
    private final int[] vm;
    private final int[] meter;
    private int free;
    private int count;

    public HeldPackets(int capacity) {
        next = new int[capacity];
        length = new int[capacity];
        since = new long[capacity];
        mbuf = new long[capacity];
        ipOffset = new int[capacity];
        adjacency = new int[capacity];
        generation = new int[capacity];
        entropy = new int[capacity];
        counters = new int[capacity];
        domain = new int[capacity];
        vm = new int[capacity];
        meter = new int[capacity];
        for (int i = 0; i < capacity; i++) {
            next[i] = i + 1 < capacity ? i + 1 : NONE;
        }
    }

    public int capacity() {
        return next.length;
    }

    public int count() {
        return count;
    }

    /**
     * Keeps a packet.
     *
     * @param offset of the IP header from the data of the mbuf
     * @param bytes of the IP packet
     * @param generationNow of the adjacencies
     * @param vmKey any number that its VM's packets have in common
     * @param countersIndex of its VSID
     * @param tenant its dense index
     * @return its number, {@link #NONE} if there is no room
     */
    public int add(
            long address,
            int offset,
            int bytes,
            int adjacencyNumber,
            int generationNow,
            int flowEntropy,
            int vmKey,
            int countersIndex,
            int tenant,
            long nowNanos) {
        int packet = free;
        if (count == next.length) {
            return NONE;
        }
        free = next[packet];
        count++;
        next[packet] = NONE;
        mbuf[packet] = address;
        ipOffset[packet] = offset;
        length[packet] = bytes;
        adjacency[packet] = adjacencyNumber;
        generation[packet] = generationNow;
        entropy[packet] = flowEntropy;
        counters[packet] = countersIndex;
        domain[packet] = tenant;
        vm[packet] = vmKey;
        since[packet] = nowNanos;
        return packet;
    }

    /** The number is void. */
    public void remove(int packet) {
        mbuf[packet] = 0;
        next[packet] = free;
        free = packet;
        count--;
    }

    public long mbuf(int packet) {
        return mbuf[packet];
    }

    public int ipOffset(int packet) {
        return ipOffset[packet];
    }

    public int length(int packet) {
        return length[packet];
    }

    public int adjacency(int packet) {
        return adjacency[packet];
    }

    public int generation(int packet) {
        return generation[packet];
    }

    public int entropy(int packet) {
        return entropy[packet];
    }

    public int countersIndex(int packet) {
        return counters[packet];
    }

    public int domain(int packet) {
        return domain[packet];
    }

    public int vm(int packet) {
        return vm[packet];
    }

    /** What it waits for. */
    public int meter(int packet) {
        return meter[packet];
    }

    public void meter(int packet, int waitsFor) {
        meter[packet] = waitsFor;
    }

    /** Whether a number is a packet's. */
    public boolean isHeld(int packet) {
        return mbuf[packet] != 0;
    }

    /** Since when it waits, ns. */
    public long since(int packet) {
        return since[packet];
    }

    /** A packet goes from one queue into another: it begins anew. */
    public void since(int packet, long nowNanos) {
        since[packet] = nowNanos;
    }
}
