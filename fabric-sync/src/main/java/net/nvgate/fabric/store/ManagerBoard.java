package net.nvgate.fabric.store;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * Where the managers of one store leave short-lived word for each other: a note of each. Notes are no part of the fabric, have no
 * revision, and are in no backup. Thread-safe; every method may throw {@link StoreException}.
 */
public interface ManagerBoard {

    /** Largest note. */
    int NOTE_BYTES_MAX = 1 << 20;

    /**
     * Puts this in the place of what the manager has left before. It goes away by itself when the manager does not call again within
     * {@code life}.
     *
     * @param manager this process, not this machine
     * @param note at most {@value #NOTE_BYTES_MAX} bytes
     * @param life whole seconds; the store may make it longer
     */
    void leave(UUID manager, byte[] note, Duration life);

    /** The notes of all managers, also of the one that asks. */
    Map<UUID, byte[]> read();

    /** The manager has nothing to say any more. */
    void remove(UUID manager);
}
