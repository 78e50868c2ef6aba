package net.nvgate.fabric.policy;

import java.util.List;

/**
 * What changed for one node between two revisions. Applied whole or not at all.
 *
 * @param from revision the node must be at (or any later one below {@code to} that had no change for it)
 * @param to revision after
 * @param changes in order; one key may occur more than once, the last one counts
 */
public record PolicyDelta(long from, long to, List<PolicyChange> changes) {

    public PolicyDelta {
        if (to <= from) {
            throw new IllegalArgumentException("delta must go forward: " + from + " -> " + to);
        }
        changes = List.copyOf(changes);
    }
}
