package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.store.Origin;
import net.nvgate.mgmt.api.ChangeViews.ChangeAnswer;
import net.nvgate.mgmt.api.ChangeViews.History;
import net.nvgate.mgmt.api.ChangeViews.HistoryItem;
import net.nvgate.mgmt.api.ChangeViews.RevisionAnswer;
import net.nvgate.mgmt.api.ChangeViews.RevisionList;
import net.nvgate.mgmt.api.ChangeViews.RevisionSummary;
import net.nvgate.mgmt.api.Changes.Answer;

/** Batches, the history of the fabric and of its objects, undo and revert. */
final class ChangeHandlers {

    static final String BATCH_PATH = ObjectHandlers.API_ROOT + "batch";

    private static final int LIMIT_DEFAULT = 100;
    private static final int ROWS_DEFAULT = 1000;

    private final ChangeLog log;
    private final Tenancy tenancy;
    private final AccessGuard guard;
    private final Changes changes;
    private final BlockingCalls blocking;

    ChangeHandlers(ChangeLog log, Tenancy tenancy, AccessGuard guard, Changes changes, BlockingCalls blocking) {
        this.log = log;
        this.tenancy = tenancy;
        this.guard = guard;
        this.changes = changes;
        this.blocking = blocking;
    }

    record RevertRequest(long revision) {}

    void mount(RouterBuilder routes) {
        Operations.of(routes, "runBatch").addHandler(this::batch);
        Operations.of(routes, "listRevisions").addHandler(this::revisions);
        Operations.of(routes, "getRevision").addHandler(this::revision);
        Operations.of(routes, "undoRevision").addHandler(this::undo);
        Operations.of(routes, "getHistory").addHandler(this::history);
        Operations.of(routes, "revertObject").addHandler(this::revert);
    }

    private void batch(RoutingContext context) {
        Origin origin = Actors.of(context);
        String body = Changes.body(context);
        changes.run(
                context,
                () -> {
                    Changes.Asked asked = asked(origin, body);
                    asked.request().operations().forEach(operation -> require(context, operation));
                    return asked;
                },
                ChangeHandlers::all);
    }

    /** An operation of a batch needs what it would need by itself. */
    private void require(RoutingContext context, Operation operation) {
        String id = switch (operation) {
            case Operation.Create create ->
                "create" + ObjectHandlers.operationName(create.spec().kind());
            case Operation.Update update -> "update" + ObjectHandlers.operationName(update.kind());
            case Operation.Delete delete -> "delete" + ObjectHandlers.operationName(delete.kind());
            case Operation.Move _ -> "moveVm";
            case Operation.Drain _ -> "drainGateway";
            case Operation.Learn _ -> "learnAddress";
            case Operation.Forget _ -> "forgetAddress";
            case Operation.ChangeMac _ -> "changeMac";
            case Operation.Attach _ -> "createVmNetworkGateway";
            case Operation.Reset _ -> "revertObject";
        };
        guard.require(context, AccessGuard.principal(context), id);
    }

    private static Changes.Asked asked(Origin origin, String body) {
        BatchRequest batch = FabricJson.read(body, BatchRequest.class);
        Origin commented = batch.comment()
                .map(comment -> Actors.commented(origin, comment, "comment"))
                .orElse(origin);
        return new Changes.Asked(commented, ChangeRequest.inOrder(FabricManager.checked(batch.parsed())));
    }

    private static Answer all(FabricChange change) {
        return Answer.of(200, ChangeAnswer.of(change));
    }

    private void revisions(RoutingContext context) {
        long before = Replies.number(context, "before", Long.MAX_VALUE);
        int limit = Replies.integer(context, "limit", LIMIT_DEFAULT);
        answer(context, () -> new RevisionList(log.revisions(before, limit, RevisionSummary::of)));
    }

    private void revision(RoutingContext context) {
        long revision = Replies.pathNumber(context, "revision");
        int limit = Replies.integer(context, "limit", ROWS_DEFAULT);
        answer(context, () -> RevisionAnswer.of(log.revision(revision), log.policy(revision), limit));
    }

    private void undo(RoutingContext context) {
        long revision = Replies.pathNumber(context, "revision");
        changes.make(context, () -> log.undo(revision), ChangeHandlers::all);
    }

    private void history(RoutingContext context) {
        String path = Replies.path(context, "kind");
        UUID id = Replies.id(context);
        long before = Replies.number(context, "before", Long.MAX_VALUE);
        int limit = Replies.integer(context, "limit", LIMIT_DEFAULT);
        answer(
                context,
                () -> new History(tenancy.history(tenancy.scope(context), log, kind(path), id, before, limit).stream()
                        .map(HistoryItem::of)
                        .toList()));
    }

    private void revert(RoutingContext context) {
        String path = Replies.path(context, "kind");
        UUID id = Replies.id(context);
        String body = Changes.body(context);
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> log.revert(
                        kind(path),
                        id,
                        FabricJson.read(body, RevertRequest.class).revision(),
                        ifRevision),
                change -> Answer.of(200, change.results().getFirst()));
    }

    static Kind kind(String path) {
        return Kind.ofPath(path)
                .orElseThrow(() -> new ProblemException(
                        Problem.of(ProblemCode.NOT_FOUND, "No kind of object is called '" + path + "' in paths")
                                .atField("kind")));
    }

    private void answer(RoutingContext context, Callable<Object> call) {
        blocking.run(() -> FabricJson.write(call.call()))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }
}
