package net.nvgate.fabric.convergence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.convergence.NodeConvergence.Drift;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.FollowerError;
import net.nvgate.fabric.sync.Followers.Follower;

/**
 * What one manager has seen of a node. Managers tell each other in this form, as JSON.
 *
 * @param appliedRevision 0 = none known
 * @param since when it connected or went away
 */
record Seen(
        NodeId node,
        boolean connected,
        long appliedRevision,
        boolean forwarding,
        String remoteAddress,
        String software,
        Instant since,
        Instant lastSeen,
        String lastError,
        List<FollowerError> errors,
        Optional<Drift> drift) {

    private static final long TOLD_SECONDS = 30;

    static Seen of(Follower follower) {
        HyperVStatus hyperV = HyperVStatus.of(follower.node(), follower);
        return new Seen(
                follower.node(),
                follower.connected(),
                follower.appliedRevision(),
                follower.forwarding(),
                follower.remoteAddress(),
                follower.software(),
                follower.since(),
                follower.lastSeen(),
                follower.lastError(),
                hyperV.errors().isEmpty() ? follower.errors() : hyperV.errors(),
                hyperV.drift());
    }

    /**
     * As other managers are told: who is connected was seen at this half minute, or when it connected. Every node that is connected says
     * something every few seconds, and the note would be another one each time.
     */
    Seen told() {
        if (!connected) {
            return this;
        }
        Instant coarse = Instant.ofEpochSecond(Math.floorDiv(lastSeen.getEpochSecond(), TOLD_SECONDS) * TOLD_SECONDS);
        return with(true, since, coarse.isBefore(since) ? since : coarse);
    }

    /** Its manager is gone, or does not say any more. */
    Seen gone() {
        return with(false, lastSeen, lastSeen);
    }

    private Seen with(boolean isConnected, Instant connectedOrGone, Instant seen) {
        return new Seen(
                node,
                isConnected,
                appliedRevision,
                forwarding,
                remoteAddress,
                software,
                connectedOrGone,
                seen,
                lastError,
                errors,
                drift);
    }

    /**
     * Whether this tells more than another manager's: of two connections the one that has more is the present one, as a manager may not
     * have noticed yet that its own has ended.
     */
    boolean isBetterThan(Seen other) {
        if (connected != other.connected) {
            return connected;
        }
        if (connected && appliedRevision != other.appliedRevision) {
            return appliedRevision > other.appliedRevision;
        }
        return lastSeen.isAfter(other.lastSeen);
    }
}
