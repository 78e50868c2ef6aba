package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.Selection;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.mgmt.api.Changes.Answer;
import org.jspecify.annotations.Nullable;

/** List, create, get, update and delete of every kind of fabric object, and the move of a VM. */
final class ObjectHandlers {

    static final String API_ROOT = "/api/v1/";

    private static final int LIMIT_DEFAULT = 100;

    /** Of pages further back than this, all objects are sorted. */
    private static final int NEWEST_MAX = 2000;

    private final FabricManager fabric;
    private final Tenancy tenancy;
    private final Changes changes;
    private final BlockingCalls blocking;

    ObjectHandlers(FabricManager fabric, Tenancy tenancy, Changes changes, BlockingCalls blocking) {
        this.fabric = fabric;
        this.tenancy = tenancy;
        this.changes = changes;
        this.blocking = blocking;
    }

    /** A page of a list, as in the contract. */
    record Page(List<FabricObject> items, int total, int limit, int offset) {}

    record MoveRequest(UUID hostId) {}

    void mount(RouterBuilder routes) {
        for (Kind kind : Kind.ofFabric()) {
            String one = operationName(kind);
            route(routes, "list" + words(kind.path()), context -> list(context, kind));
            route(routes, "create" + one, context -> create(context, kind));
            route(routes, "get" + one, context -> get(context, kind));
            route(routes, "update" + one, context -> update(context, kind));
            route(routes, "delete" + one, context -> delete(context, kind));
        }
        route(routes, "moveVm", this::move);
    }

    /** VmNetworkGateway for vm-network-gateway. */
    static String operationName(Kind kind) {
        return words(kind.label());
    }

    /** VmNetworkGateways for vm-network-gateways. */
    static String words(String path) {
        return Stream.of(path.split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }

    private static void route(RouterBuilder routes, String operation, Consumer<RoutingContext> handler) {
        Operations.of(routes, operation).addHandler(handler::accept);
    }

    private void list(RoutingContext context, Kind kind) {
        String name = Replies.text(context, "name");
        int limit = Replies.integer(context, "limit", LIMIT_DEFAULT);
        int offset = Replies.integer(context, "offset", 0);
        ListQuery query = ListQuery.of(context);
        answer(context, 200, () -> page(context, kind, name, query, limit, offset));
    }

    /** What the sender may see of a kind; may block. */
    Page page(RoutingContext context, Kind kind, @Nullable String name, ListQuery query, int limit, int offset) {
        Optional<TenantScope> scope = tenancy.scope(context);
        Optional<String> exact = Optional.ofNullable(name).or(() -> query.equal("name"));
        Optional<Set<UUID>> ids = query.ids();
        Optional<Set<UUID>> used = query.references(kind);
        List<FabricObject> there;
        if (exact.isPresent()) {
            there = Tenancy.own(scope, fabric.list(kind, exact.get()));
        } else if (ids.isPresent()) {
            there = Tenancy.own(scope, byName(ids.get().stream().flatMap(id -> fabric.find(kind, id).stream())));
        } else if (used.isPresent()) {
            there = Tenancy.own(scope, byName(fabric.users(kind, used.get()).stream()));
        } else if (scope.isPresent()) {
            there = scope.get().own(kind);
        } else if (query.isNewestFirst() && offset + limit <= NEWEST_MAX) {
            List<FabricObject> newest = fabric.newest(kind, offset + limit);
            return new Page(after(offset, newest), fabric.count(kind), limit, offset);
        } else if (query.isAll()) {
            there = fabric.list(kind);
        } else if (query.contained("name").isPresent()) {
            there = fabric.containing(kind, query.contained("name").get());
        } else {
            Selection.Found found = fabric.select(kind, query.selection(kind.type()), offset + limit);
            return new Page(after(offset, found.objects()), found.total(), limit, offset);
        }
        // A tenant must not find out by a filter what it is not shown; but where nobody asks for that, only the page is
        // made ready.
        boolean asksWho = query.names("createdBy") || query.names("changedBy");
        ListQuery.Found<FabricObject> found =
                query.apply(kind.type(), asksWho ? Tenancy.shown(scope, there) : there, offset + limit);
        int end = Math.min(offset + limit, found.items().size());
        List<FabricObject> page = found.items().subList(Math.min(offset, end), end);
        return new Page(asksWho ? page : Tenancy.shown(scope, page), found.total(), limit, offset);
    }

    private static List<FabricObject> after(int offset, List<FabricObject> objects) {
        return objects.subList(Math.min(offset, objects.size()), objects.size());
    }

    private static List<FabricObject> byName(Stream<FabricObject> objects) {
        return objects.sorted(FabricManager.BY_NAME).toList();
    }

    private void create(RoutingContext context, Kind kind) {
        String body = Changes.body(context);
        changes.make(
                context,
                () -> ChangeRequest.of(new Operation.Create(FabricJson.read(body, FabricSpec.type(kind)))),
                change -> {
                    FabricObject made = change.results().getFirst();
                    return Answer.of(201, made).at(API_ROOT + kind.path() + "/" + made.id());
                });
    }

    private void get(RoutingContext context, Kind kind) {
        UUID id = Replies.id(context);
        blocking.run(() -> Answer.of(200, Tenancy.get(tenancy.scope(context), fabric, kind, id)))
                .onSuccess(answer -> Replies.send(context, answer))
                .onFailure(context::fail);
    }

    private void update(RoutingContext context, Kind kind) {
        UUID id = Replies.id(context);
        String body = Changes.body(context);
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> ChangeRequest.of(new Operation.Update(kind, id, Patch.read(body), ifRevision)),
                ObjectHandlers::changed);
    }

    private void delete(RoutingContext context, Kind kind) {
        UUID id = Replies.id(context);
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context, () -> ChangeRequest.of(new Operation.Delete(kind, id, ifRevision)), _ -> Answer.empty(204));
    }

    private void move(RoutingContext context) {
        UUID id = Replies.id(context);
        String body = Changes.body(context);
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> ChangeRequest.of(new Operation.Move(
                        id, FabricJson.read(body, MoveRequest.class).hostId(), ifRevision)),
                ObjectHandlers::changed);
    }

    private static Answer changed(FabricChange change) {
        return Answer.of(200, change.results().getFirst());
    }

    private void answer(RoutingContext context, int status, Callable<Object> call) {
        blocking.run(() -> FabricJson.write(call.call()))
                .onSuccess(json -> Replies.jsonText(context, status, json))
                .onFailure(context::fail);
    }
}
