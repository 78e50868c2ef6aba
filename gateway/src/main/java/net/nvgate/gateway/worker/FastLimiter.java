package net.nvgate.gateway.worker;

import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RateLimits;

/**
 * What {@link Limiter} says to the packet that nearly all are: of a session, within the limits of its NIC and its tenant, where nothing waits and nothing
 * else is limited. It costs a line of each meter, and neither the limits' tables nor a clock; mostly it is within what a meter has granted and only counted.
 * Lets nothing pass that {@link Limiter} would not.
 */
final class FastLimiter {

    private final RateLimits limits;
    private final Meters meters;
    private final WorkerClock clock;
    private long time;
    private boolean portsLimited;

    FastLimiter(RateLimits limits, Meters meters, WorkerClock clock) {
        this.limits = limits;
        this.meters = meters;
        this.clock = clock;
    }

    /** A burst begins: it has one time. */
    void newBurst() {
        time = meters.time(clock.nanos());
        portsLimited = limits.ofPorts() != 0;
    }

    /**
     * Takes what a packet costs, if that is there for sure.
     *
     * @param direction of {@link Meters}
     * @param nic number of its NIC, see {@link SessionLimits}, found out when the session's line was last resolved
     * @return false: {@link Limiter} must be asked, nothing is taken
     */
    boolean admits(int direction, int domain, int nic, int length) {
        long tenant = meters.tenantAt(domain, direction);
        boolean limited = Meters.pace(tenant) != Meters.NO_LIMIT;
        long at = nic == SessionLimits.NO_NIC ? 0 : meters.nicAt(nic - 1, direction);
        if (portsLimited
                || (limited && !Meters.isGranted(tenant, length))
                || (at != 0 && !Meters.isGrantedToNic(at, length))) {
            return pays(tenant, limited, at, length);
        }
        if (at != 0) {
            Meters.count(at, length);
        }
        if (limited) {
            Meters.count(tenant, length);
        }
        return true;
    }

    /**
     * As {@link #admits}, where something is not granted.
     *
     * @param at of its NIC's meter, 0 = it has none
     */
    private boolean pays(long tenant, boolean limited, long at, int length) {
        if (portsLimited || Meters.pace(tenant) == Meters.ASK) {
            return false;
        }
        long bits = 0;
        long packet = 0;
        if (limited) {
            Meters.settle(tenant, time);
            bits = Meters.bits(tenant, Meters.pace(tenant), length, time);
            packet = Meters.packet(tenant, time);
        }
        long nicBits = 0;
        if (at != 0) {
            long pace = Meters.pace(at);
            if (pace == Meters.ASK || pace == Meters.NO_LIMIT) {
                return false;
            }
            Meters.settleNic(at, time);
            nicBits = Meters.bits(at, pace, length, time);
        }
        if (!Meters.isThere(bits) || !Meters.isThere(packet) || !Meters.isThere(nicBits)) {
            return false;
        }
        if (at != 0) {
            Meters.payNic(at, nicBits, length, time);
        }
        if (limited) {
            Meters.pay(tenant, bits, packet, length, time);
        }
        return true;
    }
}
