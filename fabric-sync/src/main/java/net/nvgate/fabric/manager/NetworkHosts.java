package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;

/**
 * The hosts that a VM network is on: their PAs are in its logical network and of one family, so that they reach each other; its
 * gateway has a PA of that family and serves them. Who puts a VM on a host shares the network's guard, so that they are not in
 * each other's way; who gives it a gateway, or may be the one who decides about the family, passes it alone.
 */
final class NetworkHosts {

    private static final String GUARD = "network-hosts";

    private NetworkHosts() {}

    /** @param comer the VM that is moved, whose present place does not count */
    static void checkPlace(Draft draft, UUID vmNetworkId, Host host, Optional<UUID> comer) {
        VmNetwork network = draft.get(VmNetwork.class, vmNetworkId);
        TenantPlans.checkReach(draft, network, host.paPoolId(), host.id(), Kind.VM, "hostId");
        HostGroups.checkServed(draft, network.id(), host, Kind.VM, "hostId");
        Optional<Host> neighbour = hosts(draft, network.id(), comer).findFirst();
        if (neighbour.isEmpty() && hasBothFamilies(draft, network)) {
            draft.guard(GUARD, network.id());
        } else {
            draft.share(GUARD, network.id());
        }
        neighbour.filter(other -> !sameFamily(other, host)).ifPresent(other -> {
            throw Draft.refusal(
                    INVALID,
                    Kind.VM,
                    "hostId",
                    host.name(),
                    "must be the id of a host with an " + family(other.providerAddress())
                            + " provider address, like host '" + other.name() + "' of the VM network's other VMs");
        });
        draft.index()
                .gatewayOf(network.id())
                .map(VmNetworkGateway::gatewayId)
                .map(id -> draft.get(Gateway.class, id))
                .filter(gateway -> !reaches(gateway, host))
                .ifPresent(gateway -> {
                    throw Draft.refusal(
                            INVALID,
                            Kind.VM,
                            "hostId",
                            host.name(),
                            "must be the id of a host that gateway '" + gateway.name()
                                    + "' of the VM network reaches: it has no " + family(host.providerAddress())
                                    + " provider address");
                });
    }

    /** A gateway that comes to a VM network reaches and serves the hosts that are there. */
    static void checkGateway(Draft draft, VmNetwork network, Gateway gateway) {
        draft.guard(GUARD, network.id());
        HostGroups.checkServes(draft, gateway, network.id());
        hosts(draft, network.id(), Optional.empty())
                .findFirst()
                .filter(host -> !reaches(gateway, host))
                .ifPresent(host -> {
                    throw Draft.refusal(
                            INVALID,
                            Kind.VM_NETWORK_GATEWAY,
                            "gatewayId",
                            gateway.name(),
                            "must be the id of a gateway with an " + family(host.providerAddress())
                                    + " provider address, like host '" + host.name() + "' of the VM network");
                });
    }

    /** Hosts with VMs of the network, some of them several times. */
    private static Stream<Host> hosts(Draft draft, UUID vmNetworkId, Optional<UUID> comer) {
        return TenantPlans.subnets(draft, vmNetworkId)
                .flatMap(subnet -> draft.users(Vm.class, subnet.id()))
                .filter(vm -> !comer.equals(Optional.of(vm.id())))
                .map(vm -> draft.get(Host.class, vm.hostId()));
    }

    private static boolean hasBothFamilies(Draft draft, VmNetwork network) {
        return draft.users(NetworkSite.class, network.logicalNetworkId())
                        .flatMap(site -> draft.users(IpPool.class, site.id()))
                        .map(pool -> pool.prefix().address().bits())
                        .distinct()
                        .count()
                > 1;
    }

    private static boolean sameFamily(Host one, Host other) {
        return one.providerAddress().bits() == other.providerAddress().bits();
    }

    static boolean reaches(Gateway gateway, Host host) {
        return gateway.providerAddresses().stream()
                .anyMatch(pa -> pa.bits() == host.providerAddress().bits());
    }

    private static String family(IpAddress address) {
        return address.bits() == 32 ? "IPv4" : "IPv6";
    }
}
