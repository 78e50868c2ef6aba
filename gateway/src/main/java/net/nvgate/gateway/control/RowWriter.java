package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.LinkFib;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.LookupTable;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidRow;
import org.jspecify.annotations.Nullable;

/**
 * Brings the dirty rows of the tables in line with policy. A row that already reads right is left alone, so what did not
 * change keeps its entry, its counters and its flows. Epochs are bumped last.
 */
final class RowWriter {

    private final RouteTables tables;
    private final PolicyIndex index;
    private final TenantRows rows;
    private final RowWriter6 writer6;
    private final NatRows natRows;
    private final NicRows nicRows;
    private final TenantLinkRows linkRows;
    private final MacRows macRows;
    private final IdPool rdids;
    private final IdPool counters;
    private final Set<Integer> changedRdids = new TreeSet<>();
    private boolean linksChanged;

    /** The last tenant whose records were written. */
    private @Nullable Tenant lastChanged;

    RowWriter(RouteTables tables, PolicyIndex index, IdPool rdids, IdPool counters, IdPool nats, IdPool nics) {
        this.tables = tables;
        this.index = index;
        Rows6 rows6 = new Rows6(index, tables.providerAddresses6);
        this.rows = new TenantRows(index, rows6);
        this.writer6 = new RowWriter6(tables, index, rows6);
        this.natRows = new NatRows(tables, index, nats);
        this.nicRows = new NicRows(tables, index.nics, nics);
        this.linkRows = new TenantLinkRows(tables, index, counters);
        this.macRows = new MacRows(tables, index, rows6);
        this.rdids = rdids;
        this.counters = counters;
    }

    /** NAT connections that take an index of their own. */
    long newNatIndexes(Dirty dirty) {
        return natRows.newIndexes(dirty);
    }

    /** Tenant interfaces that take counters of their own. */
    long newInterfaceCounters(Dirty dirty) {
        return linkRows.newCounters(dirty);
    }

    /** Dense indexes of NAT connections. */
    SortedMap<UUID, Integer> connectionIndexes() {
        return natRows.indexes();
    }

    /** Dense indexes of virtual NICs with a maximum. */
    SortedMap<UUID, Integer> nicIndexes() {
        return nicRows.indexes();
    }

    void write(Dirty dirty) {
        changedRdids.clear();
        linksChanged = false;
        lastChanged = null;
        assignIndexes(dirty);
        // Before anything that lets packets through.
        index.acls.write(dirty.acls, tables.acls, changedRdids);
        for (Tenant tenant : dirty.gatewayChanged) {
            dirty.vsids.addAll(tenant.subnets.keySet());
            tenant.routes.keySet().forEach(prefix -> dirty.routes.add(new Dirty.RouteRow(tenant, prefix)));
        }
        tables.records.reserve(Math.max(0, index.recordCount() - tables.records.size() - tables.records6.size()));
        index.records.forEachPending((tenant, ca, record) -> {
            switch (ca) {
                case Ipv4Address v4 -> noteIf(writeRecord(tenant, v4.value(), record), tenant);
                case Ipv6Address v6 -> noteIf(writer6.writeRecord(tenant, v6, record), tenant);
            }
        });
        for (Dirty.RecordRow row : dirty.records) {
            LookupRecord record = index.records.of(row.tenant(), new Ipv4Address(row.ca()));
            noteIf(writeRecord(row.tenant(), row.ca(), record), row.tenant());
        }
        for (Dirty.Record6Row row : dirty.records6) {
            noteIf(writer6.writeRecord(row.tenant(), row.ca(), index.records.of(row.tenant(), row.ca())), row.tenant());
        }
        dirty.vsids.forEach(this::writeVsid);
        dirty.routes.forEach(row -> writeRoute(row.tenant(), row.prefix()));
        linksChanged |= writer6.write(dirty, changedRdids);
        linkRows.write(dirty, changedRdids);
        macRows.write(dirty, changedRdids);
        nicRows.write(dirty, changedRdids);
        natRows.write(dirty, changedRdids);
        if (dirty.external) {
            // NAT addresses lie in the VLAN of the subnet that covers them.
            dirty.ownAddresses.addAll(index.nat.addresses());
        }
        dirty.ownAddresses.forEach(this::writeOwnAddress);
        if (dirty.provider) {
            writeLinks(tables.providerFib, index.provider);
        }
        if (dirty.external) {
            writeLinks(tables.externalFib, index.external);
        }
        bumpEpochs();
    }

    private void assignIndexes(Dirty dirty) {
        for (Tenant tenant : dirty.tenants) {
            if (tenant.references > 0 && tenant.index == Tenant.NO_INDEX) {
                tenant.index = rdids.allocate();
            }
        }
        for (int vsid : dirty.vsids) {
            Subnet subnet = index.subnets.get(vsid);
            if (subnet != null && subnet.countersIndex == Subnet.NO_INDEX) {
                subnet.countersIndex = counters.allocate();
            }
        }
    }

