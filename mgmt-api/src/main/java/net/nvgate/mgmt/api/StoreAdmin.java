package net.nvgate.mgmt.api;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Looks after the store of a running manager. Methods block. */
public interface StoreAdmin {

    /** Kinds of stores, as {@code store.type} has them, in capitals. */
    enum Type {
        SQLITE,
        ETCD
    }

    /**
     * Where the fabric is kept.
     *
     * @param type present one
     * @param place for people
     * @param move the last one since the manager started
     */
    record View(Type type, String place, UUID fabricId, long revision, long compacted, Optional<Move> move) {}

    /**
     * A move of the store.
     *
     * @param startedAt RFC 3339
     * @param waitedMillis how long changes had to wait, once it is done
     * @param problem why it failed; the store is where it was
     */
    record Move(
            Type to,
            String place,
            Phase phase,
            String startedAt,
            Optional<Long> waitedMillis,
            Optional<String> problem) {}

    /** How far a move is. */
    enum Phase {
        COPYING,
        FOLLOWING,
        SWITCHING,
        DONE,
        FAILED
    }

    /** What a client asks for. */
    record MoveRequest(Type to, Optional<Boolean> replace) {}

    /** What a backup is of. */
    record Backup(UUID fabricId, long revision, String sha256) {}

    View view();

    /**
     * Begins to move the store to where the configuration file says that a store of this type is.
     *
     * @throws Refused if it cannot be begun
     */
    View move(MoveRequest request);

    /** Writes a backup of one revision to a file, and reads it again. */
    Backup backup(Path file);

    /** Where files may lie for a while. */
    Path scratch();

    /** A request that cannot be done now. */
    final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message);
        }
    }
}
