package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.policy.PolicyObject.AclAddresses;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;
import net.nvgate.gateway.acl.AclCompiler;
import net.nvgate.gateway.acl.AclRuleName;
import net.nvgate.gateway.acl.AclTable;
import net.nvgate.gateway.acl.TenantAcl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Port ACLs of tenants and what their rules name; compiles those that have changed. */
final class AclIndex {

    private static final Logger LOG = LoggerFactory.getLogger(AclIndex.class);

    /** What one tenant has. */
    private static final class Entry {
        final TreeMap<UUID, PortAcl> lists = new TreeMap<>();
        final TreeMap<UUID, AclAddresses> addresses = new TreeMap<>();
        List<AclSlotBook.Key> keys = List.of();
        long bytes;

        boolean isEmpty() {
            return lists.isEmpty() && addresses.isEmpty();
        }
    }

    private final Map<Tenant, Entry> tenants = new HashMap<>();
    final AclSlotBook slots = new AclSlotBook();
    private final AclBudget budget;

    /** With an eighth of the heap for VM networks whose lists are large. */
    AclIndex() {
        this(new AclBudget(Runtime.getRuntime().maxMemory() / 8));
    }

    AclIndex(AclBudget budget) {
        this.budget = budget;
    }

    void add(PortAcl acl, Tenant tenant, Dirty dirty) {
        entry(tenant).lists.put(acl.id(), acl);
        dirty.acls.add(tenant);
    }

    void remove(PortAcl acl, Tenant tenant, Dirty dirty) {
        entry(tenant).lists.remove(acl.id());
        dirty.acls.add(tenant);
    }

    void add(AclAddresses addresses, Tenant tenant, Dirty dirty) {
        Entry entry = entry(tenant);
        entry.addresses.put(addresses.id(), addresses);
        markIfNamed(entry, addresses, tenant, dirty);
    }

    void remove(AclAddresses addresses, Tenant tenant, Dirty dirty) {
        Entry entry = entry(tenant);
        entry.addresses.remove(addresses.id());
        markIfNamed(entry, addresses, tenant, dirty);
    }

    private Entry entry(Tenant tenant) {
        return tenants.computeIfAbsent(tenant, _ -> new Entry());
    }

    /** Most VMs' labels are no list's business. */
    private static void markIfNamed(Entry entry, AclAddresses addresses, Tenant tenant, Dirty dirty) {
        if (!dirty.acls.contains(tenant) && entry.lists.values().stream().anyMatch(list -> names(list, addresses))) {
            dirty.acls.add(tenant);
        }
    }

    private static boolean names(PortAcl list, AclAddresses addresses) {
        if (addresses.labels().isEmpty()) {
            return list.rules().stream()
                    .anyMatch(rule -> rule.localAddressSetIds().contains(addresses.id())
                            || rule.remoteAddressSetIds().contains(addresses.id()));
        }
        return addresses.labels().stream()
                .anyMatch(label ->
                        list.labels().contains(label) || list.rules().stream().anyMatch(rule -> names(rule, label)));
    }

    private static boolean names(PortAclRule rule, String label) {
        return rule.localLabels().contains(label) || rule.remoteLabels().contains(label);
    }

    /** Compiles the lists of tenants that may read differently, and gives them to the workers. */
    void write(Set<Tenant> dirty, AclTable table, Set<Integer> changedRdids) {
        for (Tenant tenant : dirty) {
            Entry entry = entry(tenant);
            slots.begin();
            TenantAcl compiled = entry.lists.isEmpty() ? null : compile(entry);
            entry.keys = slots.end(entry.keys);
            long bytes = compiled == null ? 0 : compiled.bytes();
            budget.replace(entry.bytes, bytes);
            entry.bytes = bytes;
            if (tenant.index != Tenant.NO_INDEX) {
                table.put(tenant.index, compiled);
                changedRdids.add(tenant.index);
            }
        }
        dirty.forEach(this::forgetIfEmpty);
    }

    private void forgetIfEmpty(Tenant tenant) {
        if (entry(tenant).isEmpty()) {
            tenants.remove(tenant);
        }
    }

    private TenantAcl compile(Entry entry) {
        Map<String, List<IpPrefix>> byLabel = new HashMap<>();
        for (AclAddresses vm : entry.addresses.values()) {
            vm.labels()
                    .forEach(label -> byLabel.computeIfAbsent(label, _ -> new ArrayList<>())
                            .addAll(vm.prefixes()));
        }
        Function<UUID, List<IpPrefix>> sets = id -> prefixes(entry.addresses.get(id));
        Function<String, List<IpPrefix>> labels = label -> byLabel.getOrDefault(label, List.of());
        AclCompiler compiler = new AclCompiler(sets, labels, slots);
        long entries = AclBudget.entries(entry.lists.values(), sets, labels);
        if (entries <= AclBudget.ENTRIES_MAX) {
            TenantAcl compiled = compiler.compile(entry.lists.values());
            if (budget.fits(entry.bytes, compiled.bytes())) {
                return compiled;
            }
        }
        PortAcl first = entry.lists.firstEntry().getValue();
        LOG.error(
                "port ACLs of routing domain {} are too large for this gateway, {} entries: '{}' and its others deny everything",
                first.rdid(),
                entries,
                first.name());
        return compiler.compile(AclBudget.closed(entry.lists.values(), labels));
    }

    private static List<IpPrefix> prefixes(@Nullable AclAddresses set) {
        return set == null ? List.of() : set.prefixes();
    }

    /** Every rule of a tenant's lists, and the lists' defaults. */
    List<AclRuleName> names(Tenant tenant) {
        Entry entry = tenants.get(tenant);
        List<AclRuleName> names = new ArrayList<>();
        if (entry != null) {
            entry.lists.values().forEach(list -> {
                list.rules()
                        .forEach(rule ->
                                names.add(name(list, rule.direction(), rule.priority(), rule.name(), rule.action())));
                names.add(name(list, AclDirection.INBOUND, 0, "", list.defaultInboundAction()));
                names.add(name(list, AclDirection.OUTBOUND, 0, "", list.defaultOutboundAction()));
            });
        }
        return names;
    }

    private static AclRuleName name(PortAcl list, AclDirection direction, int priority, String rule, AclAction action) {
        return new AclRuleName(list.id(), list.name(), list.provider(), direction, priority, rule, action);
    }
}
