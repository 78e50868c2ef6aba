package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatTable;

/**
 * Which ports of each external address are taken, per protocol, as bitmaps of a number fixed at start. A map exists while one of
 * its ports is taken. Used by one worker.
 *
 * <pre>
 *  map, 32 KiB:   0 external address (i64)    8 = 1 (i64)    16 ports taken (i32)
 *              8192 TCP bits    16384 UDP bits    24576 ICMP bits
 * </pre>
 */
public final class PortMaps {

    public static final int SHIFT = 15;
    private static final int BITS = 8192;
    private static final int RANDOM_DRAWS = 32;

    private final FlowIndex index;
    private final Slab slab;
    private final NatTable rules;
    private long random;

    /** Zeroed memory of {@link #bytes}, and the rules whose ports are never given out. */
    public PortMaps(long memory, int addressesMax, long seed, NatTable rules) {
        long lines = memory;
        this.rules = rules;
        this.slab = new Slab(lines, SHIFT, addressesMax);
        this.index = new FlowIndex(lines + ((long) addressesMax << SHIFT), addressesMax, lines, SHIFT, seed);
        this.random = seed | 1;
    }

    public static long bytes(int addressesMax) {
        return ((long) addressesMax << SHIFT) + FlowIndex.bytes(addressesMax);
    }

    /**
     * Takes a free port of {@code min..max}: the wanted one if it is free (RFC 4787 port preservation), else a random one of the
     * same parity (REQ-4), else any (REQ-11: what is free is used, and nothing existing gives way).
     *
     * @return the port, -1 when none is free or there are too many external addresses
     */
    public int take(int address, int protocol, int wanted, int min, int max) {
        long bits = bits(mapOf(address, true), protocol);
        if (bits == 0) {
            return -1;
        }
        int port = -1;
        if (wanted >= min && wanted <= max && isFree(bits, wanted) && !isReserved(address, protocol, wanted)) {
            port = wanted;
        }
        int range = max - min + 1;
        for (int i = 0; port < 0 && i < RANDOM_DRAWS; i++) {
            int drawn = min + below(range);
            drawn = (drawn & 1) == (wanted & 1) ? drawn : drawn ^ 1;
            if (drawn >= min && drawn <= max && isFree(bits, drawn) && !isReserved(address, protocol, drawn)) {
                port = drawn;
            }
        }
        if (port < 0) {
            port = scan(bits, address, protocol, min, max, min + below(range));
        }
        if (port < 0) {
            dropIfEmpty(address);
            return -1;
        }
        set(bits, port);
        count(address, 1);
        return port;
    }

    /** Gives a taken port back. */
    public void release(int address, int protocol, int port) {
        long bits = bits(mapOf(address, false), protocol);
        if (bits != 0 && !isFree(bits, port)) {
            Mem.i64(bits + (port >> 6 << 3), Mem.i64(bits + (port >> 6 << 3)) & ~(1L << port));
            count(address, -1);
            dropIfEmpty(address);
        }
    }

    /** Ports taken of an address, all protocols together. */
    public int taken(int address) {
        long map = mapOf(address, false);
        return map == 0 ? 0 : Mem.i32(map + 16);
    }

    private int scan(long bits, int address, int protocol, int min, int max, int start) {
        int range = max - min + 1;
        int port = start;
        for (int seen = 0; seen < range; ) {
            if ((port & 63) == 0 && port + 63 <= max && range - seen >= 64 && Mem.i64(bits + (port >> 3)) == -1) {
                port += 64;
                seen += 64;
            } else if (isFree(bits, port) && !isReserved(address, protocol, port)) {
                return port;
            } else {
                port++;
                seen++;
            }
            port = port > max ? min : port;
        }
        return -1;
    }

    private boolean isReserved(int address, int protocol, int port) {
        return protocol != Ipv4.ICMP && rules.ruleAt(address, protocol, port) != 0;
    }

    private long mapOf(int address, boolean create) {
        long key = address & 0xffffffffL;
        long hash = index.hash(key, 1);
        long map = index.find(hash, key, 1);
        if (map != 0 || !create) {
            return map;
        }
        int item = slab.allocate();
        if (item < 0 || !index.insert(hash, item)) {
            return 0;
        }
        map = slab.address(item);
        Mem.i64(map, key);
        Mem.i64(map + 8, 1);
        return map;
    }

    private void count(int address, int change) {
        long map = mapOf(address, false);
        Mem.i32(map + 16, Mem.i32(map + 16) + change);
    }

    private void dropIfEmpty(int address) {
        long map = mapOf(address, false);
        if (Mem.i32(map + 16) == 0) {
            int item = (int) ((map - slab.address(0)) >>> SHIFT);
            index.remove(index.hash(Mem.i64(map), 1), item);
            slab.free(item);
        }
    }

    private static long bits(long map, int protocol) {
        if (map == 0) {
            return 0;
        }
        return switch (protocol) {
            case Ipv4.TCP -> map + BITS;
            case Ipv4.UDP -> map + 2 * BITS;
            default -> map + 3 * BITS;
        };
    }

    private static boolean isFree(long bits, int port) {
        return (Mem.i64(bits + (port >> 6 << 3)) >>> port & 1) == 0;
    }

    private static void set(long bits, int port) {
        Mem.i64(bits + (port >> 6 << 3), Mem.i64(bits + (port >> 6 << 3)) | 1L << port);
    }

    /** 0..bound-1, xorshift64*; unguessable to outsiders as long as the seed is (RFC 6056). */
    private int below(int bound) {
        random ^= random >>> 12;
        random ^= random << 25;
        random ^= random >>> 27;
        long drawn = (random * 0x2545F4914F6CDD1DL) >>> 33;
        return (int) ((drawn * bound) >>> 31);
    }
}
