package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.nvgate.fabric.model.InterfaceAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject.TenantInterface;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinkAddresses6;

/** {@link TenantLinkRows} for IPv6: an interface's own row is theirs. */
final class TenantLinkRows6 {

    private final RouteTables tables;
    private final PolicyIndex index;

    TenantLinkRows6(RouteTables tables, PolicyIndex index) {
        this.tables = tables;
        this.index = index;
    }

    /** Brings our addresses on a VLAN in line with policy; adds the RDID indexes whose addresses changed. */
    void writeAddresses(int link, Set<Integer> changedRdids) {
        Set<Ipv6Address> there = new HashSet<>();
        tables.tenantLinkAddresses6.forEach(row -> {
            if (row.link() == link) {
                there.add(row.address());
            }
        });
        TenantInterface wanted = index.links.interfaces.get(link);
        Tenant tenant = wanted == null ? null : index.tenants.get(wanted.rdid());
        boolean changed = false;
        if (wanted != null && tenant != null) {
            for (InterfaceAddress own : TenantLinkRoutes6.addresses(wanted)) {
                there.remove(own.address());
                changed |= put(link, own);
            }
        }
        there.forEach(gone -> tables.tenantLinkAddresses6.remove(link, gone));
        if (tenant != null && (changed || !there.isEmpty())) {
            changedRdids.add(tenant.index);
        }
    }

    private boolean put(int link, InterfaceAddress own) {
        if (!(own.address() instanceof Ipv6Address address)) {
            return false;
        }
        boolean tentative = !index.unique6OnLinks.contains(new PolicyIndex.OnLink6(link, address));
        TenantLinkAddresses6.Row row = new TenantLinkAddresses6.Row(link, address, own.prefixLength(), tentative);
        if (row.equals(tables.tenantLinkAddresses6.row(link, address))) {
            return false;
        }
        tables.tenantLinkAddresses6.put(row);
        return true;
    }

    void writeRoutes(Tenant tenant, Set<Integer> changedRdids) {
        Map<IpPrefix, Fib6Row> there = new HashMap<>();
        tables.tenantLinkFib6.forEach(
                tenant.index, row -> there.put(IpPrefix.of(row.prefix(), row.prefixLength()), row));
        TenantLinkRoutes6.of(tenant, index.links).forEach((prefix, row) -> {
            if (!Objects.equals(row, there.remove(prefix))) {
                tables.tenantLinkFib6.put(row);
                changedRdids.add(tenant.index);
            }
        });
        there.values().forEach(row -> {
            tables.tenantLinkFib6.remove(tenant.index, row.prefix(), row.prefixLength());
            changedRdids.add(tenant.index);
        });
    }
}
