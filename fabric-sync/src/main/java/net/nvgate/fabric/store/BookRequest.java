package net.nvgate.fabric.store;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.FabricObject;

/**
 * How a change of an {@link ObjectBook} is asked for.
 *
 * @param origin who makes it, and why
 * @param ifRevision {@code changedRevision} that the object must have, if the caller insists on one
 * @param dryRun it is planned and checked, and nothing is committed
 * @param besides what is committed with it
 */
public record BookRequest(Origin origin, Optional<Long> ifRevision, boolean dryRun, Besides besides) {

    /** More changes of the same transaction; asked each time that it is planned, and may refuse it by an exception. */
    @FunctionalInterface
    public interface Besides {

        Besides NOTHING = _ -> List.of();

        List<Transaction.Change> with(List<Transaction.Change> planned);
    }

    public BookRequest(Origin origin, Optional<Long> ifRevision, boolean dryRun) {
        this(origin, ifRevision, dryRun, Besides.NOTHING);
    }

    public BookRequest with(Besides more) {
        return new BookRequest(origin, ifRevision, dryRun, more);
    }

    /** Whatever the version of the object is. */
    public static BookRequest of(Origin origin) {
        return new BookRequest(origin, Optional.empty(), false);
    }

    /** @throws VersionException if the caller insists on a version, of an object that is not there */
    public void versionOfNothing(String what) {
        if (ifRevision.isPresent()) {
            throw new VersionException(what);
        }
    }

    /** @throws VersionException if the caller insists on another version of this object */
    public <T extends FabricObject> T version(T object) {
        ifRevision.filter(revision -> revision != object.changedRevision()).ifPresent(_ -> {
            throw new VersionException(object);
        });
        return object;
    }
}
