package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatRules;

/**
 * Which ports of each external address are taken, per protocol, as bitmaps of a number fixed at start. A freed port rests for at
 * least {@link #REST_MS}, so that late packets meet nobody new (RFC 6888 REQ-8): it is marked in the newer of two more bitmaps;
 * every 120 s the older one is cleared and becomes the newer one, so that a port rests 120 to 240 s. A map exists while one of its
 * ports is taken or rests. Used by one worker; {@link #taken} by any thread.
 *
 * <pre>
 *  map, 64 bytes:  0 external address (i64)   8 = 1 (i64)   16 ports taken (i32)   20 newer of the resting bitmaps, 0 or 1 (i32)
 *                 24 time they last changed places, ms (i64)   32, 36 whether the one, the other has marks (i32)
 *  bits of a map:  TCP, UDP, ICMP of | taken 8192 | resting 8192 | resting 8192 |
 * </pre>
 */
public final class PortMaps {

    static final int NO_PORT = -1;
    static final int NO_ROOM = -2;

    /** RFC 6888 REQ-8. */
    public static final int REST_MS = 120_000;

    private static final int SHIFT = 6;
    private static final int BITS = 8192;
    private static final int PROTOCOL = 3 * BITS;
    private static final int ALL_BITS = 3 * PROTOCOL;
    private static final int DRAWS = 32;

    private static final long EVEN = 0x5555_5555_5555_5555L;

    private final FlowIndex index;
    private final Slab slab;
    private final long maps;
    private final long bitmaps;
    private final NatRules rules;
    private final UnguessableRandom random;
    private int swept;
    /** The map found last: a free one has no key. */
    private long last;

    private int foreseen = NO_PORT;

    /** Zeroed memory of {@link #bytes}, and the rules whose ports are never given out. */
    public PortMaps(long memory, int addressesMax, long seed, long key0, long key1, NatRules rules) {
        this.rules = rules;
        this.maps = memory;
        this.slab = new Slab(memory, SHIFT, addressesMax);
        this.bitmaps = memory + ((long) addressesMax << SHIFT);
        this.index = new FlowIndex(bitmaps + (long) ALL_BITS * addressesMax, addressesMax, memory, SHIFT, seed);
        this.random = new UnguessableRandom(key0, key1);
    }

    public static long bytes(int addressesMax) {
        return ((long) addressesMax << SHIFT) + (long) ALL_BITS * addressesMax + FlowIndex.bytes(addressesMax);
    }

    /**
     * Takes a free port of {@code min..max}: the wanted one if it is free (RFC 4787: port preservation), else a random one of the same
     * parity (REQ-4), else any (REQ-11: what is free is used, and nothing existing gives way).
     *
     * @return the port, {@link #NO_PORT} when none is free, {@link #NO_ROOM} when there are too many external addresses
     */
    public int take(int address, int protocol, int wanted, int min, int max, long nowMs) {
        if (min > max) {
            return NO_PORT;
        }
        long map = mapOf(address, true, nowMs);
        if (map == 0) {
            return NO_ROOM;
        }
        rest(map, nowMs);
        long bits = bits(map, protocol);
        boolean resting = Mem.i64(map + 32) != 0;
        int first = foreseen;
        foreseen = NO_PORT;
        int port = NO_PORT;
        if (wanted >= min && wanted <= max && isFree(bits, wanted, resting) && !isReserved(address, protocol, wanted)) {
            port = wanted;
        }
        int range = max - min + 1;
        for (int i = 0; port < 0 && i < DRAWS; i++) {
            int drawn = ofParity(wanted, i == 0 && first >= 0 ? first : min + random.below(range));
            if (drawn >= min && drawn <= max && isFree(bits, drawn, resting) && !isReserved(address, protocol, drawn)) {
                port = drawn;
            }
        }
        if (port < 0) {
            long parity = (wanted & 1) == 0 ? EVEN : ~EVEN;
            int start = min + random.below(range);
            port = scan(bits, address, protocol, min, max, start, parity);
            port = port < 0 ? scan(bits, address, protocol, min, max, start, -1L) : port;
        }
        if (port < 0) {
            dropIfEmpty(map, nowMs);
            return NO_PORT;
        }
        set(bits, port);
        Mem.i32(map + 16, Mem.i32(map + 16) + 1);
        return port;
    }

    /**
     * Takes a port for who had it before a restart, resting or not. A rule of later may have it, too: that takes it from nobody, as without a
     * restart.
     *
     * @return the port, {@link #NO_PORT} if somebody has it, {@link #NO_ROOM} when there are too many external addresses
     */
    int takeAgain(int address, int protocol, int port, long nowMs) {
        long map = mapOf(address, true, nowMs);
        if (map == 0) {
            return NO_ROOM;
        }
        long bits = bits(map, protocol);
        if (isSet(bits, port)) {
            dropIfEmpty(map, nowMs);
            return NO_PORT;
        }
        set(bits, port);
        Mem.i32(map + 16, Mem.i32(map + 16) + 1);
        return port;
    }

