package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.RouteTables;

/**
 * CAs in subnets with L2Only records that no record has yet: somebody may have them, so that is asked before a sender hears that they
 * are unreachable. Which were asked for lately is kept in a table of fixed size; one CA in the place of another asks again too early or
 * gives up too late, no more.
 */
final class UnknownHosts {

    static final int QUESTIONS = 32;
    private static final int SLOTS = 256;
    private static final int RETRY_MS = 1_000;
    private static final int GIVE_UP_MS = 3_000;
    private static final int FORGET_MS = 10_000;

    private final RouteTables tables;
    private final WorkerClock clock;
    private final long[] key = new long[SLOTS];
    private final long[] since = new long[SLOTS];
    private final long[] asked = new long[SLOTS];
    private final int[] vsid = new int[QUESTIONS];
    private final int[] ca = new int[QUESTIONS];
    private int questions;

    UnknownHosts(RouteTables tables, WorkerClock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    /**
     * A packet has a destination without record.
     *
     * @return whether somebody may still answer; else it is unreachable
     */
    boolean wanted(int domain, int address) {
        long route = tables.tenantFib.find(domain, address);
        if (route == 0 || FibEntry.kind(route) != FibEntry.ON_LINK || tables.l2Groups.find(FibEntry.vsid(route)) == 0) {
            return false;
        }
        long wanted = (long) domain << 32 | Integer.toUnsignedLong(address);
        int slot = (int) ((wanted * 0x9e37_79b9_7f4a_7c15L) >>> 56) & (SLOTS - 1);
        long now = clock.ms();
        boolean known = key[slot] == wanted && now - asked[slot] < FORGET_MS;
        if (!known) {
            key[slot] = wanted;
            since[slot] = now;
        }
        if ((!known || now - asked[slot] >= RETRY_MS) && questions < QUESTIONS) {
            asked[slot] = now;
            vsid[questions] = FibEntry.vsid(route);
            ca[questions] = address;
            questions++;
        }
        return now - since[slot] < GIVE_UP_MS;
    }

    /** Questions to be sent. */
    int questions() {
        return questions;
    }

    int vsid(int i) {
        return vsid[i];
    }

    int ca(int i) {
        return ca[i];
    }

    /** The questions have been taken. */
    void clear() {
        questions = 0;
    }
}
