package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.mgmt.metrics.ManagerMetrics;

/** The contract itself, metrics and health: for machines that run the manager. */
final class OperationHandlers {

    private final ApiContract contract;
    private final ApiBackend backend;
    private final BlockingCalls blocking;

    OperationHandlers(ApiContract contract, ApiBackend backend, BlockingCalls blocking) {
        this.contract = contract;
        this.backend = backend;
        this.blocking = blocking;
    }

    record Readiness(boolean ready, Map<String, String> checks) {}

    void mount(RouterBuilder routes) {
        Operations.of(routes, "getContract")
                .addHandler(context -> Replies.text(context, "application/yaml", contract.text()));
        Operations.of(routes, "getHealth").addHandler(context -> Replies.text(context, "text/plain", "ok\n"));
        Operations.of(routes, "getMetrics").addHandler(this::metrics);
        Operations.of(routes, "getReadiness").addHandler(this::readiness);
    }

    private void metrics(RoutingContext context) {
        String accept = context.request().getHeader("Accept");
        boolean openMetrics = accept != null && accept.contains("application/openmetrics-text");
        String type = openMetrics ? ManagerMetrics.OPEN_METRICS : ManagerMetrics.PROMETHEUS_TEXT;
        blocking.run(() -> backend.metrics().scrape(openMetrics))
                .onSuccess(text -> Replies.text(context, type, text))
                .onFailure(context::fail);
    }

    private void readiness(RoutingContext context) {
        blocking.run(this::check)
                .onSuccess(result -> Replies.jsonText(context, result.ready() ? 200 : 503, FabricJson.write(result)))
                .onFailure(context::fail);
    }

    private Readiness check() {
        Map<String, String> results = new LinkedHashMap<>();
        for (Map.Entry<String, Supplier<String>> check : new TreeMap<>(backend.checks()).entrySet()) {
            try {
                results.put(check.getKey(), check.getValue().get());
            } catch (RuntimeException e) {
                results.put(check.getKey(), String.valueOf(e.getMessage()));
            }
        }
        return new Readiness(results.values().stream().allMatch("ok"::equals), results);
    }
}
