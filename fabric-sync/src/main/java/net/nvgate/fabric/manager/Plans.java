package net.nvgate.fabric.manager;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.LogicalSwitch;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.UplinkPortProfile;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;

/** Fills a draft for each use case, or refuses it. */
final class Plans {

    private Plans() {}

    static FabricObject run(Draft draft, Operation operation) {
        FabricObject result = carryOut(draft, operation);
        ProviderPlans.settle(draft);
        NetworkLimitPlans.settle(draft);
        NetworkLimitPlans.check(draft);
        Quotas.check(draft);
        AclLimits.check(draft);
        UseGuards.pass(draft);
        return draft.puts(result.id()) ? draft.find(result.id()).orElseThrow() : result;
    }

    private static FabricObject carryOut(Draft draft, Operation operation) {
        return switch (operation) {
            case Operation.Create create -> create(draft, create.spec());
            case Operation.Update update -> {
                checkRevision(draft, update.kind(), update.id(), update.ifRevision());
                yield patch(draft, update.kind(), update.id(), update.patch());
            }
            case Operation.Delete delete -> {
                checkRevision(draft, delete.kind(), delete.id(), delete.ifRevision());
                yield delete(draft, delete.kind(), delete.id());
            }
            case Operation.Reset reset -> {
                UUID id = reset.change().id();
                checkRevision(draft, reset.change().any().kind(), id, reset.ifRevision());
                yield ResetPlans.reset(draft, reset);
            }
            case Operation.Attach attach -> GatewayChoice.attach(draft, attach);
            case Operation.Learn learn -> {
                checkRevision(draft, Kind.VM, learn.vmId(), learn.ifRevision());
                yield NicPlans.learn(draft, learn);
            }
            case Operation.Forget forget -> {
                checkRevision(draft, Kind.VM, forget.vmId(), forget.ifRevision());
                yield NicPlans.forget(draft, forget);
            }
            case Operation.ChangeMac change -> {
                checkRevision(draft, Kind.VM, change.vmId(), change.ifRevision());
                yield NicPlans.changeMac(draft, change);
            }
            case Operation.Drain drain -> {
                checkRevision(draft, Kind.GATEWAY, drain.gatewayId(), drain.ifRevision());
                yield GatewayDrain.run(draft, drain);
            }
            case Operation.Move move -> {
                checkRevision(draft, Kind.VM, move.vmId(), move.ifRevision());
                yield WorkloadPlans.move(draft, move.vmId(), move.hostId());
            }
        };
    }

    private static void checkRevision(Draft draft, Kind kind, UUID id, Optional<Long> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        long actual = draft.existing(kind.type(), id).changedRevision();
        if (actual != wanted.get()) {
            throw new FabricException(
                    FabricException.Code.CHANGED,
                    kind.label(),
                    null,
                    draft.describe(id) + " was changed by revision " + actual + ", not last by " + wanted.get());
        }
    }

    static FabricObject create(Draft draft, FabricSpec<?> spec) {
        return switch (spec) {
            case FabricSpec.HostGroupSpec s -> HostGroups.hostGroup(draft, s);
            case FabricSpec.LogicalNetworkSpec s -> SitePlans.logicalNetwork(draft, s);
            case FabricSpec.NetworkSiteSpec s -> SitePlans.networkSite(draft, s);
            case FabricSpec.IpPoolSpec s -> PoolPlans.ipPool(draft, s);
            case PortSpec.PortProfileSpec s -> PortPlans.portProfile(draft, s);
            case PortSpec.PortClassificationSpec s -> PortPlans.portClassification(draft, s);
            case PortSpec.UplinkPortProfileSpec s -> PortPlans.uplinkPortProfile(draft, s);
            case PortSpec.LogicalSwitchSpec s -> PortPlans.logicalSwitch(draft, s);
            case PhysicalSpec.AddressGrantSpec s -> PoolPlans.addressGrant(draft, s);
            case PhysicalSpec.MacPoolSpec s -> MacPlans.macPool(draft, s);
            case PhysicalSpec.MacGrantSpec s -> MacPlans.macGrant(draft, s);
            case FabricSpec.HostSpec s -> PhysicalPlans.host(draft, s);
            case FabricSpec.GatewaySpec s -> PhysicalPlans.gateway(draft, s);
            case TenancySpec.CloudSpec s -> TenancyPlans.cloud(draft, s);
            case TenancySpec.PlanSpec s -> TenancyPlans.plan(draft, s);
            case TenancySpec.SubscriptionSpec s -> TenancyPlans.subscription(draft, s);
            case FabricSpec.VmNetworkSpec s -> VmNetworkPlans.vmNetwork(draft, s);
            case TenantSpec.VmSubnetSpec s -> TenantPlans.vmSubnet(draft, s);
            case TenantSpec.VmNetworkGatewaySpec s -> TenantPlans.vmNetworkGateway(draft, s);
            case TenantSpec.ProviderAddressSpec s -> ProviderPlans.providerAddress(draft, s);
            case FabricSpec.VmSpec s -> WorkloadPlans.vm(draft, s);
            case NatSpec.NatConnectionSpec s -> NatPlans.natConnection(draft, s);
            case NatSpec.NatRuleSpec s -> NatPlans.natRule(draft, s);
            case NatSpec.NatOneToOneSpec s -> NatPlans.natOneToOne(draft, s);
            case NatSpec.NatExemptionSpec s -> NatPlans.natExemption(draft, s);
            case TenantSpec.TenantInterfaceSpec s -> RoutingPlans.tenantInterface(draft, s);
            case TenantSpec.VmNetworkPeeringSpec s -> RoutingPlans.vmNetworkPeering(draft, s);
            case AclSpec.AddressSetSpec s -> AclPlans.addressSet(draft, s);
            case AclSpec.PortAclSpec s -> AclPlans.portAcl(draft, s);
        };
    }

