package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;

/**
 * Takes a gateway out of use: no VM network comes to it any more, and those that it serves go to other gateways, as far as these can
 * take them. Networks that must be on one gateway go together or not at all.
 */
final class GatewayDrain {

    /** Networks that move in one transaction. */
    static final int MOVES_MAX = 10_000;

    private static final int REASONS_MAX = 3;

    private final Draft draft;
    private final Gateway gateway;
    private final GatewayMoves moves;
    private final List<Gateway> others;
    private final Map<UUID, String> reasons = new HashMap<>();
    private int moved;

    private GatewayDrain(Draft draft, Gateway gateway) {
        this.draft = draft;
        this.gateway = gateway;
        moves = new GatewayMoves(draft);
        others = draft.index().all(Kind.GATEWAY).stream()
                .map(Gateway.class::cast)
                .filter(other -> !other.id().equals(gateway.id())
                        && !other.draining()
                        && other.directRouting() == gateway.directRouting()
                        && network(other).equals(network(gateway)))
                .toList();
    }

    static Gateway run(Draft draft, Operation.Drain drain) {
        Gateway gateway = draft.existing(Gateway.class, drain.gatewayId());
        Gateway draining = gateway.withDraining(true);
        if (!gateway.draining()) {
            draft.put(draining);
        }
        if (drain.moveNetworks()) {
            GatewayDrain all = new GatewayDrain(draft, draining);
            all.move(all.attachments());
        }
        return draining;
    }

    /**
     * What is left on a gateway, and why; moves on a draft that nobody commits.
     *
     * @param max networks that are looked at, with those that they are bound to; the rest is only counted
     */
    static GatewayNetworks look(Draft draft, UUID id, int max) {
        Gateway gateway = draft.existing(Gateway.class, id);
        GatewayDrain drain = new GatewayDrain(draft, gateway);
        List<VmNetworkGateway> all = drain.attachments();
        List<VmNetworkGateway> first = all.subList(0, Math.min(max, all.size()));
        drain.move(first);
        return new GatewayNetworks(
                draft.index().revision(),
                gateway,
                all.size(),
                first.stream()
                        .map(attachment -> new GatewayNetworks.Served(
                                draft.get(VmNetwork.class, attachment.vmNetworkId()),
                                attachment,
                                Optional.ofNullable(drain.reasons.get(attachment.id()))))
                        .toList());
    }

    private UUID network(Gateway other) {
        return PhysicalPlans.logicalNetwork(draft, draft.get(IpPool.class, other.paPoolId()))
                .id();
    }

    private List<VmNetworkGateway> attachments() {
        return draft.index().users(gateway.id()).stream()
                .flatMap(id -> draft.index().find(VmNetworkGateway.class, id).stream())
                .sorted(FabricManager.BY_NAME)
                .toList();
    }

    private void move(List<VmNetworkGateway> attachments) {
        Map<UUID, VmNetworkGateway> done = new LinkedHashMap<>();
        for (VmNetworkGateway attachment : attachments) {
            if (!done.containsKey(attachment.id())) {
                Map<UUID, VmNetworkGateway> group = GatewayMoves.together(draft, attachment);
                done.putAll(group);
                reason(group.values()).ifPresent(reason -> group.keySet().forEach(id -> reasons.put(id, reason)));
            }
        }
    }

    /** Moves the group, or says why it stays. */
    private Optional<String> reason(Collection<VmNetworkGateway> group) {
        if (moved + group.size() > MOVES_MAX) {
            return Optional.of("at most " + MOVES_MAX + " VM networks move at once: drain the gateway again");
        }
        Optional<String> routed =
                group.stream().flatMap(each -> routed(each).stream()).findFirst();
        if (routed.isPresent()) {
            return routed;
        }
        List<String> refusals = new ArrayList<>();
        for (Gateway other : ranked()) {
            try {
                moves.move(group, other);
                moved += group.size();
                return Optional.empty();
            } catch (FabricException e) {
                refusals.add("gateway '" + other.name() + "': " + e.getMessage());
            }
        }
        String together = group.size() == 1 ? "" : "with " + (group.size() - 1) + " more that it is bound to: ";
        return Optional.of(together + (refusals.isEmpty() ? none() : text(refusals)));
    }

    private String none() {
        return "there is no other gateway that takes VM networks on "
                + draft.describe(network(gateway))
                + (gateway.directRouting() ? " and has directRouting" : "");
    }

    private static String text(List<String> refusals) {
        String first = String.join("; ", refusals.subList(0, Math.min(REASONS_MAX, refusals.size())));
        int more = refusals.size() - REASONS_MAX;
        return more > 0 ? first + "; and " + more + " other gateways" : first;
    }

    /** Routers outside lead such prefixes to this gateway's own address; they know nothing of another. */
    private Optional<String> routed(VmNetworkGateway attachment) {
        if (!attachment.nptv6Prefixes().isEmpty()) {
            return Optional.of("routers outside lead "
                    + attachment.nptv6Prefixes().getFirst().outsidePrefix() + " of its nptv6Prefixes to this gateway: "
                    + "change the route there, and PATCH gatewayId of the vm-network-gateway");
        }
        return draft.users(NatExemption.class, attachment.id())
                .findFirst()
                .map(exemption -> "routers outside lead " + exemption.sourcePrefix() + " of nat-exemption '"
                        + exemption.name()
                        + "' to this gateway: change the route there, and PATCH gatewayId of the vm-network-gateway");
    }

    /** First those that serve all hosts that this one serves, then those with the fewest networks. */
    private List<Gateway> ranked() {
        return others.stream()
                .sorted(Comparator.comparing((Gateway other) -> !servesAll(other))
                        .thenComparingLong(moves::served)
                        .thenComparing(Gateway::name))
                .toList();
    }

    private boolean servesAll(Gateway other) {
        return other.hostGroupIds().isEmpty()
                || (!gateway.hostGroupIds().isEmpty() && other.hostGroupIds().containsAll(gateway.hostGroupIds()));
    }
}
