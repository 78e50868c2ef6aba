package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.NodeId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * What becomes of packets, and why, and the packets themselves: of all on a gateway, or for its tenant of what belongs to a VM network. The
 * gateway watches; here it is asked for what it has seen until it is done or nobody listens any more.
 */
final class TraceHandlers {

    private static final Logger LOG = LoggerFactory.getLogger(TraceHandlers.class);
    private static final long PAUSE_NANOS = 100_000_000;
    private static final int PAUSE_MILLIS = 100;

    private final Vertx vertx;
    private final NodeHandlers nodes;
    private final NetworkViewHandlers networks;
    private final BlockingCalls blocking;

    TraceHandlers(Vertx vertx, NodeHandlers nodes, NetworkViewHandlers networks, BlockingCalls blocking) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.networks = networks;
        this.blocking = blocking;
    }

    /** Whom a question is for, with what it asks. */
    private record Question(NodeId gateway, Map<String, String> fields) {}

    void mount(RouterBuilder routes) {
        mount(routes, "Gateway", this::ofGateway);
        mount(routes, "VmNetwork", this::ofNetwork);
    }

    private void mount(RouterBuilder routes, String kind, java.util.function.Function<RoutingContext, Question> asked) {
        Operations.of(routes, "get" + kind + "Trace")
                .addHandler(context -> answer(context, blocking.run(() -> {
                    Question question = asked.apply(context);
                    return nodes.rows(question.gateway(), "trace", question.fields(), 1);
                })));
        Operations.of(routes, "get" + kind + "PacketTraces").addHandler(context -> {
            audit(context);
            HttpServerResponse response = context.response();
            Future<String> reports = blocking.run(() -> reports(response, asked.apply(context)));
            answer(context, SignsOfLife.during(context, reports));
        });
        Operations.of(routes, "get" + kind + "Capture").addHandler(context -> {
            audit(context);
            blocking.run(() -> {
                        Question question = asked.apply(context);
                        question.fields().put("what", "capture");
                        return new Running(question.gateway(), start(question));
                    })
                    .onSuccess(running -> stream(context, running))
                    .onFailure(context::fail);
        });
    }

    /** Whose packets somebody has looked at must be found later. */
    private static void audit(RoutingContext context) {
        AccessGuard.detail(context, new TreeMap<>(NodeHandlers.filter(context)).toString());
    }

    private static void answer(RoutingContext context, Future<String> answer) {
        answer.onSuccess(json -> {
                    if (!context.response().closed()) {
                        Replies.jsonText(context, 200, json);
                    }
                })
                .onFailure(context::fail);
    }

    private Question ofGateway(RoutingContext context) {
        return new Question(nodes.node(Kind.GATEWAY, Replies.id(context)), NodeHandlers.filter(context));
    }

    private Question ofNetwork(RoutingContext context) {
        Map<String, String> fields = NodeHandlers.filter(context);
        NodeId gateway = networks.own(context, fields);
        fields.put("audience", "tenant");
        return new Question(gateway, fields);
    }

    /** A watch on a gateway. */
    private record Running(NodeId gateway, String id) {}

    private String start(Question question) throws Exception {
        JsonNode row = first(nodes.rows(question.gateway(), "watch-start", question.fields(), 1));
        if (row.has("busy")) {
            throw new ProblemException(ProblemCode.BUSY, row.path("busy").asString(""));
        }
        return row.path("id").asString("");
    }

    private void stop(Running running) {
        blocking.run(() -> nodes.rows(running.gateway(), "watch-stop", Map.of("id", running.id()), 1))
                .onFailure(e -> LOG.debug("a trace or capture ends by itself", e));
    }

    private JsonNode read(Running running) throws Exception {
        return first(nodes.rows(running.gateway(), "watch-read", Map.of("id", running.id()), 1));
    }

    private static JsonNode first(String rows) {
        return FabricJson.mapper().readTree(rows).path("items").path(0);
    }

    /** Goes on until there are enough, or time is up, or who has asked has gone. */
    private String reports(HttpServerResponse response, Question question) throws Exception {
        Running running = new Running(question.gateway(), start(question));
        ArrayNode items = FabricJson.mapper().createArrayNode();
        while (true) {
            JsonNode row = read(running);
            row.path("packets").forEach(items::add);
            boolean done = row.path("done").asBoolean(true);
            if (!done && response.closed()) {
                stop(running);
            }
            if (done || response.closed()) {
                return "{\"items\":" + FabricJson.mapper().writeValueAsString(items) + ",\"truncated\":false}";
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void stream(RoutingContext context, Running running) {
        HttpServerResponse response = context.response()
                .putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Disposition", "attachment; filename=\"capture.pcapng\"")
                .putHeader("Cache-Control", "no-store")
                // Compressed, packets would wait in the compressor for the next ones.
                .putHeader("Content-Encoding", "identity")
                .setChunked(true);
        response.exceptionHandler(e -> LOG.debug("a capture's reader has gone", e));
        more(response, running);
    }

    private void more(HttpServerResponse response, Running running) {
        if (response.closed()) {
            stop(running);
            return;
        }
        if (response.writeQueueFull()) {
            response.drainHandler(_ -> more(response, running));
            return;
        }
        blocking.run(() -> read(running))
                .onSuccess(row -> {
                    byte[] bytes = Base64.getDecoder().decode(row.path("pcapng").asString(""));
                    if (bytes.length > 0) {
                        var _ = response.write(Buffer.buffer(bytes));
                    }
                    if (row.path("done").asBoolean(true)) {
                        var _ = response.end();
                    } else {
                        vertx.setTimer(bytes.length > 0 ? 1 : PAUSE_MILLIS, _ -> more(response, running));
                    }
                })
                .onFailure(e -> {
                    LOG.warn("the capture ends early: {}", e.getMessage());
                    var _ = response.reset();
                });
    }
}
