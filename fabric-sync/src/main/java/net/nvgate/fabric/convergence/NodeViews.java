package net.nvgate.fabric.convergence;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.convergence.NodeConvergence.State;
import net.nvgate.fabric.convergence.OtherManagers.Elsewhere;
import net.nvgate.fabric.policy.NodeId;

/** What is known of a node and of the changes that it lacks, together. */
final class NodeViews {

    private NodeViews() {}

    /** The one that is told by this manager, or by another one if that knows better; empty if nobody ever saw the node. */
    static Optional<Elsewhere> best(Optional<Seen> own, Optional<Elsewhere> other) {
        boolean others =
                other.isPresent() && (own.isEmpty() || other.get().seen().isBetterThan(own.get()));
        return others ? other : own.map(seen -> new Elsewhere("", seen));
    }

    /**
     * @param known empty if it was never connected; its manager is empty if it is this one
     * @param desired the last revision that touches it
     * @param since of the oldest change that it lacks
     */
    static NodeConvergence of(
            NodeId node, Optional<Elsewhere> known, long desired, Optional<Instant> since, Instant now) {
        Duration lag = since.map(from -> Duration.between(from, now))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
        if (known.isEmpty()) {
            return new NodeConvergence(
                    node,
                    State.DISCONNECTED,
                    desired,
                    0,
                    since,
                    lag,
                    false,
                    Optional.empty(),
                    false,
                    "",
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    List.of(),
                    Optional.empty());
        }
        Seen seen = known.get().seen();
        return new NodeConvergence(
                node,
                state(seen, since.isPresent()),
                Math.max(desired, seen.appliedRevision()),
                seen.appliedRevision(),
                since,
                lag,
                seen.connected(),
                Optional.of(known.get().manager()).filter(name -> !name.isEmpty()),
                seen.forwarding(),
                seen.remoteAddress(),
                seen.software(),
                Optional.of(seen.since()),
                Optional.of(seen.lastSeen()),
                seen.lastError(),
                seen.errors(),
                seen.drift());
    }

    /** An error comes first: a follower that refuses something goes away and comes back with each attempt. */
    private static State state(Seen seen, boolean lacks) {
        if (!seen.lastError().isEmpty()) {
            return State.ERROR;
        }
        if (!seen.connected()) {
            return State.DISCONNECTED;
        }
        return lacks ? State.BEHIND : State.LEVEL;
    }
}
