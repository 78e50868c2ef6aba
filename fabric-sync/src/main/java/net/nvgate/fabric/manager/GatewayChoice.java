package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.EXHAUSTED;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.manager.TenantSpec.VmNetworkGatewaySpec;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;

/**
 * Which gateway a VM network gets when nobody says: of those on its logical network with a PA of its paFamily, room, and in reach of
 * the hosts where its owner's VMs can be, the one that serves most of these hosts, and of equals the one with the fewest VM networks.
 */
final class GatewayChoice {

    private final Draft draft;
    private final VmNetwork network;
    private final Optional<Cloud> cloud;

    /** How many hosts there are of each sort. */
    private final Map<Sort, Long> hosts;

    /** What of a host says which gateways serve it. */
    private record Sort(Optional<UUID> hostGroupId, boolean ipv6) {}

    private GatewayChoice(Draft draft, VmNetwork network) {
        this.draft = draft;
        this.network = network;
        cloud = network.subscriptionId()
                .flatMap(id -> draft.find(Subscription.class, id))
                .map(subscription -> TenancyRules.cloud(draft, subscription));
        hosts = draft.index().all(Kind.HOST).stream()
                .map(Host.class::cast)
                .filter(host -> isOfNetwork(host.paPoolId()))
                .filter(host -> cloud.map(admitting -> TenancyRules.admits(draft, admitting, host))
                        .orElse(true))
                .collect(Collectors.groupingBy(
                        host -> new Sort(
                                host.hostGroupId(), host.providerAddress().bits() == 128),
                        Collectors.counting()));
    }

    static VmNetworkGateway attach(Draft draft, Operation.Attach attach) {
        VmNetwork network = draft.named(VmNetwork.class, attach.vmNetworkId(), Kind.VM_NETWORK_GATEWAY, "vmNetworkId");
        UUID gateway = new GatewayChoice(draft, network).best();
        return TenantPlans.vmNetworkGateway(draft, VmNetworkGatewaySpec.of(attach.meta(), network.id(), gateway));
    }

    private UUID best() {
        return draft.index().all(Kind.GATEWAY).stream()
                .map(Gateway.class::cast)
                .filter(gateway -> !gateway.draining())
                .filter(gateway -> !gateway.directRouting() && isOfNetwork(gateway.paPoolId()) && hasFamily(gateway))
                .filter(gateway -> networks(gateway) < gateway.maxVmNetworks())
                .filter(gateway -> hosts.isEmpty() ? mayServe(gateway) : served(gateway) > 0)
                .min(Comparator.comparingLong((Gateway gateway) -> -served(gateway))
                        .thenComparingLong(this::networks)
                        .thenComparing(Gateway::name))
                .map(Gateway::id)
                .orElseThrow(() -> new FabricException(
                        EXHAUSTED,
                        VirtualNetworkSpec.OBJECT,
                        "gatewayId",
                        "no gateway on logical-network '"
                                + draft.get(LogicalNetwork.class, network.logicalNetworkId())
                                        .name()
                                + "' that serves the hosts of the tenant's cloud has room for another VM network"));
    }

    private boolean isOfNetwork(UUID paPoolId) {
        return PhysicalPlans.logicalNetwork(draft, draft.get(IpPool.class, paPoolId))
                .id()
                .equals(network.logicalNetworkId());
    }

    private boolean hasFamily(Gateway gateway) {
        return gateway.providerAddresses().stream().anyMatch(network.paFamily()::admits);
    }

    private long networks(Gateway gateway) {
        return draft.users(VmNetworkGateway.class, gateway.id()).count();
    }

    private long served(Gateway gateway) {
        return hosts.entrySet().stream()
                .filter(entry -> serves(gateway, entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private boolean serves(Gateway gateway, Sort host) {
        return gateway.providerAddresses().stream()
                        .anyMatch(pa -> (pa.bits() == 128) == host.ipv6()
                                && network.paFamily().admits(pa))
                && HostGroups.covers(draft, gateway.hostGroupIds(), host.hostGroupId());
    }

    /** Of a gateway where there are no hosts yet. */
    private boolean mayServe(Gateway gateway) {
        return cloud.map(admitting -> !admitting.hostIds().isEmpty()
                        || HostGroups.meet(draft, gateway.hostGroupIds(), admitting.hostGroupIds()))
                .orElse(true);
    }
}
