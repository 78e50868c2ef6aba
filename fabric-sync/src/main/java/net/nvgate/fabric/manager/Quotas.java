package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.QUOTA;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.store.ObjectChange;

/**
 * The quotas of plans and clouds, checked for a draft as a whole. Who takes more passes the guard of the subscription, so
 * that of two who take the last only one gets it. A limit may be set below what is in use, and a subscription may move to
 * such a plan: what is there stays, nothing is added.
 */
final class Quotas {

    /** Of a subscription: what it has, its plan and its state. */
    static final String GUARD = "subscription";

    static final String CLOUD_GUARD = "cloud";
    static final String LIMITS_GUARD = "limits";

    /** Of a VM network: whose it is, and what of it is counted. */
    private static final String OWNER_GUARD = "owner";

    private Quotas() {}

    /** What a draft takes of one subscription, or gives back. */
    private static final class Demand {

        private final Map<QuotaDimension, Long> amounts = new EnumMap<>(QuotaDimension.class);
        private final Map<IpAddress, Integer> addresses = new LinkedHashMap<>();
        private Kind kind = Kind.SUBSCRIPTION;

        void add(QuotaUse use, Kind asker, int sign) {
            if (sign > 0) {
                kind = asker;
            }
            use.amounts().forEach((dimension, amount) -> amounts.merge(dimension, sign * amount, Long::sum));
            use.publicAddress().ifPresent(address -> addresses.merge(address, sign, Integer::sum));
        }

        /** What is in a VM network that comes or goes. */
        void add(QuotaBook.Tally moved, int sign) {
            moved.amounts().forEach((dimension, amount) -> amounts.merge(dimension, sign * amount, Long::sum));
            moved.addresses().forEach((address, count) -> addresses.merge(address, sign * count, Integer::sum));
        }

        /** With the public addresses that the subscription has, or has no longer, by this. */
        Map<QuotaDimension, Long> against(QuotaBook.Tally used) {
            long more = 0;
            for (Map.Entry<IpAddress, Integer> change : addresses.entrySet()) {
                int before = used.holders(change.getKey());
                more += Integer.signum(before + change.getValue()) - Integer.signum(before);
            }
            Map<QuotaDimension, Long> total = new EnumMap<>(amounts);
            total.put(QuotaDimension.PUBLIC_ADDRESSES, more);
            total.values().removeIf(amount -> amount <= 0);
            return total;
        }
    }

    /** @throws FabricException QUOTA with limit, use and request */
    static void check(Draft draft) {
        LimitGuards.pass(draft);
        Map<Optional<UUID>, Demand> demands = new LinkedHashMap<>();
        for (ObjectChange change : draft.unchecked()) {
            Kind kind = change.any().kind();
            change.before()
                    .flatMap(object -> QuotaUse.of(object, draft.index()))
                    .ifPresent(use -> demand(demands, use.subscriptionId()).add(use, kind, -1));
            change.after()
                    .flatMap(object -> QuotaUse.of(object, draft))
                    .ifPresent(use -> demand(demands, use.subscriptionId()).add(use, kind, 1));
            passOwner(draft, change);
            if (change.before().isPresent() && change.after().orElse(null) instanceof VmNetwork after) {
                move(draft, demands, (VmNetwork) change.before().get(), after);
            }
        }
        demands.forEach((owner, demand) ->
                owner.ifPresent(id -> check(draft, draft.get(Subscription.class, id), demand)));
    }

    private static Demand demand(Map<Optional<UUID>, Demand> demands, Optional<UUID> owner) {
        return demands.computeIfAbsent(owner, _ -> new Demand());
    }

    /** Whoever adds to a VM network relies on whose it is. */
    private static void passOwner(Draft draft, ObjectChange change) {
        if (change.before().isEmpty() && change.after().isPresent()) {
            FabricObject made = change.after().get();
            Optional<UUID> network = made instanceof VmNetworkGateway gateway
                    ? Optional.of(gateway.vmNetworkId())
                    : QuotaUse.of(made, draft).flatMap(QuotaUse::vmNetworkId);
            network.ifPresent(id -> draft.guard(OWNER_GUARD, id));
        }
    }

    /** What is in a VM network goes with it to another owner; who loses it must not put anything into it meanwhile. */
    private static void move(Draft draft, Map<Optional<UUID>, Demand> demands, VmNetwork before, VmNetwork after) {
        if (before.subscriptionId().equals(after.subscriptionId())) {
            return;
        }
        draft.guard(OWNER_GUARD, after.id());
        before.subscriptionId().ifPresent(id -> draft.guard(GUARD, id));
        QuotaBook.Tally moved = draft.index().quotas().ofNetwork(after.id());
        demand(demands, before.subscriptionId()).add(moved, -1);
        demand(demands, after.subscriptionId()).add(moved, 1);
    }

    private static void check(Draft draft, Subscription subscription, Demand demand) {
        QuotaBook book = draft.index().quotas();
        QuotaBook.Tally used = book.ofSubscription(subscription.id());
        Map<QuotaDimension, Long> more = demand.against(used);
        if (more.isEmpty()) {
            return;
        }
        draft.guard(GUARD, subscription.id());
        if (subscription.state() == Subscription.State.SUSPENDED) {
            throw new FabricException(
                    QUOTA,
                    demand.kind.label(),
                    "subscriptionId",
                    "subscription '" + subscription.name() + "' is SUSPENDED and gets nothing new");
        }
        Plan plan = draft.get(Plan.class, subscription.planId());
        Cloud cloud = draft.get(Cloud.class, plan.cloudId());
        QuotaBook.Tally inCloud = book.ofCloud(cloud.id());
        more.forEach((dimension, amount) -> {
            check(draft, demand, subscription.id(), plan.id(), dimension, dimension.limit(plan.limits()), used, amount);
            Optional<Long> capacity = dimension.limit(cloud.capacity());
            capacity.ifPresent(_ -> draft.guard(CLOUD_GUARD, cloud.id()));
            check(draft, demand, cloud.id(), cloud.id(), dimension, capacity, inCloud, amount);
        });
    }

    private static void check(
            Draft draft,
            Demand demand,
            UUID holder,
            UUID limiter,
            QuotaDimension dimension,
            Optional<Long> limit,
            QuotaBook.Tally tally,
            long amount) {
        long used = tally.used(dimension);
        if (limit.isPresent() && used + amount > limit.get()) {
            throw new FabricException(
                    QUOTA,
                    demand.kind.label(),
                    null,
                    draft.describe(limiter) + " allows " + limit.get() + " " + dimension.field() + ": "
                            + draft.describe(holder) + " has " + used + ", and " + amount + " more are asked for");
        }
    }
}
