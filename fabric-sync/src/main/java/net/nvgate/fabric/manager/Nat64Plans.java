package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.VmNetworkGateway;

/** What needs the NAT64 prefix of a VM network gateway: rules that lead to IPv6 VMs, connections that IPv6 prefixes leave by. */
final class Nat64Plans {

    private static final String GUARD = "nat64";

    private Nat64Plans() {}

    /** A rule to an IPv6 VM, whose address is checked elsewhere. */
    static void check(Draft draft, NatRule rule, NatConnection connection) {
        if (isIpv6(rule)) {
            require(draft, connection.vmNetworkGatewayId(), Kind.NAT_RULE, "internalAddress", rule.internalAddress());
        }
    }

    static void check(Draft draft, NatConnection connection) {
        connection.sourcePrefixes().stream()
                .filter(Nat64Plans::isIpv6)
                .findFirst()
                .ifPresent(prefix ->
                        require(draft, connection.vmNetworkGatewayId(), Kind.NAT_CONNECTION, "sourcePrefixes", prefix));
    }

    private static void require(Draft draft, UUID gatewayId, Kind kind, String field, Object value) {
        draft.guard(GUARD, gatewayId);
        if (draft.get(VmNetworkGateway.class, gatewayId).nat64Prefix().isEmpty()) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    field,
                    value,
                    "is IPv6, so " + draft.describe(gatewayId) + " must have a nat64Prefix");
        }
    }

    /** The prefix stays while something needs it. */
    static void check(Draft draft, VmNetworkGateway gateway) {
        draft.guard(GUARD, gateway.id());
        if (gateway.nat64Prefix().isPresent()) {
            return;
        }
        draft.users(NatConnection.class, gateway.id()).forEach(connection -> {
            if (connection.sourcePrefixes().stream().anyMatch(Nat64Plans::isIpv6)) {
                throw needed(draft, connection);
            }
            draft.users(NatRule.class, connection.id())
                    .filter(Nat64Plans::isIpv6)
                    .findFirst()
                    .ifPresent(rule -> {
                        throw needed(draft, rule);
                    });
        });
    }

    private static FabricException needed(Draft draft, FabricObject by) {
        return Draft.refusal(
                CONFLICT,
                Kind.VM_NETWORK_GATEWAY,
                "nat64Prefix",
                "none",
                "must stay while " + draft.describe(by.id()) + " has an IPv6 address of the VM network");
    }

    private static boolean isIpv6(NatRule rule) {
        return rule.internalAddress().bits() == 128;
    }

    private static boolean isIpv6(IpPrefix prefix) {
        return prefix.address().bits() == 128;
    }
}