    private void noteIf(boolean changed, Tenant tenant) {
        if (changed && tenant != lastChanged) {
            lastChanged = tenant;
            changedRdids.add(tenant.index);
        }
    }

    /** @return whether the row reads differently now */
    private boolean writeRecord(Tenant tenant, int ca, @Nullable LookupRecord record) {
        LookupRow wanted = record == null ? rows.learned(tenant, ca) : rows.record(tenant, ca, record);
        long entry = tables.records.find(tenant.index, ca);
        int oldName = entry == 0 ? RecordNames.NONE : LookupTable.name(entry);
        int name = index.records.name(record, oldName);
        boolean differs = !Objects.equals(wanted, entry == 0 ? null : LookupEntry.read(entry));
        if (differs) {
            if (wanted == null) {
                tables.records.remove(tenant.index, ca);
            } else {
                tables.records.put(wanted, name);
            }
        } else if (name != oldName) {
            LookupTable.name(entry, name);
        }
        index.records.replaced(oldName, name);
        return differs;
    }

    private void writeVsid(int vsid) {
        VsidRow wanted = rows.vsid(vsid);
        VsidRow there = tables.vsids.row(vsid);
        if (Objects.equals(wanted, there)) {
            return;
        }
        if (there != null) {
            changedRdids.add(there.rdid());
        }
        if (wanted == null) {
            tables.vsids.remove(vsid);
        } else {
            tables.vsids.put(wanted);
            changedRdids.add(wanted.rdid());
        }
    }

    private void writeRoute(Tenant tenant, IpPrefix prefix) {
        if (prefix.address() instanceof Ipv6Address address6) {
            writer6.writeRoute(tenant, prefix, address6, changedRdids);
            return;
        }
        if (!(prefix.address() instanceof Ipv4Address address)) {
            return;
        }
        FibRow wanted = rows.route(tenant, prefix);
        if (Objects.equals(wanted, tables.tenantFib.row(tenant.index, address.value(), prefix.length()))) {
            return;
        }
        if (wanted == null) {
            tables.tenantFib.remove(tenant.index, address.value(), prefix.length());
        } else {
            tables.tenantFib.put(wanted);
        }
        changedRdids.add(tenant.index);
    }

    private void writeOwnAddress(int address) {
        OwnAddresses.Row wanted = ownAddress(new Ipv4Address(address));
        OwnAddresses.Row there = tables.ownAddresses.row(address);
        if (Objects.equals(wanted, there)) {
            return;
        }
        if (wanted == null) {
            tables.ownAddresses.remove(address);
        } else {
            tables.ownAddresses.put(wanted);
        }
        int kinds = (wanted == null ? 0 : wanted.flags()) | (there == null ? 0 : there.flags());
        // A NAT address is one tenant's affair, whose epoch moves with its connection.
        linksChanged |= (kinds & ~OwnAddresses.NAT) != 0;
    }

    private OwnAddresses.@Nullable Row ownAddress(Ipv4Address address) {
        LinkIndex.Address pa = index.provider.addresses.get(address);
        LinkIndex.Address own = pa != null ? pa : index.external.addresses.get(address);
        boolean nat = index.nat.isExternal(address.value());
        if (own == null && !nat) {
            return null;
        }
        int kind = own == null ? 0 : pa != null ? OwnAddresses.PROVIDER : OwnAddresses.EXTERNAL;
        return new OwnAddresses.Row(
                address.value(),
                kind | (nat ? OwnAddresses.NAT : 0),
                own == null ? address.bits() : own.prefixLength(),
                own == null ? index.external.vlanFor(address) : own.vlan());
    }

    private void writeLinks(LinkFib fib, LinkIndex link) {
        Map<IpPrefix, FibRow> there = new HashMap<>();
        fib.forEach(row -> there.put(IpPrefix.of(new Ipv4Address(row.prefix()), row.prefixLength()), row));
        Map<IpPrefix, FibRow> wanted = link.rows();
        wanted.forEach((prefix, row) -> {
            if (!row.equals(there.get(prefix))) {
                fib.put(row);
                linksChanged = true;
            }
        });
        there.forEach((prefix, row) -> {
            if (!wanted.containsKey(prefix)) {
                fib.remove(row.prefix(), row.prefixLength());
                linksChanged = true;
            }
        });
    }

    private void bumpEpochs() {
        changedRdids.forEach(tables.epochs::bump);
        if (linksChanged) {
            tables.epochs.bumpExternal();
        }
    }
}
