package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.fabric.sync.PolicyTarget;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.acl.AclRuleName;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinkAddresses6;
import net.nvgate.gateway.route.TenantLinks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes policy into the tables the workers read.
 *
 * <pre>
 * changes ──▶ what really differs ──▶ PolicyIndex (heap) ──▶ Dirty: rows that may differ ──▶ RowWriter ──▶ tables
 *                                        │ contradiction                                        │
 *                                        └──▶ taken back, PolicyRejectedException               └──▶ epochs
 * </pre>
 *
 * <p>Every row is a function of the policy as a whole, computed anew when something it depends on has changed and written
 * only if it differs. So the order of objects does not matter, a delta leads to the same tables as the snapshot of its
 * end, and what stays the same is not touched.
 *
 * <p>Thread-safe; one lock, that workers never take.
 */
public final class TablePolicy implements PolicyTarget {

    private static final Logger LOG = LoggerFactory.getLogger(TablePolicy.class);

    private final RouteTables tables;
    private final TableLimits limits;
    private final IdPool rdids;
    private final IdPool counters;
    private final IdPool nats;
    private final PolicyIndex index;
    private final PolicyObjects objects;
    private final RowWriter writer;
    private final PolicyViews views;
    private final L2Learning learning;
    private volatile long revision;

    /**
     * @param freed told an index whose owner is gone and that no worker can count on any more, before it is given to another one
     */
    public TablePolicy(RouteTables tables, TableLimits limits, FreedIndexes freed) {
        this.tables = tables;
        this.limits = limits;
        this.index = new PolicyIndex(tables);
        this.objects = new PolicyObjects(index);
        this.learning = new L2Learning(index.records);
        this.rdids = new IdPool(tables.reclaimer, 1, limits.routingDomains(), freed::tenant);
        this.counters = new IdPool(tables.reclaimer, 0, limits.virtualSubnets(), freed::counters);
        this.nats = new IdPool(tables.reclaimer, 0, limits.natConnections(), freed::connection);
        IdPool nics = new IdPool(tables.reclaimer, 0, TableLimits.NICS, freed::nic);
        this.views = new PolicyViews(tables, index);
        index.acls.slots.onReuse(freed::aclRule);
        this.writer = new RowWriter(tables, index, rdids, counters, nats, nics);
    }

    @Override
    public synchronized void replace(PolicySnapshot snapshot) throws PolicyRejectedException {
        commit(snapshot.revision(), objects.difference(snapshot));
    }

    @Override
    public synchronized void apply(long newRevision, List<PolicyChange> changes) throws PolicyRejectedException {
        commit(newRevision, objects.difference(changes));
    }

    private void commit(long newRevision, PolicyObjects.Change change) throws PolicyRejectedException {
        List<PolicyObject> out = change.out();
        List<PolicyObject> in = change.in();
        tables.reclaimer.poll();
        Dirty dirty = new Dirty();
        change(out, in, dirty);
        try {
            writer.write(dirty);
        } catch (RuntimeException e) {
            restore(out, in, dirty, e);
        }
        index.records.settle();
        objects.commit(change);
        retire(dirty);
        index.forgetUnique6();
        revision = newRevision;
        LOG.info("policy revision {}: {} objects set, {} gone or replaced", newRevision, in.size(), out.size());
    }

    /** All or nothing: on a contradiction the index is as before. */
    private void change(List<PolicyObject> out, List<PolicyObject> in, Dirty dirty) throws PolicyRejectedException {
        int added = 0;
        out.forEach(object -> index.remove(object, dirty));
        try {
            boolean classified = false;
            for (PolicyObject object : in) {
                if (!classified && PolicyObjects.isRow(object)) {
                    // Rows come last, so what is ours is known by now.
                    classified = true;
                    reclassify(dirty);
                }
                index.add(object, dirty);
                added++;
            }
            if (!classified) {
                reclassify(dirty);
            }
            index.complete(dirty);
            LimitRules.check(
                    index,
                    limits,
                    dirty,
                    writer.newNatIndexes(dirty),
                    writer.newInterfaceCounters(dirty),
                    rdids.available(),
                    counters.available(),
                    nats.available());
        } catch (PolicyRejectedException e) {
            takeBack(out, in.subList(0, added), dirty);
            index.records.settle();
            index.dropUnreferenced(List.copyOf(index.tenants.values()));
            throw e;
        }
    }

