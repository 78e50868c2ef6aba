package net.nvgate.mgmt.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.nvgate.mgmt.access.Principal;

/**
 * Places of who listens to event streams of one kind: so many in all, and so many of one user, so that nobody takes all. A
 * place is taken when a stream is asked for, and is free again when the answer ends, however it does. Used on one event loop.
 */
final class StreamPlaces {

    private static final String RETRY_SECONDS = "5";

    private final String stream;
    private final int max;
    private final int perUserMax;
    private final MeterRegistry registry;
    private final Map<String, Integer> byUser = new HashMap<>();

    /** Read by who scrapes metrics. */
    private final AtomicInteger taken = new AtomicInteger();

    /** @param stream the label of its metrics */
    StreamPlaces(String stream, int max, int perUserMax, MeterRegistry registry) {
        this.stream = stream;
        this.max = max;
        this.perUserMax = perUserMax;
        this.registry = registry;
        Gauge.builder("nvgate.api.event.streams", taken, AtomicInteger::get)
                .description("Event streams that are open, by kind: `events` (pages) or `watch`")
                .tag("stream", stream)
                .register(registry);
        refusals("user");
        refusals("all");
    }

    private Counter refusals(String limit) {
        return Counter.builder("nvgate.api.event.streams.refused")
                .description(
                        "Event streams that were refused, by kind and by the limit that was reached: `user` or `all`")
                .tag("stream", stream)
                .tag("limit", limit)
                .register(registry);
    }

    /**
     * Takes a place until the answer ends.
     *
     * @return false if nobody is there any more to take it
     * @throws ProblemException if there is none
     */
    boolean take(RoutingContext context) {
        if (RequestEnd.isOf(context)) {
            return false; // its end is not told of again
        }
        Principal principal = AccessGuard.principal(context);
        String user = principal.user();
        boolean known = !principal.equals(Principal.ANONYMOUS);
        if (known && byUser.getOrDefault(user, 0) >= perUserMax) {
            throw refused(
                    context, "user", "this user has " + perUserMax + " streams of events (" + stream + ") already");
        }
        if (taken.get() >= max) {
            throw refused(context, "all", max + " streams of events (" + stream + ") are open already");
        }
        taken.incrementAndGet();
        byUser.merge(user, 1, Integer::sum);
        context.addEndHandler(_ -> {
            taken.decrementAndGet();
            byUser.computeIfPresent(user, (_, places) -> places > 1 ? places - 1 : null);
        });
        return true;
    }

    private ProblemException refused(RoutingContext context, String limit, String why) {
        refusals(limit).increment();
        context.response().putHeader("Retry-After", RETRY_SECONDS);
        return new ProblemException(ProblemCode.TOO_MANY_STREAMS, why);
    }
}
