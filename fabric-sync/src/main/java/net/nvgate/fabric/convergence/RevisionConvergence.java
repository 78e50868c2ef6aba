package net.nvgate.fabric.convergence;

import java.util.List;
import java.util.function.Predicate;
import net.nvgate.fabric.policy.NodeId;

/**
 * Who has everything up to a revision.
 *
 * @param projected false while this manager has not computed the policy of the revision: then nobody has it
 * @param applied nodes that have it, or that nothing of it touches
 * @param missing the others
 */
public record RevisionConvergence(
        long revision, boolean projected, List<NodeId> applied, List<NodeConvergence> missing) {

    public RevisionConvergence {
        applied = List.copyOf(applied);
        missing = List.copyOf(missing);
    }

    static RevisionConvergence of(
            long revision, boolean projected, List<NodeConvergence> nodes, Predicate<NodeConvergence> has) {
        return new RevisionConvergence(
                revision,
                projected,
                nodes.stream().filter(has).map(NodeConvergence::node).toList(),
                nodes.stream().filter(has.negate()).toList());
    }

    public boolean converged() {
        return projected && missing.isEmpty();
    }
}
