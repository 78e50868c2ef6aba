package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject.TenantInterface;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import org.jspecify.annotations.Nullable;

/** Brings the dirty rows of tenant interfaces in line with policy. */
final class TenantLinkRows {

    private final RouteTables tables;
    private final PolicyIndex index;
    private final TenantLinkRows6 rows6;
    private final IdPool counters;

    /** @param counters indexes of per-VSID counters, of which an interface takes one, too */
    TenantLinkRows(RouteTables tables, PolicyIndex index, IdPool counters) {
        this.tables = tables;
        this.index = index;
        this.rows6 = new TenantLinkRows6(tables, index);
        this.counters = counters;
    }

    /** Interfaces that must have new counters: they are new, or another tenant's. */
    long newCounters(Dirty dirty) {
        return dirty.links.stream()
                .filter(link -> {
                    TenantInterface wanted = index.links.interfaces.get(link);
                    Tenant tenant = wanted == null ? null : index.tenants.get(wanted.rdid());
                    return tenant != null && !keepsCounters(tables.tenantLinks.row(link), tenant);
                })
                .count();
    }

    private static boolean keepsCounters(TenantLinks.@Nullable Row there, Tenant tenant) {
        return there != null && there.countersIndex() != Subnet.NO_INDEX && there.rdid() == tenant.index;
    }

    /** Adds the RDID indexes whose interfaces changed. Routes lead to interfaces that are there already, or still. */
    void write(Dirty dirty, Set<Integer> changedRdids) {
        dirty.links.forEach(link -> {
            put(link, changedRdids);
            rows6.writeAddresses(link, changedRdids);
        });
        dirty.linkTenants.forEach(tenant -> {
            writeRoutes(tenant, changedRdids);
            rows6.writeRoutes(tenant, changedRdids);
        });
        dirty.links.forEach(link -> remove(link, changedRdids));
    }

    private void put(int link, Set<Integer> changedRdids) {
        TenantInterface wanted = index.links.interfaces.get(link);
        Tenant tenant = wanted == null ? null : index.tenants.get(wanted.rdid());
        if (wanted == null || tenant == null) {
            return;
        }
        TenantLinks.Row there = tables.tenantLinks.row(link);
        boolean keeps = keepsCounters(there, tenant);
        TenantLinks.Row row = TenantLinkIndex.row(
                wanted, tenant, there != null && keeps ? there.countersIndex() : counters.allocate());
        if (!Objects.equals(row, there)) {
            tables.tenantLinks.put(row);
            changedRdids.add(row.rdid());
            if (there != null) {
                changedRdids.add(there.rdid());
            }
            if (there != null && !keeps) {
                retireCounters(there);
            }
        }
        Set<TenantLinks.Address> addresses = addressesThere(link);
        TenantLinkIndex.addresses(wanted).forEach(own -> {
            if (!addresses.remove(own)) {
                tables.tenantLinks.putAddress(own);
                changedRdids.add(row.rdid());
            }
        });
        for (TenantLinks.Address gone : addresses) {
            if (TenantLinkIndex.addresses(wanted).stream().noneMatch(own -> own.address() == gone.address())) {
                tables.tenantLinks.removeAddress(link, gone.address());
                changedRdids.add(row.rdid());
            }
        }
    }

    private void remove(int link, Set<Integer> changedRdids) {
        TenantLinks.Row there = tables.tenantLinks.row(link);
        if (there != null && !index.links.interfaces.containsKey(link)) {
            addressesThere(link).forEach(own -> tables.tenantLinks.removeAddress(link, own.address()));
            tables.tenantLinks.remove(link);
            changedRdids.add(there.rdid());
            retireCounters(there);
        }
    }

    private void retireCounters(TenantLinks.Row gone) {
        if (gone.countersIndex() != Subnet.NO_INDEX) {
            counters.retire(gone.countersIndex());
        }
    }

    private Set<TenantLinks.Address> addressesThere(int link) {
        Set<TenantLinks.Address> there = new HashSet<>();
        tables.tenantLinks.forEachAddress(own -> {
            if (own.link() == link) {
                there.add(own);
            }
        });
        return there;
    }

    private void writeRoutes(Tenant tenant, Set<Integer> changedRdids) {
        Map<IpPrefix, FibRow> there = new HashMap<>();
        tables.tenantLinkFib.forEach(
                tenant.index, row -> there.put(IpPrefix.of(new Ipv4Address(row.prefix()), row.prefixLength()), row));
        Map<IpPrefix, FibRow> wanted = index.links.routes(tenant);
        wanted.forEach((prefix, row) -> {
            if (!row.equals(there.remove(prefix))) {
                tables.tenantLinkFib.put(row);
                changedRdids.add(tenant.index);
            }
        });
        there.values().forEach(row -> {
            tables.tenantLinkFib.remove(tenant.index, row.prefix(), row.prefixLength());
            changedRdids.add(tenant.index);
        });
    }
}
