package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.Fib6Table;
import net.nvgate.gateway.route.Lookup6Row;
import net.nvgate.gateway.route.Lookup6Table;
import net.nvgate.gateway.route.Nptv6Table;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/** {@link RowWriter} for IPv6. What changed goes into the set it is given; true says that something of a link has changed. */
final class RowWriter6 {

    private final RouteTables tables;
    private final PolicyIndex index;
    private final Rows6 rows;

    RowWriter6(RouteTables tables, PolicyIndex index, Rows6 rows) {
        this.tables = tables;
        this.index = index;
        this.rows = rows;
    }

    boolean write(Dirty dirty, Set<Integer> changedRdids) {
        boolean linksChanged = false;
        // Pairs that are gone first: another tenant may have their outside prefix now.
        dirty.nptv6.stream().filter(pair -> !index.nptv6.has(pair)).forEach(pair -> removePair(pair, changedRdids));
        dirty.nptv6.stream().filter(index.nptv6::has).forEach(pair -> putPair(pair, changedRdids));
        dirty.nat64.forEach(prefix -> writeNat64(prefix, changedRdids));
        for (Ipv6Address address : dirty.ownAddresses6) {
            linksChanged |= writeOwnAddress(address);
        }
        if (dirty.provider) {
            linksChanged |= writeLinks(tables.providerFib6, index.provider);
        }
        if (dirty.external) {
            linksChanged |= writeLinks(tables.externalFib6, index.external);
        }
        return linksChanged;
    }

    /** @return whether the row reads differently now */
    boolean writeRecord(Tenant tenant, Ipv6Address ca, @Nullable LookupRecord record) {
        Lookup6Row wanted = record == null ? null : rows.record(tenant, ca, record);
        long entry = tables.records6.find(tenant.index, ca.high(), ca.low());
        int oldName = entry == 0 ? RecordNames.NONE : Lookup6Table.name(entry);
        int name = index.records.name(record, oldName);
        boolean differs = !Objects.equals(wanted, tables.records6.row(tenant.index, ca));
        if (differs) {
            if (wanted == null) {
                tables.records6.remove(tenant.index, ca);
            } else {
                tables.records6.put(wanted, name);
            }
        } else if (name != oldName) {
            Lookup6Table.name(entry, name);
        }
        index.records.replaced(oldName, name);
        return differs;
    }

    void writeRoute(Tenant tenant, IpPrefix prefix, Ipv6Address address, Set<Integer> changedRdids) {
        Fib6Row wanted = rows.route(tenant, prefix);
        if (Objects.equals(wanted, tables.tenantFib6.row(tenant.index, address, prefix.length()))) {
            return;
        }
        if (wanted == null) {
            tables.tenantFib6.remove(tenant.index, address, prefix.length());
        } else {
            tables.tenantFib6.put(wanted);
        }
        changedRdids.add(tenant.index);
    }

    private void putPair(Nptv6Index.Pair pair, Set<Integer> changedRdids) {
        tables.nptv6.put(row(pair));
        changedRdids.add(pair.tenant().index);
    }

    private void removePair(Nptv6Index.Pair pair, Set<Integer> changedRdids) {
        tables.nptv6.remove(row(pair));
        changedRdids.add(pair.tenant().index);
    }

    private void writeNat64(Nat64Index.Prefix changed, Set<Integer> changedRdids) {
        int rdid = changed.tenant().index;
        Ipv6Address address = (Ipv6Address) changed.prefix().address();
        if (index.nat64.has(changed)) {
            tables.nat64.put(rdid, address, changed.prefix().length());
        } else {
            tables.nat64.remove(rdid, address, changed.prefix().length());
        }
        IpPrefix first = index.nat64.first(changed.tenant());
        if (first == null) {
            tables.nat64.removeDefault(rdid);
        } else {
            tables.nat64.putDefault(rdid, (Ipv6Address) first.address(), first.length());
        }
        changedRdids.add(rdid);
    }

    private static Nptv6Table.Row row(Nptv6Index.Pair pair) {
        return new Nptv6Table.Row(
                pair.tenant().index,
                (Ipv6Address) pair.inside().address(),
                (Ipv6Address) pair.outside().address(),
                pair.inside().length());
    }

    private boolean writeOwnAddress(Ipv6Address address) {
        Own6Addresses.Row wanted = rows.ownAddress(address);
        if (Objects.equals(wanted, tables.ownAddresses6.row(address))) {
            return false;
        }
        if (wanted == null) {
            tables.ownAddresses6.remove(address);
        } else {
            tables.ownAddresses6.put(wanted);
        }
        return true;
    }

    private static boolean writeLinks(Fib6Table fib, LinkIndex link) {
        Map<IpPrefix, Fib6Row> there = new HashMap<>();
        fib.forEach(Tenant.NO_INDEX, row -> there.put(IpPrefix.of(row.prefix(), row.prefixLength()), row));
        Map<IpPrefix, Fib6Row> wanted = link.rows6();
        boolean changed = false;
        for (Fib6Row row : wanted.values()) {
            if (!row.equals(there.get(IpPrefix.of(row.prefix(), row.prefixLength())))) {
                fib.put(row);
                changed = true;
            }
        }
        for (Map.Entry<IpPrefix, Fib6Row> old : there.entrySet()) {
            if (!wanted.containsKey(old.getKey())) {
                fib.remove(
                        Tenant.NO_INDEX, old.getValue().prefix(), old.getValue().prefixLength());
                changed = true;
            }
        }
        return changed;
    }
}
