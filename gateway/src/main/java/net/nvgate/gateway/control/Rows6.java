package net.nvgate.gateway.control;

import java.util.List;
import java.util.SortedSet;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.Lookup6Row;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.VsidRow;
import org.jspecify.annotations.Nullable;

/** What the IPv6 rows of a tenant must be, computed from policy alone. Null = no row. */
final class Rows6 {

    private final PolicyIndex index;
    private final ProviderAddresses6 providerAddresses;

    Rows6(PolicyIndex index, ProviderAddresses6 providerAddresses) {
        this.index = index;
        this.providerAddresses = providerAddresses;
    }

    /** A provider address as tables have it: IPv4, or the handle of an IPv6 one. */
    int pa(IpAddress address) {
        return switch (address) {
            case Ipv4Address v4 -> v4.value();
            case Ipv6Address v6 -> providerAddresses.handle(v6);
        };
    }

    Lookup6Row record(Tenant tenant, Ipv6Address ca, LookupRecord record) {
        int vsid = record.vsid().value();
        Subnet subnet = tenant.subnets.get(vsid);
        int flags = (record.isDefaultGateway() ? LookupEntry.DEFAULT_GATEWAY : 0)
                | (index.provider.owns(record.providerAddress()) ? LookupEntry.OWN_GATEWAY : 0);
        return new Lookup6Row(
                tenant.index,
                ca,
                vsid,
                record.mac().value(),
                pa(record.providerAddress()),
                TenantRows.type(record.type()),
                flags,
                subnet == null ? Subnet.NO_INDEX : subnet.countersIndex);
    }

    VsidRow.V6 vsid(Subnet subnet) {
        LookupRecord here = gatewayRecord(subnet);
        LookupRecord gateway = here != null ? here : gatewayRecord(subnet.tenant);
        LookupRecord router = routerRecord(subnet);
        if (gateway == null && router == null) {
            return VsidRow.V6.NONE;
        }
        return new VsidRow.V6(
                gateway == null ? 0 : gateway.mac().value(),
                gateway == null ? Ipv6Address.UNSPECIFIED : v6(gateway.customerAddress()),
                router == null ? 0 : router.mac().value(),
                router == null ? Ipv6Address.UNSPECIFIED : v6(router.customerAddress()),
                ownPa(gateway));
    }

    /** That of the gateway's record if it is IPv6, else our lowest one. */
    private int ownPa(@Nullable LookupRecord gateway) {
        if (gateway != null && gateway.providerAddress() instanceof Ipv6Address pa) {
            return providerAddresses.handle(pa);
        }
        for (IpAddress own : index.provider.addresses.keySet()) {
            if (own instanceof Ipv6Address pa) {
                return providerAddresses.handle(pa);
            }
        }
        return 0;
    }

    private @Nullable LookupRecord gatewayRecord(Tenant tenant) {
        for (Subnet subnet : tenant.subnets.values()) {
            LookupRecord record = gatewayRecord(subnet);
            if (record != null) {
                return record;
            }
        }
        return null;
    }

    /** The record by which the VSID ends here for IPv6: one with an IPv6 CA, else the wildcard ::, else that of IPv4. */
    private @Nullable LookupRecord gatewayRecord(Subnet subnet) {
        LookupRecord wildcard = null;
        LookupRecord ofIpv4 = null;
        for (LookupRecord record : subnet.special.values()) {
            if (!index.provider.owns(record.providerAddress())) {
                continue;
            }
            boolean ipv6 = record.customerAddress() instanceof Ipv6Address;
            if (record.type() == LookupRecord.Type.STATIC && ipv6) {
                return record;
            }
            if (record.type() == LookupRecord.Type.GATEWAY_WILDCARD && ipv6) {
                wildcard = record;
            } else if (record.type() == LookupRecord.Type.STATIC) {
                ofIpv4 = record;
            }
        }
        return wildcard != null ? wildcard : ofIpv4;
    }

    private static @Nullable LookupRecord routerRecord(Subnet subnet) {
        for (LookupRecord record : subnet.special.values()) {
            if (record.isDefaultGateway()
                    && record.customerAddress() instanceof Ipv6Address ca
                    && !ca.isUnspecified()) {
                return record;
            }
        }
        return null;
    }

    @Nullable
    Fib6Row route(Tenant tenant, IpPrefix prefix) {
        if (!(prefix.address() instanceof Ipv6Address destination)) {
            return null;
        }
        if (tenant.blackholes.contains(prefix)) {
            return special(tenant, destination, prefix, FibEntry.PROHIBITED, 0);
        }
        Tenant peer = TenantRouting.peer(index, tenant, prefix);
        if (peer != null) {
            return special(tenant, destination, prefix, FibEntry.PEER, peer.index);
        }
        SortedSet<CustomerRoute> candidates = tenant.routes.get(prefix);
        return candidates == null ? null : customer(tenant, destination, prefix, candidates);
    }

    private static Fib6Row special(Tenant tenant, Ipv6Address destination, IpPrefix prefix, int kind, int toTenant) {
        Ipv6Address none = Ipv6Address.UNSPECIFIED;
        return new Fib6Row(
                tenant.index, destination, prefix.length(), kind, none, 0, 0, none, 0, toTenant, 0, List.of());
    }

    private Fib6Row customer(
            Tenant tenant, Ipv6Address destination, IpPrefix prefix, SortedSet<CustomerRoute> candidates) {
        CustomerRoute best = candidates.first();
        boolean viaCa = kind(tenant, best.nextHop()) == FibEntry.VIA_CA;
        List<Ipv6Address> hops = candidates.stream()
                .filter(route ->
                        viaCa && route.metric() == best.metric() && kind(tenant, route.nextHop()) == FibEntry.VIA_CA)
                .map(route -> v6(route.nextHop()))
                .limit(FibEntry.HOPS_MAX)
                .toList();
        return new Fib6Row(
                        tenant.index,
                        destination,
                        prefix.length(),
                        kind(tenant, best.nextHop()),
                        v6(best.nextHop()),
                        best.vsid().value(),
                        0,
                        Ipv6Address.UNSPECIFIED,
                        best.metric())
                .withHops(hops);
    }

    /** A next hop may be the gateway's IPv4 CA: a tenant with one gateway has one record of it. */
    private int kind(Tenant tenant, IpAddress nextHop) {
        if (nextHop.isUnspecified()) {
            return FibEntry.ON_LINK;
        }
        LookupRecord record = index.records.of(tenant, nextHop);
        if (record == null) {
            return FibEntry.VIA_CA;
        }
        if (record.isDefaultGateway()) {
            return FibEntry.BLACKHOLE;
        }
        return index.provider.owns(record.providerAddress()) ? FibEntry.GATEWAY : FibEntry.VIA_CA;
    }

    Own6Addresses.@Nullable Row ownAddress(Ipv6Address address) {
        LinkIndex.Address pa = index.provider.addresses.get(address);
        LinkIndex.Address own = pa != null ? pa : index.external.addresses.get(address);
        if (own == null) {
            return null;
        }
        int kind = pa != null ? Own6Addresses.PROVIDER : Own6Addresses.EXTERNAL;
        int state = index.unique6.contains(address) ? 0 : Own6Addresses.TENTATIVE;
        return new Own6Addresses.Row(address, kind | state, own.prefixLength(), own.vlan());
    }

    private static Ipv6Address v6(IpAddress address) {
        return address instanceof Ipv6Address v6 ? v6 : Ipv6Address.UNSPECIFIED;
    }
}
