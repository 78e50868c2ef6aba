package net.nvgate.gateway.route;

import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Longest-prefix match: a multibit trie of stride 6 with compressed nodes (Eatherton, Varghese, Dittia: "Tree Bitmap",
 * ACM CCR 2004). Three routes take about 300 bytes; a lookup visits one node per 6 bits of the longest branch.
 *
 * <pre>
 * node
 *  0           routes    bit (1 &lt;&lt; n) + v set: prefix of n = 0..5 further bits with value v ends here
 *  8           children  bit c set: a subtree under the next 6 bits c
 * 16           address of the route of each set bit of routes, ascending
 * 16 + 8 * r   address of the node of each set bit of children, ascending
 * </pre>
 *
 * <p>The bits of {@code routes} are numbered as a binary heap, so that the longest match within a node is the highest of
 * at most six candidate bits. A node's bitmaps never change once published: adding or taking a bit makes a new node and
 * swaps the one pointer to it; a route or child that is replaced is swapped in its place. Readers therefore see each
 * insertion and removal as one step.
 *
 * <p>Keys are left-aligned: an IPv4 address is {@code (long) ip << 32} in the high word of a key, whose low word is 0; an IPv6 address
 * fills both. Lookups of IPv4 use the high word alone.
 */
final class TreeBitmap {

    private static final int STRIDE = 6;
    private static final int HEADER = 16;
    private static final int DEPTH_MAX = 128 / STRIDE + 1;
    private static final int[] SIZES = {32, 64, 96, 128, 192, 256, 384, 512, 768, 1056};
    private static final long[] CANDIDATES = candidates();

    private final BlockPool[] pools;

    TreeBitmap(TableSpace space, Reclaimer reclaimer) {
        pools = new BlockPool[SIZES.length];
        for (int i = 0; i < SIZES.length; i++) {
            pools[i] = new BlockPool(space, reclaimer, SIZES[i]);
        }
    }

    /** For each 6-bit value, the bits of {@code routes} whose prefix covers it. */
    private static long[] candidates() {
        long[] masks = new long[1 << STRIDE];
        for (int chunk = 0; chunk < masks.length; chunk++) {
            for (int length = 0; length < STRIDE; length++) {
                masks[chunk] |= 1L << routeBit(chunk, length);
            }
        }
        return masks;
    }

    private static int routeBit(int chunk, int length) {
        return (1 << length) | (chunk >>> (STRIDE - length));
    }

    /** Any thread: the address stored for the longest prefix of {@code key} under this root node, or 0. */
    static long find(long root, long key) {
        long best = 0;
        long node = root;
        long rest = key;
        while (node != 0) {
            long routes = Mem.i64(node);
            long children = Mem.i64(node + 8);
            int chunk = chunk(rest);
            long matches = routes & CANDIDATES[chunk];
            if (matches != 0) {
                best = Mem.i64(routeSlot(node, routes, 63 - Long.numberOfLeadingZeros(matches)));
            }
            if ((children >>> chunk & 1) == 0) {
                break;
            }
            node = Mem.i64(childSlot(node, routes, children, chunk));
            VarHandle.acquireFence();
            rest <<= STRIDE;
        }
        return best;
    }

    /** Any thread: as {@link #find(long, long)}, for a key of two words. */
    static long find(long root, long high, long low) {
        long best = 0;
        long node = root;
        long rest = high;
        long more = low;
        while (node != 0) {
            long routes = Mem.i64(node);
            long children = Mem.i64(node + 8);
            int chunk = chunk(rest);
            long matches = routes & CANDIDATES[chunk];
            if (matches != 0) {
                best = Mem.i64(routeSlot(node, routes, 63 - Long.numberOfLeadingZeros(matches)));
            }
            if ((children >>> chunk & 1) == 0) {
                break;
            }
            node = Mem.i64(childSlot(node, routes, children, chunk));
            VarHandle.acquireFence();
            rest = shifted(rest, more);
            more <<= STRIDE;
        }
        return best;
    }

