package net.nvgate.mgmt.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.mgmt.access.Logins;
import net.nvgate.mgmt.access.Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events: the overview of the fabric, once a second and after every change, to every page that listens. It
 * is read and encoded once for all. A page that does not keep up misses events, never more: each event is complete.
 *
 * <p>Made and used on one event loop, which owns its state.
 */
final class EventStream {

    static final int CLIENTS_MAX = 256;

    /** Of one user: that many pages. */
    static final int PER_USER_MAX = 32;

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final long PERIOD_MILLIS = 1000;

    /** Changes that come faster than this go out as one event. */
    private static final long GAP_MILLIS_MIN = 100;

    private final Context context;
    private final Vertx vertx;
    private final FabricOverview overview;
    private final BlockingCalls blocking;
    private final Map<HttpServerResponse, Principal> clients = new HashMap<>();
    private final Tenancy tenancy;
    private final Logins logins;
    private final StreamPlaces places;
    private final PolicySource.Subscription changes;
    private final long timer;

    private boolean reading;
    private boolean scheduled;

    EventStream(
            Vertx vertx,
            FabricOverview overview,
            Tenancy tenancy,
            Logins logins,
            PolicySource policy,
            BlockingCalls blocking,
            MeterRegistry registry) {
        this.places = new StreamPlaces("events", CLIENTS_MAX, PER_USER_MAX, registry);
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.overview = overview;
        this.tenancy = tenancy;
        this.logins = logins;
        this.blocking = blocking;
        this.timer = vertx.setPeriodic(PERIOD_MILLIS, _ -> publish());
        this.changes = policy.subscribe((_, _) -> context.runOnContext(_ -> changed()));
    }

    void open(RoutingContext request) {
        if (!places.take(request)) {
            return;
        }
        HttpServerResponse response = request.response()
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                // Compressed, events would wait in the compressor for the next one.
                .putHeader("Content-Encoding", "identity")
                .setChunked(true);
        request.addEndHandler(_ -> clients.remove(response));
        clients.put(response, AccessGuard.principal(request));
        // The reconnect delay in ms; also makes the headers go out at once.
        response.write("retry: 1000\n\n");
        publish();
    }

    /** Pages listening now. */
    int clients() {
        return clients.size();
    }

    private void changed() {
        if (!scheduled) {
            scheduled = true;
            vertx.setTimer(GAP_MILLIS_MIN, _ -> {
                scheduled = false;
                publish();
            });
        }
    }

    private void publish() {
        if (reading || clients.isEmpty()) {
            return;
        }
        endRevoked();
        reading = true;
        Set<Principal> viewers =
                clients.values().stream().map(EventStream::viewer).collect(Collectors.toSet());
        blocking.run(() -> events(viewers)).onComplete(event -> {
            reading = false;
            if (event.succeeded()) {
                send(event.result());
            } else {
                LOG.warn("the overview cannot be read: {}", String.valueOf(event.cause()));
            }
        });
    }

    /** All of one tenant see the same, and all others too. */
    private static Principal viewer(Principal principal) {
        return principal.tenant().map(Principal::ofTenant).orElse(Principal.ANONYMOUS);
    }

    private Map<Principal, String> events(Set<Principal> viewers) {
        Map<Principal, String> events = new HashMap<>();
        for (Principal viewer : viewers) {
            FabricOverview.Overview seen =
                    tenancy.scope(viewer).map(overview::read).orElseGet(overview::read);
            events.put(viewer, "event: fabric\ndata: " + FabricJson.write(seen) + "\n\n");
        }
        return events;
    }

    /** Who has logged out, or may not look any more, hears no more; also ends when a token or session does. */
    private void endRevoked() {
        List<HttpServerResponse> revoked = clients.entrySet().stream()
                .filter(client -> !logins.stands(client.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        for (HttpServerResponse client : revoked) {
            clients.remove(client);
            var _ = client.end();
        }
    }

    private void send(Map<Principal, String> events) {
        clients.forEach((client, principal) -> {
            String event = events.get(viewer(principal));
            if (event != null && !client.writeQueueFull()) {
                var _ = client.write(event);
            }
        });
    }

    /** Ends every stream. Call on the event loop. */
    void close() {
        changes.close();
        vertx.cancelTimer(timer);
        for (HttpServerResponse client : Set.copyOf(clients.keySet())) {
            client.end();
        }
        clients.clear();
    }
}
