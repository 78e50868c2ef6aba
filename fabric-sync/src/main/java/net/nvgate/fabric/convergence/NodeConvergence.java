package net.nvgate.fabric.convergence;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.FollowerError;

/**
 * How far one gateway or host of the fabric is.
 *
 * @param desiredRevision the last revision that touches it, or what it has applied if that is later
 * @param appliedRevision what its data path runs by, 0 = not known
 * @param unappliedSince when the oldest change came that touches it and that it has not applied; empty if there is none
 * @param lag from then until now, zero if there is none
 * @param connected to this manager or to another one of the store
 * @param elsewhere name of the other manager that has seen it last; empty if this one has, or nobody
 * @param since when it connected, or was seen last; empty if it was never connected
 * @param lastError "key: reason" of what keeps it from applying its policy, empty if nothing is known to
 * @param errors last error of each object, newest first, at most 16; also those that are over
 * @param drift of a Hyper-V host, what differed there before its last round
 */
public record NodeConvergence(
        NodeId node,
        State state,
        long desiredRevision,
        long appliedRevision,
        Optional<Instant> unappliedSince,
        Duration lag,
        boolean connected,
        Optional<String> elsewhere,
        boolean forwarding,
        String remoteAddress,
        String software,
        Optional<Instant> since,
        Optional<Instant> lastSeen,
        String lastError,
        List<FollowerError> errors,
        Optional<Drift> drift) {

    public enum State {
        /** Connected, and everything that touches it is applied. */
        LEVEL,
        /** Connected, and something is not applied yet. */
        BEHIND,
        /** Connected to no manager. Whether it lacks anything, {@link #unappliedSince} says. */
        DISCONNECTED,
        /** It refused an object, and has not applied its policy since. */
        ERROR
    }

    public NodeConvergence {
        errors = List.copyOf(errors);
    }

    /** Revisions between what it should have and what it has, touching it or not; 0 if nothing touches it. */
    public long lagRevisions() {
        return unappliedSince.isPresent() ? Math.max(0, desiredRevision - appliedRevision) : 0;
    }

    public double lagSeconds() {
        return lag.toMillis() / 1000.0;
    }

    /** Errors that keep it from applying its policy. */
    public long standingErrors() {
        return errors.stream().filter(FollowerError::standing).count();
    }

    /** Objects on a Hyper-V host that were missing, other than they should be, or too many. */
    public record Drift(int missing, int wrong, int extra) {}
}
