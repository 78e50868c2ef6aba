package net.nvgate.gateway.control;

import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/** Brings the dirty NAT rows in line with policy. */
final class NatRows {

    private final NatTable table;
    private final PolicyIndex index;
    private final IdPool indexes;
    private int lastGeneration;

    NatRows(RouteTables tables, PolicyIndex index, IdPool indexes) {
        this.table = tables.nat;
        this.index = index;
        this.indexes = indexes;
    }

    /** Adds the RDID indexes whose NAT changed. New addresses come first, so that a tenant is not without one between. */
    void write(Dirty dirty, Set<Integer> changedRdids) {
        dirty.connections.forEach(address -> putConnection(address, changedRdids));
        dirty.tenants.forEach(tenant -> choose(tenant, changedRdids));
        dirty.connections.forEach(address -> removeConnection(address, changedRdids));
        dirty.outsideRules.forEach(tuple -> writeOutside(tuple, changedRdids));
        dirty.insideRules.forEach(tuple -> writeInside(tuple, changedRdids));
    }

    private void putConnection(int address, Set<Integer> changedRdids) {
        NatConnection connection = index.nat.byAddress.get(address);
        if (connection == null) {
            return;
        }
        NatTable.Connection there = table.connectionRow(address);
        NatTable.Connection wanted = wanted(address, connection, there);
        if (wanted.equals(there)) {
            return;
        }
        table.putConnection(wanted);
        changedRdids.add(wanted.rdid());
        if (there != null && there.index() != wanted.index()) {
            indexes.retire(there.index());
            changedRdids.add(there.rdid());
        }
    }

    /** The index stays while the address is the same tenant's; another tenant gets a fresh one and a fresh generation. */
    private NatTable.Connection wanted(int address, NatConnection connection, NatTable.@Nullable Connection there) {
        int rdid = rdidIndex(connection.rdid());
        if (there != null && there.rdid() == rdid) {
            return new NatTable.Connection(
                    address, rdid, there.index(), connection.portMin(), connection.portMax(), there.generation());
        }
        return new NatTable.Connection(
                address, rdid, indexes.allocate(), connection.portMin(), connection.portMax(), nextGeneration());
    }

    /** Within what a session keeps of it; comes again after 16 million connections. */
    private int nextGeneration() {
        lastGeneration = (lastGeneration + 1) & Session.GENERATION_MASK;
        return lastGeneration;
    }

    private void choose(Tenant tenant, Set<Integer> changedRdids) {
        boolean some = !tenant.connections.isEmpty();
        int address = some && tenant.connections.firstKey() instanceof Ipv4Address v4 ? v4.value() : 0;
        if (tenant.index != Tenant.NO_INDEX && table.chooseConnection(tenant.index, address)) {
            changedRdids.add(tenant.index);
        }
    }

    private void removeConnection(int address, Set<Integer> changedRdids) {
        NatTable.Connection there = table.connectionRow(address);
        if (there != null && !index.nat.byAddress.containsKey(address)) {
            table.removeConnection(address);
            indexes.retire(there.index());
            changedRdids.add(there.rdid());
        }
    }

    private void writeOutside(NatIndex.Outside tuple, Set<Integer> changedRdids) {
        NatTable.Rule wanted = row(index.nat.outside.get(tuple));
        NatTable.Rule there = table.outsideRow(tuple.address(), tuple.protocol(), tuple.port());
        if (Objects.equals(wanted, there)) {
            return;
        }
        if (there != null) {
            changedRdids.add(there.rdid());
        }
        if (wanted == null) {
            table.removeOutside(tuple.address(), tuple.protocol(), tuple.port());
        } else {
            table.putOutside(wanted);
            changedRdids.add(wanted.rdid());
        }
    }

    private void writeInside(NatIndex.Inside tuple, Set<Integer> changedRdids) {
        int rdid = rdidIndex(tuple.rdid());
        NatTable.Rule wanted = row(index.nat.at(tuple));
        if (Objects.equals(wanted, table.insideRow(rdid, tuple.ca(), tuple.protocol(), tuple.port()))) {
            return;
        }
        if (wanted == null) {
            table.removeInside(rdid, tuple.ca(), tuple.protocol(), tuple.port());
        } else {
            table.putInside(wanted);
        }
        changedRdids.add(rdid);
    }

    private NatTable.@Nullable Rule row(NatIndex.@Nullable Active active) {
        return active == null
                ? null
                : new NatTable.Rule(
                        rdidIndex(active.inside().rdid()),
                        active.outside().protocol(),
                        active.outside().address(),
                        active.outside().port(),
                        active.inside().ca(),
                        active.inside().port());
    }

    private int rdidIndex(UUID rdid) {
        Tenant tenant = index.tenants.get(rdid);
        return tenant == null ? Tenant.NO_INDEX : tenant.index;
    }
}
