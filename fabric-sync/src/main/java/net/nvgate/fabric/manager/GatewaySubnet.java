package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.TenantSpec.VmNetworkGatewaySpec;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.Vsid;

/**
 * Where a VM network's gateway is among its tenant's subnets: in a virtual subnet of its own with the distributed router, as
 * HNV of 2012 R2 wants an external gateway to be, or in a VM subnet, with the VMs' VSID.
 */
record GatewaySubnet(
        Vsid vsid,
        IpPrefix prefix,
        IpAddress address,
        IpAddress router,
        MacAddress routerMac,
        Optional<IpPrefix> prefix6,
        Optional<IpAddress> address6,
        Optional<IpAddress> router6) {

    private static final Kind KIND = Kind.VM_NETWORK_GATEWAY;

    /** The router has the first usable address, the gateway the second. */
    static GatewaySubnet own(Draft draft, VmNetworkGatewaySpec spec, boolean ipv6) {
        IpPrefix prefix = spec.routingSubnet().orElse(VmNetworkGateway.ROUTING_SUBNET_DEFAULT);
        if (prefix.address().bits() != 32) {
            throw Draft.refusal(INVALID, KIND, "routingSubnet", prefix, "must be IPv4");
        }
        Optional<IpPrefix> prefix6 = spec.routingSubnet6()
                .or(() -> ipv6 ? Optional.of(VmNetworkGateway.ROUTING_SUBNET6_DEFAULT) : Optional.empty());
        IpAddress router = PhysicalPlans.firstUsable(prefix);
        Optional<IpAddress> router6 = prefix6.map(PhysicalPlans::firstUsable);
        return new GatewaySubnet(
                spec.vsid().orElseGet(() -> draft.allocation().vsid(KIND)),
                prefix,
                router.plus(1),
                router,
                spec.routerMac().orElseGet(() -> draft.allocation().mac(KIND, "routerMac")),
                prefix6,
                router6.map(first -> first.plus(1)),
                router6);
    }

    /** The gateway has an address of the VM subnet's pools. */
    static GatewaySubnet shared(Draft draft, VmNetwork network, VmNetworkGatewaySpec spec, UUID vmSubnetId) {
        VmSubnet subnet = draft.named(VmSubnet.class, vmSubnetId, KIND, "vmSubnetId");
        if (!subnet.vmNetworkId().equals(network.id())) {
            throw Draft.refusal(
                    INVALID, KIND, "vmSubnetId", vmSubnetId, "must be the id of a vm-subnet of the same vm-network");
        }
        refuse(spec.routingSubnet(), "routingSubnet");
        refuse(spec.routingSubnet6(), "routingSubnet6");
        refuse(spec.vsid(), "vsid");
        refuse(spec.routerMac(), "routerMac");
        return new GatewaySubnet(
                subnet.vsid(),
                subnet.prefix(),
                address(draft, network, subnet.ipPoolId(), "address"),
                subnet.defaultGateway(),
                subnet.defaultGatewayMac(),
                subnet.prefix6(),
                subnet.ipPool6Id().map(pool -> address(draft, network, pool, "address6")),
                subnet.defaultGateway6());
    }

    private static void refuse(Optional<?> given, String field) {
        given.ifPresent(value -> {
            throw Draft.refusal(INVALID, KIND, field, value, "must be left out beside vmSubnetId, which says it");
        });
    }

    private static IpAddress address(Draft draft, VmNetwork network, UUID poolId, String field) {
        return draft.allocation()
                .address(
                        draft.get(IpPool.class, poolId),
                        free -> UniqueKeys.customerAddress(network.rdid(), free),
                        KIND,
                        field);
    }
}
