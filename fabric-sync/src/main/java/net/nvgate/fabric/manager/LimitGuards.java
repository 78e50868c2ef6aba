package net.nvgate.fabric.manager;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.Subscription;

/**
 * Guards of limits. Who takes something passes the guard of the subscription only, so that tenants are not in each other's
 * way; therefore who changes a limit passes the guards of all subscriptions below it, and who adds a subscription or a
 * plan passes that of what limits it, so that no subscription is missed.
 */
final class LimitGuards {

    private LimitGuards() {}

    static void pass(Draft draft) {
        draft.puts(Subscription.class).forEach(subscription -> pass(draft, subscription));
        draft.puts(Plan.class).forEach(plan -> pass(draft, plan));
        draft.puts(Cloud.class).forEach(cloud -> pass(draft, cloud));
    }

    private static void pass(Draft draft, Subscription subscription) {
        Optional<UUID> planBefore =
                before(draft, Subscription.class, subscription).map(Subscription::planId);
        if (!planBefore.equals(Optional.of(subscription.planId()))) {
            draft.guard(Quotas.LIMITS_GUARD, subscription.planId());
        }
    }

    private static void pass(Draft draft, Plan plan) {
        Optional<Plan> before = before(draft, Plan.class, plan);
        if (before.isEmpty()) {
            draft.guard(Quotas.CLOUD_GUARD, plan.cloudId());
        } else if (!before.get().limits().equals(plan.limits())) {
            subscriptions(draft, plan.id());
        }
    }

    private static void pass(Draft draft, Cloud cloud) {
        Optional<Cloud> before = before(draft, Cloud.class, cloud);
        if (before.isPresent() && !before.get().capacity().equals(cloud.capacity())) {
            draft.guard(Quotas.CLOUD_GUARD, cloud.id());
            draft.users(Plan.class, cloud.id()).forEach(plan -> subscriptions(draft, plan.id()));
        }
    }

    private static void subscriptions(Draft draft, UUID planId) {
        draft.guard(Quotas.LIMITS_GUARD, planId);
        draft.users(Subscription.class, planId).forEach(subscription -> draft.guard(Quotas.GUARD, subscription.id()));
    }

    private static <T extends FabricObject> Optional<T> before(Draft draft, Class<T> type, T object) {
        return draft.index().find(object.id()).map(type::cast);
    }
}
