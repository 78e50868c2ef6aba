package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.netwnv.HostExport;
import net.nvgate.fabric.netwnv.NetWnvJson;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.FollowerUnavailableException;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.fabric.sync.QueryResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a gateway or host really has (asked over the sync stream), what it should have, and how it is. */
final class NodeHandlers {

    private static final List<String> HOST_VIEWS = List.of("lookup-records", "customer-routes", "provider-addresses");
    private static final List<String> GATEWAY_VIEWS = List.of(
            "lookup-records",
            "customer-routes",
            "provider-addresses",
            "sessions",
            "nat-mappings",
            "neighbors",
            "mtu",
            "top",
            "drops",
            "port-acls",
            "counters");

    static final int ROWS_DEFAULT = 1000;
    private static final int ENDED_SESSIONS_MAX = 10_000;

    /** Longer than the stream's own limit, which gives the better message. */
    private static final int ANSWER_SECONDS_MAX = 8;

    private final FabricManager fabric;
    private final PolicySource policy;
    private final Followers followers;
    private final FabricOverview overview;
    private final BlockingCalls blocking;

    NodeHandlers(
            FabricManager fabric,
            PolicySource policy,
            Followers followers,
            FabricOverview overview,
            BlockingCalls blocking) {
        this.fabric = fabric;
        this.policy = policy;
        this.followers = followers;
        this.overview = overview;
        this.blocking = blocking;
    }

    void mount(RouterBuilder routes) {
        mount(routes, Kind.GATEWAY, GATEWAY_VIEWS);
        mount(routes, Kind.HOST, HOST_VIEWS);
        Operations.of(routes, "endGatewaySessions").addHandler(this::endSessions);
        Operations.of(routes, "getHostNetWnv").addHandler(this::netWnv);
    }

    private void mount(RouterBuilder routes, Kind kind, List<String> views) {
        String get = "get" + ObjectHandlers.operationName(kind);
        for (String view : views) {
            String name = java.util.Arrays.stream(view.split("-"))
                    .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                    .reduce("", String::concat);
            Operations.of(routes, get + name).addHandler(context -> view(context, kind, view));
        }
        Operations.of(routes, get + "Policy").addHandler(context -> policy(context, kind));
        Operations.of(routes, get + "Status").addHandler(context -> status(context, kind));
    }

