package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatExemption;
import net.nvgate.fabric.policy.PolicyObject.NatOneToOne;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatExemptions;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/**
 * Brings the dirty NAT rows in line with policy. Connections come before what leads to them and go after it, so that a reader finds
 * the old or the new one.
 */
final class NatRows {

    /** Most specific first; connections of a pool side by side, in their order. */
    private static final Comparator<NatConnections.Choice> LONGEST_FIRST = Comparator.comparingInt(
                    (NatConnections.Choice choice) -> -choice.prefix().length())
            .thenComparingInt(choice -> choice.prefix().address());

    private static final Comparator<NatConnections.Choice6> LONGEST_FIRST6 = Comparator.comparingInt(
                    (NatConnections.Choice6 choice) -> -choice.length())
            .thenComparing(NatConnections.Choice6::prefix);

    private static final List<IpPrefix> ANY6 = List.of(IpPrefix.parse("::/0"));

    private final NatTable table;
    private final RateRows rates;
    private final PolicyIndex index;
    private final IdPool indexes;
    /** Rows there are, by connection. */
    private final Map<UUID, NatTable.Connection> rows = new HashMap<>();

    private int lastGeneration;

    NatRows(RouteTables tables, PolicyIndex index, IdPool indexes) {
        this.table = tables.nat;
        this.rates = new RateRows(tables.rates);
        this.index = index;
        this.indexes = indexes;
    }

    /** Adds the RDID indexes whose NAT changed. */
    void write(Dirty dirty, Set<Integer> changedRdids) {
        List<NatTable.Connection> replaced = new ArrayList<>();
        dirty.connections.forEach(id -> putConnection(id, replaced, changedRdids));
        dirty.natAddresses.forEach(this::writeAddress);
        dirty.tenants.forEach(tenant -> writeTenant(tenant, changedRdids));
        replaced.forEach(row -> removeConnection(row, changedRdids));
        dirty.outsideRules.forEach(block -> writeOutside(block, changedRdids));
        dirty.insideRules.forEach(block -> writeInside(block, changedRdids));
        dirty.oneToOnes.forEach(address -> writeOneToOne(address, changedRdids));
    }

    /** Of connections that have rows. */
    SortedMap<UUID, Integer> indexes() {
        SortedMap<UUID, Integer> byId = new TreeMap<>();
        rows.forEach((id, row) -> byId.put(id, row.index()));
        return byId;
    }

    /** Connections that must have a new index: there is none, or it is another tenant's or address's. */
    long newIndexes(Dirty dirty) {
        return dirty.connections.stream().filter(this::takesIndex).count();
    }

    private boolean takesIndex(UUID id) {
        NatConnection connection = index.nat.connections.get(id);
        if (connection == null || !(connection.externalAddress() instanceof Ipv4Address address)) {
            return false;
        }
        NatTable.Connection there = rows.get(id);
        return there == null || there.rdid() != rdidIndex(connection.rdid()) || there.externalIp() != address.value();
    }

    private void putConnection(UUID id, List<NatTable.Connection> replaced, Set<Integer> changedRdids) {
        NatConnection connection = index.nat.connections.get(id);
        NatTable.Connection there = rows.get(id);
        NatTable.Connection wanted = connection == null ? null : wanted(connection, there);
        if (there != null && (wanted == null || wanted.index() != there.index())) {
            replaced.add(there);
            rows.remove(id);
        }
        if (wanted != null && !wanted.equals(there)) {
            table.connections.put(wanted);
            rows.put(id, wanted);
            changedRdids.add(wanted.rdid());
        }
        if (connection != null && wanted != null) {
            rates.write(connection, wanted.index());
        }
    }

    /** The index stays while the connection is the same tenant's with the same address; the generation, if it loses no port. */
    private NatTable.@Nullable Connection wanted(NatConnection connection, NatTable.@Nullable Connection there) {
        if (!(connection.externalAddress() instanceof Ipv4Address address)) {
            return null;
        }
        int rdid = rdidIndex(connection.rdid());
        boolean same = there != null && there.rdid() == rdid && there.externalIp() == address.value();
        return new NatTable.Connection(
                address.value(),
                rdid,
                there != null && same ? there.index() : indexes.allocate(),
                connection.portMin(),
                connection.portMax(),
                there != null && same && keepsPorts(there, connection) ? there.generation() : nextGeneration(),
                NatSettingsRows.row(connection.settings()));
    }

