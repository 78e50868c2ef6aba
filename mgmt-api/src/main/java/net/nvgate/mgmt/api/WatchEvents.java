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
import net.nvgate.fabric.store.Origin;
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
        Optional<Tenant> tenant = scope.map(own -> tenant(own, gone));
        List<String> texts = new ArrayList<>();
        long last = 0;
        for (RevisionChanges revision : revisions) {
            last = revision.revision();
            List<ObjectDifference> left = tenant.map(own -> own.left().by(revision).stream()
                            .map(WatchEvents::gone)
                            .toList())
                    .orElse(List.of());
            if (!left.isEmpty()
                    || (scope.isPresent() && revision.changes().stream().anyMatch(scope.get()::changesWhatIsOwn))) {
                texts.add(position("resync", last));
            }
            List<ObjectDifference> seen = Stream.concat(
                            revision.changes().stream()
                                    .filter(change ->
                                            kinds.contains(change.any().kind()))
                                    .flatMap(change -> tenant.isEmpty()
                                            ? Stream.of(ObjectDifference.of(change))
                                            : seen(tenant.get(), change, revision.revision()).stream()),
                            left.stream()
                                    .filter(each -> kinds.contains(
                                            Kind.ofPath(each.kind()).orElseThrow())))
                    .toList();
            if (!seen.isEmpty()) {
                Origin origin = scope.map(own -> own.origin(revision.origin())).orElse(revision.origin());
                WatchEvent event =
                        new WatchEvent(last, revision.at().toString(), origin.actor(), origin.comment(), seen);
                texts.add("id: " + last + "\nevent: change\ndata: " + FabricJson.write(event) + "\n\n");
            }
        }
        return new Found(texts, last);
    }

    /** What it takes to know what a tenant sees. */
    private record Tenant(TenantScope own, OwnedSince since, OwnedThen then, LeftNetworks left) {}

    private Tenant tenant(TenantScope own, Function<UUID, Optional<FabricObject>> gone) {
        OwnedThen then = new OwnedThen(own, fabric, log, gone);
        return new Tenant(own, new OwnedSince(own, log, gone), then, new LeftNetworks(fabric, log::since, own, then));
    }

    private static ObjectDifference gone(FabricObject object) {
        return new ObjectDifference(
                object.kind().path(),
                object.id(),
                object.name(),
                ChangeViews.Type.DELETED,
                Optional.empty(),
                Optional.empty());
    }

    /** As a tenant sees it: only since it is the tenant's, and of what it sees no more only that. */
    private Optional<ObjectDifference> seen(Tenant tenant, ObjectChange change, long revision) {
        if (!tenant.then().after(change, revision)) {
            return tenant.then().before(change, revision) ? change.before().map(WatchEvents::gone) : Optional.empty();
        }
        // What is not the tenant's any more is told of where it left.
        Optional<FabricObject> present = fabric.find(change.id()).filter(tenant.own()::has);
        if (present.isEmpty()) {
            return Optional.empty();
        }
        long since = tenant.since().of(present.get());
        if (revision < since) {
            return Optional.empty();
        }
        return Optional.of(ObjectDifference.of(
                revision == since
                        ? Tenancy.madeThen(tenant.own(), change)
                        : tenant.own().masked(change)));
    }

    /** What was deleted, at any time: whose something was is known by what it was in. */
    private Function<UUID, Optional<FabricObject>> gone() {
        Map<UUID, Optional<FabricObject>> gone = new HashMap<>();
        return id -> gone.computeIfAbsent(id, log::deleted);
    }
}
