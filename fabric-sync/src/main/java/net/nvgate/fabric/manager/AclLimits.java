package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.QUOTA;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;

/**
 * How much port ACLs of one VM network may be, so that no tenant's take a gateway's memory or the sync stream from the others. What is
 * above a limit already may stay and get smaller, but not grow.
 */
final class AclLimits {

    static final int LISTS_MAX = 32;
    static final int SETS_MAX = 256;

    /**
     * Of all lists of a VM network together: rules, and the prefixes, port ranges, address sets and labels that they name, with the
     * prefixes of a set and the CAs of a label each time that it is named.
     */
    static final int ENTRIES_MAX = 65_536;

    /** Of one list, as the sync stream has it: a quarter of the largest frame. */
    static final int BYTES_MAX = 1 << 20;

    private static final String GUARD = "port-acls";

    private AclLimits() {}

    /** @throws FabricException QUOTA */
    static void check(Draft draft) {
        Map<UUID, FabricObject> networks = new LinkedHashMap<>();
        for (PortAcl acl : draft.puts(PortAcl.class)) {
            networks.put(acl.vmNetworkId(), acl);
            checkBytes(draft, acl);
        }
        draft.puts(AddressSet.class).forEach(set -> networks.put(set.vmNetworkId(), set));
        networks.forEach((network, changed) -> {
            draft.guard(GUARD, network);
            check(draft, network, changed);
        });
        for (Vm vm : draft.puts(Vm.class)) {
            checkLabels(draft, vm);
        }
    }

    private static void checkBytes(Draft draft, PortAcl acl) {
        long before = draft.index()
                .find(PortAcl.class, acl.id())
                .map(PortAcl::policyBytesMax)
                .orElse(0L);
        refuseAbove(
                BYTES_MAX,
                before,
                acl.policyBytesMax(),
                Kind.PORT_ACL,
                "is too large: the rules of a list and what they name may take at most " + BYTES_MAX + " bytes");
    }

    private static void check(Draft draft, UUID network, FabricObject changed) {
        String of = draft.describe(network) + " may have at most ";
        refuseAbove(
                LISTS_MAX,
                draft.index().users(PortAcl.class, network).count(),
                of(draft, PortAcl.class, network).size(),
                Kind.PORT_ACL,
                "is one too many: " + of + LISTS_MAX + " port-acls");
        refuseAbove(
                SETS_MAX,
                draft.index().users(AddressSet.class, network).count(),
                of(draft, AddressSet.class, network).size(),
                Kind.ADDRESS_SET,
                "is one too many: " + of + SETS_MAX + " address-sets");
        checkEntries(draft, network, changed.kind());
    }

    private static void checkEntries(Draft draft, UUID network, Kind asker) {
        long after = new Count(draft, network, draft.puts(Vm.class)).entries(of(draft, PortAcl.class, network));
        if (after > ENTRIES_MAX) {
            List<PortAcl> lists = draft.index().users(PortAcl.class, network).toList();
            refuseAbove(
                    ENTRIES_MAX,
                    new Count(draft.index(), network, List.of()).entries(lists),
                    after,
                    asker,
                    "makes " + after + " rules and addresses in port-acls: " + draft.describe(network)
                            + " may have at most " + ENTRIES_MAX);
        }
    }

    /** A VM that gets a label, or a NIC, is one more in the rules that name the label. */
    private static void checkLabels(Draft draft, Vm vm) {
        Set<String> labels = new HashSet<>(labels(vm));
        boolean same = draft.index()
                .find(Vm.class, vm.id())
                .filter(before -> before.nics().size() == vm.nics().size())
                .filter(before -> labels(before).containsAll(labels))
                .isPresent();
        if (labels.isEmpty() || same) {
            return;
        }
        vm.nics().stream()
                .map(nic -> draft.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId())
                .distinct()
                .filter(network -> of(draft, PortAcl.class, network).stream().anyMatch(acl -> names(acl, labels)))
                .forEach(network -> checkEntries(draft, network, Kind.VM));
    }

    private static boolean names(PortAcl acl, Set<String> labels) {
        return acl.rules().stream()
                .flatMap(rule -> Stream.concat(rule.localLabels().stream(), rule.remoteLabels().stream()))
                .anyMatch(labels::contains);
    }

    private static List<String> labels(Vm vm) {
        return vm.meta().labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .toList();
    }

    private static void refuseAbove(long max, long before, long after, Kind kind, String rule) {
        if (after > max && after > before) {
            throw new FabricException(QUOTA, kind.label(), null, kind.label() + " " + rule);
        }
    }

    /** Those of a VM network as the draft leaves them. */
    private static <T extends FabricObject> Collection<T> of(Draft draft, Class<T> type, UUID network) {
        Map<UUID, T> objects = new HashMap<>();
        draft.users(type, network).forEach(object -> objects.put(object.id(), object));
        draft.puts(type).stream()
                .filter(object -> object.references().contains(network))
                .forEach(object -> objects.put(object.id(), object));
        return objects.values();
    }

    /** Counts entries; what a label means is looked up at most once. */
    private static final class Count {

        private final ObjectLookup lookup;
        private final UUID network;
        private final List<Vm> made;
        private final Map<String, Integer> byLabel = new HashMap<>();
        private boolean looked;

        /** @param made VMs that are not yet users of their VM subnets */
        Count(ObjectLookup lookup, UUID network, List<Vm> made) {
            this.lookup = lookup;
            this.network = network;
            this.made = made;
        }

        long entries(Collection<PortAcl> lists) {
            return lists.stream()
                    .flatMap(acl -> acl.rules().stream())
                    .mapToLong(this::entries)
                    .sum();
        }

        private long entries(PortAclRule rule) {
            return 1L
                    + rule.localAddressPrefixes().size()
                    + rule.remoteAddressPrefixes().size()
                    + rule.localPortRanges().size()
                    + rule.remotePortRanges().size()
                    + Stream.concat(rule.localAddressSetIds().stream(), rule.remoteAddressSetIds().stream())
                            .mapToLong(id -> 1L
                                    + lookup.get(AddressSet.class, id)
                                            .prefixes()
                                            .size())
                            .sum()
                    + Stream.concat(rule.localLabels().stream(), rule.remoteLabels().stream())
                            .mapToLong(this::entries)
                            .sum();
        }

        private long entries(String label) {
            if (!looked) {
                looked = true;
                Stream.concat(
                                made.stream(),
                                lookup.users(VmSubnet.class, network)
                                        .flatMap(subnet -> lookup.users(Vm.class, subnet.id())))
                        .distinct()
                        .forEach(this::tally);
            }
            return 1L + byLabel.getOrDefault(label, 0);
        }

        private void tally(Vm vm) {
            int addresses = vm.nics().stream()
                    .filter(nic -> lookup.get(VmSubnet.class, nic.vmSubnetId())
                            .vmNetworkId()
                            .equals(network))
                    .mapToInt(nic -> nic.addresses().size())
                    .sum();
            labels(vm).forEach(label -> byLabel.merge(label, addresses, Integer::sum));
        }
    }
}
