package net.nvgate.fabric.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.LogicalSwitch;
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
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;

/**
 * Policy of each object of the fabric, as a pure function of the object and of those it refers to. The form of records
 * and routes is that of Microsoft's scripts for a gateway in its own virtual subnet (2012 R2).
 *
 * <p>Of what an object refers to, only fields that never change are used; so a change of one object changes no other
 * object's policy. A VM's host is a field of the VM itself; the PA of its VSID there comes before the VM and goes after it. The one
 * exception is bandwidth: what the port profile of a NIC is, and says, may change, and {@link PortView} knows whose policy that changes.
 */
final class Contributions {

    /** The metric of all routes in Microsoft's samples. */
    static final int METRIC = 255;

    private Contributions() {}

    static List<Contribution> of(FabricObject object, ModelView model) {
        return switch (object) {
            case HostGroup _, LogicalNetwork _, NetworkSite _, IpPool _ -> List.of();
            case AddressGrant _, MacPool _, MacGrant _ -> List.of();
            case PortProfile _, PortClassification _, UplinkPortProfile _, LogicalSwitch _ -> List.of();
            case Cloud _, Plan _, Subscription _ -> List.of();
            case BesideFabric _ -> List.of();
            case Host host -> backEnd(host.id(), host.paPoolId(), host.providerAddress(), model);
            case Gateway gateway -> gateway(gateway, model);
            case VmNetwork network ->
                List.of(new Contribution(
                        Section.domain(network.id()), new RoutingDomain(network.rdid(), network.name())));
            case VmSubnet subnet -> DomainContributions.subnet(subnet, model);
            case VmNetworkGateway gateway -> DomainContributions.vmNetworkGateway(gateway, model);
            case ProviderAddress pa -> {
                Host host = model.get(Host.class, pa.hostId());
                IpPool pool = model.get(IpPool.class, host.paPoolId());
                yield host.providerAddress().equals(pa.providerAddress())
                        ? List.of()
                        : List.of(providerAddress(Section.node(pa.hostId()), pa.providerAddress(), pool, model));
            }
            case Vm vm -> vm(vm, model);
            case NatConnection nat -> List.of(GatewayContributions.natConnection(nat, model));
            case NatRule rule -> List.of(GatewayContributions.natRule(rule, model));
            case NatOneToOne one -> List.of(GatewayContributions.natOneToOne(one, model));
            case NatExemption exemption -> List.of(GatewayContributions.natExemption(exemption, model));
            case TenantInterface tenant -> GatewayContributions.tenantInterface(tenant, model);
            case VmNetworkPeering peering -> GatewayContributions.vmNetworkPeering(peering, model);
            case AddressSet set -> List.of(AclContributions.addressSet(set, model));
            case PortAcl acl -> List.of(AclContributions.portAcl(acl, model));
        };
    }

    static List<Link> links(FabricObject object, ModelView model) {
        return switch (object) {
            case VmNetworkGateway gateway -> List.of(new Link(gateway.gatewayId(), gateway.vmNetworkId()));
            case Vm vm ->
                vm.nics().stream()
                        .map(nic -> new Link(
                                vm.hostId(),
                                model.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId()))
                        .toList();
            default -> List.of();
        };
    }

    private static NetworkSite site(IpPool pool, ModelView model) {
        return model.get(NetworkSite.class, pool.networkSiteId().orElseThrow());
    }

    private static int vlanId(IpPool pool, ModelView model) {
        return site(pool, model).subnet(pool.prefix()).orElseThrow().vlanId();
    }

    private static List<Contribution> backEnd(UUID nodeId, UUID poolId, IpAddress address, ModelView model) {
        Section section = Section.node(nodeId);
        IpPool pool = model.get(IpPool.class, poolId);
        List<Contribution> policy = new ArrayList<>();
        policy.add(providerAddress(section, address, pool, model));
        for (IpAddress router : pool.defaultGateways()) {
            int metric = pool.metric(router, METRIC);
            policy.add(new Contribution(section, new ProviderRoute(any(router), router, metric)));
        }
        for (IpPool.Route route : pool.routes()) {
            policy.add(new Contribution(
                    section, new ProviderRoute(route.destinationPrefix(), route.nextHop(), route.metric())));
        }
        return policy;
    }

