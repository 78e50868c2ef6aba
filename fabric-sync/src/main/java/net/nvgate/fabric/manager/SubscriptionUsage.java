package net.nvgate.fabric.manager;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PlanLimits;
import net.nvgate.fabric.model.Subscription;

/**
 * What a subscription has of what its plan limits.
 *
 * @param limits of each VM network too, which gateways enforce and nothing here counts
 * @param usage by the name of the limit
 */
public record SubscriptionUsage(
        UUID subscriptionId, UUID planId, Subscription.State state, PlanLimits limits, Map<String, Use> usage) {

    /** @param limit absent = none */
    public record Use(long used, Optional<Long> limit) {}

    /** @throws FabricException NOT_FOUND */
    static SubscriptionUsage of(FabricIndex index, UUID id) {
        Subscription subscription = index.existing(Subscription.class, id);
        Plan plan = index.get(Plan.class, subscription.planId());
        QuotaBook.Tally tally = index.quotas().ofSubscription(id);
        Map<String, Use> usage = new LinkedHashMap<>();
        for (QuotaDimension dimension : QuotaDimension.values()) {
            usage.put(dimension.field(), new Use(tally.used(dimension), dimension.limit(plan.limits())));
        }
        return new SubscriptionUsage(id, plan.id(), subscription.state(), plan.limits(), usage);
    }
}
