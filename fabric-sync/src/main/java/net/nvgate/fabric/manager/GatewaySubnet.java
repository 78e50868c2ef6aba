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
import net.nvgate.fabric.model.Rules;
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
        String rule = "must be left out without vmSubnetId: it is the second usable one of the routing subnet";
        refuseOther(spec.address(), Optional.of(router.plus(1)), "address", rule);
        refuseOther(spec.address6(), router6.map(first -> first.plus(1)), "address6", rule);
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

    /** The gateway has an address of the VM subnet, of its pools unless one is asked for. */
    static GatewaySubnet shared(Draft draft, VmNetwork network, VmNetworkGatewaySpec spec, UUID vmSubnetId) {
        VmSubnet subnet = draft.named(VmSubnet.class, vmSubnetId, KIND, "vmSubnetId");
        if (!subnet.vmNetworkId().equals(network.id())) {
            throw Draft.refusal(
                    INVALID, KIND, "vmSubnetId", vmSubnetId, "must be the id of a vm-subnet of the same vm-network");
        }
        String rule = "must be left out beside vmSubnetId, which says it";
        refuseOther(spec.routingSubnet(), Optional.of(subnet.prefix()), "routingSubnet", rule);
        refuseOther(spec.routingSubnet6(), subnet.prefix6(), "routingSubnet6", rule);
        refuseOther(spec.vsid(), Optional.of(subnet.vsid()), "vsid", rule);
        refuseOther(spec.routerMac(), Optional.of(subnet.defaultGatewayMac()), "routerMac", rule);
        if (subnet.prefix6().isEmpty()) {
            refuseOther(
                    spec.address6(), Optional.empty(), "address6", "needs a prefix6 of " + draft.describe(subnet.id()));
        }
        return new GatewaySubnet(
                subnet.vsid(),
                subnet.prefix(),
                address(draft, network, subnet.ipPoolId(), subnet.prefix(), spec.address(), "address"),
                subnet.defaultGateway(),
                subnet.defaultGatewayMac(),
                subnet.prefix6(),
                subnet.prefix6()
                        .map(prefix -> address(
                                draft, network, subnet.ipPool6Id().orElseThrow(), prefix, spec.address6(), "address6")),
                subnet.defaultGateway6());
    }

    /** What follows from something else may be said, if it is said right: so an object that comes back says it. */
    private static <T> void refuseOther(Optional<T> given, Optional<T> actual, String field, String rule) {
        if (given.isPresent() && !given.equals(actual)) {
            throw Draft.refusal(INVALID, KIND, field, given.get(), rule);
        }
    }

    private static IpAddress address(
            Draft draft, VmNetwork network, UUID poolId, IpPrefix prefix, Optional<IpAddress> wanted, String field) {
        return wanted.map(given -> Rules.usable(KIND.label(), field, given, prefix))
                .orElseGet(() -> draft.allocation()
                        .address(
                                draft.get(IpPool.class, poolId),
                                free -> UniqueKeys.customerAddress(network.rdid(), free),
                                KIND,
                                field));
    }
}
