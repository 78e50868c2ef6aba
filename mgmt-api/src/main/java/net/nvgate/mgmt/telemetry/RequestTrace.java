package net.nvgate.mgmt.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.time.Instant;

/**
 * The span of a request, and below it one for each step of the work, which follow one another:
 *
 * <pre>
 *  PATCH /api/v1/vms/{id} ─────────────────────────────┐
 *   permission ─┬ validation ─┬ plan ─┬ commit ────────┘
 * </pre>
 *
 * One thread at a time.
 */
public final class RequestTrace {

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("nvgate.request_id");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("nvgate.operation");
    static final AttributeKey<Long> REVISION = AttributeKey.longKey("nvgate.revision");

    private final Tracer tracer;
    private final ChangeTraces changes;
    private final Clock clock;
    private final Span span;
    private volatile Instant stepBegan;

    /** @param parent with the span of who asks, if he traces */
    RequestTrace(Tracer tracer, ChangeTraces changes, Clock clock, Context parent, String method, String route) {
        this.tracer = tracer;
        this.changes = changes;
        this.clock = clock;
        this.stepBegan = clock.instant();
        this.span = tracer.spanBuilder(method + " " + route)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(stepBegan)
                .setAttribute(METHOD, method)
                .setAttribute(ROUTE, route)
                .startSpan();
    }

    /** What the answer says of it, as W3C's {@code traceparent}. */
    public String traceparent() {
        SpanContext own = span.getSpanContext();
        return "00-" + own.getTraceId() + "-" + own.getSpanId() + "-"
                + own.getTraceFlags().asHex();
    }

    /** The work since the last step, or since the beginning, was this. */
    public void step(String name) {
        Instant now = clock.instant();
        begun(name, now).end(now);
    }

    /** A change was made durable. */
    public void committed(long revision) {
        Instant now = clock.instant();
        begun("commit", now).setAttribute(REVISION, revision).end(now);
        span.setAttribute(REVISION, revision);
        changes.committed(revision, span.getSpanContext(), now);
    }

    private Span begun(String name, Instant next) {
        Instant began = stepBegan;
        stepBegan = next;
        return tracer.spanBuilder(name)
                .setParent(Context.root().with(span))
                .setStartTimestamp(began)
                .startSpan();
    }

    /** Runs something that measures the request. */
    public void during(Runnable measuring) {
        CurrentTrace.during(span.getSpanContext(), measuring);
    }

    /** The answer has been sent. */
    public void end(String operation, String requestId, int status) {
        span.setAttribute(OPERATION, operation).setAttribute(REQUEST, requestId).setAttribute(STATUS, (long) status);
        if (status >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(clock.instant());
    }
}
