package net.nvgate.fabric.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;

/** Prefixes, pools, and the places of addresses and gateways. */
final class AddressRules {

    private final Content content;

    private AddressRules(Content content) {
        this.content = content;
    }

    static void check(Content content) {
        AddressRules rules = new AddressRules(content);
        rules.references();
        rules.domains();
        rules.pools();
        rules.addressesInPools();
        rules.gateways();
        rules.providerAddresses();
    }

    private static void require(boolean holds, String rule, Object... who) {
        if (!holds) {
            throw new AssertionError(rule + ": " + List.of(who));
        }
    }

    private void references() {
        for (FabricObject object : content.objects().values()) {
            for (UUID id : object.references()) {
                require(content.find(id).isPresent(), "refers to " + id + ", which is not there", object);
            }
        }
    }

    private record Held(IpPrefix prefix, FabricObject by) {}

    /** Within a VM network an address means one thing. */
    private void domains() {
        Map<UUID, List<Held>> domains = new HashMap<>();
        for (VmSubnet subnet : content.all(VmSubnet.class)) {
            hold(domains, subnet.vmNetworkId(), subnet.prefixes(), subnet);
        }
        for (VmNetworkGateway gateway : content.all(VmNetworkGateway.class)) {
            List<IpPrefix> prefixes = new ArrayList<>();
            if (gateway.vmSubnetId().isEmpty()) {
                prefixes.add(gateway.routingSubnet());
                gateway.routingSubnet6().ifPresent(prefixes::add);
            }
            gateway.nat64Prefix().ifPresent(prefixes::add);
            hold(domains, gateway.vmNetworkId(), prefixes, gateway);
        }
        for (TenantInterface tenant : content.all(TenantInterface.class)) {
            UUID network = content.get(VmNetworkGateway.class, tenant.vmNetworkGatewayId())
                    .vmNetworkId();
            hold(domains, network, tenant.subnets(), tenant);
        }
        for (VmNetworkPeering peering : content.all(VmNetworkPeering.class)) {
            hold(domains, peering.vmNetworkId(), peering.peerPrefixes(), peering);
            hold(domains, peering.peerVmNetworkId(), peering.prefixes(), peering);
        }
    }

    private static void hold(Map<UUID, List<Held>> domains, UUID network, List<IpPrefix> prefixes, FabricObject by) {
        List<Held> held = domains.computeIfAbsent(network, _ -> new ArrayList<>());
        for (IpPrefix prefix : prefixes) {
            for (Held other : held) {
                require(
                        !other.prefix().overlaps(prefix) || other.by().equals(by),
                        "prefixes of a VM network overlap",
                        by,
                        other);
            }
            held.add(new Held(prefix, by));
        }
    }

    private void pools() {
        Map<UUID, List<IpPool>> ofParent = new HashMap<>();
        for (IpPool pool : content.all(IpPool.class)) {
            List<IpPrefix> around = pool.vmSubnetId()
                    .map(id -> content.get(VmSubnet.class, id).prefixes())
                    .orElseGet(() -> content.get(
                                    NetworkSite.class, pool.networkSiteId().orElseThrow())
                            .prefixes());
            require(pool.multicast() || around.contains(pool.prefix()), "the pool is in no subnet of its parent", pool);
            require(
                    pool.prefix().contains(pool.rangeStart()) && pool.prefix().contains(pool.rangeEnd()),
                    "the range is not in the prefix",
                    pool);
            UUID parent = pool.networkSiteId().or(pool::vmSubnetId).orElseThrow();
            for (IpPool other : ofParent.computeIfAbsent(parent, _ -> new ArrayList<>())) {
                require(disjoint(pool, other), "ranges of two pools overlap", pool, other);
            }
            ofParent.get(parent).add(pool);
        }
    }

    private static boolean disjoint(IpPool one, IpPool other) {
        return one.rangeStart().bits() != other.rangeStart().bits()
                || one.rangeEnd().compareTo(other.rangeStart()) < 0
                || other.rangeEnd().compareTo(one.rangeStart()) < 0;
    }