    /**
     * Writer: stores a route.
     *
     * @param rootSlot where the address of the root node is, 0 = empty tree
     * @return the address it replaces, for the caller to retire, or 0
     */
    long put(long rootSlot, long high, long low, int length, long route) {
        long at = rootSlot;
        long rest = high;
        long more = low;
        int left = length;
        while (left >= STRIDE) {
            long node = Mem.i64(at);
            int chunk = chunk(rest);
            rest = shifted(rest, more);
            more <<= STRIDE;
            left -= STRIDE;
            if (node == 0 || (Mem.i64(node + 8) >>> chunk & 1) == 0) {
                replace(at, node, withChild(node, chunk, chain(rest, more, left, route)));
                return 0;
            }
            at = childSlot(node, Mem.i64(node), Mem.i64(node + 8), chunk);
        }
        return putHere(at, routeBit(chunk(rest), left), route);
    }

    private long putHere(long at, int bit, long route) {
        long node = Mem.i64(at);
        if (node != 0 && (Mem.i64(node) >>> bit & 1) != 0) {
            long slot = routeSlot(node, Mem.i64(node), bit);
            long old = Mem.i64(slot);
            publish(slot, route);
            return old;
        }
        replace(at, node, withRoute(node, bit, route));
        return 0;
    }

    /** A new branch that holds one route; nobody sees it yet. */
    private long chain(long rest, long more, int left, long route) {
        int chunk = chunk(rest);
        return left < STRIDE
                ? withRoute(0, routeBit(chunk, left), route)
                : withChild(0, chunk, chain(shifted(rest, more), more << STRIDE, left - STRIDE, route));
    }

    /**
     * Writer: takes a route out.
     *
     * @return its address, for the caller to retire, or 0 if there was none
     */
    long remove(long rootSlot, long high, long low, int length) {
        long[] slots = new long[DEPTH_MAX];
        int[] chunks = new int[DEPTH_MAX];
        int depth = 0;
        slots[0] = rootSlot;
        long rest = high;
        long more = low;
        for (int left = length; left >= STRIDE; left -= STRIDE) {
            long node = Mem.i64(slots[depth]);
            int chunk = chunk(rest);
            if (node == 0 || (Mem.i64(node + 8) >>> chunk & 1) == 0) {
                return 0;
            }
            chunks[depth] = chunk;
            slots[++depth] = childSlot(node, Mem.i64(node), Mem.i64(node + 8), chunk);
            rest = shifted(rest, more);
            more <<= STRIDE;
        }
        long node = Mem.i64(slots[depth]);
        int bit = routeBit(chunk(rest), length - depth * STRIDE);
        if (node == 0 || (Mem.i64(node) >>> bit & 1) == 0) {
            return 0;
        }
        long route = Mem.i64(routeSlot(node, Mem.i64(node), bit));
        long fresh = withoutRoute(node, bit);
        while (fresh == 0 && depth > 0) {
            retire(node);
            depth--;
            node = Mem.i64(slots[depth]);
            fresh = withoutChild(node, chunks[depth]);
        }
        replace(slots[depth], node, fresh);
        return route;
    }

    /** Writer: the address stored for exactly this prefix, or 0. */
    static long get(long root, long high, long low, int length) {
        long node = root;
        long rest = high;
        long more = low;
        int left = length;
        while (node != 0 && left >= STRIDE) {
            boolean deeper = (Mem.i64(node + 8) >>> chunk(rest) & 1) != 0;
            node = deeper ? Mem.i64(childSlot(node, Mem.i64(node), Mem.i64(node + 8), chunk(rest))) : 0;
            rest = shifted(rest, more);
            more <<= STRIDE;
            left -= STRIDE;
        }
        int bit = routeBit(chunk(rest), Math.min(left, STRIDE - 1));
        boolean there = node != 0 && (Mem.i64(node) >>> bit & 1) != 0;
        return there ? Mem.i64(routeSlot(node, Mem.i64(node), bit)) : 0;
    }

