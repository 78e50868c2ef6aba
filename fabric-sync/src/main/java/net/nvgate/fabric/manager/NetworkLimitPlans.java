package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;
import static net.nvgate.fabric.manager.FabricException.Code.QUOTA;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NetworkLimits;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PlanLimits;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.store.Transaction;

/**
 * The limits of plans that gateways enforce. Each VM network gateway carries those of its plan, so that its policy depends
 * on nothing else: {@link #settle} writes them there, in the transaction that makes the gateway, changes the plan, moves the
 * subscription to another one, or gives the VM network to another subscription.
 */
final class NetworkLimitPlans {

    private static final String GUARD = "plan-limits";

    private NetworkLimitPlans() {}

    /** Completes a draft. */
    static void settle(Draft draft) {
        Stream<VmNetworkGateway> ofPlans = draft.puts(Plan.class).stream()
                .filter(plan -> hasOtherLimits(draft, plan))
                .flatMap(plan -> gateways(draft, plan));
        Stream<VmNetworkGateway> ofSubscriptions = draft.puts(Subscription.class).stream()
                .filter(subscription -> isMoved(draft, subscription))
                .flatMap(subscription -> gateways(draft, subscription));
        Stream<VmNetworkGateway> ofNetworks = draft.puts(VmNetwork.class).stream()
                .filter(network -> hasOtherOwner(draft, network))
                .flatMap(network -> draft.index().gatewayOf(network.id()).stream());
        Stream<VmNetworkGateway> made =
                draft.puts(VmNetworkGateway.class).stream().filter(gateway -> isOwned(draft, gateway));
        List<VmNetworkGateway> all = Stream.of(ofPlans, ofSubscriptions, ofNetworks, made)
                .flatMap(gateways -> gateways)
                .toList();
        if (all.size() >= Transaction.CHANGES_MAX) {
            throw new FabricException(
                    INVALID,
                    Kind.PLAN.label(),
                    "limits",
                    all.size() + " vm-network-gateways have these limits; at most " + (Transaction.CHANGES_MAX - 1)
                            + " can be changed at once: move subscriptions to another plan");
        }
        for (VmNetworkGateway gateway : all) {
            NetworkLimits limits = limits(draft, gateway);
            if (!limits.equals(gateway.planLimits())) {
                draft.put(gateway.withPlanLimits(limits));
            }
        }
    }

    private static boolean hasOtherLimits(Draft draft, Plan plan) {
        NetworkLimits before = draft.index()
                .find(plan.id())
                .map(object -> NetworkLimits.of(((Plan) object).limits()))
                .orElse(NetworkLimits.NONE);
        boolean changed = !before.equals(NetworkLimits.of(plan.limits()));
        if (changed) {
            draft.guard(GUARD, plan.id());
        }
        return changed;
    }

    private static boolean isMoved(Draft draft, Subscription subscription) {
        Optional<UUID> before = draft.index().find(subscription.id()).map(object -> ((Subscription) object).planId());
        boolean moved =
                before.filter(plan -> !plan.equals(subscription.planId())).isPresent();
        if (moved) {
            draft.guard(GUARD, before.get());
            draft.guard(GUARD, subscription.planId());
        }
        return moved;
    }

    private static boolean hasOtherOwner(Draft draft, VmNetwork network) {
        return draft.index()
                .find(network.id())
                .filter(before -> !((VmNetwork) before).subscriptionId().equals(network.subscriptionId()))
                .isPresent();
    }

    private static boolean isOwned(Draft draft, VmNetworkGateway gateway) {
        return draft.get(VmNetwork.class, gateway.vmNetworkId())
                .subscriptionId()
                .isPresent();
    }

    private static Stream<VmNetworkGateway> gateways(Draft draft, Plan plan) {
        return draft.users(Subscription.class, plan.id()).flatMap(subscription -> gateways(draft, subscription));
    }

    private static Stream<VmNetworkGateway> gateways(Draft draft, Subscription subscription) {
        return draft.users(VmNetwork.class, subscription.id())
                .filter(network -> network.subscriptionId()
                        .filter(subscription.id()::equals)
                        .isPresent())
                .flatMap(network -> draft.index().gatewayOf(network.id()).stream());
    }

