package net.nvgate.fabric.store;

import java.util.Optional;
import net.nvgate.fabric.model.FabricObject;

/**
 * How a change of an {@link ObjectBook} is asked for.
 *
 * @param origin who makes it, and why
 * @param ifRevision {@code changedRevision} that the object must have, if the caller insists on one
 * @param dryRun it is planned and checked, and nothing is committed
 */
public record BookRequest(Origin origin, Optional<Long> ifRevision, boolean dryRun) {

    /** Whatever the version of the object is. */
    public static BookRequest of(Origin origin) {
        return new BookRequest(origin, Optional.empty(), false);
    }

    /** @throws VersionException if the caller insists on another version of this object */
    public <T extends FabricObject> T version(T object) {
        ifRevision.filter(revision -> revision != object.changedRevision()).ifPresent(_ -> {
            throw new VersionException(object);
        });
        return object;
    }
}
