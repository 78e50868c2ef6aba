package net.nvgate.fabric.store;

import java.util.List;
import java.util.Set;

/**
 * A revision with all that a store needs to make it: by these alone, from the first on, a store can be built again.
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

    public long revision() {
        return changes.revision();
    }
}
