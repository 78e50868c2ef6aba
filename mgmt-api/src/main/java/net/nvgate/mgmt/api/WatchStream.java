package net.nvgate.mgmt.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.mgmt.access.Logins;
import net.nvgate.mgmt.access.Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events: every change of the fabric after a revision, in order and without a gap. The id of an event is its
 * revision, so that who was cut off goes on where he was ({@code Last-Event-ID}); who was away for longer than the log goes
 * back is told so (410), and reads lists again. Clients are read for one by one, and only as fast as they take it.
 *
 * <p>Made and used on one event loop, which owns its state.
 */
final class WatchStream {

    static final int CLIENTS_MAX = 128;

    /** Of one user: nobody takes all places. */
    private static final int PER_USER_MAX = 16;

    private static final Logger LOG = LoggerFactory.getLogger(WatchStream.class);
    private static final long PERIOD_MILLIS = 1000;
    private static final int REVISIONS_AT_ONCE = 100;

    /** Periods without an event after which a client is told how far it is. */
    private static final int SILENT_PERIODS_MAX = 15;

    private final Vertx vertx;
    private final Context context;
    private final FabricManager fabric;
    private final ChangeLog log;
    private final WatchEvents events;
    private final Logins logins;
    private final BlockingCalls blocking;
    private final Set<Client> clients = new HashSet<>();
    private final StreamPlaces places;
    private final PolicySource.Subscription changes;
    private final long timer;

    WatchStream(
            Vertx vertx,
            FabricManager fabric,
            ChangeLog log,
            Tenancy tenancy,
            Logins logins,
            PolicySource policy,
            BlockingCalls blocking,
            MeterRegistry registry) {
        this.places = new StreamPlaces("watch", CLIENTS_MAX, PER_USER_MAX, registry);
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.fabric = fabric;
        this.log = log;
        this.events = new WatchEvents(tenancy, fabric, log);
        this.logins = logins;
        this.blocking = blocking;
        this.timer = vertx.setPeriodic(PERIOD_MILLIS, _ -> Set.copyOf(clients).forEach(this::tick));
        this.changes = policy.subscribe(
                (_, _) -> context.runOnContext(_ -> Set.copyOf(clients).forEach(this::read)));
    }

    private static final class Client {
        private final HttpServerResponse response;
        private final Principal principal;
        private final Set<Kind> kinds;
        private long after;
        private boolean reading;
        private int silent;

        Client(HttpServerResponse response, Principal principal, Set<Kind> kinds, long after) {
            this.response = response;
            this.principal = principal;
            this.kinds = kinds;
            this.after = after;
        }
    }

    void open(RoutingContext request) {
        Principal principal = AccessGuard.principal(request);
        Set<Kind> kinds = WatchEvents.kinds(Replies.text(request, "kinds"));
        long from = from(request);
        if (!places.take(request)) {
            return;
        }
        blocking.run(() -> start(from))
                .map(after -> {
                    begin(request, new Client(request.response(), principal, kinds, after));
                    return true;
                })
                .onFailure(request::fail);
    }

    private static long from(RoutingContext request) {
        String last = request.request().getHeader("Last-Event-ID");
        if (last == null || last.isEmpty()) {
            return Replies.number(request, "from", -1);
        }
        if (!last.matches("\\d{1,18}")) {
            throw new ProblemException(Problem.of(ProblemCode.INVALID_VALUE, "Last-Event-ID must be a revision")
                    .atField("Last-Event-ID"));
        }
        return Long.parseLong(last);
    }

    /** @throws ProblemException if the log does not have what came after the revision */
    private long start(long from) {
        long head = fabric.revision();
        if (from < 0) {
            return head;
        }
        if (from > head) {
            throw gone("there is no revision " + from + " yet");
        }
        try {
            log.since(from, 1);
        } catch (CompactedException e) {
            throw gone("the log begins after revision " + e.compacted());
        }
        return from;
    }

    private static ProblemException gone(String why) {
        return new ProblemException(Problem.of(ProblemCode.REVISION_GONE, why).atField("from"));
    }

    private void begin(RoutingContext request, Client client) {
        if (client.response.closed()) {
            return; // who has gone meanwhile is not told of again
        }
        client.response
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                // Compressed, events would wait in the compressor for the next one.
                .putHeader("Content-Encoding", "identity")
                .setChunked(true);
        request.addEndHandler(_ -> clients.remove(client));
        clients.add(client);
        write(client, "retry: 1000\n" + WatchEvents.position("ready", client.after));
        read(client);
    }

    private void tick(Client client) {
        if (client.response.closed()) {
            clients.remove(client);
        } else if (!logins.stands(client.principal)) {
            end(client);
        } else if (++client.silent > SILENT_PERIODS_MAX) {
            // Without data it is no event, but says where to go on.
            write(client, "id: " + client.after + "\n\n");
        } else {
            read(client);
        }
    }

    private static void write(Client client, String text) {
        client.silent = 0;
        var _ = client.response.write(text);
    }

    private void end(Client client) {
        clients.remove(client);
        var _ = client.response.end();
    }

    private void read(Client client) {
        if (client.reading || !clients.contains(client)) {
            return;
        }
        if (client.response.writeQueueFull()) {
            client.response.drainHandler(_ -> read(client));
            return;
        }
        if (client.after >= fabric.revision()) {
            return;
        }
        client.reading = true;
        blocking.run(() -> events.of(log.since(client.after, REVISIONS_AT_ONCE), client.principal, client.kinds))
                .onSuccess(found -> sent(client, found))
                .onFailure(e -> failed(client, e));
    }

    private void sent(Client client, WatchEvents.Found found) {
        client.reading = false;
        if (!clients.contains(client)) {
            return;
        }
        List<String> texts = found.texts();
        texts.forEach(text -> write(client, text));
        boolean more = found.last() > client.after;
        client.after = Math.max(client.after, found.last());
        if (more) {
            read(client);
        }
    }

    private void failed(Client client, Throwable e) {
        client.reading = false;
        if (e instanceof CompactedException && clients.contains(client)) {
            write(client, WatchEvents.position("gone", client.after));
            end(client);
        } else {
            LOG.warn("changes cannot be read for who watches: {}", e.toString());
        }
    }

    /** Ends every stream. Call on the event loop. */
    void close() {
        changes.close();
        vertx.cancelTimer(timer);
        Set.copyOf(clients).forEach(this::end);
    }
}
