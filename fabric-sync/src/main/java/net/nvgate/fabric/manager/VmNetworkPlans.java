package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.alloc.Uuids;
import net.nvgate.fabric.manager.FabricSpec.VmNetworkSpec;
import net.nvgate.fabric.manager.TenantSpec.VmSubnetSpec;
import net.nvgate.fabric.model.AddressFamily;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetwork.IsolationType;

/** Rules of VM networks. */
final class VmNetworkPlans {

    /** What {@code autoCreateSubnet} makes. */
    static final IpPrefix AUTO_PREFIX = IpPrefix.parse("192.168.0.0/24");

    static final IpPrefix AUTO_PREFIX6 = IpPrefix.parse("fd00::/64");

    private VmNetworkPlans() {}

    static VmNetwork vmNetwork(Draft draft, VmNetworkSpec spec) {
        LogicalNetwork network =
                draft.named(LogicalNetwork.class, spec.logicalNetworkId(), Kind.VM_NETWORK, "logicalNetworkId");
        draft.share(SitePlans.NETWORK, network.id());
        VmNetwork made = new VmNetwork(
                draft.meta(spec),
                network.id(),
                spec.rdid().orElseGet(() -> Uuids.random(draft.allocation().random())),
                spec.isolationType().orElse(null),
                spec.subscriptionId(),
                spec.grantedTo(),
                spec.caFamily().orElse(null),
                spec.paFamily().orElse(null));
        checkIsolation(made, network);
        check(draft, made);
        draft.put(made);
        if (spec.autoCreateSubnet().orElse(false)) {
            createSubnet(draft, made);
        }
        return made;
    }

    /** The VM network by which VMs are on a logical network directly, with its name. */
    static void direct(Draft draft, LogicalNetwork network) {
        draft.put(new VmNetwork(
                Meta.of(
                        Companions.id(draft, network.id(), Companions.Role.SAME_NAME_VM_NETWORK),
                        network.name(),
                        "",
                        Companions.labels(network.meta().labels())),
                network.id(),
                Uuids.random(draft.allocation().random()),
                IsolationType.NO_ISOLATION,
                Optional.empty(),
                List.of(),
                null,
                null));
    }

    private static void createSubnet(Draft draft, VmNetwork network) {
        boolean ipv6 = network.caFamily() == AddressFamily.IPV6;
        TenantPlans.vmSubnet(
                draft,
                new VmSubnetSpec(
                        new SpecMeta(
                                network.name(),
                                "",
                                Companions.labels(network.meta().labels()),
                                Optional.of(Companions.id(draft, network.id(), Companions.Role.AUTO_SUBNET))),
                        network.id(),
                        ipv6 ? AUTO_PREFIX6 : AUTO_PREFIX,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static void checkIsolation(VmNetwork made, LogicalNetwork network) {
        boolean wanted = switch (made.isolationType()) {
            case WINDOWS_NETWORK_VIRTUALIZATION -> network.networkVirtualization();
            case NO_ISOLATION -> network.mode() == LogicalNetwork.Mode.ONE_CONNECTED;
            case VLAN -> network.mode() != LogicalNetwork.Mode.ONE_CONNECTED;
            case EXTERNAL -> !network.networkVirtualization();
        };
        if (!wanted) {
            String rule = switch (made.isolationType()) {
                case WINDOWS_NETWORK_VIRTUALIZATION -> "with networkVirtualization";
                case NO_ISOLATION -> "with mode ONE_CONNECTED";
                case VLAN -> "with mode VLAN_INDEPENDENT or PVLAN";
                case EXTERNAL -> "without networkVirtualization";
            };
            throw Draft.refusal(
                    INVALID,
                    Kind.VM_NETWORK,
                    "logicalNetworkId",
                    network.id(),
                    "must be the id of a logical-network " + rule + " for isolationType " + made.isolationType());
        }
    }

    static void check(Draft draft, VmNetwork network) {
        for (UUID id : network.grantedTo()) {
            draft.named(Subscription.class, id, Kind.VM_NETWORK, "grantedTo");
        }
        Optional<UUID> before =
                draft.index().find(VmNetwork.class, network.id()).flatMap(VmNetwork::subscriptionId);
        if (!before.equals(network.subscriptionId())) {
            TenancyRules.checkOwner(draft, network, before);
        }
    }

    /** A VM network that has VM subnets and a gateway. */
    static VmNetwork virtualized(Draft draft, UUID id, Kind kind) {
        VmNetwork network = draft.named(VmNetwork.class, id, kind, "vmNetworkId");
        if (network.isolationType() != IsolationType.WINDOWS_NETWORK_VIRTUALIZATION) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "vmNetworkId",
                    id,
                    "must be the id of a vm-network with isolationType "
                            + IsolationType.WINDOWS_NETWORK_VIRTUALIZATION);
        }
        return network;
    }

    static void checkFamily(VmNetwork network, IpPrefix prefix, Kind kind, String field) {
        if (!network.caFamily().admits(prefix.address())) {
            throw Draft.refusal(INVALID, kind, field, prefix, "must be of the caFamily " + network.caFamily());
        }
    }
}
