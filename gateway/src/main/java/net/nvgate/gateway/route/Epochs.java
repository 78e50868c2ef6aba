package net.nvgate.gateway.route;

import java.lang.invoke.VarHandle;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Versions by which a worker knows that a cached decision may be stale: it keeps the epoch it read <em>before</em> the
 * tables, and resolves again when {@link #of} differs. An epoch is bumped after the tables show the change, and never
 * goes back, also when an RDID index is reused. One cache line holds eight tenants; a change in one leaves the others'
 * values alone.
 */
public final class Epochs {

    /** Bits of an index's word that count its routing domains; the others are its epoch. */
    private static final long GENERATION = -1L << 32;

    private final PointerArray byRdid;
    private volatile int external;

    Epochs(TableSpace space, Reclaimer reclaimer) {
        this.byRdid = new PointerArray(space, reclaimer);
    }

    /** Any thread: epoch of a routing domain's records, routes, subnets and NAT. */
    public int of(int rdid) {
        return (int) byRdid.get(rdid);
    }

    /** Worker: all epochs as they are now, for {@link #first} and {@link #length}; valid until it next passes a quiescent point. */
    public long table() {
        return byRdid.root();
    }

    /** Address of a table's first epoch (i32, one every 8 bytes): for who only compares them, as nothing that is read later need be as new. */
    public static long first(long table) {
        return PointerArray.first(table);
    }

    /** Epochs in a table; those of others are 0. */
    public static int length(long table) {
        return PointerArray.length(table);
    }

    /** Any thread: epoch of everything that is no tenant's: own addresses, external and provider routes, neighbours. */
    public int external() {
        return external;
    }

    /** Writer: the tables show the change. */
    public void bump(int rdid) {
        long at = byRdid.slot(rdid);
        VarHandle.releaseFence();
        long word = Mem.i64(at);
        Mem.i64(at, (word & GENERATION) | ((word + 1) & ~GENERATION));
    }

    /** Any thread: which of the routing domains that have had an index one after another it is now. */
    public int generation(int rdid) {
        return (int) (byRdid.get(rdid) >>> 32);
    }

    /** Writer: the routing domain of an index is gone; the next one to have it is another. */
    public void end(int rdid) {
        long at = byRdid.slot(rdid);
        VarHandle.releaseFence();
        long word = Mem.i64(at);
        Mem.i64(at, ((word & GENERATION) + (1L << 32)) | ((word + 1) & ~GENERATION));
    }

    /** Writer, or the neighbour agent: the tables show the change. */
    public synchronized void bumpExternal() {
        VarHandle.releaseFence();
        external = external + 1;
    }
}
