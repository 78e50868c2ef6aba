package net.nvgate.fabric.sync;

import java.util.List;
import java.util.concurrent.Semaphore;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;

/** Applies one revision for each permit. */
final class StallingTarget implements PolicyTarget {

    final Semaphore permits = new Semaphore(0);

    @Override
    public void replace(PolicySnapshot snapshot) {
        permits.acquireUninterruptibly();
    }

    @Override
    public void apply(long revision, List<PolicyChange> changes) {
        permits.acquireUninterruptibly();
    }
}