    /** Fewer ports: whoever has one of those that are gone must give it up, so all begin anew. */
    private static boolean keepsPorts(NatTable.Connection there, NatConnection connection) {
        return connection.portMin() <= there.portMin() && there.portMax() <= connection.portMax();
    }

    /** Within what a session keeps of it; comes again after 16 million connections and pairs. */
    private int nextGeneration() {
        lastGeneration = (lastGeneration + 1) & Session.GENERATION_MASK;
        return lastGeneration;
    }

    private void removeConnection(NatTable.Connection row, Set<Integer> changedRdids) {
        table.connections.remove(row.index());
        rates.remove(row.index());
        indexes.retire(row.index());
        changedRdids.add(row.rdid());
    }

    private void writeAddress(int address) {
        List<NatTable.Connection> wanted = new ArrayList<>();
        index.nat.at(address).forEach(connection -> wanted.add(row(connection)));
        table.connections.setAddress(address, wanted);
    }

    private NatTable.Connection row(NatConnection connection) {
        NatTable.Connection row = rows.get(connection.id());
        if (row == null) {
            throw new IllegalStateException(connection.key() + " has no row");
        }
        return row;
    }

    private void writeTenant(Tenant tenant, Set<Integer> changedRdids) {
        if (tenant.index == Tenant.NO_INDEX) {
            return;
        }
        rates.write(tenant, changedRdids);
        List<NatConnections.Choice> choices = choices(tenant);
        if (!choices.equals(table.connections.choicesOf(tenant.index))) {
            table.connections.setTenant(tenant.index, choices);
            changedRdids.add(tenant.index);
        }
        List<NatConnections.Choice6> choices6 = choices6(tenant);
        if (!choices6.equals(table.connections.choices6Of(tenant.index))) {
            table.connections.setTenant6(tenant.index, choices6);
            changedRdids.add(tenant.index);
        }
        List<NatExemptions.Row> exemptions = exemptions(tenant);
        if (!exemptions.equals(table.exemptions.rows(tenant.index))) {
            table.exemptions.set(tenant.index, exemptions);
            changedRdids.add(tenant.index);
        }
        NatQuota quota = tenant.quota;
        NatQuotas.Row wanted = new NatQuotas.Row(
                quota.ports(),
                quota.sessions(),
                quota.sessionsPerSecond(),
                quota.hostPorts(),
                quota.hostSessions(),
                quota.hostSessionsPerSecond());
        if (!wanted.equals(table.quotas.row(tenant.index))) {
            table.quotas.set(tenant.index, wanted);
        }
    }

    private List<NatConnections.Choice> choices(Tenant tenant) {
        List<NatConnections.Choice> choices = new ArrayList<>();
        for (NatConnection connection : tenant.connections) {
            if (connection.externalAddress() instanceof Ipv4Address) {
                NatTable.Connection row = row(connection);
                for (Prefixes.Row prefix : NatRuleIndex.prefixes(connection.sourcePrefixes())) {
                    choices.add(new NatConnections.Choice(prefix, row));
                }
            }
        }
        choices.sort(LONGEST_FIRST);
        return choices;
    }

    /** Of NAT64 hosts: connections without source prefixes are for them, too. */
    private List<NatConnections.Choice6> choices6(Tenant tenant) {
        List<NatConnections.Choice6> choices = new ArrayList<>();
        for (NatConnection connection : tenant.connections) {
            if (connection.externalAddress() instanceof Ipv4Address) {
                NatTable.Connection row = row(connection);
                for (IpPrefix prefix : connection.sourcePrefixes().isEmpty() ? ANY6 : connection.sourcePrefixes()) {
                    if (prefix.address() instanceof Ipv6Address address) {
                        choices.add(new NatConnections.Choice6(address, prefix.length(), row));
                    }
                }
            }
        }
        choices.sort(LONGEST_FIRST6);
        return choices;
    }

