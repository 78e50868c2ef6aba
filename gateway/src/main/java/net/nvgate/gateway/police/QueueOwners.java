package net.nvgate.gateway.police;

/**
 * Which tenant has which of {@link FairQueues}. All share their places and the packets that may wait, so that each has what it needs
 * while others need less; where there is no more, who holds most gives way, whatever its number of queues.
 */
public final class QueueOwners {

    /** Queues that a tenant may have while less than half of all are free. */
    public static final int QUEUES_EACH = 32;

    private static final int NONE = -1;

    private final FairQueues queues;
    private final int[] ownerOf;
    private final int tenantsMax;

    /** Packets by tenant; 0 but within {@link #fullest}. */
    private final int[] held;

    /** @param tenantsMax tenants of this number and above count as one */
    public QueueOwners(FairQueues queues, int tenantsMax) {
        this.queues = queues;
        this.ownerOf = new int[queues.queuesMax()];
        this.tenantsMax = tenantsMax;
        this.held = new int[tenantsMax + 1];
    }

    /** Whether a tenant may have one more queue. */
    public boolean mayOpen(int tenant) {
        if (2 * queues.free() > ownerOf.length) {
            return true;
        }
        int owner = owner(tenant);
        int open = 0;
        for (int queue = 0; queue < ownerOf.length; queue++) {
            open += ownerOf[queue] == owner && queues.count(queue) != 0 ? 1 : 0;
        }
        return open < QUEUES_EACH;
    }

    public void opened(int queue, int tenant) {
        ownerOf[queue] = owner(tenant);
    }

    private int owner(int tenant) {
        return Math.min(tenant, tenantsMax);
    }

    /**
     * The longest queue of the tenant whose packets are most.
     *
     * @return -1 if no queue has two packets or more, so that one of them is not at its gate
     */
    public int fullest() {
        for (int queue = 0; queue < ownerOf.length; queue++) {
            held[ownerOf[queue]] += queues.count(queue);
        }
        int fullest = NONE;
        for (int queue = 0; queue < ownerOf.length; queue++) {
            if (queues.count(queue) > 1 && (fullest == NONE || isFuller(queue, fullest))) {
                fullest = queue;
            }
        }
        for (int queue = 0; queue < ownerOf.length; queue++) {
            held[ownerOf[queue]] = 0;
        }
        return fullest;
    }

    private boolean isFuller(int queue, int than) {
        int more = held[ownerOf[queue]] - held[ownerOf[than]];
        return more != 0 ? more > 0 : queues.count(queue) > queues.count(than);
    }
}