    /** Maps that were ever in use, see {@link #resting}. */
    int touched() {
        return slab.touched();
    }

    /** External address of a map with ports that rest; 0 = there is none, or none of its ports rests. */
    int addressOfResting(int item) {
        long map = slab.address(item);
        return Mem.i64(map + 8) == 0 || Mem.i64(map + 32) == 0 ? 0 : (int) Mem.i64(map);
    }

    /** 64 ports of a map from one on, a bit for each that rests. */
    long resting(int item, int protocol, int from) {
        long at = bits(slab.address(item), protocol) + (from >>> 3);
        return Mem.i64(at + BITS) | Mem.i64(at + 2 * BITS);
    }

    /** Ports rested before a restart: they do again, for as long as any. */
    void rest(int address, int protocol, int from, long ports, long nowMs) {
        long map = mapOf(address, true, nowMs);
        if (map != 0) {
            int newer = Mem.i32(map + 20);
            long at = bits(map, protocol) + BITS + (long) BITS * newer + (from >>> 3);
            Mem.i64(at, Mem.i64(at) | ports);
            Mem.i32(map + 32 + 4L * newer, 1);
        }
    }

    /** The map of an address, 0 = it has none. */
    long find(int address) {
        return mapOf(address, false, 0);
    }

    /** Address of the word that says whether a port is taken. */
    long line(long map, int protocol, int port) {
        return bits(map, protocol) + 8L * (port >>> 6);
    }

    /** Whether a port is not taken; it may rest or be a rule's. */
    boolean isLikelyFree(long map, int protocol, int port) {
        return isFree(bits(map, protocol), port, false);
    }

    /** A random port of {@code min..max}, or beside it, of the parity of the one wanted: for {@link #expect}. */
    int draw(int wanted, int min, int max) {
        return ofParity(wanted, min + random.below(max - min + 1));
    }

    /**
     * What was found out for the next {@link #take}.
     *
     * @param map of its address, 0 = not known
     * @param drawn a port to be tried if the wanted one is not free, for nobody else; {@link #NO_PORT} = none
     */
    void expect(long map, int drawn) {
        last = map == 0 ? last : map;
        foreseen = drawn;
    }

    private static int ofParity(int wanted, int port) {
        return (port & 1) == (wanted & 1) ? port : port ^ 1;
    }

    /**
     * Gives a taken port back.
     *
     * @param rests whether it must not be taken again for a while
     */
    public void release(int address, int protocol, int port, boolean rests, long nowMs) {
        long map = mapOf(address, false, nowMs);
        if (map == 0 || !isSet(bits(map, protocol), port)) {
            return;
        }
        rest(map, nowMs);
        long bits = bits(map, protocol);
        clear(bits, port);
        if (rests) {
            int newer = Mem.i32(map + 20);
            set(bits + BITS + (long) BITS * newer, port);
            Mem.i32(map + 32 + 4L * newer, 1);
        }
        Mem.i32(map + 16, Mem.i32(map + 16) - 1);
        dropIfEmpty(map, nowMs);
    }

    /** Ports taken of an address, all protocols together; from another thread as they were a moment ago. */
    public int taken(int address) {
        long map = peek(address);
        return map == 0 ? 0 : Mem.i32(map + 16);
    }

    /** Ports {@code first .. last} that are taken, of one protocol; from another thread as they were a moment ago. */
    public int taken(int address, int protocol, int first, int last) {
        long map = peek(address);
        if (map == 0) {
            return 0;
        }
        long bits = bits(map, protocol);
        int taken = 0;
        for (int port = first & -Long.SIZE; port <= last; port += Long.SIZE) {
            long word = Mem.i64(bits + (port >>> 3));
            word &= port < first ? -1L << first : -1L;
            word &= last - port < Long.SIZE - 1 ? ~(-2L << last) : -1L;
            taken += Long.bitCount(word);
        }
        return taken;
    }

    /** External addresses with ports that are taken or rest. */
    public int used() {
        return slab.used();
    }

    /** Every millisecond or so: looks at one map, and frees it if all its ports have rested. */
    public void sweep(long nowMs) {
        if (slab.touched() == 0) {
            return;
        }
        swept = (swept + 1) % slab.touched();
        long map = slab.address(swept);
        if (Mem.i64(map + 8) != 0) {
            dropIfEmpty(map, nowMs);
        }
    }

