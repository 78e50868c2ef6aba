package net.nvgate.fabric.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps the objects of one fabric and the log of their changes. Every committed transaction is one revision; revisions
 * grow by one. Thread-safe. Methods that reach the disk or the network throw {@link StoreException} when it fails.
 */
public interface FabricStore extends AutoCloseable {

    /** {@link #changes} ends an answer with the revision that reaches this number of changed objects. */
    int READ_CHANGES_MAX = 10_000;

    /** Identity of the fabric, made when the store was created: revisions of two fabrics cannot be compared. */
    UUID fabricId();

    /**
     * Empty, or made by the last restore of a backup: what had been committed after the backup is gone, and its revisions are
     * given to other changes. A move keeps it.
     */
    String lineage();

    /** Revisions that have this in common can be compared: the fabric and its lineage. */
    default String history() {
        return lineage().isEmpty() ? fabricId().toString() : fabricId() + "/" + lineage();
    }

    /** The last committed revision, 0 in a new store. */
    long head();

    /** Whether there is such a revision; unlike {@link #head}, also of another manager's that has not been seen here yet. */
    default boolean isCommitted(long revision) {
        return revision <= head();
    }

    /** Changes up to and including this revision are no longer in the log, 0 if all are. */
    long compacted();

    /** Every object as of one revision. */
    StoreSnapshot snapshot();

    /**
     * Commits a transaction as one revision, or changes nothing. Returns when the revision is durable.
     *
     * @throws StoreException if it cannot be known or made durable; the transaction may or may not have been committed
     */
    Outcome apply(Transaction transaction);

    /**
     * The log after a revision, in order: at least one revision if there is one, and no more once these have {@value
     * #READ_CHANGES_MAX} changes, so that an answer is bounded whatever the log is like.
     *
     * @param after 0..head
     * @param limit revisions at most
     * @throws CompactedException if the log no longer reaches back so far
     */
    List<RevisionChanges> changes(long after, int limit);

    /**
     * A revision with its change of one object alone.
     *
     * @return empty if there is no such revision yet, or it did not change the object
     * @throws CompactedException if the log no longer has it
     */
    default Optional<RevisionChanges> change(long revision, UUID id) {
        return changes(revision - 1, 1).stream()
                .map(changes -> changes.only(id))
                .filter(changes -> !changes.changes().isEmpty())
                .findFirst();
    }

    /**
     * The last revision that deleted an object, if the log still has it. A look-up, however long the log is.
     *
     * @param id of an object that is not there; it may never have been
     */
    Optional<Long> deletion(UUID id);

    /**
     * Calls the listener with each revision after {@code after}, in order, without a gap, from one thread of its own.
     *
     * @throws CompactedException if the log no longer reaches back so far
     */
    Subscription watch(long after, Listener listener);

    /** Where several managers of this store leave word for each other; empty if it has but one. */
    default Optional<ManagerBoard> board() {
        return Optional.empty();
    }

    /** Forgets the log up to and including {@code revision} (at most head). Objects stay. */
    void compact(long revision);

    @Override
    void close();

    interface Listener {

        void onRevision(RevisionChanges changes);

        /**
         * The watch has ended before its end: the log it had yet to read was compacted, or reading failed. The listener
         * starts again from a snapshot.
         */
        void onLost(StoreException reason);
    }

    interface Subscription extends AutoCloseable {
        /** No call of the listener begins after this returns; from the listener itself, none after the present one. */
        @Override
        void close();
    }
}
