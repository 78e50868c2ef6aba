package net.nvgate.gateway.control;

import java.util.List;
import java.util.SortedSet;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.route.VsidRow;
import org.jspecify.annotations.Nullable;

/** What a tenant's rows must be, computed from policy alone. Null = no row. */
final class TenantRows {

    private final PolicyIndex index;
    private final Rows6 rows6;

    TenantRows(PolicyIndex index, Rows6 rows6) {
        this.index = index;
        this.rows6 = rows6;
    }

    LookupRow record(Tenant tenant, int ca, LookupRecord record) {
        int vsid = record.vsid().value();
        Subnet subnet = tenant.subnets.get(vsid);
        int flags = (record.isDefaultGateway() ? LookupEntry.DEFAULT_GATEWAY : 0)
                | (index.provider.owns(record.providerAddress()) ? LookupEntry.OWN_GATEWAY : 0);
        return new LookupRow(
                tenant.index,
                ca,
                vsid,
                record.mac().value(),
                rows6.pa(record.providerAddress()),
                type(record.type()),
                flags,
                subnet == null ? Subnet.NO_INDEX : subnet.countersIndex);
    }

    /** A CA that policy does not have, of a VM with an L2Only record. */
    @Nullable
    LookupRow learned(Tenant tenant, int ca) {
        L2Learning.Learned learned = tenant.learned.get(ca);
        Subnet subnet = learned == null ? null : tenant.subnets.get(learned.vsid());
        if (learned == null || subnet == null || !L2Learning.isValid(tenant, ca)) {
            return null;
        }
        return new LookupRow(
                tenant.index,
                ca,
                learned.vsid(),
                learned.mac(),
                rows6.pa(learned.pa()),
                LookupEntry.TYPE_DYNAMIC,
                0,
                subnet.countersIndex);
    }

    static int type(LookupRecord.Type type) {
        return switch (type) {
            case STATIC -> LookupEntry.TYPE_STATIC;
            case DYNAMIC -> LookupEntry.TYPE_DYNAMIC;
            case GATEWAY_WILDCARD -> LookupEntry.TYPE_GATEWAY_WILDCARD;
            case L2_ONLY -> LookupEntry.TYPE_L2_ONLY;
        };
    }

    @Nullable
    VsidRow vsid(int vsid) {
        Subnet subnet = index.subnets.get(vsid);
        if (subnet == null) {
            return null;
        }
        LookupRecord here = gatewayRecord(subnet);
        LookupRecord gateway = here != null ? here : gatewayRecord(subnet.tenant);
        LookupRecord router = routerRecord(subnet);
        VsidRow.V6 v6 = rows6.vsid(subnet);
        VirtualSubnet announced = subnet.announced();
        IpPrefix prefix = announced == null ? null : announced.prefix();
        boolean known = prefix != null && prefix.address() instanceof Ipv4Address;
        return new VsidRow(
                vsid,
                subnet.tenant.index,
                flags(subnet, here != null),
                gateway == null ? v6.gatewayMac() : gateway.mac().value(),
                gateway == null ? 0 : v4(gateway.customerAddress()),
                router == null ? v6.routerMac() : router.mac().value(),
                router == null ? 0 : v4(router.customerAddress()),
                ownPa(gateway),
                known && prefix != null ? v4(prefix.address()) : 0,
                known && prefix != null ? prefix.length() : 0,
                subnet.countersIndex,
                v6);
    }

    /** That of the gateway's record if it is IPv4, else our lowest one. */
    private int ownPa(@Nullable LookupRecord gateway) {
        if (gateway != null && gateway.providerAddress() instanceof Ipv4Address pa) {
            return pa.value();
        }
        IpAddress lowest = index.provider.addresses.isEmpty() ? null : index.provider.addresses.firstKey();
        return lowest == null ? 0 : v4(lowest);
    }

    private static int flags(Subnet subnet, boolean terminatesHere) {
        VirtualSubnet announced = subnet.announced();
        boolean routing = announced != null && announced.gatewaySubnet();
        boolean vms = subnet.vmRecords > 0 || (announced != null && !routing);
        return (terminatesHere ? VsidEntry.TERMINATES_HERE : 0)
                | (subnet.tenant.dscpMode == DscpMode.PIPE ? VsidEntry.pipe(subnet.tenant.dscp) : 0)
                | (subnet.tenant.pcp ? VsidEntry.PCP : 0)
                | (vms ? VsidEntry.VM_SUBNET : 0)
                | (routing ? VsidEntry.GATEWAY_SUBNET : 0);
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

    /** The record that makes the VSID end here: one with an IPv4 CA if there is one, else a wildcard or one with an IPv6 CA. */
    private @Nullable LookupRecord gatewayRecord(Subnet subnet) {
        LookupRecord wildcard = null;
        for (LookupRecord record : subnet.special.values()) {
            boolean ours = index.provider.owns(record.providerAddress());
            boolean ofCa = !record.customerAddress().isUnspecified();
            if (ours && record.type() == LookupRecord.Type.STATIC && v4(record.customerAddress()) != 0) {
                return record;
            }
            boolean ends = record.type() == LookupRecord.Type.GATEWAY_WILDCARD || ofCa;
            if (ours && ends && wildcard == null) {
                wildcard = record;
            }
        }
        return wildcard;
    }

    private static @Nullable LookupRecord routerRecord(Subnet subnet) {
        for (LookupRecord record : subnet.special.values()) {
            if (record.isDefaultGateway() && v4(record.customerAddress()) != 0) {
                return record;
            }
        }
        return null;
    }

    @Nullable
    FibRow route(Tenant tenant, IpPrefix prefix) {
        if (!(prefix.address() instanceof Ipv4Address destination)) {
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

    private static FibRow special(Tenant tenant, Ipv4Address destination, IpPrefix prefix, int kind, int nextHop) {
        return new FibRow(tenant.index, destination.value(), prefix.length(), kind, nextHop, 0, 0, 0, 0);
    }

    private FibRow customer(
            Tenant tenant, Ipv4Address destination, IpPrefix prefix, SortedSet<CustomerRoute> candidates) {
        CustomerRoute best = candidates.first();
        List<Integer> hops = candidates.stream()
                .filter(route -> route.metric() == best.metric() && kind(tenant, route.nextHop()) == FibEntry.VIA_CA)
                .map(route -> v4(route.nextHop()))
                .limit(FibEntry.HOPS_MAX)
                .toList();
        return new FibRow(
                        tenant.index,
                        destination.value(),
                        prefix.length(),
                        kind(tenant, best.nextHop()),
                        v4(best.nextHop()),
                        best.vsid().value(),
                        0,
                        0,
                        best.metric())
                .withHops(kind(tenant, best.nextHop()) == FibEntry.VIA_CA ? hops : List.of());
    }

    private int kind(Tenant tenant, IpAddress nextHop) {
        if (nextHop.isUnspecified()) {
            return FibEntry.ON_LINK;
        }
        LookupRecord record = nextHop instanceof Ipv4Address ? index.records.of(tenant, nextHop) : null;
        if (record == null) {
            return FibEntry.VIA_CA;
        }
        if (record.isDefaultGateway()) {
            return FibEntry.BLACKHOLE;
        }
        return index.provider.owns(record.providerAddress()) ? FibEntry.GATEWAY : FibEntry.VIA_CA;
    }

    private static int v4(IpAddress address) {
        return address instanceof Ipv4Address v4 ? v4.value() : 0;
    }
}
