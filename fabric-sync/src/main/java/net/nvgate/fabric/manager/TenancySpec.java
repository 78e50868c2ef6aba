package net.nvgate.fabric.manager;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Capacity;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PlanLimits;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Subscription;

/** Requests for what tenants are offered, and for tenants. */
public sealed interface TenancySpec<T extends FabricObject> extends FabricSpec<T> {

    /** All of the fabric, without limits, by default. */
    record CloudSpec(
            @JsonUnwrapped SpecMeta meta,
            List<UUID> hostGroupIds,
            List<UUID> hostIds,
            List<UUID> logicalNetworkIds,
            List<UUID> portClassificationIds,
            Optional<Capacity> capacity)
            implements TenancySpec<Cloud> {

        public CloudSpec {
            String kind = Kind.CLOUD.label();
            meta = SpecMeta.checked(Kind.CLOUD, meta);
            hostGroupIds = Rules.list(kind, "hostGroupIds", hostGroupIds);
            hostIds = Rules.list(kind, "hostIds", hostIds);
            logicalNetworkIds = Rules.list(kind, "logicalNetworkIds", logicalNetworkIds);
            portClassificationIds = Rules.list(kind, "portClassificationIds", portClassificationIds);
        }

        @Override
        public Kind kind() {
            return Kind.CLOUD;
        }
    }

    /** By invitation, and without limits, by default. */
    record PlanSpec(
            @JsonUnwrapped SpecMeta meta, UUID cloudId, Optional<Plan.Access> access, Optional<PlanLimits> limits)
            implements TenancySpec<Plan> {

        public PlanSpec {
            meta = SpecMeta.checked(Kind.PLAN, meta);
            Rules.required(Kind.PLAN.label(), "cloudId", cloudId);
        }

        @Override
        public Kind kind() {
            return Kind.PLAN;
        }
    }

    /** Active by default. */
    record SubscriptionSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID planId,
            String owner,
            Optional<Subscription.State> state,
            List<String> coAdmins)
            implements TenancySpec<Subscription> {

        public SubscriptionSpec {
            String kind = Kind.SUBSCRIPTION.label();
            meta = SpecMeta.checked(Kind.SUBSCRIPTION, meta);
            Rules.required(kind, "planId", planId);
            Rules.required(kind, "owner", owner);
            coAdmins = Rules.list(kind, "coAdmins", coAdmins);
        }

        @Override
        public Kind kind() {
            return Kind.SUBSCRIPTION;
        }
    }
}
