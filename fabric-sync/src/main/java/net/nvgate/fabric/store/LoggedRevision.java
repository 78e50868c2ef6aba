package net.nvgate.fabric.store;

import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A revision with all that a store needs to make it.
 *
 * @param links of each object after its change, {@link Links#NONE} where the change deleted it; as many as changes
 * @param guards that the transaction passed
 */
public record LoggedRevision(RevisionChanges changes, List<Links> links, Set<String> guards) {

    public LoggedRevision {
        links = List.copyOf(links);
        guards = Set.copyOf(guards);
        if (links.size() != changes.changes().size()) {
            throw new IllegalArgumentException(
                    links.size() + " links for " + changes.changes().size() + " changes");
        }
    }

    /** Of a log that is only looked at: objects, their keys and references are known from elsewhere. */
    public static LoggedRevision withoutLinks(RevisionChanges changes) {
        return new LoggedRevision(changes, Collections.nCopies(changes.changes().size(), Links.NONE), Set.of());
    }

    public long revision() {
        return changes.revision();
    }
}
