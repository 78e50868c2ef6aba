package net.nvgate.fabric.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;

/**
 * Changes that are committed together, and what must hold for it: each object is still as its revision says, unique
 * keys are free, references exist, and nobody has passed one of the guards since {@code basedOn}.
 *
 * @param basedOn revision the author looked at
 * @param changes at least one, at most {@value #CHANGES_MAX}; each object once
 * @param guards names of sets that the author read as a whole (e.g. all prefixes of a routing domain): at most one of
 *     two transactions with a common guard and the same base is committed, unless both passed it {@link #shared}
 * @param origin who makes it; becomes part of the log
 */
public record Transaction(long basedOn, List<Change> changes, Set<String> guards, Origin origin) {

    public static final int CHANGES_MAX = 50_000;

    private static final String SHARED = " (shared)";

    /** The manager's own doing. */
    public Transaction(long basedOn, List<Change> changes, Set<String> guards) {
        this(basedOn, changes, guards, Origin.SYSTEM);
    }

    public Transaction {
        changes = List.copyOf(changes);
        guards = Set.copyOf(guards);
        if (changes.isEmpty() || changes.size() > CHANGES_MAX) {
            throw new IllegalArgumentException("a transaction has 1.." + CHANGES_MAX + " changes: " + changes.size());
        }
        Set<UUID> ids = new HashSet<>();
        for (Change change : changes) {
            if (!ids.add(change.object().id())) {
                throw new IllegalArgumentException("object twice in one transaction: " + change.object());
            }
        }
    }

    /**
     * The guard as those pass it who do not mind each other: who takes an address of a pool, say, while who shrinks the pool
     * passes the guard itself.
     */
    public static String shared(String guard) {
        return guard + SHARED;
    }

    /** What nobody else may have passed since the base, if this guard is to be passed. */
    public static List<String> excludedBy(String guard) {
        return guard.endsWith(SHARED)
                ? List.of(guard.substring(0, guard.length() - SHARED.length()))
                : List.of(guard, guard + SHARED);
    }

    /** One object made, replaced or deleted. */
    public sealed interface Change {

        /** Its {@code changedRevision} is the one the stored object must have; 0 = there must be none. */
        FabricObject object();
    }

    /**
     * The object is made or replaces its stored version.
     *
     * @param uniqueKeys all it has from now on
     * @param references ids of all objects it needs from now on
     */
    public record Put(FabricObject object, Set<UniqueKey> uniqueKeys, Set<UUID> references) implements Change {

        public Put {
            uniqueKeys = Set.copyOf(uniqueKeys);
            references = Set.copyOf(references);
        }
    }

    /** The object goes, as it was read. */
    public record Delete(FabricObject object) implements Change {}
}