    private void takeBack(List<PolicyObject> out, List<PolicyObject> added, Dirty dirty) {
        added.forEach(object -> index.remove(object, dirty));
        try {
            for (PolicyObject object : out) {
                index.add(object, dirty);
            }
        } catch (PolicyRejectedException e) {
            throw new IllegalStateException("cannot take a rejected policy back: " + e.key(), e);
        }
        reclassify(dirty);
        index.complete(dirty);
    }

    /** Our own addresses are all there; records sort themselves by them as they come. */
    private void reclassify(Dirty dirty) {
        if (dirty.provider) {
            index.reclassify(dirty);
        }
    }

    /** Table memory ran out half-way: writes the rows back as they were, and rejects. */
    private void restore(List<PolicyObject> out, List<PolicyObject> in, Dirty dirty, RuntimeException cause)
            throws PolicyRejectedException {
        takeBack(out, in, dirty);
        writer.write(dirty);
        index.records.settle();
        retire(dirty);
        PolicyRejectedException rejected =
                new PolicyRejectedException(in.isEmpty() ? "" : in.getFirst().key(), "tables: " + cause.getMessage());
        rejected.initCause(cause);
        throw rejected;
    }

    private void retire(Dirty dirty) {
        NamedTenants.Dropped dropped = index.dropUnreferenced(dirty.tenants);
        for (Subnet subnet : dropped.subnets()) {
            if (subnet.countersIndex != Subnet.NO_INDEX) {
                counters.retire(subnet.countersIndex);
            }
        }
        for (Tenant tenant : dropped.tenants()) {
            if (tenant.index != Tenant.NO_INDEX) {
                index.byIndex.remove(tenant.index, tenant);
                tables.epochs.end(tenant.index);
                rdids.retire(tenant.index);
            }
        }
        for (Tenant tenant : dirty.tenants) {
            if (tenant.references > 0) {
                index.byIndex.put(tenant.index, tenant);
            }
        }
        tables.reclaimer.seal();
    }

    /**
     * A worker saw that a VM with an L2Only record has a CA: the CA becomes a DYNAMIC record if policy allows it.
     *
     * @param mac the VM's
     * @param pa of its host, as a worker saw it; of IPv6 its handle, see {@code ProviderAddresses6}
     * @param nowNanos a clock that never goes back
     */
    public synchronized void learn(int vsid, long mac, int ca, int pa, long nowNanos) {
        write(learning.learn(index.subnets.get(vsid), mac, ca, views.pa(pa), nowNanos));
    }

    /** Forgets CAs of {@link #learn} that were not seen for long. Call about once a second. */
    public synchronized void forgetLearned(long nowNanos) {
        write(learning.age(nowNanos));
    }

    private void write(@Nullable Dirty dirty) {
        if (dirty != null) {
            writer.write(dirty);
            tables.reclaimer.seal();
        }
    }

    /** Kinds of {@link #query}. */
    public static Set<String> queryKinds() {
        return PolicyViews.KINDS;
    }

    /**
     * Answers a query with what the tables hold. Row fields are NetWNV's: see the manager's API document.
     *
     * @param kind one of {@link #queryKinds}
     * @param filter field name to the text it must equal
     * @param limit rows at most
     * @throws IllegalArgumentException for a kind or filter field that does not exist
     */
    public synchronized QueryResult query(String kind, Map<String, String> filter, int limit) {
        return views.query(kind, filter, limit);
    }

    /** Reclaims what workers no longer hold. Call about once a second; each change does it too. */
    public synchronized void reclaim() {
        tables.reclaimer.poll();
    }

    /** What records take on the heap, beside their rows in the tables. */
    public synchronized long recordHeapBytes() {
        return index.records.nameBytes();
    }

    /** Revision the tables are at; 0 before the first policy. */
    public long revision() {
        return revision;
    }

    /** The addresses that are ours, in no order. */
    public synchronized List<OwnAddresses.Row> ownAddresses() {
        List<OwnAddresses.Row> rows = new ArrayList<>();
        tables.ownAddresses.forEach(rows::add);
        return rows;
    }

    /** The IPv6 addresses that are ours, in no order. */
    public synchronized List<Own6Addresses.Row> ownAddresses6() {
        List<Own6Addresses.Row> rows = new ArrayList<>();
        tables.ownAddresses6.forEach(rows::add);
        return rows;
    }

    /** Nobody else has this address of ours (RFC 4862 §5.4): from now on it is used. */
    public synchronized void confirmUnique(Ipv6Address address) {
        if (index.provider.owns(address) || index.external.owns(address)) {
            index.unique6.add(address);
            Dirty dirty = new Dirty();
            dirty.ownAddresses6.add(address);
            writer.write(dirty);
            tables.reclaimer.seal();
        }
    }