    private static List<NatExemptions.Row> exemptions(Tenant tenant) {
        List<NatExemptions.Row> rows = new ArrayList<>();
        for (NatExemption exemption : tenant.exemptions.values()) {
            if (exemption.sourcePrefix().address() instanceof Ipv4Address source
                    && exemption.destinationPrefix().address() instanceof Ipv4Address destination) {
                rows.add(new NatExemptions.Row(
                        new Prefixes.Row(
                                source.value(), exemption.sourcePrefix().length()),
                        new Prefixes.Row(
                                destination.value(),
                                exemption.destinationPrefix().length())));
            }
        }
        return rows;
    }

    private void writeOutside(NatRuleIndex.Outside block, Set<Integer> changedRdids) {
        List<NatTable.Rule> there =
                table.rules.outsideRows(block.address(), block.protocol(), block.order(), block.port());
        List<NatTable.Rule> wanted = rows(index.nat.rules.at(block), block.order(), block.port(), true);
        if (!wanted.equals(there)) {
            table.rules.setOutside(block.address(), block.protocol(), block.order(), block.port(), wanted);
            there.forEach(row -> changedRdids.add(row.rdid()));
            wanted.forEach(row -> changedRdids.add(row.rdid()));
        }
    }

    private void writeInside(NatRuleIndex.Inside block, Set<Integer> changedRdids) {
        int rdid = rdidIndex(block.rdid());
        List<NatTable.Rule> there =
                table.rules.insideRows(rdid, block.ca(), block.protocol(), block.order(), block.port());
        List<NatTable.Rule> wanted = rows(index.nat.rules.at(block), block.order(), block.port(), false);
        if (!wanted.equals(there)) {
            table.rules.setInside(rdid, block.ca(), block.protocol(), block.order(), block.port(), wanted);
            changedRdids.add(rdid);
        }
    }

    /** Of a block whose first port is external or the server's. */
    private List<NatTable.Rule> rows(Collection<NatRuleIndex.Part> parts, int order, int port, boolean external) {
        List<NatTable.Rule> wanted = new ArrayList<>();
        for (NatRuleIndex.Part part : parts) {
            NatTable.Connection connection = row(part.connection());
            int offset =
                    port - (external ? part.rule().externalPort() : part.rule().internalPort());
            wanted.add(new NatTable.Rule(
                    connection.rdid(),
                    part.rule().protocol().number(),
                    part.external(),
                    part.rule().externalPort() + offset,
                    part.internal(),
                    part.rule().internalPort() + offset,
                    order,
                    part.remote(),
                    connection.generation(),
                    part.internal6()));
        }
        return wanted;
    }

    private void writeOneToOne(int address, Set<Integer> changedRdids) {
        NatOneToOnes.Row there = table.oneToOnes.row(address);
        NatOneToOnes.Row wanted = oneToOne(address, there);
        if (there != null && !there.equals(wanted)) {
            table.oneToOnes.remove(address);
            changedRdids.add(there.rdid());
        }
        if (wanted != null && !wanted.equals(there)) {
            table.oneToOnes.put(wanted);
            changedRdids.add(wanted.rdid());
        }
    }

    private NatOneToOnes.@Nullable Row oneToOne(int address, NatOneToOnes.@Nullable Row there) {
        NatOneToOne pair = index.nat.oneToOne(address);
        if (pair == null || !(pair.internalAddress() instanceof Ipv4Address internal)) {
            return null;
        }
        int rdid = rdidIndex(pair.rdid());
        if (there != null && there.rdid() == rdid && there.internalIp() == internal.value()) {
            return there;
        }
        return new NatOneToOnes.Row(address, rdid, internal.value(), nextGeneration());
    }

    private int rdidIndex(UUID rdid) {
        Tenant tenant = index.tenants.get(rdid);
        return tenant == null ? Tenant.NO_INDEX : tenant.index;
    }
}