    /** Addresses that come from a pool are in its prefix, and no router's. */
    private void addressesInPools() {
        for (Host host : content.all(Host.class)) {
            in(host.paPoolId(), host.providerAddress(), host);
        }
        for (Gateway gateway : content.all(Gateway.class)) {
            in(gateway.paPoolId(), gateway.providerAddress(), gateway);
            in(gateway.externalPoolId(), gateway.externalAddress(), gateway);
            gateway.paPool6Id()
                    .ifPresent(pool -> in(pool, gateway.providerAddress6().orElseThrow(), gateway));
            gateway.externalPool6Id()
                    .ifPresent(pool -> in(pool, gateway.externalAddress6().orElseThrow(), gateway));
        }
        for (AddressGrant grant : content.all(AddressGrant.class)) {
            in(grant.ipPoolId(), grant.address(), grant);
        }
        for (NatConnection nat : content.all(NatConnection.class)) {
            in(nat.externalPoolId(), nat.externalAddress(), nat);
        }
        for (NatOneToOne one : content.all(NatOneToOne.class)) {
            in(one.externalPoolId(), one.externalAddress(), one);
        }
        for (ProviderAddress pa : content.all(ProviderAddress.class)) {
            in(content.get(Host.class, pa.hostId()).paPoolId(), pa.providerAddress(), pa);
        }
        for (Vm vm : content.all(Vm.class)) {
            for (Vm.Nic nic : vm.nics()) {
                VmSubnet subnet = content.get(VmSubnet.class, nic.vmSubnetId());
                nic.addresses()
                        .forEach(ca -> require(
                                subnet.prefixes().stream().anyMatch(prefix -> prefix.contains(ca)),
                                "the address is not in the VM subnet",
                                vm));
            }
        }
    }

    private void in(UUID poolId, IpAddress address, FabricObject user) {
        IpPool pool = content.get(IpPool.class, poolId);
        require(pool.inRange(address), "the address is not in the pool", user, pool);
        require(!pool.defaultGateways().contains(address), "the address is a router's", user, pool);
    }

    private void gateways() {
        Map<UUID, Integer> networks = new HashMap<>();
        Map<UUID, UUID> gatewayOf = new HashMap<>();
        for (VmNetworkGateway attached : content.all(VmNetworkGateway.class)) {
            networks.merge(attached.gatewayId(), 1, Integer::sum);
            gatewayOf.put(attached.vmNetworkId(), attached.gatewayId());
            attached.vmSubnetId().ifPresent(id -> shares(attached, content.get(VmSubnet.class, id)));
        }
        networks.forEach((id, count) -> {
            Gateway gateway = content.get(Gateway.class, id);
            require(count <= gateway.maxVmNetworks(), "the gateway serves " + count + " VM networks", gateway);
        });
        for (VmNetworkPeering peering : content.all(VmNetworkPeering.class)) {
            UUID gateway = gatewayOf.get(peering.vmNetworkId());
            require(
                    gateway != null && gateway.equals(gatewayOf.get(peering.peerVmNetworkId())),
                    "peers are not on one gateway",
                    peering);
        }
    }

    /** A gateway in a VM subnet has the subnet's VSID and router, and addresses of its prefixes. */
    private static void shares(VmNetworkGateway gateway, VmSubnet subnet) {
        boolean same = gateway.vmNetworkId().equals(subnet.vmNetworkId())
                && gateway.vsid().equals(subnet.vsid())
                && gateway.routerAddress().equals(subnet.defaultGateway())
                && gateway.routerMac().equals(subnet.defaultGatewayMac())
                && subnet.prefix().contains(gateway.address());
        require(same, "the gateway is not as its VM subnet", gateway, subnet);
    }

    private record Place(UUID host, UUID subnet) {}

    /** In a network with PAs per host and VSID, the places with a port have one. */
    private void providerAddresses() {
        Map<Place, FabricObject> wanted = new HashMap<>();
        for (Vm vm : content.all(Vm.class)) {
            for (Vm.Nic nic : vm.nics()) {
                VmSubnet subnet = content.get(VmSubnet.class, nic.vmSubnetId());
                VmNetwork network = content.get(VmNetwork.class, subnet.vmNetworkId());
                if (content.get(LogicalNetwork.class, network.logicalNetworkId())
                                .providerAddressing()
                        == LogicalNetwork.ProviderAddressing.PER_HOST_AND_VSID) {
                    wanted.put(new Place(vm.hostId(), subnet.id()), vm);
                }
            }
        }
        content.all(ProviderAddress.class).forEach(pa -> wanted.remove(new Place(pa.hostId(), pa.vmSubnetId())));
        require(wanted.isEmpty(), "ports without a PA", wanted);
    }
}
