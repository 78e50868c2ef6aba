package net.nvgate.gateway.nat;

import java.util.Arrays;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;

/**
 * Blocks of ports that hosts have been given (RFC 6888 REQ-14: one event per block instead of one per port). A block is of all
 * protocols, aligned to its size, its host's alone, and goes back with its last port. Used by one worker.
 *
 * <pre>
 *  block, 32 bytes:  0 external address | first port (i64)   8 order + 1 (i64)   16 ports taken (i32)   20 next of the host + 1 (i32)
 * </pre>
 */
public final class PortBlocks {

    private static final int SHIFT = 5;
    private static final int DRAWS = 16;
    private static final int EXHAUSTED = 256;

    private final FlowIndex index;
    private final Slab slab;
    private final PortMaps ports;
    private final PortBlockEvents events;
    /** Ranges in which no free block was found, and when: a flood of new flows costs one search per millisecond, not one each. */
    private final long[] exhausted = new long[EXHAUSTED];

    private final int[] exhaustedFor = new int[EXHAUSTED];
    private final long[] exhaustedAtMs = new long[EXHAUSTED];

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public PortBlocks(long memory, int blocksMax, long seed, PortMaps ports, PortBlockEvents events) {
        this.slab = new Slab(memory, SHIFT, blocksMax);
        this.index = new FlowIndex(memory + lineBytes(blocksMax), blocksMax, memory, SHIFT, seed);
        this.ports = ports;
        this.events = events;
    }

    public static long bytes(int blocksMax) {
        return lineBytes(blocksMax) + FlowIndex.bytes(blocksMax);
    }

    /**
     * Takes a port of the host's blocks of an address, or of a new one from within {@code min..max}.
     *
     * @param host see {@link HostUsage}
     * @param order of the size
     * @return the port, {@link PortMaps#NO_PORT} or {@link PortMaps#NO_ROOM}
     */
    int take(long host, int address, int protocol, int wanted, int min, int max, int order, long nowMs) {
        for (int item = HostUsage.firstBlock(host); item >= 0; item = Mem.i32(slab.address(item) + 20) - 1) {
            long block = slab.address(item);
            int first = (int) Mem.i64(block);
            if ((int) (Mem.i64(block) >>> 32) == address
                    && Mem.i64(block + 8) == order + 1
                    && first >= min
                    && first + (1 << order) - 1 <= max) {
                int port = ports.take(address, protocol, wanted, first, first + (1 << order) - 1, nowMs);
                if (port >= 0) {
                    Mem.i32(block + 16, Mem.i32(block + 16) + 1);
                    return port;
                }
            }
        }
        return takeNew(host, address, protocol, wanted, min, max, order, nowMs);
    }

    private int takeNew(long host, int address, int protocol, int wanted, int min, int max, int order, long nowMs) {
        int firstBlock = Math.ceilDiv(min, 1 << order);
        int blocks = ((max + 1) >>> order) - firstBlock;
        if (blocks <= 0) {
            return PortMaps.NO_PORT;
        }
        long range = (long) address << 32 | (long) min << 16 | max;
        int slot = (int) ((range * 0x9E3779B97F4A7C15L) >>> 56);
        int kind = protocol << 8 | order + 1;
        if (exhausted[slot] == range && exhaustedFor[slot] == kind && exhaustedAtMs[slot] == nowMs) {
            return PortMaps.NO_PORT;
        }
        // Random ones first, then all in turn from a random one on.
        int start = ports.below(blocks);
        for (int i = 0; i < DRAWS + blocks; i++) {
            int chosen = i < DRAWS ? ports.below(blocks) : (start + i) % blocks;
            int first = (firstBlock + chosen) << order;
            if (find(address, first, order) == 0) {
                int port = ports.take(address, protocol, wanted, first, first + (1 << order) - 1, nowMs);
                if (port >= 0) {
                    return give(host, address, first, order, nowMs) ? port : undo(address, protocol, port, nowMs);
                }
                if (port == PortMaps.NO_ROOM) {
                    return port;
                }
            }
        }
        exhausted[slot] = range;
        exhaustedFor[slot] = kind;
        exhaustedAtMs[slot] = nowMs;
        return PortMaps.NO_PORT;
    }

