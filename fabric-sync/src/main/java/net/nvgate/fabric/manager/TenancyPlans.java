package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.UUID;
import net.nvgate.fabric.manager.TenancySpec.CloudSpec;
import net.nvgate.fabric.manager.TenancySpec.PlanSpec;
import net.nvgate.fabric.manager.TenancySpec.SubscriptionSpec;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PortClassification;
import net.nvgate.fabric.model.Subscription;

/** Rules of clouds, plans and subscriptions. */
final class TenancyPlans {

    private TenancyPlans() {}

    static Cloud cloud(Draft draft, CloudSpec spec) {
        Cloud cloud = new Cloud(
                draft.meta(spec),
                spec.hostGroupIds(),
                spec.hostIds(),
                spec.logicalNetworkIds(),
                spec.portClassificationIds(),
                spec.capacity().orElse(null));
        check(draft, cloud);
        return draft.put(cloud);
    }

    static void check(Draft draft, Cloud cloud) {
        for (UUID id : cloud.hostGroupIds()) {
            draft.named(HostGroup.class, id, Kind.CLOUD, "hostGroupIds");
        }
        for (UUID id : cloud.hostIds()) {
            draft.named(Host.class, id, Kind.CLOUD, "hostIds");
        }
        for (UUID id : cloud.logicalNetworkIds()) {
            draft.named(LogicalNetwork.class, id, Kind.CLOUD, "logicalNetworkIds");
        }
        for (UUID id : cloud.portClassificationIds()) {
            draft.named(PortClassification.class, id, Kind.CLOUD, "portClassificationIds");
        }
    }

    static Plan plan(Draft draft, PlanSpec spec) {
        Cloud cloud = draft.named(Cloud.class, spec.cloudId(), Kind.PLAN, "cloudId");
        return draft.put(new Plan(
                draft.meta(spec),
                cloud.id(),
                spec.access().orElse(null),
                spec.limits().orElse(null)));
    }

    static Subscription subscription(Draft draft, SubscriptionSpec spec) {
        Plan plan = draft.named(Plan.class, spec.planId(), Kind.SUBSCRIPTION, "planId");
        return draft.put(new Subscription(
                draft.meta(spec), plan.id(), spec.owner(), spec.state().orElse(null), spec.coAdmins()));
    }

    /** A subscription that is moved to another plan: what it has stays where it is, so in the same cloud. */
    static void check(Draft draft, Subscription subscription) {
        Plan plan = draft.named(Plan.class, subscription.planId(), Kind.SUBSCRIPTION, "planId");
        Subscription before = draft.index().get(Subscription.class, subscription.id());
        if (before.planId().equals(plan.id()) && before.state() == subscription.state()) {
            return;
        }
        draft.guard(Quotas.GUARD, subscription.id());
        boolean elsewhere =
                !plan.cloudId().equals(TenancyRules.cloud(draft, before).id());
        if (elsewhere && !draft.index().users(subscription.id()).isEmpty()) {
            throw Draft.refusal(
                    INVALID,
                    Kind.SUBSCRIPTION,
                    "planId",
                    plan.id(),
                    "must be the id of a plan on the same cloud while the subscription has VMs or VM networks");
        }
    }
}
