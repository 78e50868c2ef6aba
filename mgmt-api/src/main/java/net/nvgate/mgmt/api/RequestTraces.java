package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.Operation;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.manager.ChangeCheck;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.mgmt.telemetry.RequestTrace;
import net.nvgate.mgmt.telemetry.Traces;

/** The trace of a request, from when its operation is known until it has been answered. */
final class RequestTraces {

    static final String HEADER = "traceparent";

    private static final String KEY = "nvgate.trace";

    private final Traces traces;

    RequestTraces(Traces traces) {
        this.traces = traces;
    }

    /** Empty if the request is not traced. */
    static Optional<RequestTrace> of(RoutingContext context) {
        return Optional.ofNullable(context.get(KEY));
    }

    /** Strangers leave no traces: only called when it is known who asks, or for what is for everybody. */
    void begin(RoutingContext context, Operation operation) {
        String given = context.request().getHeader(HEADER);
        traces.begin(context.request().method().name(), operation.getAbsoluteOpenAPIPath(), given)
                .ifPresent(trace -> {
                    context.put(KEY, trace);
                    context.response().putHeader(HEADER, trace.traceparent());
                    context.addEndHandler(_ -> trace.end(
                            operation.getOperationId(),
                            RequestIds.of(context),
                            context.response().getStatusCode()));
                });
    }

    /** What the request has done since its last step was this. */
    static void step(RoutingContext context, String name) {
        of(context).ifPresent(trace -> trace.step(name));
    }

    /** The same check; when it is asked, the change has been planned. */
    static ChangeCheck planned(Optional<RequestTrace> trace, ChangeCheck check) {
        if (trace.isEmpty()) {
            return check;
        }
        return new ChangeCheck() {
            @Override
            public void check(Collection<ObjectChange> changes) {
                check.check(changes);
                trace.get().step("plan");
            }

            @Override
            public List<Transaction.Change> besides(List<FabricObject> results) {
                return check.besides(results);
            }
        };
    }

    static FabricChange committed(Optional<RequestTrace> trace, FabricChange change) {
        if (change.committed()) {
            trace.ifPresent(each -> each.committed(change.revision()));
        }
        return change;
    }
}