    /** Writer: every route under a root, in no order. */
    static void forEach(long node, LongConsumer action) {
        if (node == 0) {
            return;
        }
        int routes = Long.bitCount(Mem.i64(node));
        int children = Long.bitCount(Mem.i64(node + 8));
        for (int i = 0; i < routes; i++) {
            action.accept(Mem.i64(node + HEADER + 8L * i));
        }
        for (int i = routes; i < routes + children; i++) {
            forEach(Mem.i64(node + HEADER + 8L * i), action);
        }
    }

    private void replace(long at, long oldNode, long newNode) {
        publish(at, newNode);
        if (oldNode != 0) {
            retire(oldNode);
        }
    }

    private static void publish(long at, long value) {
        VarHandle.releaseFence();
        Mem.i64(at, value);
    }

    private static int chunk(long rest) {
        return (int) (rest >>> (64 - STRIDE));
    }

    /** The high word of a key without its first chunk. */
    private static long shifted(long high, long low) {
        return high << STRIDE | low >>> (64 - STRIDE);
    }

    /** Number of set bits below a bit: the place of its address. */
    private static int below(long bits, int bit) {
        return Long.bitCount(bits & ((1L << bit) - 1));
    }

    private static long routeSlot(long node, long routes, int bit) {
        return node + HEADER + 8L * below(routes, bit);
    }

    private static long childSlot(long node, long routes, long children, int chunk) {
        return node + HEADER + 8L * (Long.bitCount(routes) + below(children, chunk));
    }

    private long withRoute(long node, int bit, long route) {
        long routes = node == 0 ? 0 : Mem.i64(node);
        long children = node == 0 ? 0 : Mem.i64(node + 8);
        return inserted(node, routes | (1L << bit), children, below(routes, bit), route);
    }

    private long withChild(long node, int chunk, long child) {
        long routes = node == 0 ? 0 : Mem.i64(node);
        long children = node == 0 ? 0 : Mem.i64(node + 8);
        int position = Long.bitCount(routes) + below(children, chunk);
        return inserted(node, routes, children | (1L << chunk), position, child);
    }

    private long inserted(long node, long routes, long children, int position, long value) {
        int count = Long.bitCount(routes) + Long.bitCount(children);
        long fresh = block(routes, children, count);
        if (node != 0) {
            Mem.copy(node + HEADER, fresh + HEADER, 8L * position);
            Mem.copy(node + HEADER + 8L * position, fresh + HEADER + 8L * (position + 1), 8L * (count - 1 - position));
        }
        Mem.i64(fresh + HEADER + 8L * position, value);
        return fresh;
    }

    /** 0 if nothing is left. */
    private long withoutRoute(long node, int bit) {
        long routes = Mem.i64(node);
        return without(node, routes & ~(1L << bit), Mem.i64(node + 8), below(routes, bit));
    }

    private long withoutChild(long node, int chunk) {
        long routes = Mem.i64(node);
        long children = Mem.i64(node + 8);
        int position = Long.bitCount(routes) + below(children, chunk);
        return without(node, routes, children & ~(1L << chunk), position);
    }

    private long without(long node, long routes, long children, int position) {
        int count = Long.bitCount(routes) + Long.bitCount(children);
        if (count == 0) {
            return 0;
        }
        long fresh = block(routes, children, count);
        Mem.copy(node + HEADER, fresh + HEADER, 8L * position);
        Mem.copy(node + HEADER + 8L * (position + 1), fresh + HEADER + 8L * position, 8L * (count - position));
        return fresh;
    }

    private long block(long routes, long children, int count) {
        long node = pool(count).allocate();
        Mem.i64(node, routes);
        Mem.i64(node + 8, children);
        return node;
    }

    private void retire(long node) {
        pool(Long.bitCount(Mem.i64(node)) + Long.bitCount(Mem.i64(node + 8))).retire(node);
    }

    private BlockPool pool(int count) {
        int bytes = HEADER + 8 * count;
        for (int i = 0; i < SIZES.length; i++) {
            if (bytes <= SIZES[i]) {
                return pools[i];
            }
        }
        throw new IllegalStateException("node of " + bytes + " bytes");
    }
}
