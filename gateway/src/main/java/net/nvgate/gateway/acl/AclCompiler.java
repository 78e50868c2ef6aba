package net.nvgate.gateway.acl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;

/** From the lists of a VM network, its address sets and its VMs' labels to what workers ask. Pure. */
public final class AclCompiler {

    /** The provider's lists come first; the order of the others is that of their names and does not matter but for who is named. */
    private static final Comparator<PortAcl> ORDER = Comparator.comparing(PortAcl::provider)
            .reversed()
            .thenComparing(PortAcl::name)
            .thenComparing(PortAcl::id);

    private final Function<UUID, List<IpPrefix>> sets;
    private final Function<String, List<IpPrefix>> labels;
    private final AclSlots slots;

    /**
     * @param sets prefixes of an address set, empty if there is none
     * @param labels CAs of the VMs that have a label {@code key=value}
     */
    public AclCompiler(Function<UUID, List<IpPrefix>> sets, Function<String, List<IpPrefix>> labels, AclSlots slots) {
        this.sets = sets;
        this.labels = labels;
        this.slots = slots;
    }

    public TenantAcl compile(Iterable<PortAcl> lists) {
        List<PortAcl> ordered = new ArrayList<>();
        lists.forEach(ordered::add);
        ordered.sort(ORDER);
        return new TenantAcl(
                ordered.stream().map(acl -> list(acl, AclDirection.INBOUND)).toList(),
                ordered.stream().map(acl -> list(acl, AclDirection.OUTBOUND)).toList(),
                ordered.stream().map(this::scope).toList());
    }

    private AclList list(PortAcl acl, AclDirection direction) {
        return new AclList(
                acl,
                direction,
                acl.rules().stream()
                        .filter(rule -> rule.direction() == direction)
                        .sorted(Comparator.comparingInt(PortAclRule::priority))
                        .map(this::resolved)
                        .toList(),
                slots);
    }

    private RuleTable.Rule resolved(PortAclRule rule) {
        return new RuleTable.Rule(
                rule,
                rule.matchesAnyLocal()
                        ? null
                        : union(rule.localAddressPrefixes(), rule.localAddressSetIds(), rule.localLabels()),
                rule.matchesAnyRemote()
                        ? null
                        : union(rule.remoteAddressPrefixes(), rule.remoteAddressSetIds(), rule.remoteLabels()));
    }

    private TenantAcl.Scope scope(PortAcl acl) {
        return new TenantAcl.Scope(acl.coversAll(), union(acl.prefixes(), List.of(), acl.labels()));
    }

    private List<IpPrefix> union(List<IpPrefix> prefixes, List<UUID> setIds, List<String> names) {
        return Stream.of(
                        prefixes.stream(),
                        setIds.stream().flatMap(id -> sets.apply(id).stream()),
                        names.stream().flatMap(label -> labels.apply(label).stream()))
                .flatMap(part -> part)
                .toList();
    }
}
