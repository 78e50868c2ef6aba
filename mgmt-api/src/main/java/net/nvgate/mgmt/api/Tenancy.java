package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.change.DryRun;
import net.nvgate.fabric.change.HistoryEntry;
import net.nvgate.fabric.manager.ChangeCheck;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.ObjectUser;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.User;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.mgmt.access.Access;
import net.nvgate.mgmt.access.Principal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The fabric as the sender of a request may see it: all of it, or with a role of a tenant what is the tenant's own. What is
 * not, is not there. Methods may block.
 */
final class Tenancy {

    private final FabricManager fabric;
    private final Access access;
    private volatile Owners owners = new Owners(List.of(), Map.of());

    /** The subscriptions of each tenant. */
    private record Owners(List<FabricObject> all, Map<String, List<Subscription>> byTenant) {}

    Tenancy(FabricManager fabric, Access access) {
        this.fabric = fabric;
        this.access = access;
    }

    /** Empty if the sender may see all. */
    Optional<TenantScope> scope(Principal principal) {
        return principal
                .tenant()
                .map(tenant -> new TenantScope(fabric, tenant, users(principal), subscriptions(tenant)));
    }

    @SuppressWarnings("ReferenceEquality") // it is the same list as long as none of them changes
    private List<Subscription> subscriptions(String tenant) {
        List<FabricObject> all = fabric.list(Kind.SUBSCRIPTION);
        Owners known = owners;
        if (known.all() != all) {
            known = new Owners(all, byTenant(all));
            owners = known;
        }
        return known.byTenant().getOrDefault(tenant, List.of());
    }

    private static Map<String, List<Subscription>> byTenant(List<FabricObject> all) {
        Map<String, List<Subscription>> owned = new HashMap<>();
        for (FabricObject object : all) {
            Subscription subscription = (Subscription) object;
            Set<String> tenants = new HashSet<>(subscription.coAdmins());
            tenants.add(subscription.owner());
            tenants.forEach(tenant ->
                    owned.computeIfAbsent(tenant, _ -> new ArrayList<>()).add(subscription));
        }
        return owned;
    }

    Optional<TenantScope> scope(RoutingContext context) {
        return scope(AccessGuard.principal(context));
    }

    private Set<String> users(Principal principal) {
        return access.users().list(principal).stream().map(User::name).collect(Collectors.toSet());
    }

    /** @throws FabricException NOT_FOUND, with the same words whether it is another's or nobody's */
    static FabricObject get(Optional<TenantScope> scope, FabricManager fabric, Kind kind, UUID id) {
        if (scope.isEmpty()) {
            return fabric.get(kind, id);
        }
        return fabric.find(kind, id)
                .filter(scope.get()::has)
                .map(scope.get()::shown)
                .orElseThrow(() -> notFound(kind, id));
    }

    private static FabricException notFound(Kind kind, UUID id) {
        return FabricException.notFound(kind.label(), "no " + kind.label() + " has the id " + id);
    }

    static List<FabricObject> own(Optional<TenantScope> scope, List<FabricObject> objects) {
        return scope.map(own -> objects.stream().filter(own::has).toList()).orElse(objects);
    }

    /** Objects that are the sender's own, as he may see them. */
    static List<FabricObject> shown(Optional<TenantScope> scope, List<FabricObject> objects) {
        return scope.map(own -> objects.stream().map(own::shown).toList()).orElse(objects);
    }

    /** A manager through which the sender changes no more than he may. */
    static FabricManager actor(
            Optional<TenantScope> scope,
            FabricManager fabric,
            Origin origin,
            Optional<IdempotentRequests.Request> request) {
        return fabric.as(origin, check(scope, request));
    }

    /** What the sender may change, and what is committed with it. */
    static ChangeCheck check(Optional<TenantScope> scope, Optional<IdempotentRequests.Request> request) {
        ChangeCheck check = scope.<ChangeCheck>map(own -> own::check).orElse(ChangeCheck.NONE);
        return request.map(made -> made.remembered(check)).orElse(check);
    }

