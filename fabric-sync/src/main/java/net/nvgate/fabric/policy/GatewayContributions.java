package net.nvgate.fabric.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.policy.PolicyObject.PeerRoute;
import net.nvgate.fabric.policy.PolicyObject.TenantInterfaceRoute;

/** Policy of NAT, tenant interfaces and peerings: what only gateways know. */
final class GatewayContributions {

    private GatewayContributions() {}

    static Contribution natConnection(NatConnection nat, ModelView model) {
        UUID domain = domain(nat.vmNetworkGatewayId(), model);
        return new Contribution(
                Section.gatewayOf(domain),
                new PolicyObject.NatConnection(
                        nat.id(),
                        rdid(domain, model),
                        nat.externalAddress(),
                        nat.portMin(),
                        nat.portMax(),
                        nat.sourcePrefixes(),
                        nat.settings(),
                        nat.bandwidth()));
    }

    static Contribution natRule(NatRule rule, ModelView model) {
        NatConnection nat = model.get(NatConnection.class, rule.natConnectionId());
        PolicyObject.NatRule.Protocol protocol = switch (rule.protocol()) {
            case TCP -> PolicyObject.NatRule.Protocol.TCP;
            case UDP -> PolicyObject.NatRule.Protocol.UDP;
        };
        return new Contribution(
                Section.gatewayOf(domain(nat.vmNetworkGatewayId(), model)),
                new PolicyObject.NatRule(
                        rule.id(),
                        nat.id(),
                        protocol,
                        rule.externalPort(),
                        rule.internalAddress(),
                        rule.internalPort(),
                        rule.portCount(),
                        rule.remotePrefixes()));
    }

    static Contribution natOneToOne(NatOneToOne one, ModelView model) {
        UUID domain = domain(one.vmNetworkGatewayId(), model);
        return new Contribution(
                Section.gatewayOf(domain),
                new PolicyObject.NatOneToOne(
                        one.id(), rdid(domain, model), one.externalAddress(), one.internalAddress()));
    }

    static Contribution natExemption(NatExemption exemption, ModelView model) {
        UUID domain = domain(exemption.vmNetworkGatewayId(), model);
        return new Contribution(
                Section.gatewayOf(domain),
                new PolicyObject.NatExemption(
                        exemption.id(), rdid(domain, model), exemption.sourcePrefix(), exemption.destinationPrefix()));
    }

    static List<Contribution> tenantInterface(TenantInterface tenant, ModelView model) {
        UUID domain = domain(tenant.vmNetworkGatewayId(), model);
        Section section = Section.gatewayOf(domain);
        List<Contribution> policy = new ArrayList<>();
        policy.add(new Contribution(
                section,
                new PolicyObject.TenantInterface(
                        tenant.id(),
                        rdid(domain, model),
                        tenant.side(),
                        tenant.vlanId(),
                        tenant.addresses(),
                        tenant.urpf())));
        tenant.routes()
                .forEach(route -> policy.add(new Contribution(
                        section,
                        new TenantInterfaceRoute(
                                tenant.id(), route.destinationPrefix(), route.nextHop(), route.metric()))));
        return policy;
    }

    /** One route for each prefix, in the domain that sends to it. */
    static List<Contribution> vmNetworkPeering(VmNetworkPeering peering, ModelView model) {
        UUID domain = peering.vmNetworkId();
        UUID peer = peering.peerVmNetworkId();
        List<Contribution> policy = new ArrayList<>();
        peering.peerPrefixes()
                .forEach(prefix -> policy.add(new Contribution(
                        Section.gatewayOf(domain), new PeerRoute(rdid(domain, model), prefix, rdid(peer, model)))));
        peering.prefixes()
                .forEach(prefix -> policy.add(new Contribution(
                        Section.gatewayOf(peer), new PeerRoute(rdid(peer, model), prefix, rdid(domain, model)))));
        return policy;
    }

    private static UUID domain(UUID vmNetworkGatewayId, ModelView model) {
        return model.get(VmNetworkGateway.class, vmNetworkGatewayId).vmNetworkId();
    }

    private static UUID rdid(UUID vmNetworkId, ModelView model) {
        return model.get(VmNetwork.class, vmNetworkId).rdid();
    }
}
