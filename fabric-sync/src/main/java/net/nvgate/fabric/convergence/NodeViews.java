package net.nvgate.fabric.convergence;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.convergence.NodeConvergence.State;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.FollowerError;
import net.nvgate.fabric.sync.Followers.Follower;

/** What is known of a follower and of the changes that it lacks, together. */
final class NodeViews {

    private NodeViews() {}

    /**
     * @param follower empty if it was never connected
     * @param desired the last revision that touches it
     * @param since of the oldest change that it lacks
     */
    static NodeConvergence of(
            NodeId node, Optional<Follower> follower, long desired, Optional<Instant> since, Instant now) {
        Duration lag = since.map(from -> Duration.between(from, now))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
        if (follower.isEmpty()) {
            return new NodeConvergence(
                    node,
                    State.DISCONNECTED,
                    desired,
                    0,
                    since,
                    lag,
                    false,
                    false,
                    "",
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    List.of(),
                    Optional.empty());
        }
        Follower known = follower.get();
        HyperVStatus hyperV = HyperVStatus.of(node, known);
        List<FollowerError> errors = hyperV.errors().isEmpty() ? known.errors() : hyperV.errors();
        return new NodeConvergence(
                node,
                state(known, since.isPresent()),
                Math.max(desired, known.appliedRevision()),
                known.appliedRevision(),
                since,
                lag,
                known.connected(),
                known.forwarding(),
                known.remoteAddress(),
                known.software(),
                Optional.of(known.since()),
                Optional.of(known.lastSeen()),
                known.lastError(),
                errors,
                hyperV.drift());
    }

    /** An error comes first: a follower that refuses something goes away and comes back with each attempt. */
    private static State state(Follower follower, boolean lacks) {
        if (!follower.lastError().isEmpty()) {
            return State.ERROR;
        }
        if (!follower.connected()) {
            return State.DISCONNECTED;
        }
        return lacks ? State.BEHIND : State.LEVEL;
    }
}
