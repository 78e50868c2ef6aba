package net.nvgate.fabric.policy;

import static net.nvgate.fabric.policy.PolicyObject.LookupRecord.DISTRIBUTED_ROUTER_PA;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;

/**
 * Policy of each object of the fabric, as a pure function of the object and of those it refers to. The form of records
 * and routes is that of Microsoft's scripts for a gateway in its own virtual subnet (2012 R2).
 *
 * <p>Of what an object refers to, only fields that never change are used; so a change of one object changes no other
 * object's policy. A VM's host is a field of the VM itself.
 */
final class Contributions {

    /** The metric of all routes in Microsoft's samples. */
    private static final int METRIC = 255;

    private static final IpPrefix ANY_IPV4 = new IpPrefix(Ipv4Address.UNSPECIFIED, 0);

    private Contributions() {}

    static List<Contribution> of(FabricObject object, ModelView model) {
        return switch (object) {
            case LogicalNetwork _, NetworkSite _, IpPool _ -> List.of();
            case Host host -> backEnd(host.id(), host.paPoolId(), host.providerAddress(), model);
            case Gateway gateway -> gateway(gateway, model);
            case VmNetwork network ->
                List.of(new Contribution(
                        Section.domain(network.id()), new RoutingDomain(network.rdid(), network.name())));
            case VmSubnet subnet -> subnet(subnet, model);
            case VmNetworkGateway gateway -> vmNetworkGateway(gateway, model);
            case Vm vm -> vm(vm, model);
            case NatConnection nat -> List.of(natConnection(nat, model));
            case NatRule rule -> List.of(natRule(rule, model));
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
        policy.add(new Contribution(
                section, new ProviderAddress(address, pool.prefix().length(), vlanId(pool, model))));
        for (IpAddress router : pool.defaultGateways()) {
            policy.add(new Contribution(section, new ProviderRoute(ANY_IPV4, router, METRIC)));
        }
        return policy;
    }

    private static List<Contribution> gateway(Gateway gateway, ModelView model) {
        Section section = Section.node(gateway.id());
        List<Contribution> policy = backEnd(gateway.id(), gateway.paPoolId(), gateway.providerAddress(), model);
        IpPool pool = model.get(IpPool.class, gateway.externalPoolId());
        policy.add(new Contribution(
                section,
                new ExternalAddress(gateway.externalAddress(), pool.prefix().length(), vlanId(pool, model))));
        for (IpAddress router : pool.defaultGateways()) {
            policy.add(new Contribution(section, new ExternalRoute(ANY_IPV4, router, METRIC)));
        }
        return policy;
    }

    private static List<Contribution> subnet(VmSubnet subnet, ModelView model) {
        Section section = Section.domain(subnet.vmNetworkId());
        UUID rdid = model.get(VmNetwork.class, subnet.vmNetworkId()).rdid();
        return List.of(
                new Contribution(
                        section, new VirtualSubnet(rdid, subnet.vsid(), subnet.prefix(), false, subnet.name())),
                new Contribution(
                        section,
                        new LookupRecord(
                                rdid,
                                subnet.vsid(),
                                subnet.defaultGateway(),
                                subnet.defaultGatewayMac(),
                                DISTRIBUTED_ROUTER_PA,
                                LookupRecord.Type.STATIC,
                                "")),
                new Contribution(
                        section,
                        new CustomerRoute(rdid, subnet.vsid(), subnet.prefix(), onLink(subnet.prefix()), METRIC)));
    }

    private static IpAddress onLink(IpPrefix prefix) {
        return prefix.address().bits() == 32 ? Ipv4Address.UNSPECIFIED : Ipv6Address.UNSPECIFIED;
    }

    private static List<Contribution> vmNetworkGateway(VmNetworkGateway gateway, ModelView model) {
        Section section = Section.domain(gateway.vmNetworkId());
        UUID rdid = model.get(VmNetwork.class, gateway.vmNetworkId()).rdid();
        IpPrefix prefix = gateway.routingSubnet();
        IpAddress pa = model.get(Gateway.class, gateway.gatewayId()).providerAddress();
        return List.of(
                new Contribution(section, new VirtualSubnet(rdid, gateway.vsid(), prefix, true, gateway.name())),
                new Contribution(
                        section,
                        new LookupRecord(
                                rdid,
                                gateway.vsid(),
                                gateway.address(),
                                gateway.mac(),
                                pa,
                                LookupRecord.Type.STATIC,
                                gateway.name())),
                new Contribution(
                        section,
                        new LookupRecord(
                                rdid,
                                gateway.vsid(),
                                gateway.routerAddress(),
                                gateway.routerMac(),
                                DISTRIBUTED_ROUTER_PA,
                                LookupRecord.Type.STATIC,
                                "")),
                new Contribution(section, new CustomerRoute(rdid, gateway.vsid(), prefix, onLink(prefix), METRIC)),
                new Contribution(section, new CustomerRoute(rdid, gateway.vsid(), ANY_IPV4, gateway.address(), METRIC)),
                new Contribution(
                        Section.gatewayOf(gateway.vmNetworkId()),
                        new LookupRecord(
                                rdid,
                                gateway.vsid(),
                                Ipv4Address.UNSPECIFIED,
                                gateway.mac(),
                                pa,
                                LookupRecord.Type.GATEWAY_WILDCARD,
                                gateway.name())));
    }

    private static List<Contribution> vm(Vm vm, ModelView model) {
        Host host = model.get(Host.class, vm.hostId());
        int mtu = site(model.get(IpPool.class, host.paPoolId()), model).mtu() - NetworkSite.NVGRE_OVERHEAD;
        List<Contribution> policy = new ArrayList<>();
        for (Vm.Nic nic : vm.nics()) {
            VmSubnet subnet = model.get(VmSubnet.class, nic.vmSubnetId());
            UUID rdid = model.get(VmNetwork.class, subnet.vmNetworkId()).rdid();
            policy.add(new Contribution(
                    Section.domain(subnet.vmNetworkId()),
                    new LookupRecord(
                            rdid,
                            subnet.vsid(),
                            nic.address(),
                            nic.mac(),
                            host.providerAddress(),
                            LookupRecord.Type.STATIC,
                            vm.name())));
            policy.add(new Contribution(
                    Section.node(host.id()),
                    new VirtualPort(nic.id(), vm.name(), rdid, subnet.vsid(), nic.mac(), List.of(nic.address()), mtu)));
        }
        return policy;
    }

    private static Contribution natConnection(NatConnection nat, ModelView model) {
        UUID vmNetworkId =
                model.get(VmNetworkGateway.class, nat.vmNetworkGatewayId()).vmNetworkId();
        UUID rdid = model.get(VmNetwork.class, vmNetworkId).rdid();
        return new Contribution(
                Section.gatewayOf(vmNetworkId),
                new PolicyObject.NatConnection(nat.id(), rdid, nat.externalAddress(), nat.portMin(), nat.portMax()));
    }

    private static Contribution natRule(NatRule rule, ModelView model) {
        NatConnection nat = model.get(NatConnection.class, rule.natConnectionId());
        UUID vmNetworkId =
                model.get(VmNetworkGateway.class, nat.vmNetworkGatewayId()).vmNetworkId();
        PolicyObject.NatRule.Protocol protocol = switch (rule.protocol()) {
            case TCP -> PolicyObject.NatRule.Protocol.TCP;
            case UDP -> PolicyObject.NatRule.Protocol.UDP;
        };
        return new Contribution(
                Section.gatewayOf(vmNetworkId),
                new PolicyObject.NatRule(
                        rule.id(),
                        nat.id(),
                        protocol,
                        rule.externalPort(),
                        rule.internalAddress(),
                        rule.internalPort()));
    }
}