    /** As {@link #confirmUnique(Ipv6Address)}, of an address on a tenant's VLAN, see {@link TenantLinks#link}. */
    public synchronized void confirmUnique(int link, Ipv6Address address) {
        PolicyIndex.OnLink6 own = new PolicyIndex.OnLink6(link, address);
        if (index.has(own)) {
            index.unique6OnLinks.add(own);
            Dirty dirty = new Dirty();
            dirty.links.add(link);
            writer.write(dirty);
            tables.reclaimer.seal();
        }
    }

    /** Our IPv6 addresses on tenants' VLANs, in no order. */
    public synchronized List<TenantLinkAddresses6.Row> linkAddresses6() {
        List<TenantLinkAddresses6.Row> rows = new ArrayList<>();
        tables.tenantLinkAddresses6.forEach(rows::add);
        return rows;
    }

    /** Our IPv4 addresses on tenants' VLANs, in no order. */
    public synchronized List<TenantLinks.Address> linkAddresses() {
        List<TenantLinks.Address> rows = new ArrayList<>();
        tables.tenantLinks.forEachAddress(rows::add);
        return rows;
    }

    /** Default router of the external side by its own word, for where policy has no default route; empty = none. */
    public synchronized void learnedRouter(Optional<Ipv6Address> router) {
        index.external.learned(router);
        Dirty dirty = new Dirty();
        dirty.external = true;
        writer.write(dirty);
        tables.reclaimer.seal();
    }

    /** The lookup record of a VSID and address, as policy has it. */
    public synchronized Optional<PolicyObject.LookupRecord> record(int vsid, IpAddress address) {
        Subnet subnet = index.subnets.get(vsid);
        return subnet == null ? Optional.empty() : Optional.ofNullable(index.records.of(subnet.tenant, address));
    }

    /** Every object of a kind that is no lookup record, in no order. */
    public synchronized <T extends PolicyObject> List<T> objects(Class<T> kind) {
        return objects.all(kind);
    }

    /** The routing domain behind a dense index. */
    public synchronized Optional<TenantName> tenant(int rdidIndex) {
        return Optional.ofNullable(index.byIndex.get(rdidIndex))
                .map(tenant -> new TenantName(tenant.rdid, tenant.name));
    }

    /** Indexes of all routing domains. */
    public synchronized Map<UUID, Integer> domains() {
        return index.byIndex.values().stream().collect(Collectors.toMap(tenant -> tenant.rdid, tenant -> tenant.index));
    }

    /** Indexes of the routing domains whose names are wanted, in no order. */
    public synchronized List<Integer> domains(Predicate<TenantName> wanted) {
        return index.byIndex.values().stream()
                .filter(tenant -> wanted.test(new TenantName(tenant.rdid, tenant.name)))
                .map(tenant -> tenant.index)
                .toList();
    }

    /** The external side of a NAT rule that works: a part for each remote prefix; none if there is no such rule. */
    public synchronized List<SessionMatch.Rule> natRule(UUID id) {
        return index.nat.rules.parts(id).stream()
                .map(part -> new SessionMatch.Rule(
                        part.connection().externalAddress() instanceof Ipv4Address address ? address.value() : 0,
                        part.rule().protocol().number(),
                        new SessionMatch.Range(
                                part.rule().externalPort(),
                                part.rule().externalPort() + part.rule().portCount() - 1L),
                        SessionMatch.Net.of(
                                part.remote().address(), part.remote().length())))
                .toList();
    }

    /** A rule that has an external port, the one for the fewest remote hosts if there are several. */
    synchronized Optional<NatRuleIndex.Part> natRuleAt(int address, int protocol, int port) {
        return index.nat.rules.at(address, protocol, port);
    }

    /** Name of a tenant's VM network, empty if there is none here. */
    synchronized String tenantName(UUID rdid) {
        Tenant tenant = index.tenants.get(rdid);
        return tenant == null ? "" : tenant.name;
    }

    /** Every NAT connection, in no order. */
    public synchronized List<NatTable.Connection> natConnections() {
        List<NatTable.Connection> rows = new ArrayList<>();
        tables.nat.connections.forEach(rows::add);
        return rows;
    }

    /** Every tenant with what it may use, ascending by RDID. */
    public synchronized List<TenantUse> tenantQuotas() {
        List<TenantUse> uses = new ArrayList<>();
        for (Tenant tenant : index.tenants.values()) {
            uses.add(new TenantUse(tenant.index, tenant.rdid, tables.nat.quotas.row(tenant.index)));
        }
        return uses;
    }

