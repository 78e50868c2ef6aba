package net.nvgate.gateway.police;

/**
 * Controlled delay (RFC 8289) of many queues: once packets have waited longer than the target for an interval, one is dropped now
 * and then, at shorter and shorter intervals, until they wait less.
 */
final class Codel {

    static final long INTERVAL_NANOS = 100_000_000L;
    /** RFC 8289 §3.2: 5 % of the interval; more where a packet alone takes longer. */
    static final long TARGET_NANOS = 5_000_000L;

    private static final int ROOTS = 1024;
    private static final long[] STEP = new long[ROOTS];

    static {
        for (int i = 1; i < ROOTS; i++) {
            STEP[i] = (long) (INTERVAL_NANOS / Math.sqrt(i));
        }
    }

    private final long[] firstAbove;
    private final long[] dropNext;
    private final int[] count;
    private final int[] lastCount;
    private final boolean[] dropping;

    Codel(int queues) {
        firstAbove = new long[queues];
        dropNext = new long[queues];
        count = new int[queues];
        lastCount = new int[queues];
        dropping = new boolean[queues];
    }

    /** Forgets a queue: another one begins. */
    void reset(int queue) {
        firstAbove[queue] = 0;
        dropNext[queue] = 0;
        count[queue] = 0;
        lastCount[queue] = 0;
        dropping[queue] = false;
    }

    /** The queue has run empty. */
    void empty(int queue) {
        firstAbove[queue] = 0;
        dropping[queue] = false;
    }

    /**
     * Whether the packet at the head shall be dropped, or marked; to be asked again about the next one until it says no.
     *
     * @param waited of the packet, ns
     * @param shallow no more than a packet is in the queue: it may always stay (RFC 8289 §5.4)
     */
    boolean drops(int queue, long waited, long target, boolean shallow, long nowNanos) {
        boolean above = isAbove(queue, waited, target, shallow, nowNanos);
        if (dropping[queue]) {
            if (!above) {
                dropping[queue] = false;
                return false;
            }
            if (nowNanos < dropNext[queue]) {
                return false;
            }
            count[queue]++;
            dropNext[queue] += step(count[queue]);
            return true;
        }
        if (!above) {
            return false;
        }
        // RFC 8289 §5.4: soon after the last time it goes on where it was.
        int since = count[queue] - lastCount[queue];
        boolean recent = nowNanos - dropNext[queue] < 16 * INTERVAL_NANOS;
        count[queue] = since > 1 && recent ? since : 1;
        lastCount[queue] = count[queue];
        dropNext[queue] = nowNanos + step(count[queue]);
        dropping[queue] = true;
        return true;
    }

    private boolean isAbove(int queue, long waited, long target, boolean shallow, long nowNanos) {
        if (waited < target || shallow) {
            firstAbove[queue] = 0;
            return false;
        }
        if (firstAbove[queue] == 0) {
            firstAbove[queue] = nowNanos + INTERVAL_NANOS;
            return false;
        }
        return nowNanos >= firstAbove[queue];
    }

    private static long step(int count) {
        return STEP[Math.min(count, ROOTS - 1)];
    }
}