    /**
     * Looks at all ids that a body has: what is not the tenant's own cannot be named.
     *
     * @throws ProblemException as for an id that nothing has
     */
    void requireOwn(Optional<TenantScope> scope, String body) {
        if (scope.isEmpty() || body.isBlank()) {
            return;
        }
        JsonNode tree;
        try {
            tree = FabricJson.mapper().readTree(body);
        } catch (JacksonException e) {
            return; // whoever reads the body says what is wrong with it
        }
        requireOwn(scope.get(), tree);
    }

    private void requireOwn(TenantScope scope, JsonNode node) {
        if (node.isString()) {
            requireOwn(scope, node.stringValue());
        }
        node.forEach(child -> requireOwn(scope, child));
    }

    private void requireOwn(TenantScope scope, String text) {
        UUID id;
        try {
            id = UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return;
        }
        if (fabric.find(id).filter(object -> !scope.has(object)).isPresent()) {
            throw new ProblemException(ProblemCode.REFERENCE_NOT_FOUND, "no object has the id " + id);
        }
    }

    /** A change as its sender may see it. */
    static FabricChange shown(Optional<TenantScope> scope, FabricChange change) {
        return scope.map(own -> new FabricChange(
                        change.base(),
                        change.revision(),
                        change.committed(),
                        change.origin(),
                        change.results().stream().map(own::shown).toList(),
                        change.changes().stream().map(own::masked).toList()))
                .orElse(change);
    }

    /** A dry run as its sender may see it: what hosts and gateways get is not for tenants. */
    static DryRun shown(Optional<TenantScope> scope, DryRun run) {
        return scope.isEmpty() ? run : new DryRun(shown(scope, run.change()), List.of());
    }

    /**
     * The history of an object. To a tenant, that of what it owns now, since it has owned it: what was before was another's.
     *
     * @throws FabricException NOT_FOUND
     */
    List<HistoryEntry> history(Optional<TenantScope> scope, ChangeLog log, Kind kind, UUID id, long before, int limit) {
        if (scope.isEmpty()) {
            return log.history(kind, id, before, limit);
        }
        TenantScope own = scope.get();
        FabricObject object = fabric.find(kind, id).filter(own::has).orElseThrow(() -> notFound(kind, id));
        long since = new OwnedSince(own, log, log::deleted).of(object);
        return log.history(kind, id, before, limit).stream()
                .filter(entry -> entry.revision() >= since)
                .map(entry -> new HistoryEntry(
                        entry.revision(),
                        entry.at(),
                        own.origin(entry.origin()),
                        entry.revision() == since ? madeThen(own, entry.change()) : own.masked(entry.change())))
                .toList();
    }

    /** What came to the tenant begins there. */
    static ObjectChange madeThen(TenantScope own, ObjectChange change) {
        return new ObjectChange(Optional.empty(), change.after().map(own::shown));
    }

    /** A problem without what a tenant must not learn from it: which gateway it was, whose an address, a port or a name is, and what others use. */
    Problem shown(RoutingContext context, Problem problem) {
        Principal principal = AccessGuard.principal(context);
        if (!principal.role().ofTenant()) {
            return problem;
        }
        return switch (problem.code()) {
            case REFERENCE_NOT_FOUND -> said(problem, "a field names an object that does not exist");
            case CONFLICT, NAME_TAKEN -> said(problem, "something that is there already has this, or is in the way");
            case EXHAUSTED -> said(problem, "nothing is left of what would be given out");
            case IN_USE -> said(problem, "others need it");
            case NODE_NOT_CONNECTED -> said(problem, "the gateway of the VM network is not connected");
            case NODE_TIMEOUT -> said(problem, "the gateway of the VM network did not answer in time");
            case NODE_ANSWER_INVALID -> said(problem, "the gateway of the VM network answered what cannot be read");
            case LIMIT_REACHED ->
                problem.detail().contains("cloud '") ? said(problem, "there is no more room in the cloud") : problem;
            default -> problem;
        };
    }

    private Problem said(Problem problem, String words) {
        List<ObjectUser> none = List.of();
        return new Problem(problem.code(), words, problem.field(), problem.object(), none, problem.operation());
    }
}