    /** Those of the plan that the gateway's VM network is under. */
    private static NetworkLimits limits(Draft draft, VmNetworkGateway gateway) {
        return draft.get(VmNetwork.class, gateway.vmNetworkId())
                .subscriptionId()
                .map(id -> plan(draft, id))
                .map(plan -> {
                    draft.guard(GUARD, plan.id());
                    return NetworkLimits.of(plan.limits());
                })
                .orElse(NetworkLimits.NONE);
    }

    private static Plan plan(Draft draft, UUID subscriptionId) {
        return draft.get(
                Plan.class, draft.get(Subscription.class, subscriptionId).planId());
    }

    /** @throws FabricException QUOTA if a tenant is given more than its plan allows */
    static void check(Draft draft) {
        draft.puts(VmNetworkGateway.class).forEach(gateway -> check(draft, gateway));
        draft.puts(NatConnection.class).forEach(connection -> check(draft, connection));
    }

    private static void check(Draft draft, VmNetworkGateway gateway) {
        Optional<VmNetworkGateway> before = draft.index().find(gateway.id()).map(VmNetworkGateway.class::cast);
        if (before.filter(old ->
                        old.quota().equals(gateway.quota()) && old.limits().equals(gateway.limits()))
                .isPresent()) {
            return;
        }
        owner(draft, gateway).ifPresent(plan -> {
            PlanLimits limits = plan.limits();
            Kind kind = Kind.VM_NETWORK_GATEWAY;
            within(plan, limits.ports(), gateway.quota().ports(), kind, "quota.ports");
            within(plan, limits.sessions(), gateway.quota().sessions(), kind, "quota.sessions");
            within(
                    plan,
                    limits.sessionsPerSecond(),
                    gateway.quota().sessionsPerSecond(),
                    kind,
                    "quota.sessionsPerSecond");
            Bandwidth own = gateway.limits();
            within(plan, limits.inboundKbps(), own.inboundKbps(), kind, "limits.inboundKbps");
            within(plan, limits.outboundKbps(), own.outboundKbps(), kind, "limits.outboundKbps");
            within(
                    plan,
                    limits.inboundPacketsPerSecond(),
                    own.inboundPacketsPerSecond(),
                    kind,
                    "limits.inboundPacketsPerSecond");
            within(
                    plan,
                    limits.outboundPacketsPerSecond(),
                    own.outboundPacketsPerSecond(),
                    kind,
                    "limits.outboundPacketsPerSecond");
        });
    }

    private static void check(Draft draft, NatConnection connection) {
        Optional<NatConnection> before = draft.index().find(connection.id()).map(NatConnection.class::cast);
        if (before.filter(old -> old.bandwidth().equals(connection.bandwidth())).isPresent()) {
            return;
        }
        owner(draft, draft.get(VmNetworkGateway.class, connection.vmNetworkGatewayId()))
                .ifPresent(plan -> {
                    Kind kind = Kind.NAT_CONNECTION;
                    within(
                            plan,
                            plan.limits().inboundKbps(),
                            connection.maximumBandwidthInboundKbps(),
                            kind,
                            "maximumBandwidthInboundKbps");
                    within(
                            plan,
                            plan.limits().outboundKbps(),
                            connection.maximumBandwidthOutboundKbps(),
                            kind,
                            "maximumBandwidthOutboundKbps");
                });
    }

    private static Optional<Plan> owner(Draft draft, VmNetworkGateway gateway) {
        return draft.get(VmNetwork.class, gateway.vmNetworkId())
                .subscriptionId()
                .map(id -> plan(draft, id));
    }

    private static void within(Plan plan, Optional<Integer> limit, int wanted, Kind kind, String field) {
        if (limit.isPresent() && wanted > limit.get()) {
            throw Draft.refusal(
                    QUOTA, kind, field, wanted, "is limited to " + limit.get() + " by plan '" + plan.name() + "'");
        }
    }
}
