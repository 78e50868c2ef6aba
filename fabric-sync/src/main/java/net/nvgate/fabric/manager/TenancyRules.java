package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;

/** Where a subscription's objects may be: in the cloud of its plan, and on networks that are its own or granted to it. */
final class TenancyRules {

    private TenancyRules() {}

    static Cloud cloud(ObjectLookup lookup, Subscription subscription) {
        return lookup.get(
                Cloud.class, lookup.get(Plan.class, subscription.planId()).cloudId());
    }

    /**
     * A VM network that comes to another owner, or is made: it is in the owner's cloud, and the owner before has no VMs there
     * unless it is granted to him.
     */
    static void checkOwner(Draft draft, VmNetwork network, Optional<UUID> ownerBefore) {
        Kind kind = Kind.VM_NETWORK;
        network.subscriptionId().ifPresent(id -> {
            Cloud cloud = cloud(draft, draft.named(Subscription.class, id, kind, "subscriptionId"));
            require(cloud, cloud.logicalNetworkIds(), network.logicalNetworkId(), kind, "logicalNetworkId");
        });
        Set<UUID> strangers = ownerBefore.filter(id -> !network.isOpenTo(id)).stream()
                .flatMap(id -> vms(draft, network)
                        .filter(vm -> vm.subscriptionId().filter(id::equals).isPresent()))
                .map(Vm::id)
                .collect(Collectors.toSet());
        if (!strangers.isEmpty()) {
            throw Plans.inUse(draft, network, strangers);
        }
    }

    private static Stream<Vm> vms(Draft draft, VmNetwork network) {
        return TenantPlans.subnets(draft, network.id()).flatMap(subnet -> draft.users(Vm.class, subnet.id()));
    }

    /** Where a VM is, and where its NICs are. */
    static void check(Draft draft, Vm vm) {
        if (vm.subscriptionId().isEmpty()) {
            return;
        }
        Kind kind = Kind.VM;
        UUID id = vm.subscriptionId().get();
        Cloud cloud = cloud(draft, draft.named(Subscription.class, id, kind, "subscriptionId"));
        checkHost(draft, cloud, draft.get(Host.class, vm.hostId()));
        for (Vm.Nic nic : vm.nics()) {
            VmNetwork network = draft.get(
                    VmNetwork.class, draft.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId());
            if (!network.isOpenTo(id)) {
                throw Draft.refusal(
                        INVALID,
                        kind,
                        "nics.vmSubnetId",
                        nic.vmSubnetId(),
                        "must be of a vm-network of, or granted to, " + draft.describe(id));
            }
            nic.portClassificationId()
                    .ifPresent(classification -> require(
                            cloud, cloud.portClassificationIds(), classification, kind, "nics.portClassificationId"));
        }
    }

    private static void checkHost(Draft draft, Cloud cloud, Host host) {
        if (!cloud.hostGroupIds().isEmpty()) {
            HostGroups.look(draft);
        }
        if (!admits(draft, cloud, host)) {
            throw outside(cloud, host.id(), Kind.VM, "hostId");
        }
    }

    /** Whether VMs of the cloud can be on a host. */
    static boolean admits(ObjectLookup lookup, Cloud cloud, Host host) {
        boolean byGroup = cloud.hostGroupIds().isEmpty()
                ? cloud.hostIds().isEmpty()
                : HostGroups.covers(lookup, cloud.hostGroupIds(), host.hostGroupId());
        return byGroup || cloud.hostIds().contains(host.id());
    }

    /** An empty list admits all. */
    private static void require(Cloud cloud, List<UUID> admitted, UUID id, Kind kind, String field) {
        if (!admitted.isEmpty() && !admitted.contains(id)) {
            throw outside(cloud, id, kind, field);
        }
    }

    private static FabricException outside(Cloud cloud, UUID id, Kind kind, String field) {
        return Draft.refusal(INVALID, kind, field, id, "must be in cloud '" + cloud.name() + "'");
    }
}
