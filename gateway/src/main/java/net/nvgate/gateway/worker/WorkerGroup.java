package net.nvgate.gateway.worker;

/**
 * The workers of a gateway, and the rings by which each hands packets to each other one. Shared nothing else: a tenant and all that it
 * has (sessions, mappings, quotas, limits, what was learned) is one worker's, see docs/workers.md.
 */
public final class WorkerGroup {

    public static final int WORKERS_MAX = 32;

    /** About 100 µs of packets for a busy worker. */
    private static final int RING_PACKETS = 1 << 11;

    private final HandOffRing[][] rings;

    /** @param workers 1..32 */
    public WorkerGroup(int workers) {
        this(workers, RING_PACKETS);
    }

    WorkerGroup(int workers, int ringPackets) {
        if (workers < 1 || workers > WORKERS_MAX) {
            throw new IllegalArgumentException("workers must be 1.." + WORKERS_MAX + ", not " + workers);
        }
        rings = new HandOffRing[workers][workers];
        for (int from = 0; from < workers; from++) {
            for (int to = 0; to < workers; to++) {
                if (from != to) {
                    rings[from][to] = new HandOffRing(ringPackets);
                }
            }
        }
    }

    public int workers() {
        return rings.length;
    }

    /**
     * The worker that has a tenant.
     *
     * @param domain index of its routing domain, above 0; dense, and the same as long as the tenant is there
     */
    public int ownerOf(int domain) {
        return ownerOf(domain, rings.length);
    }

    /** As {@link #ownerOf(int)}, of so many workers. */
    public static int ownerOf(int domain, int workers) {
        return domain % workers;
    }

    HandOffRing ring(int from, int to) {
        return rings[from][to];
    }
}
