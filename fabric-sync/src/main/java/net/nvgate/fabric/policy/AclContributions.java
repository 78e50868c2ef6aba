package net.nvgate.fabric.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Labels;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyObject.AclAddresses;

/**
 * Policy of port ACLs. A list names sets and labels, and the gateway looks up what they mean: so a change of a set or of a VM is no
 * change of the lists.
 */
final class AclContributions {

    private AclContributions() {}

    static Contribution addressSet(AddressSet set, ModelView model) {
        return new Contribution(
                Section.gatewayOf(set.vmNetworkId()),
                new AclAddresses(set.id(), rdid(set.vmNetworkId(), model), List.of(), set.prefixes()));
    }

    /** Prefixes of a VM subnet never change. */
    static Contribution portAcl(PortAcl acl, ModelView model) {
        List<IpPrefix> prefixes = acl.vmSubnetIds().stream()
                .flatMap(id -> model.get(VmSubnet.class, id).prefixes().stream())
                .toList();
        return new Contribution(
                Section.gatewayOf(acl.vmNetworkId()),
                new PolicyObject.PortAcl(
                        acl.id(),
                        rdid(acl.vmNetworkId(), model),
                        acl.name(),
                        acl.provider(),
                        prefixes,
                        acl.vmLabels(),
                        acl.defaultInboundAction(),
                        acl.defaultOutboundAction(),
                        acl.rules()));
    }

    /** For each VM network of a VM, its CAs there; nothing of a VM without labels. */
    static List<Contribution> labels(Vm vm, ModelView model) {
        List<String> labels = vm.meta().labels().entrySet().stream()
                .filter(label -> !label.getKey().equals(Labels.APPLIED_BY))
                .map(label -> label.getKey() + "=" + label.getValue())
                .toList();
        if (labels.isEmpty()) {
            return List.of();
        }
        Map<UUID, Set<IpPrefix>> addresses = new LinkedHashMap<>();
        for (Vm.Nic nic : vm.nics()) {
            UUID network = model.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId();
            Stream.concat(nic.recordedAddresses().stream(), nic.learnedAddresses().stream())
                    .map(address -> IpPrefix.of(address, address.bits()))
                    .forEach(prefix -> addresses
                            .computeIfAbsent(network, _ -> new LinkedHashSet<>())
                            .add(prefix));
        }
        List<Contribution> policy = new ArrayList<>();
        addresses.forEach((network, prefixes) -> policy.add(new Contribution(
                Section.gatewayOf(network),
                new AclAddresses(vm.id(), rdid(network, model), labels, List.copyOf(prefixes)))));
        return policy;
    }

    private static UUID rdid(UUID vmNetworkId, ModelView model) {
        return model.get(VmNetwork.class, vmNetworkId).rdid();
    }
}
