package net.nvgate.gateway.route;

/** The connection that {@link NatConnections#choose} found for a host, and the ports it may have there. Of one worker. */
public final class NatChoice {

    public static final long NO_LIMIT = Long.MAX_VALUE;

    /** Ports below are never given out (RFC 4787 REQ-3a: well-known ports stay what they are). */
    public static final int PORT_FIRST = 1024;

    private long entry;
    private long weight;
    private int portMin;
    private int portMax;
    private boolean deterministic;

    void clear() {
        entry = 0;
        weight = 0;
    }

    /** Dynamic hosts have what the computed ranges leave over. */
    void dynamic(long newEntry, long newWeight, int deterministicHosts, int poolSize) {
        entry = newEntry;
        weight = newWeight;
        deterministic = false;
        portMin = firstPort(newEntry);
        portMax = NatEntry.portMax(newEntry);
        if (deterministicHosts != 0) {
            int hosts = Math.ceilDiv(deterministicHosts, poolSize);
            portMin += hosts * (Math.max(0, portMax - portMin + 1) / hosts);
        }
    }

    /**
     * RFC 7422: host number h of the prefixes leaves by connection h mod K of the K in the pool, and there has the range number
     * s = h / K of P / ceil(H / K) ports, for H hosts and P ports.
     */
    boolean deterministic(long newEntry, long leader, int ordinal, int poolSize) {
        entry = newEntry;
        deterministic = true;
        int hosts = Math.ceilDiv(NatEntry.deterministicHosts(leader), poolSize);
        int first = firstPort(newEntry);
        int perHost = Math.max(0, NatEntry.portMax(newEntry) - first + 1) / hosts;
        portMin = first + ordinal / poolSize * perHost;
        portMax = portMin + perHost - 1;
        return true;
    }

    /** First port that a connection gives out. */
    public static int firstPort(long entry) {
        return Math.max(PORT_FIRST, NatEntry.portMin(entry));
    }

    /** A {@link NatEntry}, 0 = none. */
    public long entry() {
        return entry;
    }

    /** Tells connections of the pool apart, see {@link NatConnections#choose}. */
    public long weight() {
        return weight;
    }

    /** First port the host may have. */
    public int portMin() {
        return portMin;
    }

    /** Last one, inclusive; below the first when the host has none. */
    public int portMax() {
        return portMax;
    }

    /** The host's ports are computed and nobody else's. */
    public boolean isDeterministic() {
        return deterministic;
    }
}
