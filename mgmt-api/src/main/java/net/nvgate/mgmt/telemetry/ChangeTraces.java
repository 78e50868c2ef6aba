package net.nvgate.mgmt.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.nvgate.fabric.convergence.Arrivals.Arrival;
import net.nvgate.fabric.policy.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of changes after they are durable: a span for each node that one arrives at, below the request that made it, and the
 * histogram of how long that took.
 *
 * <pre>
 *  PATCH ... commit ┬ publish ┬ applied gateway/gw-1 ──(sent)────┐
 *                             └ applied host/host-1 ────(sent)──────┐
 * </pre>
 *
 * A node may have applied a change before who made it has heard that it is durable: both are put together here. Thread-safe.
 */
public final class ChangeTraces implements Consumer<Arrival> {

    static final int CHANGES_MAX = 512;
    /** Of a change that touches more nodes, the first that have it. */
    static final int NODES_MAX = 128;

    private static final AttributeKey<String> NODE = AttributeKey.stringKey("nvgate.node");
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final Tracer tracer;
    private final boolean on;
    private final Map<NodeId.Kind, Timer> times = new EnumMap<>(NodeId.Kind.class);
    private final TreeMap<Long, Change> changes = new TreeMap<>();

    private static final class Change {
        private @Nullable SpanContext request;
        private @Nullable Instant committed;
        private boolean published;
        private int spans;
        private final List<Arrival> early = new ArrayList<>();
    }

    ChangeTraces(Tracer tracer, boolean on, MeterRegistry registry) {
        this.tracer = tracer;
        this.on = on;
        for (NodeId.Kind kind : NodeId.Kind.values()) {
            times.put(
                    kind,
                    Timer.builder("nvgate.change.convergence")
                            .description("Time from when policy has a change until a node's data path runs by it")
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
    }

    /** @param request that made the revision */
    void committed(long revision, SpanContext request, Instant at) {
        List<Arrival> early;
        synchronized (this) {
            Change change = change(revision);
            change.request = request;
            change.committed = at;
            early = List.copyOf(change.early);
            change.early.clear();
        }
        early.forEach(this::traced);
    }

    private Change change(long revision) {
        Change change = changes.computeIfAbsent(revision, _ -> new Change());
        if (changes.size() > CHANGES_MAX) {
            changes.pollFirstEntry();
        }
        return change;
    }

    /** A node has a change. */
    @Override
    public void accept(Arrival arrival) {
        Optional<SpanContext> span = on ? traced(arrival) : Optional.empty();
        Duration took = Duration.between(arrival.published(), arrival.applied());
        Timer timer = times.get(arrival.node().kind());
        if (timer != null) {
            span.ifPresentOrElse(
                    traced -> CurrentTrace.during(traced, () -> timer.record(took)), () -> timer.record(took));
        }
    }

    /** Empty if the change is not traced, or it is not known yet that it is. */
    private Optional<SpanContext> traced(Arrival arrival) {
        SpanContext request;
        Instant publishBegan = null;
        synchronized (this) {
            Change change = change(arrival.revision());
            request = change.request;
            if (request == null) {
                if (change.early.size() < NODES_MAX) {
                    change.early.add(arrival);
                }
                return Optional.empty();
            }
            if (change.spans++ >= NODES_MAX) {
                return Optional.empty();
            }
            if (!change.published) {
                change.published = true;
                publishBegan = change.committed;
            }
        }
        Context parent = Context.root().with(Span.wrap(request));
        if (publishBegan != null) {
            // Policy may have it before who made it hears of the commit.
            Instant began = publishBegan.isBefore(arrival.published()) ? publishBegan : arrival.published();
            tracer.spanBuilder("publish")
                    .setParent(parent)
                    .setStartTimestamp(began)
                    .setAttribute(RequestTrace.REVISION, arrival.revision())
                    .startSpan()
                    .end(arrival.published());
        }
        Span span = tracer.spanBuilder("applied")
                .setParent(parent)
                .setStartTimestamp(arrival.published())
                .setAttribute(NODE, arrival.node().toString())
                .setAttribute(RequestTrace.REVISION, arrival.revision())
                .startSpan();
        span.addEvent("sent", arrival.sent());
        span.end(arrival.applied());
        return Optional.of(span.getSpanContext());
    }
}