    /** Every tenant that has limits of traffic, ascending by RDID. */
    public synchronized List<TenantLimit> tenantLimits() {
        List<TenantLimit> limits = new ArrayList<>();
        for (Tenant tenant : index.tenants.values()) {
            RateLimits.Row row = tables.rates.tenantRow(tenant.index);
            if (!row.equals(RateLimits.Row.NONE)) {
                limits.add(new TenantLimit(tenant.index, tenant.rdid, row));
            }
        }
        return limits;
    }

    /** Every NAT connection that has limits of traffic, ascending by id. */
    public synchronized List<Limited> connectionLimits() {
        return writer.connectionIndexes().entrySet().stream()
                .filter(row -> !tables.rates.connectionRow(row.getValue()).equals(RateLimits.Row.NONE))
                .flatMap(row -> Optional.ofNullable(index.nat.connections.get(row.getKey())).stream()
                        .map(connection -> new Limited(row.getKey(), connection.rdid(), row.getValue())))
                .toList();
    }

    /** Every virtual NIC that has a maximum bandwidth, ascending by id. */
    public synchronized List<Limited> nicLimits() {
        return writer.nicIndexes().entrySet().stream()
                .flatMap(row -> Optional.ofNullable(index.nics.nics.get(row.getKey())).stream()
                        .map(nic -> new Limited(row.getKey(), nic.rdid(), row.getValue())))
                .toList();
    }

    /** Every VSID with its counters, ascending. */
    public synchronized List<VsidName> vsidNames() {
        List<VsidName> names = new ArrayList<>();
        for (Tenant tenant : index.tenants.values()) {
            for (Subnet subnet : tenant.subnets.values()) {
                VirtualSubnet announced = subnet.announced();
                names.add(new VsidName(
                        subnet.vsid,
                        subnet.countersIndex,
                        tenant.rdid,
                        tenant.name,
                        announced == null ? "" : announced.name()));
            }
        }
        names.sort(Comparator.comparingInt(VsidName::vsid));
        return names;
    }

    /** Every rule of every port ACL, and the defaults; lists of one VM network in no order. */
    public synchronized List<AclRow> aclRows() {
        List<AclRow> rows = new ArrayList<>();
        index.tenants.values().forEach(tenant -> addAclRows(tenant, rows));
        return rows;
    }

    /** As {@link #aclRows()}, of one routing domain. */
    synchronized List<AclRow> aclRows(UUID rdid) {
        List<AclRow> rows = new ArrayList<>();
        Tenant tenant = index.tenants.get(rdid);
        if (tenant != null) {
            addAclRows(tenant, rows);
        }
        return rows;
    }

    private void addAclRows(Tenant tenant, List<AclRow> rows) {
        index.acls
                .names(tenant)
                .forEach(name -> rows.add(new AclRow(
                        tenant.rdid,
                        tenant.name,
                        name,
                        index.acls.slots.find(name.listId(), name.direction(), name.priority()))));
    }

    /** Every tenant interface with its counters, the external port's first, ascending by VLAN. */
    public synchronized List<InterfaceName> interfaceNames() {
        List<InterfaceName> names = new ArrayList<>();
        index.links.interfaces.forEach((link, wanted) -> {
            TenantLinks.Row row = tables.tenantLinks.row(link);
            if (row != null) {
                names.add(new InterfaceName(
                        wanted.rdid(), TenantLinks.isBackEnd(link), TenantLinks.vlan(link), row.countersIndex()));
            }
        });
        return names;
    }

    /** @param slot of its counter, 0 = it has none */
    public record AclRow(UUID rdid, String vmNetwork, AclRuleName name, int slot) {}

    /** @param index dense, of the RDID */
    public record TenantUse(int index, UUID rdid, NatQuotas.Row quota) {}

    /** @param index dense, of the RDID */
    public record TenantLimit(int index, UUID rdid, RateLimits.Row limits) {}

    /** @param index dense, of its meters */
    public record Limited(UUID id, UUID rdid, int index) {}

    /** @param vmNetwork its name, empty while unknown */
    public record TenantName(UUID rdid, String vmNetwork) {}

    /** @param countersIndex as in {@code VsidEntry.countersIndex} */
    public record InterfaceName(UUID rdid, boolean backEnd, int vlanId, int countersIndex) {}

    /** @param countersIndex as in {@code VsidEntry.countersIndex} */
    public record VsidName(int vsid, int countersIndex, UUID rdid, String vmNetwork, String subnet) {}
}
