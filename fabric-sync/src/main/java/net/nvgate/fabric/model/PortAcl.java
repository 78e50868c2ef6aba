package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * An access list that the gateway keeps for VMs of a VM network ({@code New-SCPortACL}). Stateful: a rule decides on the first packet of
 * a flow, the flow's other packets follow it either way. Of several lists of a VM each must let a flow in or out.
 *
 * @param provider the provider's list: it comes first, and tenants neither see nor change it
 * @param vmSubnetIds the list is for addresses in these VM subnets, at most {@link #VM_SUBNETS_MAX}
 * @param vmLabels and for VMs with one of these labels, {@code key=value}; with neither subnets nor labels it is for the VM network
 * @param defaultInboundAction of flows to a VM that no rule matches; likewise {@code defaultOutboundAction} from it
 * @param rules at most {@link #RULES_MAX}, kept in order of their priorities
 */
public record PortAcl(
        @JsonUnwrapped Meta meta,
        UUID vmNetworkId,
        boolean provider,
        List<UUID> vmSubnetIds,
        List<String> vmLabels,
        AclAction defaultInboundAction,
        AclAction defaultOutboundAction,
        List<PortAclRule> rules)
        implements FabricObject {

    public static final int RULES_MAX = Rules.LIST_LENGTH_MAX;

    /** In policy a VM subnet is a prefix of each family, and a list of those has no more than others. */
    public static final int VM_SUBNETS_MAX = Rules.LIST_LENGTH_MAX / 2;

    public PortAcl {
        String kind = Kind.PORT_ACL.label();
        Rules.meta(Kind.PORT_ACL, meta);
        Rules.required(kind, "vmNetworkId", vmNetworkId);
        vmSubnetIds = Rules.distinct(kind, "vmSubnetIds", vmSubnetIds);
        if (vmSubnetIds.size() > VM_SUBNETS_MAX) {
            throw new ModelException(
                    kind, "vmSubnetIds", vmSubnetIds.size() + " entries", "must have at most " + VM_SUBNETS_MAX);
        }
        vmLabels = PortAclRule.labels("vmLabels", vmLabels);
        Rules.required(kind, "defaultInboundAction", defaultInboundAction);
        Rules.required(kind, "defaultOutboundAction", defaultOutboundAction);
        rules = Rules.list(kind, "rules", rules).stream()
                .sorted(Comparator.comparingInt(PortAclRule::priority))
                .toList();
        for (int i = 1; i < rules.size(); i++) {
            int priority = rules.get(i).priority();
            if (rules.get(i - 1).priority() == priority) {
                throw new ModelException(kind, "rules.priority", priority, "must be that of one rule only");
            }
        }
    }

    /** The address sets that rules name. */
    public Set<UUID> addressSetIds() {
        Set<UUID> sets = new HashSet<>();
        rules.forEach(rule -> {
            sets.addAll(rule.localAddressSetIds());
            sets.addAll(rule.remoteAddressSetIds());
        });
        return sets;
    }

    /** Bytes that the list takes in policy, at most. */
    public long policyBytesMax() {
        return 1024L
                + vmSubnetIds.size() * 2L * PortAclRule.PREFIX_BYTES
                + PortAclRule.labelBytes(vmLabels)
                + rules.stream().mapToLong(PortAclRule::policyBytesMax).sum();
    }

    @Override
    public Kind kind() {
        return Kind.PORT_ACL;
    }

    @Override
    public Set<UUID> references() {
        Set<UUID> references = addressSetIds();
        references.add(vmNetworkId);
        references.addAll(vmSubnetIds);
        return Set.copyOf(references);
    }

    @Override
    public PortAcl withMeta(Meta meta) {
        return new PortAcl(
                meta, vmNetworkId, provider, vmSubnetIds, vmLabels, defaultInboundAction, defaultOutboundAction, rules);
    }
}