    /** Lets ports go that have rested long enough. */
    private void rest(long map, long nowMs) {
        long since = nowMs - Mem.i64(map + 24);
        if (since < REST_MS) {
            return;
        }
        int newer = Mem.i32(map + 20);
        clearResting(map, 1 - newer);
        if (since >= 2 * REST_MS) {
            // Nothing was freed in the second half, else the two had changed places then.
            clearResting(map, newer);
        }
        Mem.i32(map + 20, 1 - newer);
        Mem.i64(map + 24, nowMs);
    }

    private void clearResting(long map, int which) {
        if (Mem.i32(map + 32 + 4L * which) != 0) {
            for (int protocol = 0; protocol < 3; protocol++) {
                Mem.zero(bitmap(map) + (long) PROTOCOL * protocol + BITS + (long) BITS * which, BITS);
            }
            Mem.i32(map + 32 + 4L * which, 0);
        }
    }

    /** The next free port from {@code start} on, going round; -1 when there is none. */
    private int scan(long bits, int address, int protocol, int min, int max, int start, long parity) {
        int found = scanUp(bits, address, protocol, start, max, parity);
        return found >= 0 ? found : scanUp(bits, address, protocol, min, start, parity);
    }

    private int scanUp(long bits, int address, int protocol, int from, int to, long parity) {
        for (int word = from >>> 6; word <= to >>> 6; word++) {
            long at = bits + 8L * word;
            long free = ~(Mem.i64(at) | Mem.i64(at + BITS) | Mem.i64(at + 2 * BITS)) & parity;
            if (word == from >>> 6) {
                free &= -1L << from;
            }
            if (word == to >>> 6) {
                free &= -1L >>> ~to;
            }
            for (; free != 0; free &= free - 1) {
                int port = (word << 6) + Long.numberOfTrailingZeros(free);
                if (!isReserved(address, protocol, port)) {
                    return port;
                }
            }
        }
        return NO_PORT;
    }

    private boolean isReserved(int address, int protocol, int port) {
        return protocol != Ipv4.ICMP && rules.isReserved(address, protocol, port);
    }

    /** Any thread, which leaves nothing behind. */
    private long peek(int address) {
        long key = Integer.toUnsignedLong(address);
        return index.find(index.hash(key, 1), key, 1);
    }

    private long mapOf(int address, boolean create, long nowMs) {
        long key = Integer.toUnsignedLong(address);
        if (last != 0 && FlowIndex.hasKey(last, key, 1)) {
            return last;
        }
        long hash = index.hash(key, 1);
        long map = index.find(hash, key, 1);
        if (map != 0 || !create) {
            last = map == 0 ? last : map;
            return map;
        }
        int item = slab.allocate();
        if (item < 0) {
            return 0;
        }
        if (!index.insert(hash, item)) {
            slab.free(item);
            return 0;
        }
        map = slab.address(item);
        Mem.i64(map, key);
        Mem.i64(map + 8, 1);
        Mem.i64(map + 24, nowMs);
        return map;
    }

    private void dropIfEmpty(long map, long nowMs) {
        if (Mem.i32(map + 16) != 0) {
            return;
        }
        rest(map, nowMs);
        if (Mem.i64(map + 32) == 0) {
            int item = (int) ((map - maps) >>> SHIFT);
            index.remove(index.hash(Mem.i64(map), 1), item);
            slab.free(item);
        }
    }

    private long bitmap(long map) {
        return bitmaps + ((map - maps) >>> SHIFT) * ALL_BITS;
    }

    private long bits(long map, int protocol) {
        return switch (protocol) {
            case Ipv4.TCP -> bitmap(map);
            case Ipv4.UDP -> bitmap(map) + PROTOCOL;
            default -> bitmap(map) + 2 * PROTOCOL;
        };
    }

    /**
     * Neither taken nor resting.
     *
     * @param resting whether any port of the map does
     */
    private static boolean isFree(long bits, int port, boolean resting) {
        return !isSet(bits, port) && (!resting || (!isSet(bits + BITS, port) && !isSet(bits + 2 * BITS, port)));
    }

    private static boolean isSet(long bits, int port) {
        return (Mem.i64(bits + 8L * (port >>> 6)) >>> port & 1) != 0;
    }

    private static void set(long bits, int port) {
        long at = bits + 8L * (port >>> 6);
        Mem.i64(at, Mem.i64(at) | 1L << port);
    }

    private static void clear(long bits, int port) {
        long at = bits + 8L * (port >>> 6);
        Mem.i64(at, Mem.i64(at) & ~(1L << port));
    }

    /** 0..bound-1, unguessable. */
    int below(int bound) {
        return random.below(bound);
    }
}
