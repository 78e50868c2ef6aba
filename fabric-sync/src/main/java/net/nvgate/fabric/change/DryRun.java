package net.nvgate.fabric.change;

import java.util.List;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.policy.PolicyDifference;

/**
 * What a change would do.
 *
 * @param change to the objects of the fabric
 * @param policy to the gateways and hosts, by name; nodes without a difference are left out
 */
public record DryRun(FabricChange change, List<PolicyDifference> policy) {

    public DryRun {
        policy = List.copyOf(policy);
    }
}