    static FabricObject patch(Draft draft, Kind kind, UUID id, Patch patch) {
        FabricObject before = draft.existing(kind.type(), id);
        FabricObject after =
                TenantPlans.withIpv6(draft, patch.of(before, fields -> TenantPlans.completed(draft, before, fields)));
        if (after.equals(before)) {
            return before;
        }
        if (!after.name().equals(before.name())) {
            Rules.visible(kind.label(), "name", after.name());
        }
        if (!after.equals(before.withMeta(after.meta()))) {
            check(draft, before, after);
        }
        Companions.rename(draft, before, after);
        return draft.put(after);
    }

    /**
     * The rules of an object that can be changed, besides those of its fields. What only gets another name, description or labels
     * is not asked again whether it keeps rules of which something else may have changed since.
     */
    private static void check(Draft draft, FabricObject before, FabricObject after) {
        switch (after) {
            case HostGroup group -> HostGroups.move(draft, group);
            case IpPool pool -> PoolPlans.check(draft, pool);
            case MacPool pool -> MacPlans.check(draft, pool);
            case LogicalNetwork network -> SitePlans.check(draft, network);
            case NetworkSite site -> SitePlans.check(draft, (NetworkSite) before, site);
            case Host host -> HostGroups.check(draft, host);
            case UplinkPortProfile profile -> {
                PortPlans.check(draft, profile);
                HostSwitches.checkUsers(draft, profile);
            }
            case LogicalSwitch logicalSwitch -> {
                PortPlans.check(draft, logicalSwitch);
                HostSwitches.checkUsers(draft, logicalSwitch);
            }
            case Cloud cloud -> TenancyPlans.check(draft, cloud);
            case Subscription subscription -> TenancyPlans.check(draft, subscription);
            case VmNetwork network -> VmNetworkPlans.check(draft, network);
            case Vm vm -> {
                if (!vm.subscriptionId().equals(((Vm) before).subscriptionId())) {
                    TenancyRules.check(draft, vm);
                }
            }
            case NatConnection connection -> NatPlans.check(draft, connection);
            case NatRule rule -> NatPlans.check(draft, rule);
            case NatOneToOne one -> NatPlans.check(draft, one);
            case NatExemption exemption -> NatPlans.check(draft, exemption);
            case TenantInterface tenant -> RoutingPlans.check(draft, tenant);
            case VmNetworkPeering peering -> RoutingPlans.check(draft, peering);
            case PortAcl acl -> AclPlans.check(draft, acl);
            case VmNetworkGateway gateway -> {
                if (gateway.gatewayId().equals(((VmNetworkGateway) before).gatewayId())) {
                    RoutingPlans.check(draft, gateway);
                } else {
                    GatewayMoves.patch(draft, (VmNetworkGateway) before, gateway);
                }
            }
            default -> {}
        }
    }

    /** What came with the object goes with it, see {@link Companions}; anything else that is needed stays. */
    static FabricObject delete(Draft draft, Kind kind, UUID id) {
        FabricObject object = draft.existing(kind.type(), id);
        Set<UUID> users = new HashSet<>(draft.index().users(id));
        List<FabricObject> going = Companions.going(draft, object);
        draft.delete(object);
        for (FabricObject companion : going) {
            draft.delete(companion);
            users.addAll(draft.index().users(companion.id()));
        }
        users.remove(id);
        going.forEach(companion -> users.remove(companion.id()));
        if (!users.isEmpty()) {
            throw inUse(draft, object, users);
        }
        return object;
    }

    /** @param ids of the users, one at least */
    static FabricException inUse(Draft draft, FabricObject object, Set<UUID> ids) {
        List<ObjectUser> users = ids.stream()
                .map(user -> ObjectUser.of(draft.find(user).orElseThrow()))
                .sorted((a, b) -> (a.kind() + "/" + a.name()).compareTo(b.kind() + "/" + b.name()))
                .limit(FabricException.USERS_MAX)
                .toList();
        ObjectUser first = users.getFirst();
        String others = ids.size() == 1 ? "" : " and " + (ids.size() - 1) + " more";
        return new FabricException(
                FabricException.Code.IN_USE,
                object.kind().label(),
                null,
                draft.describe(object.id()) + " is in use by " + first.kind() + " '" + first.name() + "'" + others,
                users);
    }
}
