package net.nvgate.gateway.worker;

import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.route.RouteTables;

/**
 * What {@link FastLimiter} reads of limits, found out when a session is led to its way: the number of its NIC, and the paces of the meters it has to do
 * with. Whoever changes a limit moves the tenant's epoch on after it, so that no packet goes by what has been found out before.
 */
final class SessionLimits {

    /** Number of a NIC where there is none. */
    static final int NO_NIC = 0;

    private final RateLimits limits;
    private final NicRates nics;
    private final InsideHosts hosts;
    private final Meters meters;

    SessionLimits(RouteTables tables, InsideHosts hosts, Meters meters) {
        this.limits = tables.rates;
        this.nics = tables.nicRates;
        this.hosts = hosts;
        this.meters = meters;
    }

    /** Whether anything of a tenant is limited. */
    boolean limits(int domain) {
        return limits.limits(domain);
    }

    /**
     * Readies what limits a VM's packets.
     *
     * @param direction of {@link Meters}
     * @return its NIC's index in {@link RateLimits} + 1, {@link #NO_NIC} = it has no limits
     */
    int renew(int direction, int domain, int vm) {
        long tenant = limits.ofTenant(domain);
        pace(meters, meters.tenant(domain, direction), tenant);
        if (tenant == 0 || !RateLimits.hasNics(tenant)) {
            return NO_NIC;
        }
        long entry =
                InsideHosts.isHandle(vm) ? nics.find(domain, hosts.high(vm), hosts.low(vm)) : nics.find(domain, vm);
        int nic = entry == 0 ? NicRates.NO_INDEX : NicRates.nic(entry);
        if (nic == NicRates.NO_INDEX) {
            return NO_NIC;
        }
        pace(meters, meters.nic(nic, direction), limits.ofNic(nic));
        return nic + 1;
    }

    /** What holds for packets that take the short way through a meter, by an entry of {@link RateLimits} or 0. */
    static void pace(Meters meters, int meter, long entry) {
        int direction = Meters.direction(meter);
        if (entry != 0 && meters.kind(meter) == Meters.TENANT && RateLimits.hasConnections(entry)) {
            meters.ask(meter);
        } else {
            meters.pace(meter, Limiter.kbps(entry, direction), Limiter.packetsPerSecond(entry, direction));
        }
    }
}
