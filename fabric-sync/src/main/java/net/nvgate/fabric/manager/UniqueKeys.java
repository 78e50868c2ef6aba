package net.nvgate.fabric.manager;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.BesideFabric;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.LogicalSwitch;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.PortClassification;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.UplinkPortProfile;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.store.UniqueKey;

/** What must be unique about each object; the store enforces it. */
final class UniqueKeys {

    private UniqueKeys() {}

    /** All keys of an object. A key that the object has twice is reported by {@code twice}. */
    static Set<UniqueKey> of(FabricObject object, ObjectLookup lookup) {
        Set<UniqueKey> keys = new LinkedHashSet<>();
        if (!object.kind().isOfFabric()) {
            return keys; // fabric.identity keeps them
        }
        keys.add(name(object));
        switch (object) {
            case HostGroup _, LogicalNetwork _, NetworkSite _, IpPool _, MacPool _ -> {}
            case AddressGrant grant ->
                keys.add(pooled(lookup.get(IpPool.class, grant.ipPoolId()), grant.address(), lookup));
            case MacGrant grant ->
                keys.add(new UniqueKey("mac-grant", grant.mac().toString()));
            case PortProfile _, PortClassification _, UplinkPortProfile _, LogicalSwitch _ -> {}
            case Cloud _, Plan _, Subscription _ -> {}
            case Host host -> keys.add(providerAddress(host.providerAddress()));
            case Gateway gateway -> {
                keys.add(providerAddress(gateway.providerAddress()));
                keys.add(externalAddress(gateway.externalAddress()));
                gateway.providerAddress6().map(UniqueKeys::providerAddress).ifPresent(keys::add);
                gateway.externalAddress6().map(UniqueKeys::externalAddress).ifPresent(keys::add);
            }
            case VmNetwork network -> {
                keys.add(new UniqueKey("rdid", network.rdid().toString()));
                if (network.isolationType() == VmNetwork.IsolationType.NO_ISOLATION) {
                    keys.add(new UniqueKey(
                            "no-isolation", network.logicalNetworkId().toString()));
                }
            }
            case VmSubnet subnet -> {
                UUID rdid = rdid(subnet.vmNetworkId(), lookup);
                keys.add(vsid(subnet.vsid()));
                keys.add(customerAddress(rdid, subnet.defaultGateway()));
                subnet.defaultGateway6().ifPresent(router -> keys.add(customerAddress(rdid, router)));
                keys.add(mac(rdid, subnet.defaultGatewayMac()));
            }
            case VmNetworkGateway gateway -> addGateway(keys, gateway, rdid(gateway.vmNetworkId(), lookup));
            case ProviderAddress pa -> {
                if (!lookup.get(Host.class, pa.hostId()).providerAddress().equals(pa.providerAddress())) {
                    keys.add(providerAddress(pa.providerAddress()));
                }
                keys.add(providerAddressOf(pa.hostId(), pa.vmSubnetId()));
            }
            case Vm vm -> addNics(keys, vm, lookup);
            case NatOneToOne one -> {
                keys.add(externalAddress(one.externalAddress()));
                UUID network = lookup.get(VmNetworkGateway.class, one.vmNetworkGatewayId())
                        .vmNetworkId();
                keys.add(new UniqueKey(
                        "nat-1to1/" + network, one.internalAddress().toString()));
            }
            case NatExemption exemption ->
                keys.add(new UniqueKey(
                        "nat-exempt/" + exemption.vmNetworkGatewayId(),
                        exemption.sourcePrefix() + " to " + exemption.destinationPrefix()));
            case TenantInterface tenant -> keys.add(tenantVlan(tenant, lookup));
            case VmNetworkPeering peering -> keys.add(pair(peering));
            // Addresses and ports of these may be shared in parts: guards stand for what cannot be said as a key.
            case NatConnection _, NatRule _ -> {}
            case AddressSet _, PortAcl _ -> {}
            case BesideFabric _ -> {}
        }
        return keys;
    }

    private static void addGateway(Set<UniqueKey> keys, VmNetworkGateway gateway, UUID rdid) {
        keys.add(gatewayOf(gateway.vmNetworkId()));
        keys.add(customerAddress(rdid, gateway.address()));
        gateway.address6().ifPresent(address -> keys.add(customerAddress(rdid, address)));
        keys.add(mac(rdid, gateway.mac()));
        if (gateway.sharesVmSubnet()) {
            return; // VSID and router are the VM subnet's
        }
        keys.add(vsid(gateway.vsid()));
        keys.add(customerAddress(rdid, gateway.routerAddress()));
        gateway.routerAddress6().ifPresent(address -> keys.add(customerAddress(rdid, address)));
        keys.add(mac(rdid, gateway.routerMac()));
    }

    /** @throws FabricException if two NICs of the VM have the same address or MAC */
    private static void addNics(Set<UniqueKey> keys, Vm vm, ObjectLookup lookup) {
        for (Vm.Nic nic : vm.nics()) {
            UUID rdid = rdid(lookup.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId(), lookup);
            List<UniqueKey> ofNic = new ArrayList<>(List.of(mac(rdid, nic.mac())));
            nic.addresses().forEach(address -> ofNic.add(customerAddress(rdid, address)));
            for (UniqueKey key : ofNic) {
                if (!keys.add(key)) {
                    throw conflict(vm, key, "another NIC of the VM");
                }
            }
        }
    }

