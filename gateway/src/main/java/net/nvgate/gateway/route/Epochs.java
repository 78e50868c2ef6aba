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

    private final PointerArray byRdid;
    private volatile int external;

    Epochs(TableSpace space, Reclaimer reclaimer) {
        this.byRdid = new PointerArray(space, reclaimer);
    }

    /** Any thread: epoch of a routing domain's records, routes, subnets and NAT. */
    public int of(int rdid) {
        return (int) byRdid.get(rdid);
    }

    /** Any thread: epoch of everything that is no tenant's: own addresses, external and provider routes, neighbours. */
    public int external() {
        return external;
    }

    /** Writer: the tables show the change. */
    public void bump(int rdid) {
        long at = byRdid.slot(rdid);
        VarHandle.releaseFence();
        Mem.i64(at, Mem.i64(at) + 1 & 0xffff_ffffL);
    }

    /** Writer, or the neighbour agent: the tables show the change. */
    public synchronized void bumpExternal() {
        VarHandle.releaseFence();
        external = external + 1;
    }
}
