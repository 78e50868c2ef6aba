package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RateLimits;

/**
 * What {@link Limiter} says to the packet that nearly all are: of a session, within the limits of its NIC and its tenant, where nothing waits and nothing
 * else is limited. Mostly it is within what the two meters have granted: that costs a word of each, and neither the limits' tables nor a clock.
 * Lets nothing pass that {@link Limiter} would not.
 */
final class FastLimiter {

    private static final int LAST_TENANT = WorkerConfig.TENANTS;

    private final int direction;
    private final RateLimits limits;
    private final Meters meters;
    private final WorkerClock clock;
    // What is left of grants; all of them fields here, as a reference costs every packet a barrier.
    private final long tenants;
    private final long nics;
    private long time;
    /** Below zero where a port is limited: then nothing passes without {@link Limiter}. Joined with what is left, it costs no branch. */
    private long ofPorts;

    /** @param direction of {@link Meters} */
    FastLimiter(int direction, RateLimits limits, Meters meters, WorkerClock clock) {
        this.direction = direction;
        this.limits = limits;
        this.meters = meters;
        this.clock = clock;
        this.tenants = meters.leftAt(meters.tenant(0, direction));
        this.nics = meters.leftAt(meters.nobody(direction));
        meters.pace(meters.nobody(direction), 0, 0);
    }

    /** A burst begins: it has one time. */
    void newBurst() {
        time = meters.time(clock.nanos());
        ofPorts = limits.ofPorts() == 0 ? 0 : -1;
    }

    /**
     * Takes what a packet costs, if that is granted. There is no call in it, also none that is rarely made: in the middle of a packet's path one makes
     * the compiler keep on the stack all that is live.
     *
     * @param nic number of its NIC, see {@link SessionLimits}, found out when the session's line was last resolved
     * @return false: {@link #pays} must be asked, nothing is taken
     */
    boolean admits(int domain, int nic, int length) {
        long tenant = tenants + 8L * Math.min(domain, LAST_TENANT);
        long own = nics + 8L * nic;
        long leftOfTenant = Meters.lessOne(tenant, length);
        long leftOfNic = Meters.lessOne(own, length);
        if (Meters.isTooMuch(leftOfTenant | leftOfNic | ofPorts)) {
            return false;
        }
        Mem.i64(tenant, leftOfTenant);
        Mem.i64(own, leftOfNic);
        return true;
    }

    /**
     * As {@link #admits}, where something is not granted: takes what a packet costs, if that is there for sure, and has more granted.
     *
     * @return false: {@link Limiter} must be asked, nothing is taken
     */
    boolean pays(int domain, int nic, int length) {
        int tenant = meters.tenant(domain, direction);
        int own = nic == SessionLimits.NO_NIC ? meters.nobody(direction) : meters.nic(nic - 1, direction);
        if (ofPorts != 0 || !meters.isThere(tenant, length, time) || !meters.isThere(own, length, time)) {
            return false;
        }
        meters.pay(own, length, time);
        meters.pay(tenant, length, time);
        return true;
    }
}
