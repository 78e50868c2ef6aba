package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What tenants can subscribe to (Windows Azure Pack plan).
 *
 * @param cloudId where the tenants' objects are made
 * @param limits of each subscription
 */
public record Plan(@JsonUnwrapped Meta meta, UUID cloudId, Access access, PlanLimits limits) implements FabricObject {

    /** Who may subscribe. */
    public enum Access {
        /** Every tenant. */
        PUBLIC,
        /** Whom an administrator subscribes. */
        INVITE
    }

    public Plan(Meta meta, UUID cloudId, @Nullable Access access, @Nullable PlanLimits limits) {
        this.meta = Rules.meta(Kind.PLAN, meta);
        this.cloudId = Rules.required(Kind.PLAN.label(), "cloudId", cloudId);
        this.access = Rules.given(access, Access.INVITE);
        this.limits = Rules.given(limits, PlanLimits.UNLIMITED);
    }

    @Override
    public Kind kind() {
        return Kind.PLAN;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(cloudId);
    }

    @Override
    public Plan withMeta(Meta meta) {
        return new Plan(meta, cloudId, access, limits);
    }
}