    private void view(RoutingContext context, Kind kind, String view) {
        UUID id = Replies.id(context);
        int limit = Replies.integer(context, "limit", ROWS_DEFAULT);
        Map<String, String> filter = filter(context);
        blocking.run(() -> rows(node(kind, id), view, filter, limit))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private void endSessions(RoutingContext context) {
        UUID id = Replies.id(context);
        Map<String, String> filter = endFilter(context);
        blocking.run(() -> ended(node(Kind.GATEWAY, id), filter))
                .onSuccess(json -> ended(context, filter, json))
                .onFailure(context::fail);
    }

    /** Says what was done in the answer and in the audit log. */
    static void ended(RoutingContext context, Map<String, String> filter, String json) {
        AccessGuard.detail(context, new TreeMap<>(filter) + ": " + json);
        Replies.jsonText(context, 200, json);
    }

    /** What shall end, as the node is asked. */
    static Map<String, String> endFilter(RoutingContext context) {
        Map<String, String> filter = filter(context);
        filter.put("max", Integer.toString(Replies.integer(context, "limit", ENDED_SESSIONS_MAX)));
        if (!Replies.flag(context, "dryRun")) {
            filter.remove("dryRun");
        }
        return filter;
    }

    /** As {@link #rows}; that nothing was ended is an error: there is no such session. */
    String ended(NodeId node, Map<String, String> filter) throws Exception {
        JsonNode answer = FabricJson.mapper().readTree(rows(node, "end-sessions", filter, 1));
        JsonNode row = answer.path("items").path(0);
        boolean truncated = answer.path("truncated").asBoolean();
        String said = "{\"ended\":" + row.path("ended").asInt(0);
        if (filter.containsKey("dryRun")) {
            return said + ",\"matched\":" + row.path("matched").asInt(0) + ",\"truncated\":" + truncated + "}";
        }
        if (row.path("ended").asInt(0) == 0 && !truncated) {
            throw about(node, ProblemCode.NOT_FOUND, node + " has no such session");
        }
        return said + ",\"truncated\":" + truncated + "}";
    }

    static Map<String, String> filter(RoutingContext context) {
        Map<String, String> filter = new HashMap<>();
        for (Map.Entry<String, RequestParameter> entry :
                Replies.request(context).getQuery().entrySet()) {
            if (!entry.getKey().equals("limit") && !entry.getValue().isNull()) {
                filter.put(entry.getKey(), String.valueOf(entry.getValue().get()));
            }
        }
        return filter;
    }

    /** Blocks until the node has answered; at most {@value #ANSWER_SECONDS_MAX} s. */
    String rows(NodeId node, String view, Map<String, String> filter, int limit) throws Exception {
        if (!followers.find(node).map(Followers.Follower::connected).orElse(false)) {
            throw about(node, ProblemCode.NODE_NOT_CONNECTED, node + " is not connected");
        }
        try {
            QueryResult result = followers.query(node, view, filter, limit).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            if (!FabricJson.mapper().readTree(result.json()).isArray()) {
                throw about(node, ProblemCode.NODE_ANSWER_INVALID, node + " answered something else than a list");
            }
            return "{\"items\":" + result.json() + ",\"truncated\":" + result.truncated()
                    + (result.next().isEmpty() ? "" : ",\"next\":" + FabricJson.write(result.next())) + "}";
        } catch (TimeoutException e) {
            throw about(node, ProblemCode.NODE_TIMEOUT, node + " did not answer in time");
        } catch (JacksonException e) {
            throw about(node, ProblemCode.NODE_ANSWER_INVALID, node + " answered something that is not JSON");
        } catch (java.util.concurrent.ExecutionException e) {
            throw refusal(node, e);
        }
    }

    private Exception refusal(NodeId node, java.util.concurrent.ExecutionException e) {
        String message = e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
        return switch (e.getCause()) {
            case FollowerUnavailableException _ -> {
                boolean connected =
                        followers.find(node).map(Followers.Follower::connected).orElse(false);
                yield about(node, connected ? ProblemCode.NODE_TIMEOUT : ProblemCode.NODE_NOT_CONNECTED, message);
            }
            case IllegalArgumentException _ -> about(node, ProblemCode.INVALID_VALUE, message);
            case null, default -> e;
        };
    }

    private static ProblemException about(NodeId node, ProblemCode code, String detail) {
        String kind = node.kind() == NodeId.Kind.GATEWAY ? Kind.GATEWAY.label() : Kind.HOST.label();
        return new ProblemException(Problem.of(code, detail).aboutObject(kind));
    }

    private void policy(RoutingContext context, Kind kind) {
        UUID id = Replies.id(context);
        int limit = Replies.integer(context, "limit", ROWS_DEFAULT);
        Set<Class<? extends PolicyObject>> types = DesiredPolicy.types(Replies.text(context, "types"));
        blocking.run(() -> FabricJson.write(DesiredPolicy.of(policy.snapshot(node(kind, id)), types, limit)))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    /** Policy of a host as NetWNV records. */
    private void netWnv(RoutingContext context) {
        UUID id = Replies.id(context);
        blocking.run(() -> NetWnvJson.write(
                        HostExport.of(fabric, policy, node(Kind.HOST, id).name())
                                .orElseThrow()))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private void status(RoutingContext context, Kind kind) {
        UUID id = Replies.id(context);
        blocking.run(() -> FabricJson.write(overview.node(fabric.get(kind, id))))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    NodeId node(Kind kind, UUID id) {
        return FabricOverview.nodeId(fabric.get(kind, id));
    }
}
