package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.route.NatQuotas;
import org.jspecify.annotations.Nullable;

/**
 * Who has how much: tenants and their hosts, against their quotas (RFC 6888 REQ-4, REQ-5). What a tenant has no quota for is bounded by
 * what is left: it may hold at most {@link #SHARE} times as many of the worker's sessions, hosts and explicit mappings (an eighth of all) as are free
 * (dynamic thresholds, Choudhury and Hahne, 1998). So one tenant alone gets three quarters of a table, several get equal parts, and
 * whoever comes later always finds room.
 */
public final class Subscribers {

    /** A tenant may hold this many times what is free. */
    public static final int SHARE = 3;

    private final TenantUsage tenants;
    private final HostUsage hosts;
    private final NatQuotas quotas;

    public Subscribers(TenantUsage tenants, HostUsage hosts, NatQuotas quotas) {
        this.tenants = tenants;
        this.hosts = hosts;
        this.quotas = quotas;
    }

    public TenantUsage tenants() {
        return tenants;
    }

    public HostUsage hosts() {
        return hosts;
    }

    /**
     * Whether a host may have one more session; takes the token for it.
     *
     * @param sessionsFree sessions that the worker has room for
     * @return null if it may
     */
    public @Nullable NatRefusal admitSession(int domain, int ca, int sessionsFree, long nowNanos) {
        long tenant = tenants.at(domain);
        long host = hosts.find(domain, ca);
        long quota = quotas.of(TenantUsage.tenant(domain));
        // Without any room the table itself refuses, unless it can make some.
        boolean unbounded = sessionsFree > 0 && (quota == 0 || NatQuotas.sessions(quota, false) == 0);
        boolean tooMany = unbounded && tenants.sessions(TenantUsage.tenant(domain)) >= (long) SHARE * sessionsFree;
        NatRefusal refusal = tooMany || (host == 0 && hostsShareIsUsedUp(domain)) ? NatRefusal.TENANT_SHARE : null;
        if (refusal == null && quota != 0) {
            refusal = overQuota(quota, tenant, host, domain, nowNanos);
        }
        if (refusal != null) {
            tenants.refused(domain, refusal);
            return refusal;
        }
        if (quota != 0) {
            takeTokens(quota, tenant, host, nowNanos);
        }
        return null;
    }

    private boolean hostsShareIsUsedUp(int domain) {
        return tenants.hosts(TenantUsage.tenant(domain)) >= (long) SHARE * (hosts.capacity() - hosts.used());
    }

    private @Nullable NatRefusal overQuota(long quota, long tenant, long host, int domain, long nowNanos) {
        int most = NatQuotas.sessions(quota, false);
        if (most != 0 && tenants.sessions(TenantUsage.tenant(domain)) >= most) {
            return NatRefusal.TENANT_SESSIONS;
        }
        int hostMost = NatQuotas.sessions(quota, true);
        if (hostMost != 0 && host != 0 && HostUsage.sessions(host) >= hostMost) {
            return NatRefusal.HOST_SESSIONS;
        }
        int perSecond = NatQuotas.sessionsPerSecond(quota, false);
        if (perSecond != 0 && !TokenBucket.hasToken(tenant + TenantUsage.BUCKET, perSecond, nowNanos)) {
            return NatRefusal.TENANT_RATE;
        }
        int hostPerSecond = NatQuotas.sessionsPerSecond(quota, true);
        if (hostPerSecond != 0
                && host != 0
                && !TokenBucket.hasToken(host + HostUsage.BUCKET, hostPerSecond, nowNanos)) {
            return NatRefusal.HOST_RATE;
        }
        return null;
    }

    private static void takeTokens(long quota, long tenant, long host, long nowNanos) {
        int perSecond = NatQuotas.sessionsPerSecond(quota, false);
        if (perSecond != 0) {
            TokenBucket.take(tenant + TenantUsage.BUCKET, perSecond, nowNanos);
        }
        int hostPerSecond = NatQuotas.sessionsPerSecond(quota, true);
        if (hostPerSecond != 0 && host != 0) {
            TokenBucket.take(host + HostUsage.BUCKET, hostPerSecond, nowNanos);
        }
    }

    /** Whether a host may have one more external port; null if it may. */
    @Nullable
    NatRefusal admitPort(int domain, int ca) {
        long quota = quotas.of(TenantUsage.tenant(domain));
        if (quota == 0) {
            return null;
        }
        int most = NatQuotas.ports(quota, false);
        if (most != 0 && tenants.ports(TenantUsage.tenant(domain)) >= most) {
            return NatRefusal.TENANT_PORTS;
        }
        int hostMost = NatQuotas.ports(quota, true);
        long host = hosts.find(domain, ca);
        return hostMost != 0 && host != 0 && HostUsage.ports(host) >= hostMost ? NatRefusal.HOST_PORTS : null;
    }

    void refused(int domain, NatRefusal refusal) {
        tenants.refused(domain, refusal);
    }

    /** A host has one session more; false when there is no room for another host. */
    public boolean sessionStarted(int domain, int ca, long nowNanos) {
        long host = obtain(domain, ca);
        if (host == 0) {
            return false;
        }
        long quota = quotas.of(TenantUsage.tenant(domain));
        int perSecond = quota == 0 ? 0 : NatQuotas.sessionsPerSecond(quota, true);
        if (perSecond != 0 && Mem.i64(host + HostUsage.BUCKET) == 0) {
            // When it was admitted there was no bucket to take the token from.
            TokenBucket.take(host + HostUsage.BUCKET, perSecond, nowNanos);
        }
        HostUsage.sessions(host, 1);
        tenants.sessions(domain, 1);
        return true;
    }

    public void sessionEnded(int domain, int ca) {
        long host = hosts.find(domain, ca);
        if (host != 0) {
            HostUsage.sessions(host, -1);
            tenants.sessions(domain, -1);
            dropIfUnused(domain, host);
        }
    }

    /** The host of an inside address, made if it has nothing in use; 0 when there is no room. */
    long obtain(int domain, int ca) {
        long host = hosts.find(domain, ca);
        if (host == 0) {
            host = hosts.create(domain, ca);
            if (host != 0) {
                tenants.hosts(domain, 1);
            }
        }
        return host;
    }

    void portTaken(int domain, long host) {
        HostUsage.ports(host, 1);
        tenants.ports(domain, 1);
    }

    void portFreed(int domain, long host) {
        HostUsage.ports(host, -1);
        tenants.ports(domain, -1);
        dropIfUnused(domain, host);
    }

    /** Forgets a host that turned out to have nothing. */
    void dropIfUnused(int domain, long host) {
        if (HostUsage.sessions(host) == 0 && HostUsage.ports(host) == 0) {
            hosts.remove(host);
            tenants.hosts(domain, -1);
        }
    }
}
