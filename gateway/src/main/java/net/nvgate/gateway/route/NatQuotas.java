package net.nvgate.gateway.route;

import net.nvgate.gateway.dpdk.Mem;

/**
 * What each tenant and each of its hosts may use (RFC 6888 REQ-4, REQ-5). 0 = no limit of its own.
 *
 * <pre>
 * entry:  0 ports   4 sessions   8 sessions per second   12 host's ports   16 host's sessions   20 host's per second (i32)
 * </pre>
 */
public final class NatQuotas {

    private static final int BYTES = 32;

    private final PointerArray byTenant;
    private final BlockPool pool;

    NatQuotas(TableSpace space, Reclaimer reclaimer) {
        this.byTenant = new PointerArray(space, reclaimer);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /** Any thread: the tenant's entry for the static readers here, valid until the caller's next quiescent point; 0 = no limits. */
    public long of(int rdid) {
        return byTenant.get(rdid);
    }

    /** External ports of a tenant, or of each of its hosts. */
    public static int ports(long entry, boolean host) {
        return Mem.i32(entry + (host ? 12 : 0));
    }

    /** Sessions of a tenant, or of each of its hosts. */
    public static int sessions(long entry, boolean host) {
        return Mem.i32(entry + (host ? 16 : 4));
    }

    /** New sessions per second of a tenant, or of each of its hosts. */
    public static int sessionsPerSecond(long entry, boolean host) {
        return Mem.i32(entry + (host ? 20 : 8));
    }

    /** Writer: the limits of a tenant; {@link Row#NONE} removes them. */
    public void set(int rdid, Row row) {
        long old = byTenant.get(rdid);
        long entry = 0;
        if (!row.equals(Row.NONE)) {
            entry = pool.allocate();
            Mem.i32(entry, row.ports());
            Mem.i32(entry + 4, row.sessions());
            Mem.i32(entry + 8, row.sessionsPerSecond());
            Mem.i32(entry + 12, row.hostPorts());
            Mem.i32(entry + 16, row.hostSessions());
            Mem.i32(entry + 20, row.hostSessionsPerSecond());
        }
        if (entry != 0 || old != 0) {
            byTenant.set(rdid, entry);
        }
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: the limits of a tenant. */
    public Row row(int rdid) {
        long entry = of(rdid);
        return entry == 0
                ? Row.NONE
                : new Row(
                        ports(entry, false),
                        sessions(entry, false),
                        sessionsPerSecond(entry, false),
                        ports(entry, true),
                        sessions(entry, true),
                        sessionsPerSecond(entry, true));
    }

    /** Limits as the control thread handles them, as {@code NatQuota} of the policy. */
    public record Row(
            int ports,
            int sessions,
            int sessionsPerSecond,
            int hostPorts,
            int hostSessions,
            int hostSessionsPerSecond) {

        public static final Row NONE = new Row(0, 0, 0, 0, 0, 0);
    }
}
