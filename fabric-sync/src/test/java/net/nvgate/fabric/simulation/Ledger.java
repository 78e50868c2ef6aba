package net.nvgate.fabric.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.RevisionChanges;

/** What each client was told about its request, held against the log. A request is known by the comment it leaves there. */
final class Ledger {

    private static final String TAKES_BACK = "take back ";

    private enum Told {
        /** It is durable. */
        DONE,
        /** Nothing had to change, or it was refused. */
        NOTHING,
        /** Nobody knows. */
        UNKNOWN
    }

    private final Map<Origin, Told> requests = new HashMap<>();
    private final Map<Origin, List<RevisionChanges>> logged = new HashMap<>();

    /** A revision is durable. */
    void logged(RevisionChanges changes) {
        logged.computeIfAbsent(changes.origin(), _ -> new ArrayList<>()).add(changes);
    }

    Origin begin(String actor) {
        Origin origin = new Origin(actor, "request " + requests.size());
        requests.put(origin, Told.UNKNOWN);
        return origin;
    }

    /** The same for a request that gives objects what they had before. */
    Origin beginTakingBack(String actor) {
        Origin origin = new Origin(actor, TAKES_BACK + requests.size());
        requests.put(origin, Told.UNKNOWN);
        return origin;
    }

    static boolean takesBack(Origin origin) {
        return origin.comment().startsWith(TAKES_BACK);
    }

    private List<RevisionChanges> log(Origin origin) {
        return logged.getOrDefault(origin, List.of());
    }

    private static AssertionError wrong(Origin origin, String what, Object told, Object log) {
        return new AssertionError(origin + " " + what + ": told " + told + ", in the log " + log);
    }

    /** The client was told of a revision. */
    void done(Origin origin, FabricChange change) {
        requests.put(origin, change.committed() ? Told.DONE : Told.NOTHING);
        if (!change.committed()) {
            return;
        }
        List<RevisionChanges> log = log(origin);
        if (log.size() != 1
                || log.getFirst().revision() != change.revision()
                || !same(change.changes(), log.getFirst().changes())) {
            throw wrong(origin, "is not logged as it was told", change, log);
        }
    }

    /** The client was told of an object as it is, or was when it was deleted. */
    void done(Origin origin, FabricObject object) {
        List<RevisionChanges> log = log(origin);
        requests.put(origin, log.isEmpty() ? Told.NOTHING : Told.DONE);
        Optional<ObjectChange> change = log.stream()
                .flatMap(changes -> changes.changes().stream())
                .filter(each -> each.id().equals(object.id()))
                .findFirst();
        boolean told = change.map(ObjectChange::any).filter(object::equals).isPresent();
        // Whoever asks for what is there already is told of it, and changes nothing, or only what goes with it.
        if (change.isPresent() && !told) {
            throw wrong(origin, "is not logged as it was told", object, log);
        }
        if (log.isEmpty() && object.changedRevision() == 0) {
            throw wrong(origin, "was told of what is not there", object, log);
        }
    }

    /** The client was told that it is durable, but not what it is. */
    void durable(Origin origin) {
        requests.put(origin, Told.DONE);
    }

    /** The client was told that nothing has changed. */
    void refused(Origin origin) {
        requests.put(origin, Told.NOTHING);
    }

    private static boolean same(List<ObjectChange> told, List<ObjectChange> log) {
        return told.size() == log.size() && new HashSet<>(told).equals(new HashSet<>(log));
    }

    /** At the end, when nothing is on its way any more. */
    void check() {
        requests.forEach((origin, told) -> {
            int times = log(origin).size();
            boolean right = switch (told) {
                case DONE -> times == 1;
                case NOTHING -> times == 0;
                case UNKNOWN -> times <= 1;
            };
            if (!right) {
                throw wrong(origin, "is " + times + " times in the log", told, log(origin));
            }
        });
        logged.keySet().stream()
                .filter(origin -> !requests.containsKey(origin))
                .findFirst()
                .ifPresent(origin -> {
                    throw wrong(origin, "was never asked for", "nobody", log(origin));
                });
    }
}
