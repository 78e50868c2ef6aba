package net.nvgate.gateway.worker;

import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;

/**
 * The largest packets that reach a VM or the physical side. Bytes of whole IP packets. Toward a provider address that is the port's
 * MTU, or less where a router on the way said so; what was learned is forgotten after ten minutes, which probes whether the path has
 * become wider (RFC 1191 §6.3), or when a fifth address of its set is learned. Used by one thread.
 */
final class PathMtus {

    static final int LIFETIME_MS = 600_000;

    private static final int SETS = 256;
    private static final int WAYS = 4;

    private final RouteTables tables;
    private final InsideHosts hosts;
    private final int paMtu;
    private final int extMtu;
    private final WorkerClock clock;
    private final int[] address = new int[SETS * WAYS];
    /** 0 = not in use. */
    private final int[] mtu = new int[SETS * WAYS];

    private final long[] learnedMs = new long[SETS * WAYS];

    PathMtus(RouteTables tables, InsideHosts hosts, int paMtu, int extMtu, WorkerClock clock) {
        this.tables = tables;
        this.hosts = hosts;
        this.paMtu = paMtu;
        this.extMtu = extMtu;
        this.clock = clock;
    }

    /** Largest outer packet to a provider address. */
    int outer(int providerAddress) {
        int way = find(providerAddress);
        return way < 0 || clock.ms() - learnedMs[way] >= LIFETIME_MS ? paMtu : Math.min(paMtu, mtu[way]);
    }

    /** A narrower path to a provider address was learned; false when it is not narrower than what is known. */
    boolean learn(int providerAddress, int narrower) {
        if (narrower >= outer(providerAddress)) {
            return false;
        }
        int way = find(providerAddress);
        way = way < 0 ? oldest(providerAddress) : way;
        address[way] = providerAddress;
        mtu[way] = narrower;
        learnedMs[way] = clock.ms();
        return true;
    }

    /**
     * Largest inner IPv4 packet to a CA of a tenant or a NAT64 host, which it reaches as IPv6; on a tenant interface the port's, where
     * no NVGRE is in the way.
     */
    int tenant(int domain, int ca) {
        if (InsideHosts.isHandle(ca)) {
            long record = Tenant6Routes.recordToward(tables, domain, hosts.high(ca), hosts.low(ca));
            return ofRecord(record) - (Ipv6.LENGTH - Ipv4.MIN_LENGTH);
        }
        long record = tables.records.find(domain, ca);
        long link = record != 0 ? 0 : TenantRoutes.linkRoute(tables, domain, ca, tables.tenantFib.find(domain, ca));
        if (link == 0) {
            return ofRecord(record);
        }
        return TenantLinks.isBackEnd(FibEntry.link(link)) ? paMtu : extMtu;
    }

    /** As {@link #tenant}, to an IPv6 CA. */
    int tenant6(int domain, long high, long low) {
        return ofRecord(tables.records6.find(domain, high, low));
    }

    private int ofRecord(long record) {
        return record == 0 ? paMtu - Nvgre.OVERHEAD : inner(LookupEntry.pa(record));
    }

    /** Largest inner packet to a provider address of either family. */
    int inner(int providerAddress) {
        boolean ipv6 = ProviderAddresses6.isHandle(providerAddress);
        return outer(providerAddress) - (ipv6 ? Nvgre.OVERHEAD_IPV6 : Nvgre.OVERHEAD);
    }

    /** Largest packet to the physical side. */
    int external() {
        return extMtu;
    }

    private static int set(int providerAddress) {
        return ((providerAddress * 0x9E3779B9) >>> 24) * WAYS;
    }

    private int find(int providerAddress) {
        int set = set(providerAddress);
        for (int way = set; way < set + WAYS; way++) {
            if (mtu[way] != 0 && address[way] == providerAddress) {
                return way;
            }
        }
        return -1;
    }

    private int oldest(int providerAddress) {
        int set = set(providerAddress);
        int oldest = set;
        for (int way = set; way < set + WAYS; way++) {
            if (mtu[way] == 0) {
                return way;
            }
            oldest = learnedMs[way] < learnedMs[oldest] ? way : oldest;
        }
        return oldest;
    }
}
