package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.all;
import static net.nvgate.gateway.control.PolicySamples.gateway;
import static net.nvgate.gateway.control.PolicySamples.tenant;

import java.util.List;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.route.VsidEntry;

/** Tables that follow the policy of two tenants, and what is added to it. */
abstract class TwoTenantsPolicy {

    final RouteTables tables = new RouteTables(TestMemory::allocate, 2);
    final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});
    private long revision;

    final void start() throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(++revision, all(gateway(), tenant(1), tenant(2))));
    }

    final void put(PolicyObject... objects) throws PolicyRejectedException {
        policy.apply(
                ++revision,
                List.of(objects).stream()
                        .<PolicyChange>map(PolicyChange.Put::new)
                        .toList());
    }

    final void remove(PolicyObject object) throws PolicyRejectedException {
        policy.apply(++revision, List.of(new PolicyChange.Remove(object.key())));
    }

    /** Index of tenant {@code n}. */
    final int rdid(int n) {
        return VsidEntry.rdid(tables.vsids.find(6000 + n));
    }
}
