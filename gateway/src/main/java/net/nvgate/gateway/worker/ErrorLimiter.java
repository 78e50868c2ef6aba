package net.nvgate.gateway.worker;

/**
 * How many ICMP errors may be made (RFC 1812 §4.3.2.8): so many per second for each tenant and for the external side, that nobody's flood
 * takes from others the errors by which their hosts learn a path's MTU; and {@link #TENANTS_AT_ONCE} times as many in all.
 */
final class ErrorLimiter {

    static final int TENANTS_AT_ONCE = 16;

    private final TenantLimiter each;
    private final RateLimiter all;

    ErrorLimiter(int perSecond) {
        each = new TenantLimiter(perSecond);
        all = new RateLimiter(TENANTS_AT_ONCE * perSecond, TENANTS_AT_ONCE * perSecond);
    }

    /** @param domain of whom the packet is, 0 = from outside */
    boolean tryTake(int domain, long nowNanos) {
        return each.tryTake(domain, nowNanos) && all.tryTake(nowNanos);
    }
}
