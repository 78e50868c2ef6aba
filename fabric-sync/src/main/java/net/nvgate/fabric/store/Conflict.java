package net.nvgate.fabric.store;

import java.util.List;
import java.util.UUID;

/** Why a transaction cannot be committed. */
public sealed interface Conflict {

    /** Another object has the key. */
    record UniqueKeyTaken(UniqueKey key, UUID owner) implements Conflict {}

    /** The stored object is not the one that was read; revision 0 = there is none. */
    record ObjectChanged(UUID id, long expectedRevision, long actualRevision) implements Conflict {}

    /** An object needs one that does not exist. */
    record ReferenceMissing(UUID from, UUID to) implements Conflict {}

    /** An object to be deleted is needed by others (some of them). */
    record StillReferenced(UUID id, List<UUID> users) implements Conflict {

        public StillReferenced {
            users = List.copyOf(users);
        }
    }

    /** Another transaction passed the guard after the base revision. */
    record GuardPassed(String guard, long revision) implements Conflict {}
}