    private static Contribution providerAddress(Section section, IpAddress address, IpPool pool, ModelView model) {
        return new Contribution(
                section, new PolicyObject.ProviderAddress(address, pool.prefix().length(), vlanId(pool, model)));
    }

    private static List<Contribution> gateway(Gateway gateway, ModelView model) {
        Section section = Section.node(gateway.id());
        List<Contribution> policy = backEnd(gateway.id(), gateway.paPoolId(), gateway.providerAddress(), model);
        gateway.paPool6Id()
                .ifPresent(pool -> policy.addAll(
                        backEnd(gateway.id(), pool, gateway.providerAddress6().orElseThrow(), model)));
        policy.addAll(frontEnd(section, gateway.externalPoolId(), gateway.externalAddress(), model));
        gateway.externalPool6Id()
                .ifPresent(pool -> policy.addAll(
                        frontEnd(section, pool, gateway.externalAddress6().orElseThrow(), model)));
        return policy;
    }

    private static List<Contribution> frontEnd(Section section, UUID poolId, IpAddress address, ModelView model) {
        IpPool pool = model.get(IpPool.class, poolId);
        List<Contribution> policy = new ArrayList<>();
        policy.add(new Contribution(
                section, new ExternalAddress(address, pool.prefix().length(), vlanId(pool, model))));
        for (IpAddress router : pool.defaultGateways()) {
            int metric = pool.metric(router, METRIC);
            policy.add(new Contribution(section, new ExternalRoute(any(router), router, metric)));
        }
        for (IpPool.Route route : pool.routes()) {
            policy.add(new Contribution(
                    section, new ExternalRoute(route.destinationPrefix(), route.nextHop(), route.metric())));
        }
        return policy;
    }

    /** The prefix of all addresses of a family. */
    static IpPrefix any(IpAddress family) {
        return IpPrefix.of(family, 0);
    }

    /** 0.0.0.0 or ::. */
    static IpAddress unspecified(IpAddress family) {
        return any(family).address();
    }

    private static List<Contribution> vm(Vm vm, ModelView model) {
        Host host = model.get(Host.class, vm.hostId());
        int mtu = site(model.get(IpPool.class, host.paPoolId()), model)
                .vmMtu(host.providerAddress().bits());
        List<Contribution> policy = new ArrayList<>();
        for (Vm.Nic nic : vm.nics()) {
            VmSubnet subnet = model.get(VmSubnet.class, nic.vmSubnetId());
            UUID rdid = model.get(VmNetwork.class, subnet.vmNetworkId()).rdid();
            Port port = new Port(vm, nic, subnet, rdid, model.providerAddress(host, subnet.id()));
            nic.recordedAddresses().forEach(ca -> policy.add(port.known(ca, LookupRecord.Type.STATIC)));
            nic.learnedAddresses().forEach(ca -> policy.add(port.known(ca, LookupRecord.Type.DYNAMIC)));
            if (nic.learns()) {
                policy.add(port.unknown());
            }
            PortProfile.Bandwidth bandwidth = model.ports.bandwidth(vm.hostId(), nic);
            policy.add(new Contribution(
                    Section.node(host.id()),
                    new VirtualPort(
                            nic.id(), vm.name(), rdid, subnet.vsid(), nic.mac(), nic.addresses(), mtu, bandwidth)));
            if (!bandwidth.isUnlimited()) {
                policy.add(new Contribution(
                        Section.gatewayOf(subnet.vmNetworkId()),
                        new NicBandwidth(nic.id(), rdid, nic.addresses(), bandwidth)));
            }
        }
        policy.addAll(AclContributions.labels(vm, model));
        return policy;
    }

    /** The lookup records of a NIC. */
    private record Port(Vm vm, Vm.Nic nic, VmSubnet subnet, UUID rdid, IpAddress pa) {

        Contribution known(IpAddress ca, LookupRecord.Type type) {
            return new Contribution(Section.domain(subnet.vmNetworkId()), record(ca, type));
        }

        /** Whatever other CA the guest takes: one record for both families, because it is the MAC that it is found by. */
        Contribution unknown() {
            return new Contribution(
                    Section.flooding(subnet.vmNetworkId()),
                    record(unspecified(nic.address()), LookupRecord.Type.L2_ONLY));
        }

        private LookupRecord record(IpAddress ca, LookupRecord.Type type) {
            return new LookupRecord(rdid, subnet.vsid(), ca, nic.mac(), pa, type, vm.name());
        }
    }
}