    static UniqueKey tenantVlan(TenantInterface tenant, ObjectLookup lookup) {
        UUID gateway =
                lookup.get(VmNetworkGateway.class, tenant.vmNetworkGatewayId()).gatewayId();
        return new UniqueKey("tenant-vlan/" + gateway + "/" + tenant.side(), Integer.toString(tenant.vlanId()));
    }

    /** The same for both directions. */
    private static UniqueKey pair(VmNetworkPeering peering) {
        return new UniqueKey(
                "peering",
                Stream.of(peering.vmNetworkId(), peering.peerVmNetworkId())
                        .sorted()
                        .map(UUID::toString)
                        .collect(Collectors.joining("/")));
    }

    static UniqueKey gatewayOf(UUID vmNetworkId) {
        return new UniqueKey("gateway-of", vmNetworkId.toString());
    }

    private static UUID rdid(UUID vmNetworkId, ObjectLookup lookup) {
        return lookup.get(VmNetwork.class, vmNetworkId).rdid();
    }

    static UniqueKey name(FabricObject object) {
        String within = object instanceof VmSubnet subnet ? "/" + subnet.vmNetworkId() : "";
        return new UniqueKey("name/" + object.kind().path() + within, composed(object.name()));
    }

    static UniqueKey name(Kind kind, String name) {
        return new UniqueKey("name/" + kind.path(), composed(name));
    }

    /** Names that differ only in how their characters are made up are the same (UAX 15). */
    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    static UniqueKey vsid(Vsid vsid) {
        return new UniqueKey("vsid", vsid.toString());
    }

    static UniqueKey providerAddress(IpAddress address) {
        return new UniqueKey("pa", address.toString());
    }

    static UniqueKey providerAddressOf(UUID hostId, UUID vmSubnetId) {
        return new UniqueKey("pa-of/" + hostId, vmSubnetId.toString());
    }

    static UniqueKey externalAddress(IpAddress address) {
        return new UniqueKey("external", address.toString());
    }

    static UniqueKey customerAddress(UUID rdid, IpAddress address) {
        return new UniqueKey("ca/" + rdid, address.toString());
    }

    static UniqueKey mac(UUID rdid, MacAddress mac) {
        return new UniqueKey("mac/" + rdid, mac.toString());
    }

    /** The key of an address of a pool, the same for all that can have one: PA, external address, CA, multicast group. */
    static UniqueKey pooled(IpPool pool, IpAddress address, ObjectLookup lookup) {
        if (pool.vmSubnetId().isPresent()) {
            VmSubnet subnet = lookup.get(VmSubnet.class, pool.vmSubnetId().get());
            return customerAddress(rdid(subnet.vmNetworkId(), lookup), address);
        }
        NetworkSite site = lookup.get(NetworkSite.class, pool.networkSiteId().orElseThrow());
        if (pool.multicast()) {
            return new UniqueKey("group/" + site.logicalNetworkId(), address.toString());
        }
        boolean virtual =
                lookup.get(LogicalNetwork.class, site.logicalNetworkId()).networkVirtualization();
        return virtual ? providerAddress(address) : externalAddress(address);
    }

    /** The grant is of an address on a front end, where NAT connections share addresses. */
    static boolean isExternal(AddressGrant grant, ObjectLookup lookup) {
        UniqueKey key = pooled(lookup.get(IpPool.class, grant.ipPoolId()), grant.address(), lookup);
        return key.equals(externalAddress(grant.address()));
    }

    /** The refusal of an object whose key {@code owner} has. */
    static FabricException conflict(FabricObject object, UniqueKey key, String owner) {
        String label = object.kind().label();
        String field = field(object, key);
        return new FabricException(
                FabricException.Code.CONFLICT,
                label,
                field,
                label + "." + field + " '" + key.value() + "' is already used by " + owner);
    }

    private static String field(FabricObject object, UniqueKey key) {
        String scope = key.scope();
        int slash = scope.indexOf('/');
        return switch (slash < 0 ? scope : scope.substring(0, slash)) {
            case "pa" -> object instanceof AddressGrant ? "address" : "providerAddress";
            case "external" -> object instanceof AddressGrant ? "address" : "externalAddress";
            case "group" -> "address";
            case "mac-grant" -> "mac";
            case "pa-of" -> "vmSubnetId";
            case "gateway-of" -> "vmNetworkId";
            case "no-isolation" -> "logicalNetworkId";
            case "nat-1to1" -> "internalAddress";
            case "nat-exempt" -> "destinationPrefix";
            case "tenant-vlan" -> "vlanId";
            case "peering" -> "peerVmNetworkId";
            case "ca" -> addressField(object, key);
            case "mac" -> macField(object, key);
            case String plain -> plain;
        };
    }

    private static String addressField(FabricObject object, UniqueKey key) {
        return switch (object) {
            case VmNetworkGateway gateway
            when gateway.sharesVmSubnet() ->
                key.value().equals(gateway.address().toString()) ? "address" : "address6";
            case Vm _ -> "nics.address";
            case AddressGrant _ -> "address";
            case VmSubnet _ -> "prefix";
            default -> "routingSubnet";
        };
    }

    private static String macField(FabricObject object, UniqueKey key) {
        return switch (object) {
            case Vm _ -> "nics.mac";
            case VmNetworkGateway gateway -> key.value().equals(gateway.mac().toString()) ? "mac" : "routerMac";
            default -> "defaultGatewayMac";
        };
    }
}
