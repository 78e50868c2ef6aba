package net.nvgate.fabric.sync;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.nvgate.fabric.policy.NodeId;

/** The manager's view of the gateways and hosts that follow its policy. Thread-safe. */
public interface Followers {

    /** Every follower that is connected, or was since the manager started. */
    List<Follower> all();

    Optional<Follower> find(NodeId node);

    /**
     * Asks a follower for live state.
     *
     * @return completes exceptionally with {@link FollowerUnavailableException} if it is not connected or does not answer
     *     in time, with {@link IllegalArgumentException} if it does not know the kind or filter
     */
    CompletableFuture<QueryResult> query(NodeId node, String kind, Map<String, String> filter, int limit);

    /**
     * A follower as last seen.
     *
     * @param desiredRevision revision of the policy the manager has for it
     * @param appliedRevision revision its data path runs by, 0 = none known
     * @param lastError last Nack: "key: reason", empty if the last policy was applied
     * @param statusJson last Status it sent, "{}" before the first
     * @param since when it connected or went away
     * @param lastSeen when it said something last
     * @param errors last error of each object, newest first, at most 16
     */
    record Follower(
            NodeId node,
            boolean connected,
            String remoteAddress,
            String software,
            long desiredRevision,
            long appliedRevision,
            boolean forwarding,
            String lastError,
            String statusJson,
            Instant since,
            Instant lastSeen,
            List<FollowerError> errors) {

        public Follower {
            errors = List.copyOf(errors);
        }

        /** One that is seen when it connects and when it goes, and whose errors are in its status. */
        public Follower(
                NodeId node,
                boolean connected,
                String remoteAddress,
                String software,
                long desiredRevision,
                long appliedRevision,
                boolean forwarding,
                String lastError,
                String statusJson,
                Instant since) {
            this(
                    node,
                    connected,
                    remoteAddress,
                    software,
                    desiredRevision,
                    appliedRevision,
                    forwarding,
                    lastError,
                    statusJson,
                    since,
                    since,
                    List.of());
        }
    }
}
