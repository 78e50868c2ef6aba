package net.nvgate.fabric.simulation;

import java.util.UUID;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** Names, ids and addresses that are there once, said again without the manager's own keys. */
final class UniquenessRules {

    private final Content content;
    private final Claims claims = new Claims();

    private UniquenessRules(Content content) {
        this.content = content;
    }

    static void check(Content content) {
        UniquenessRules rules = new UniquenessRules(content);
        content.objects().values().forEach(rules::check);
    }

    private void check(FabricObject object) {
        String within = object instanceof VmSubnet subnet ? " in " + subnet.vmNetworkId() : "";
        claims.claim("name of " + object.kind().label() + within, object.name(), object);
        switch (object) {
            case Host host -> claims.claim("PA", host.providerAddress(), host);
            case ProviderAddress pa -> {
                claims.claim("PA", pa.providerAddress(), pa);
                claims.claim("PA on " + pa.hostId(), pa.vmSubnetId(), pa);
            }
            case Gateway gateway -> {
                claims.claim("PA", gateway.providerAddress(), gateway);
                claims.claim("external address", gateway.externalAddress(), gateway);
                gateway.providerAddress6().ifPresent(pa -> claims.claim("PA", pa, gateway));
                gateway.externalAddress6().ifPresent(address -> claims.claim("external address", address, gateway));
            }
            case MacGrant grant -> claims.claim("granted MAC", grant.mac(), grant);
            case AddressGrant grant -> claims.claim(scope(grant), grant.address(), grant);
            case NatOneToOne one -> claims.claim("external address", one.externalAddress(), one);
            case VmNetwork network -> claims.claim("RDID", network.rdid(), network);
            case VmSubnet subnet -> {
                claims.claim("VSID", subnet.vsid(), subnet);
                claims.claim("CA in " + subnet.vmNetworkId(), subnet.defaultGateway(), subnet);
                claims.claim("MAC in " + subnet.vmNetworkId(), subnet.defaultGatewayMac(), subnet);
                subnet.defaultGateway6().ifPresent(ca -> claims.claim("CA in " + subnet.vmNetworkId(), ca, subnet));
            }
            case VmNetworkGateway gateway -> check(gateway);
            case Vm vm -> vm.nics().forEach(nic -> check(vm, nic));
            case TenantInterface tenant -> {
                UUID gateway = content.get(VmNetworkGateway.class, tenant.vmNetworkGatewayId())
                        .gatewayId();
                claims.claim("VLAN of " + gateway + " at " + tenant.side(), tenant.vlanId(), tenant);
            }
            default -> {}
        }
    }

    private void check(VmNetworkGateway gateway) {
        UUID network = gateway.vmNetworkId();
        claims.claim("gateway of", network, gateway);
        claims.claim("CA in " + network, gateway.address(), gateway);
        gateway.address6().ifPresent(ca -> claims.claim("CA in " + network, ca, gateway));
        claims.claim("MAC in " + network, gateway.mac(), gateway);
        if (gateway.vmSubnetId().isEmpty()) {
            claims.claim("VSID", gateway.vsid(), gateway);
            claims.claim("CA in " + network, gateway.routerAddress(), gateway);
            gateway.routerAddress6().ifPresent(ca -> claims.claim("CA in " + network, ca, gateway));
            claims.claim("MAC in " + network, gateway.routerMac(), gateway);
        }
    }

    private void check(Vm vm, Vm.Nic nic) {
        UUID network = content.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId();
        nic.addresses().forEach(ca -> claims.claim("CA in " + network, ca, vm));
        claims.claim("MAC in " + network, nic.mac(), vm);
    }

    /** What an address of the grant's pool is to others. */
    private String scope(AddressGrant grant) {
        IpPool pool = content.get(IpPool.class, grant.ipPoolId());
        if (pool.vmSubnetId().isPresent()) {
            return "CA in "
                    + content.get(VmSubnet.class, pool.vmSubnetId().get()).vmNetworkId();
        }
        NetworkSite site = content.get(NetworkSite.class, pool.networkSiteId().orElseThrow());
        boolean virtual =
                content.get(LogicalNetwork.class, site.logicalNetworkId()).networkVirtualization();
        return virtual ? "PA" : "external address";
    }
}
