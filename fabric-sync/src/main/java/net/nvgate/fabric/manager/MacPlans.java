package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.UUID;
import net.nvgate.fabric.manager.PhysicalSpec.MacGrantSpec;
import net.nvgate.fabric.manager.PhysicalSpec.MacPoolSpec;
import net.nvgate.fabric.model.AllocatedTo;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.MacPool;

/** Rules of MAC pools and of MACs that are granted. What is used stays used when its pool changes or goes. */
final class MacPlans {

    private MacPlans() {}

    static MacPool macPool(Draft draft, MacPoolSpec spec) {
        MacPool pool = new MacPool(draft.meta(spec), spec.rangeStart(), spec.rangeEnd(), spec.hostGroupIds());
        check(draft, pool);
        return draft.put(pool);
    }

    static void check(Draft draft, MacPool pool) {
        draft.guard("mac-pools", "all");
        for (UUID group : pool.hostGroupIds()) {
            draft.named(HostGroup.class, group, Kind.MAC_POOL, "hostGroupIds");
        }
        for (FabricObject object : draft.index().all(Kind.MAC_POOL)) {
            if (!object.id().equals(pool.id()) && ((MacPool) object).overlaps(pool)) {
                throw Draft.refusal(
                        CONFLICT,
                        Kind.MAC_POOL,
                        "rangeStart",
                        pool.rangeStart() + "-" + pool.rangeEnd(),
                        "must not overlap " + draft.describe(object.id()));
            }
        }
    }

    static MacGrant macGrant(Draft draft, MacGrantSpec spec) {
        Kind kind = Kind.MAC_GRANT;
        MacPool pool = draft.named(MacPool.class, spec.macPoolId(), kind, "macPoolId");
        MacAddress mac = spec.mac().orElseGet(() -> draft.allocation().mac(MacRange.of(pool), kind, "mac"));
        if (!pool.contains(mac)) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "mac",
                    mac,
                    "must be in " + pool.rangeStart() + "-" + pool.rangeEnd() + " of mac-pool '" + pool.name() + "'");
        }
        if (draft.index().macs().isUsed(mac)) {
            throw Draft.refusal(CONFLICT, kind, "mac", mac, "must be free");
        }
        return draft.put(new MacGrant(
                draft.meta(spec),
                pool.id(),
                mac,
                spec.allocatedTo().orElse(AllocatedTo.NOBODY),
                spec.state().orElse(AllocatedTo.State.ALLOCATED)));
    }
}
