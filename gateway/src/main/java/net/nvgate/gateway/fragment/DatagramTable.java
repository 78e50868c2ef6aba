package net.nvgate.gateway.fragment;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;

/**
 * Fragmented datagrams by (domain, source, destination, protocol, identification), each of one owner's share, in order of age within
 * it. Used by one thread.
 *
 * <pre>
 *  datagrams, 64 bytes each | maps of units seen, 1 KiB each | index
 * </pre>
 */
public final class DatagramTable {

    /** What a fragment's place in its datagram says. */
    public enum Place {
        NEW,
        /** All of it was seen before. */
        REPEATED,
        /** Part of it was seen before, or it contradicts the end that another one set. */
        OVERLAPPING
    }

    private final long memory;
    private final long maps;
    private final long seed;
    private final Slab slab;
    private final FlowIndex index;
    private final Shares shares;
    private final int[] oldest = new int[Shares.COUNT];
    private final int[] newest = new int[Shares.COUNT];
    private int firstComplete = -1;

    /** Zeroed memory of {@link #bytes} at a cache line; a power of two of datagrams. */
    public DatagramTable(long memory, int capacity, long seed) {
        this.memory = memory;
        this.maps = memory + ((long) capacity << Datagram.SHIFT);
        this.seed = seed;
        this.slab = new Slab(memory, Datagram.SHIFT, capacity);
        this.index = new FlowIndex(maps + ((long) capacity << SeenUnits.SHIFT), capacity, memory, Datagram.SHIFT, seed);
        this.shares = new Shares(capacity);
        java.util.Arrays.fill(oldest, -1);
        java.util.Arrays.fill(newest, -1);
    }

    public static long bytes(int capacity) {
        return ((long) capacity << Datagram.SHIFT) + ((long) capacity << SeenUnits.SHIFT) + FlowIndex.bytes(capacity);
    }

    /** The datagram with a key, 0 when there is none. */
    public long find(long key0, long key1) {
        return index.find(index.hash(key0, key1), key0, key1);
    }

    /** The share of an owner: a tenant's number, or an address. */
    public int share(int owner) {
        return Shares.of(owner, seed);
    }

    /** The datagram that must be removed before a share may have one more, 0 when there is room. */
    public long inTheWay(int share) {
        int victim = shares.victim(share);
        return victim < 0 ? 0 : address(oldest[victim]);
    }

    /** Makes a datagram, for which there is room; 0 when the index has none. */
    public long create(long key0, long key1, int share, int nowMs) {
        int number = slab.allocate();
        if (number < 0) {
            return 0;
        }
        if (!index.insert(index.hash(key0, key1), number)) {
            slab.free(number);
            return 0;
        }
        long datagram = address(number);
        Mem.zero(map(number), 1L << SeenUnits.SHIFT);
        Datagram.key(datagram, key0, key1);
        Datagram.sinceMs(datagram, nowMs);
        Datagram.share(datagram, share);
        Datagram.previous(datagram, newest[share]);
        Datagram.next(datagram, -1);
        if (newest[share] < 0) {
            oldest[share] = number;
        } else {
            Datagram.next(address(newest[share]), number);
        }
        newest[share] = number;
        shares.take(share);
        return datagram;
    }

    /** Forgets a datagram of which nothing is held. */
    public void remove(long datagram) {
        int number = number(datagram);
        int share = Datagram.share(datagram);
        int previous = Datagram.previous(datagram);
        int next = Datagram.next(datagram);
        if (previous < 0) {
            oldest[share] = next;
        } else {
            Datagram.next(address(previous), next);
        }
        if (next < 0) {
            newest[share] = previous;
        } else {
            Datagram.previous(address(next), previous);
        }
        if (Datagram.is(datagram, Datagram.COMPLETE)) {
            unlinkComplete(number);
        }
        index.remove(index.hash(Datagram.key0(datagram), Datagram.key1(datagram)), number);
        shares.giveBack(share);
        slab.free(number);
    }

    /**
     * Enters a fragment's place.
     *
     * @param offset in units of 8 bytes
     * @param bytes of payload, a multiple of 8 unless it is the last fragment
     * @param last no fragment comes behind it
     */
    public Place enter(long datagram, int offset, int bytes, boolean last) {
        long map = map(number(datagram));
        int end = offset + ((bytes + 7) >>> 3);
        int inAll = Datagram.unitsInAll(datagram);
        int seen = SeenUnits.count(map, offset, end);
        if (seen == end - offset && (!last || inAll == end)) {
            return Place.REPEATED;
        }
        boolean beyond = inAll != 0 && (end > inAll || last);
        if (seen != 0 || beyond || (last && SeenUnits.count(map, end, SeenUnits.UNITS) != 0)) {
            Datagram.mark(datagram, Datagram.BAD);
            return Place.OVERLAPPING;
        }
        SeenUnits.set(map, offset, end);
        Datagram.unitsSeen(datagram, Datagram.unitsSeen(datagram) + end - offset);
        if (last) {
            Datagram.unitsInAll(datagram, end);
        }
        if (Datagram.unitsSeen(datagram) == Datagram.unitsInAll(datagram)) {
            Datagram.mark(datagram, Datagram.COMPLETE);
            Datagram.nextComplete(datagram, firstComplete);
            firstComplete = number(datagram);
        }
        return Place.NEW;
    }

    /** Notes the ports that the first fragment has. */
    public void firstCame(long datagram, int ports) {
        Datagram.ports(datagram, ports);
        Datagram.mark(datagram, Datagram.FIRST);
    }

    /** Whether the ports of a datagram are known. */
    public boolean hasFirst(long datagram) {
        return Datagram.is(datagram, Datagram.FIRST);
    }

    /** Whether all of a datagram was seen. */
    public boolean isComplete(long datagram) {
        return Datagram.is(datagram, Datagram.COMPLETE);
    }

    /** Whether fragments of it overlapped. */
    public boolean isBad(long datagram) {
        return Datagram.is(datagram, Datagram.BAD);
    }

    /** Forgets the datagrams of which everything was seen and nothing is held. */
    public void removeComplete() {
        while (firstComplete >= 0) {
            remove(address(firstComplete));
        }
    }

    /** The oldest datagram of a share if it is older than a time, else 0. */
    public long expired(int share, int nowMs, int ageMs) {
        long datagram = oldest[share] < 0 ? 0 : address(oldest[share]);
        return datagram != 0 && nowMs - Datagram.sinceMs(datagram) >= ageMs ? datagram : 0;
    }

    /** The oldest datagram of a share of which packets are held, 0 when there is none. */
    public long oldestHeld(int share) {
        for (int i = oldest[share]; i >= 0; i = Datagram.next(address(i))) {
            if (Datagram.held(address(i)) != 0) {
                return address(i);
            }
        }
        return 0;
    }

    /** Shares there are; for {@link #expired}. */
    public static int shares() {
        return Shares.COUNT;
    }

    /** Datagrams followed now. */
    public int used() {
        return slab.used();
    }

    private void unlinkComplete(int number) {
        int after = Datagram.nextComplete(address(number));
        if (firstComplete == number) {
            firstComplete = after;
            return;
        }
        int i = firstComplete;
        while (Datagram.nextComplete(address(i)) != number) {
            i = Datagram.nextComplete(address(i));
        }
        Datagram.nextComplete(address(i), after);
    }

    private long address(int number) {
        return memory + ((long) number << Datagram.SHIFT);
    }

    private int number(long datagram) {
        return (int) ((datagram - memory) >>> Datagram.SHIFT);
    }

    private long map(int number) {
        return maps + ((long) number << SeenUnits.SHIFT);
    }
}
