package net.nvgate.mgmt.api;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.mgmt.access.Principal;
import net.nvgate.mgmt.api.ChangeViews.ObjectDifference;
import org.jspecify.annotations.Nullable;

/** Revisions of the log as events of who watches. */
final class WatchEvents {

    private final Tenancy tenancy;
    private final FabricManager fabric;
    private final ChangeLog log;

    WatchEvents(Tenancy tenancy, FabricManager fabric, ChangeLog log) {
        this.tenancy = tenancy;
        this.fabric = fabric;
        this.log = log;
    }

    /**
     * Events that a client gets.
     *
     * @param last revision that was looked at, 0 if there was none
     */
    record Found(List<String> texts, long last) {}

    record WatchEvent(long revision, String at, String actor, String comment, List<ObjectDifference> changes) {}

    /** @throws ProblemException if a kind is not known */
    static Set<Kind> kinds(@Nullable String names) {
        if (names == null) {
            return EnumSet.copyOf(Kind.ofFabric());
        }
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (String name : names.split(",", -1)) {
            kinds.add(Kind.ofPath(name)
                    .orElseThrow(() -> new ProblemException(
                            Problem.of(ProblemCode.INVALID_VALUE, "no kind of object is called '" + name + "' in paths")
                                    .atField("kinds"))));
        }
        return kinds;
    }

    /** An event that says no more than how far the client is. */
    static String position(String event, long revision) {
        return "id: " + revision + "\nevent: " + event + "\ndata: {\"revision\":" + revision + "}\n\n";
    }

    /** May block. */
    Found of(List<RevisionChanges> revisions, Principal principal, Set<Kind> kinds) {
        Optional<TenantScope> scope = tenancy.scope(principal);
        Function<UUID, Optional<FabricObject>> gone = gone();
        Optional<OwnedSince> since = scope.map(own -> new OwnedSince(own, log, gone));
        List<String> texts = new ArrayList<>();
        long last = 0;
        for (RevisionChanges revision : revisions) {
            last = revision.revision();
            if (scope.isPresent() && revision.changes().stream().anyMatch(scope.get()::changesWhatIsOwn)) {
                texts.add(position("resync", last));
            }
            List<ObjectDifference> seen = revision.changes().stream()
                    .filter(change -> kinds.contains(change.any().kind()))
                    .flatMap(change -> scope.isEmpty()
                            ? Stream.of(ObjectDifference.of(change))
                            : seen(scope.get(), gone, since.orElseThrow(), change, revision.revision()).stream())
                    .toList();
            if (!seen.isEmpty()) {
                String actor = revision.origin().actor();
                WatchEvent event = new WatchEvent(
                        last,
                        revision.at().toString(),
                        scope.map(own -> own.actor(actor)).orElse(actor),
                        revision.origin().comment(),
                        seen);
                texts.add("id: " + last + "\nevent: change\ndata: " + FabricJson.write(event) + "\n\n");
            }
        }
        return new Found(texts, last);
    }

    /** As a tenant sees it: only since it is the tenant's, and of what is gone only that it is. */
    private Optional<ObjectDifference> seen(
            TenantScope own,
            Function<UUID, Optional<FabricObject>> gone,
            OwnedSince ownedSince,
            ObjectChange change,
            long revision) {
        if (!own.has(change, gone)) {
            return Optional.empty();
        }
        FabricObject any = change.any();
        long since = ownedSince.of(fabric.find(any.id()).orElse(any));
        if (revision < since || (revision == since && change.after().isEmpty())) {
            return Optional.empty();
        }
        Optional<FabricObject> present = fabric.find(any.id());
        if (present.isEmpty()) {
            return change.after().isPresent()
                    ? Optional.empty()
                    : Optional.of(new ObjectDifference(
                            any.kind().path(),
                            any.id(),
                            any.name(),
                            ChangeViews.Type.DELETED,
                            Optional.empty(),
                            Optional.empty()));
        }
        if (!own.has(present.get())) {
            return Optional.empty();
        }
        return Optional.of(ObjectDifference.of(revision == since ? Tenancy.madeThen(own, change) : own.masked(change)));
    }

    /** What was deleted, at any time: whose something was is known by what it was in. */
    private Function<UUID, Optional<FabricObject>> gone() {
        Map<UUID, Optional<FabricObject>> gone = new HashMap<>();
        return id -> gone.computeIfAbsent(id, log::deleted);
    }
}
