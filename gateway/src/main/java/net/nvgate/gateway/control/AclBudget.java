package net.nvgate.gateway.control;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;

/**
 * How much compiled port ACLs may take. The manager keeps each VM network small; labels of VMs may mean more than it saw, and many VM
 * networks may be too much for this gateway. Lists that do not fit deny every flow of those they are for: a gateway out of memory would
 * be down for all tenants, and one that lets the list go would be open.
 */
final class AclBudget {

    /** Of one VM network, rules and what they and the lists' labels mean: twice what the manager allows. */
    static final int ENTRIES_MAX = 1 << 17;

    /** What one VM network has in any case. */
    static final long SMALL_BYTES = 1 << 20;

    private final long bytesMax;
    private long bytes;

    /** @param bytesMax of all VM networks that have more than {@link #SMALL_BYTES} */
    AclBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** True if one VM network's lists, now of other size, fit beside the others'. */
    boolean fits(long before, long after) {
        return after <= SMALL_BYTES || bytes - before + after <= bytesMax;
    }

    void replace(long before, long after) {
        bytes += after - before;
    }

    /** Rules and resolved addresses, ports included; never overflows. */
    static long entries(
            Collection<PortAcl> lists, Function<UUID, List<IpPrefix>> sets, Function<String, List<IpPrefix>> labels) {
        long entries = 0;
        for (PortAcl list : lists) {
            entries += scope(list, labels);
            for (PortAclRule rule : list.rules()) {
                entries += entries(rule, sets, labels);
            }
        }
        return entries;
    }

    private static long entries(
            PortAclRule rule, Function<UUID, List<IpPrefix>> sets, Function<String, List<IpPrefix>> labels) {
        return 1L
                + rule.localAddressPrefixes().size()
                + rule.remoteAddressPrefixes().size()
                + rule.localPortRanges().size()
                + rule.remotePortRanges().size()
                + size(rule.localAddressSetIds(), sets)
                + size(rule.remoteAddressSetIds(), sets)
                + size(rule.localLabels(), labels)
                + size(rule.remoteLabels(), labels);
    }

    private static long scope(PortAcl list, Function<String, List<IpPrefix>> labels) {
        return list.prefixes().size() + size(list.labels(), labels);
    }

    private static <T> long size(Collection<T> names, Function<T, List<IpPrefix>> meaning) {
        return names.stream().mapToLong(name -> meaning.apply(name).size()).sum();
    }

    /** The same lists without rules, so that each denies every flow of those it is for. */
    static List<PortAcl> closed(Collection<PortAcl> lists, Function<String, List<IpPrefix>> labels) {
        boolean scopesFit =
                lists.stream().mapToLong(list -> scope(list, labels)).sum() <= ENTRIES_MAX;
        return lists.stream()
                .map(list -> new PortAcl(
                        list.id(),
                        list.rdid(),
                        list.name(),
                        list.provider(),
                        scopesFit ? list.prefixes() : List.of(),
                        scopesFit ? list.labels() : List.of(),
                        AclAction.DENY,
                        AclAction.DENY,
                        List.of()))
                .toList();
    }
}
