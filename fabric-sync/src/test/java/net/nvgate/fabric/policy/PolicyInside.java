package net.nvgate.fabric.policy;

import java.util.HashSet;
import net.nvgate.fabric.store.StoreSnapshot;

/** What only a simulation may see of policy. */
public final class PolicyInside {

    private PolicyInside() {}

    /** @throws AssertionError unless policy that was followed is what the store's content gives from scratch */
    public static void assertIsAsFromScratch(PolicyProjection policy, StoreSnapshot snapshot) {
        ProjectionState scratch = new ProjectionState(snapshot.revision(), snapshot.objects());
        for (NodeId node : scratch.nodes()) {
            var wanted = new HashSet<>(scratch.policy(scratch.id(node).orElseThrow()));
            var found = new HashSet<>(policy.snapshot(node).objects());
            if (!wanted.equals(found)) {
                throw new AssertionError("policy of " + node + " is " + found + ", from scratch " + wanted);
            }
        }
        if (policy.revision() != snapshot.revision()) {
            throw new AssertionError("policy is at " + policy.revision() + ", not " + snapshot.revision());
        }
    }
}
