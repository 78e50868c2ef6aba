package net.nvgate.gateway.worker;

import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RateLimits;

/**
 * What {@link Limiter} says to the packet that nearly all are: of a session, within the limits of its NIC and its tenant, where nothing waits and nothing
 * else is limited. It costs a line of each meter, and neither the limits' tables nor a clock. Lets nothing pass that {@link Limiter} would not.
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
        long tenantPace = Meters.pace(tenant);
        if (tenantPace == Meters.ASK || portsLimited) {
            return false;
        }
        boolean limited = tenantPace != Meters.NO_LIMIT;
        // All is read before anything is written, so that nothing is read or computed twice.
        long bits = limited ? Meters.bits(tenant, tenantPace, length, time) : 0;
        long packet = limited ? Meters.packet(tenant, time) : 0;
        if (!Meters.isThere(bits) || !Meters.isThere(packet)) {
            return false;
        }
        if (nic != SessionLimits.NO_NIC) {
            long at = meters.nicAt(nic - 1, direction);
            long pace = Meters.pace(at);
            long nicBits = Meters.bits(at, pace, length, time);
            if (pace <= Meters.ASK || !Meters.isThere(nicBits)) {
                return false;
            }
            Meters.pay(at, nicBits, length, time);
        }
        if (limited) {
            Meters.pay(tenant, bits, length, time);
            Meters.payPacket(tenant, packet, time);
        }
        return true;
    }
}
