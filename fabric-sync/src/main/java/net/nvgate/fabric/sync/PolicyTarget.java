package net.nvgate.fabric.sync;

import java.util.List;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;

/**
 * What a follower does with policy: a gateway writes it into its tables, a host agent programs its switch. Called from
 * one thread. When a call returns, packets are handled by the new policy, and the stream acknowledges the revision.
 */
public interface PolicyTarget {

    /**
     * Makes the snapshot the whole policy: what is not in it goes away. What stays the same must not be disturbed.
     *
     * @throws PolicyRejectedException if an object cannot be applied; nothing of the snapshot has been applied then
     */
    void replace(PolicySnapshot snapshot) throws PolicyRejectedException;

    /**
     * Applies the changes in order, as one.
     *
     * @param revision the policy's revision afterwards
     * @throws PolicyRejectedException if one cannot be applied; none has been applied then
     */
    void apply(long revision, List<PolicyChange> changes) throws PolicyRejectedException;
}