    /**
     * A host has a port again that it had before a restart, and so its block; nobody is told, as somebody was when the block was given.
     *
     * @return false if the block is another host's, or there is no room
     */
    boolean takeAgain(long host, int address, int port, int order, long nowMs) {
        long block = find(address, port >>> order << order, order);
        if (block == 0) {
            events.mute(true);
            boolean given = give(host, address, port >>> order << order, order, nowMs);
            events.mute(false);
            return given;
        }
        int item = (int) ((block - slab.address(0)) >>> SHIFT);
        for (int own = HostUsage.firstBlock(host); own >= 0; own = Mem.i32(slab.address(own) + 20) - 1) {
            if (own == item) {
                Mem.i32(block + 16, Mem.i32(block + 16) + 1);
                return true;
            }
        }
        return false;
    }

    /** Whether another host has a block with a port of an address, and a host, 0 = none, has none. */
    boolean isAnothers(long host, int address, int port) {
        boolean given = false;
        for (int order = 1; order < Short.SIZE; order++) {
            given |= find(address, port >>> order << order, order) != 0;
        }
        for (int own = host == 0 ? -1 : HostUsage.firstBlock(host);
                own >= 0;
                own = Mem.i32(slab.address(own) + 20) - 1) {
            long block = slab.address(own);
            int order = (int) Mem.i64(block + 8) - 1;
            given &= Mem.i64(block) != key0(address, port >>> order << order);
        }
        return given;
    }

    private int undo(int address, int protocol, int port, long nowMs) {
        ports.release(address, protocol, port, false, nowMs);
        return PortMaps.NO_ROOM;
    }

    private boolean give(long host, int address, int first, int order, long nowMs) {
        int item = slab.allocate();
        if (item < 0) {
            return false;
        }
        long key0 = key0(address, first);
        if (!index.insert(index.hash(key0, order + 1L), item)) {
            slab.free(item);
            return false;
        }
        long block = slab.address(item);
        Mem.i64(block, key0);
        Mem.i64(block + 8, order + 1L);
        Mem.i32(block + 16, 1);
        Mem.i32(block + 20, HostUsage.firstBlock(host) + 1);
        HostUsage.firstBlock(host, item);
        tell(true, host, block, nowMs);
        return true;
    }

    /** A port of one of the host's blocks has been released. */
    void released(long host, int address, int port, int order, long nowMs) {
        long block = find(address, port >>> order << order, order);
        if (block == 0) {
            return;
        }
        int taken = Mem.i32(block + 16) - 1;
        Mem.i32(block + 16, taken);
        if (taken == 0) {
            int item = (int) ((block - slab.address(0)) >>> SHIFT);
            tell(false, host, block, nowMs);
            unlink(host, item);
            index.remove(index.hash(Mem.i64(block), order + 1L), item);
            slab.free(item);
            Arrays.fill(exhaustedFor, 0);
        }
    }

    private void tell(boolean assigned, long host, long block, long nowMs) {
        int external = (int) (Mem.i64(block) >>> 32);
        int order = (int) Mem.i64(block + 8) - 1;
        events.tell(assigned, HostUsage.domain(host), HostUsage.ca(host), external, (int) Mem.i64(block), order, nowMs);
    }

    private void unlink(long host, int item) {
        int next = Mem.i32(slab.address(item) + 20);
        int before = HostUsage.firstBlock(host);
        if (before == item) {
            HostUsage.firstBlock(host, next - 1);
            return;
        }
        while (before >= 0) {
            long block = slab.address(before);
            int after = Mem.i32(block + 20) - 1;
            if (after == item) {
                Mem.i32(block + 20, next);
                return;
            }
            before = after;
        }
    }

    /** What was given to whom. */
    PortBlockEvents events() {
        return events;
    }

    /** Blocks that hosts have. */
    public int used() {
        return slab.used();
    }

    private long find(int address, int first, int order) {
        long key0 = key0(address, first);
        return index.find(index.hash(key0, order + 1L), key0, order + 1L);
    }

    private static long key0(int address, int first) {
        return (long) address << 32 | first;
    }

    private static long lineBytes(int blocksMax) {
        return Math.ceilDiv((long) blocksMax << SHIFT, 64L) * 64;
    }
}
