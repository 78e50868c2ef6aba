package net.nvgate.fabric.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** A packet from outside is for one connection, rule or 1:1 at most. */
final class NatRules {

    private final Content content;

    private NatRules(Content content) {
        this.content = content;
    }

    static void check(Content content) {
        NatRules rules = new NatRules(content);
        rules.connections();
        rules.rules();
        rules.targets();
    }

    private static void require(boolean holds, String rule, FabricObject one, FabricObject other) {
        if (!holds) {
            throw new AssertionError(rule + ": " + one + " and " + other);
        }
    }

    private void connections() {
        Map<IpAddress, FabricObject> whole = new HashMap<>();
        content.all(Gateway.class).forEach(gateway -> whole.put(gateway.externalAddress(), gateway));
        content.all(NatOneToOne.class).forEach(one -> whole.put(one.externalAddress(), one));
        List<NatConnection> connections = content.all(NatConnection.class);
        for (NatConnection one : connections) {
            FabricObject owner = whole.getOrDefault(one.externalAddress(), one);
            require(owner.equals(one), "an address with an owner is shared", one, owner);
            for (NatConnection other : connections) {
                boolean apart = one.id().equals(other.id())
                        || !one.externalAddress().equals(other.externalAddress())
                        || one.portMax() < other.portMin()
                        || other.portMax() < one.portMin();
                require(apart, "two connections share ports", one, other);
            }
        }
    }

    private NatConnection connection(NatRule rule) {
        return content.get(NatConnection.class, rule.natConnectionId());
    }

    private void rules() {
        List<NatRule> rules = content.all(NatRule.class);
        for (NatRule one : rules) {
            IpAddress address = connection(one).externalAddress();
            int last = one.externalPort() + one.portCount() - 1;
            for (NatRule other : rules) {
                boolean apart = one.id().equals(other.id())
                        || !address.equals(connection(other).externalAddress())
                        || one.protocol() != other.protocol()
                        || last < other.externalPort()
                        || other.externalPort() + other.portCount() - 1 < one.externalPort()
                        || remotesApart(one.remotePrefixes(), other.remotePrefixes());
                require(apart, "two rules for one packet", one, other);
            }
            for (NatConnection other : content.all(NatConnection.class)) {
                boolean apart = other.id().equals(one.natConnectionId())
                        || !address.equals(other.externalAddress())
                        || last < other.portMin()
                        || other.portMax() < one.externalPort();
                require(apart, "a rule on ports of another connection", one, other);
            }
        }
    }

    private static boolean remotesApart(List<IpPrefix> one, List<IpPrefix> other) {
        return !one.isEmpty()
                && !other.isEmpty()
                && one.stream().noneMatch(prefix -> other.stream().anyMatch(prefix::overlaps));
    }

    /** Targets are in the VM network. */
    private void targets() {
        for (NatRule rule : content.all(NatRule.class)) {
            target(connection(rule).vmNetworkGatewayId(), rule.internalAddress(), rule);
        }
        Claims claims = new Claims();
        for (NatOneToOne one : content.all(NatOneToOne.class)) {
            target(one.vmNetworkGatewayId(), one.internalAddress(), one);
            claims.claim("1:1 NAT of " + one.vmNetworkGatewayId(), one.internalAddress(), one);
        }
    }

    private void target(UUID gatewayId, IpAddress target, FabricObject by) {
        UUID network = content.get(VmNetworkGateway.class, gatewayId).vmNetworkId();
        Stream<IpPrefix> subnets = content.all(VmSubnet.class).stream()
                .filter(subnet -> subnet.vmNetworkId().equals(network))
                .flatMap(subnet -> subnet.prefixes().stream());
        Stream<IpPrefix> interfaces = content.all(TenantInterface.class).stream()
                .filter(tenant -> tenant.vmNetworkGatewayId().equals(gatewayId))
                .flatMap(tenant -> tenant.subnets().stream());
        require(
                Stream.concat(subnets, interfaces).anyMatch(prefix -> prefix.contains(target)),
                "the target is in no subnet of the VM network",
                by,
                content.get(VmNetworkGateway.class, gatewayId));
    }
}
