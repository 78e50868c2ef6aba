package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.ChangeCheck;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.store.Origin;
import net.nvgate.mgmt.api.ChangeViews.DryRunAnswer;
import net.nvgate.mgmt.telemetry.RequestTrace;

/** What all requests that change the fabric have in common: who asks and why, and {@code ?dryRun=true}. */
final class Changes {

    private static final int ROWS_DEFAULT = 1000;

    private final FabricManager fabric;
    private final Tenancy tenancy;
    private final ChangeLog log;
    private final BlockingCalls blocking;
    private final IdempotentRequests idempotent;

    Changes(
            FabricManager fabric,
            Tenancy tenancy,
            ChangeLog log,
            IdempotentRequests idempotent,
            BlockingCalls blocking) {
        this.fabric = fabric;
        this.idempotent = idempotent;
        this.tenancy = tenancy;
        this.log = log;
        this.blocking = blocking;
    }

    /** What is asked for, by whom and why. */
    record Asked(Origin origin, ChangeRequest request) {}

    /** What goes back to the client; what is empty is left out. */
    record Answer(int status, String json, String etag, String location) {

        static Answer of(int status, FabricObject object) {
            return new Answer(status, FabricJson.write(object), Etags.of(object), "");
        }

        static Answer of(int status, Object value) {
            return new Answer(status, FabricJson.write(value), "", "");
        }

        /** Of what is shown in another form than it is kept in. */
        static Answer of(int status, FabricObject object, Object shown) {
            return new Answer(status, FabricJson.write(shown), Etags.of(object), "");
        }

        static Answer empty(int status) {
            return new Answer(status, "", "", "");
        }

        Answer at(String place) {
            return new Answer(status, json, etag, place);
        }
    }

    /** As {@link #run(RoutingContext, Supplier, Function)}, for the comment in the header. */
    void make(RoutingContext context, Supplier<ChangeRequest> request, Function<FabricChange, Answer> answer) {
        Origin origin = Actors.of(context);
        run(context, () -> new Asked(origin, request.get()), answer);
    }

    /**
     * Makes the change and answers with it, or answers with what it would do.
     *
     * @param asked called off the event loop
     * @param answer to the change that was committed; called off the event loop
     */
    void run(RoutingContext context, Supplier<Asked> asked, Function<FabricChange, Answer> answer) {
        RequestTraces.step(context, "validation");
        Optional<RequestTrace> trace = RequestTraces.of(context);
        boolean dryRun = Replies.flag(context, "dryRun");
        String body = context.body().buffer() == null ? "" : body(context);
        Optional<IdempotentRequests.Request> keyed = dryRun ? Optional.empty() : idempotent.of(context, body);
        Future<Answer> work = blocking.run(() -> {
            Optional<TenantScope> scope = tenancy.scope(context);
            if (dryRun) {
                Asked made = own(scope, body, asked);
                FabricManager actor = Tenancy.actor(scope, fabric, made.origin(), Optional.empty());
                return Answer.of(
                        200, DryRunAnswer.of(Tenancy.shown(scope, log.dryRun(actor, made.request())), ROWS_DEFAULT));
            }
            Supplier<FabricChange> change = () -> {
                Asked made = own(scope, body, asked);
                ChangeCheck check = RequestTraces.planned(trace, Tenancy.check(scope, keyed));
                return RequestTraces.committed(
                        trace, fabric.as(made.origin(), check).run(made.request()));
            };
            return answer.apply(Tenancy.shown(scope, idempotent.once(keyed, change)));
        });
        BodyLimits.hold(context, work)
                .onSuccess(made -> {
                    keyed.filter(IdempotentRequests.Request::replayed)
                            .ifPresent(_ -> context.response().putHeader(IdempotentRequests.REPLAYED, "true"));
                    Replies.send(context, made);
                })
                .onFailure(context::fail);
    }

    private Asked own(Optional<TenantScope> scope, String body, Supplier<Asked> asked) {
        tenancy.requireOwn(scope, body);
        Asked made = asked.get();
        made.request().operations().forEach(operation -> requireOwn(scope, operation));
        return made;
    }

    /** @throws net.nvgate.fabric.manager.FabricException as if what is another's were not there */
    private void requireOwn(Optional<TenantScope> scope, Operation operation) {
        if (scope.isEmpty()) {
            return;
        }
        switch (operation) {
            case Operation.Update update -> Tenancy.get(scope, fabric, update.kind(), update.id());
            case Operation.Delete delete -> Tenancy.get(scope, fabric, delete.kind(), delete.id());
            case Operation.Move move -> Tenancy.get(scope, fabric, Kind.VM, move.vmId());
            case Operation.Learn learn -> Tenancy.get(scope, fabric, Kind.VM, learn.vmId());
            case Operation.Forget forget -> Tenancy.get(scope, fabric, Kind.VM, forget.vmId());
            case Operation.ChangeMac change -> Tenancy.get(scope, fabric, Kind.VM, change.vmId());
            case Operation.Drain drain -> Tenancy.get(scope, fabric, Kind.GATEWAY, drain.gatewayId());
            case Operation.Create _, Operation.Attach _, Operation.Reset _ -> {}
        }
    }

    static String body(RoutingContext context) {
        return context.body().buffer().toString(StandardCharsets.UTF_8);
    }
}
