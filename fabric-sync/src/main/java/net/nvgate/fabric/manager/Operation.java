package net.nvgate.fabric.manager;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Kind;

/**
 * One change that somebody asks for: a transaction of its own, or a part of a batch. Whatever is an operation can be
 * done in a batch and tried in a dry run.
 */
public sealed interface Operation {

    /** Makes an object. */
    record Create(FabricSpec<?> spec) implements Operation {}

    /**
     * Changes fields of an object.
     *
     * @param ifRevision {@code changedRevision} that the object must have, if the caller insists on one
     */
    record Update(Kind kind, UUID id, Patch patch, Optional<Long> ifRevision) implements Operation {

        public Update(Kind kind, UUID id, Patch patch) {
            this(kind, id, patch, Optional.empty());
        }
    }

    /**
     * Deletes an object that nothing needs, and frees what was allocated for it.
     *
     * @param ifRevision {@code changedRevision} that the object must have, if the caller insists on one
     */
    record Delete(Kind kind, UUID id, Optional<Long> ifRevision) implements Operation {

        public Delete(Kind kind, UUID id) {
            this(kind, id, Optional.empty());
        }
    }

    /** Live migration of a VM: its addresses stay, the PA of its records becomes the new host's. */
    record Move(UUID vmId, UUID hostId, Optional<Long> ifRevision) implements Operation {

        public Move(UUID vmId, UUID hostId) {
            this(vmId, hostId, Optional.empty());
        }
    }
}
