package net.nvgate.mgmt.telemetry;

import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/** The trace that what is measured by this thread at this moment belongs to: histograms show it as an exemplar. */
public final class CurrentTrace implements SpanContext {

    private static final ThreadLocal<io.opentelemetry.api.trace.SpanContext> CURRENT = new ThreadLocal<>();

    /** Runs something that measures. */
    static void during(io.opentelemetry.api.trace.SpanContext span, Runnable measuring) {
        CURRENT.set(span);
        try {
            measuring.run();
        } finally {
            CURRENT.remove();
        }
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        io.opentelemetry.api.trace.SpanContext span = CURRENT.get();
        return span == null ? null : span.getTraceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        io.opentelemetry.api.trace.SpanContext span = CURRENT.get();
        return span == null ? null : span.getSpanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return CURRENT.get() != null;
    }

    @Override
    public void markCurrentSpanAsExemplar() {
        // All spans that are begun are exported.
    }
}
