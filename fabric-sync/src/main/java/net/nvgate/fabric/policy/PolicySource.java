package net.nvgate.fabric.policy;

import java.util.List;
import java.util.Optional;

/**
 * Where followers get policy from. The sync server reads it; the projection of the fabric model implements it, and so
 * can a simulator. Thread-safe.
 */
public interface PolicySource {

    /** Revision up to which policy has been computed. Revisions grow by one with each transaction of the store. */
    long revision();

    /** False for a node that is no gateway or host of the fabric: it gets nothing. */
    boolean knows(NodeId node);

    /** All policy of a node now. Empty list for a known node without policy. */
    PolicySnapshot snapshot(NodeId node);

    /**
     * What changed for a node after {@code revision}, as one list (may be empty) that names each key once, together with the
     * revision it leads to.
     *
     * @return empty if the history no longer reaches back that far, or if {@code revision} lies in the future (another
     *     store): the node needs a snapshot
     */
    Optional<Catchup> since(NodeId node, long revision);

    /**
     * Whether the fabric has this revision, which policy may not have reached yet. May ask the store, and so wait.
     *
     * @throws RuntimeException if the store cannot be asked
     */
    default boolean isCommitted(long revision) {
        return revision <= revision();
    }

    /** Calls the listener after each new revision, in order, from one thread. The listener must not block. */
    Subscription subscribe(Listener listener);

    record Catchup(long revision, List<PolicyChange> changes) {
        public Catchup {
            changes = List.copyOf(changes);
        }
    }

    interface Listener {
        /** {@code policy} has reached {@code revision}; {@code touched} are the nodes with changes since the last call. */
        void onRevision(long revision, java.util.Set<NodeId> touched);
    }

    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
