package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.Fib6Entry;
import net.nvgate.gateway.route.FibEntry;

/**
 * Spreads flows over the next hops of a route: highest random weight (RFC 2991 §2, RFC 2992 §3.2 calls for no more disruption than
 * needed). Each next hop gets a weight from the flow's hash and its own address, the highest one wins; so a flow stays with its next
 * hop while that is there, and when one is gone only its flows move.
 */
final class Multipath {

    /** Tells next hops that cannot be used now. */
    @FunctionalInterface
    interface Usable {
        boolean usable(int domain, int nextHop, long route);
    }

    /** As {@link Usable}, for IPv6. */
    @FunctionalInterface
    interface Usable6 {
        boolean usable(int domain, long nextHopHigh, long nextHopLow, long route);
    }

    private Multipath() {}

    /**
     * The next hop of a flow.
     *
     * @param route a {@link FibEntry}
     * @param entropy hash of the flow
     * @param usable asked only if there are several; if none is, the one that would be first is taken
     */
    static int choose(long route, int domain, int entropy, Usable usable) {
        int hops = FibEntry.hops(route);
        if (hops == 1) {
            return FibEntry.nextHop(route);
        }
        int best = -1;
        int bestUsable = -1;
        for (int i = 0; i < hops; i++) {
            int hop = FibEntry.hop(route, i);
            if (best < 0 || isAbove(entropy, hop, FibEntry.hop(route, best))) {
                best = i;
            }
            boolean better = bestUsable < 0 || isAbove(entropy, hop, FibEntry.hop(route, bestUsable));
            if (better && usable.usable(domain, hop, route)) {
                bestUsable = i;
            }
        }
        return FibEntry.hop(route, bestUsable < 0 ? best : bestUsable);
    }

    /**
     * As {@link #choose}, for IPv6.
     *
     * @param route a {@link Fib6Entry}
     * @return which of its next hops it is, 0..7
     */
    static int choose6(long route, int domain, int entropy, Usable6 usable) {
        int hops = FibEntry.hops(route);
        if (hops == 1) {
            return 0;
        }
        int best = -1;
        int bestUsable = -1;
        for (int i = 0; i < hops; i++) {
            int hop = fold(route, i);
            if (best < 0 || isAbove(entropy, hop, fold(route, best))) {
                best = i;
            }
            boolean better = bestUsable < 0 || isAbove(entropy, hop, fold(route, bestUsable));
            if (better && usable.usable(domain, Fib6Entry.hopHigh(route, i), Fib6Entry.hopLow(route, i), route)) {
                bestUsable = i;
            }
        }
        return bestUsable < 0 ? best : bestUsable;
    }

    private static int fold(long route, int hop) {
        long word = Fib6Entry.hopHigh(route, hop) * 31 + Fib6Entry.hopLow(route, hop);
        return (int) (word ^ word >>> 32);
    }

    /** Hash of a flow by its {@code FlowKey}, the same whatever the tables' seed. */
    static int entropy(long key0, long key1) {
        long h = key0 * 0x9e37_79b9_7f4a_7c15L + Long.rotateLeft(key1 * 0xc2b2_ae3d_27d4_eb4fL, 31);
        h = (h ^ h >>> 33) * 0xff51_afd7_ed55_8ccdL;
        return (int) (h ^ h >>> 33);
    }

    private static boolean isAbove(int entropy, int hop, int other) {
        return Integer.compareUnsigned(weight(entropy, hop), weight(entropy, other)) > 0;
    }

    /** The finishing mix of MurmurHash3 over both. */
    private static int weight(int entropy, int hop) {
        int h = entropy * 0x9e3779b1 ^ hop;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }
}
