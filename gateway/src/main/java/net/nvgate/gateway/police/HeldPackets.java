package net.nvgate.gateway.police;

/** Packets that wait, numbered; each belongs to one queue at a time. Bounded: they are buffers that ports then lack. */
public final class HeldPackets {

    /** No packet. */
    public static final int NONE = -1;

    final int[] next;
    final int[] length;
    final long[] since;
    final int[] weight;
    final int[] minimumKbps;
    final int[] vm;
    final int[] entropy;
    private final long[] mbuf;
    private final int[] ipOffset;
    private final int[] adjacency;
    private final int[] generation;
    private final int[] counters;
    private final int[] domain;
    private final int[] connection;
    private final int[] nic;
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
        weight = new int[capacity];
        minimumKbps = new int[capacity];
        connection = new int[capacity];
        nic = new int[capacity];
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
     * @return its number, {@link #NONE} if there is no room
     */
    public int add(LimitedPacket from, int generationNow, long nowNanos) {
        int packet = free;
        if (count == next.length) {
            return NONE;
        }
        free = next[packet];
        count++;
        next[packet] = NONE;
        mbuf[packet] = from.mbuf;
        ipOffset[packet] = from.ipOffset;
        length[packet] = from.length;
        adjacency[packet] = from.adjacency;
        generation[packet] = generationNow;
        entropy[packet] = from.entropy;
        counters[packet] = from.countersIndex;
        domain[packet] = from.domain;
        vm[packet] = from.vm;
        weight[packet] = from.weight;
        minimumKbps[packet] = from.minimumKbps;
        connection[packet] = from.connection;
        nic[packet] = from.nic;
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

    /** Index of the NAT connection that it has to do with, -1 = none. */
    public int connection(int packet) {
        return connection[packet];
    }

    /** Index of its virtual NIC, -1 = none that has a limit. */
    public int nic(int packet) {
        return nic[packet];
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
