package net.nvgate.mgmt.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import java.time.Duration;
import java.util.Set;

/** Counts and times requests by operation of the contract, method and status: as many series as the contract has answers. */
final class HttpMetrics implements PlatformHandler {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    /** Their requests last as long as a page is open, or as those want who ask. */
    private static final Set<String> LASTING = Set.of(
            "getEvents",
            "watchChanges",
            "getGatewayPacketTraces",
            "getVmNetworkPacketTraces",
            "getGatewayCapture",
            "getVmNetworkCapture");

    private final MeterRegistry registry;

    HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void handle(RoutingContext context) {
        long start = System.nanoTime();
        context.addEndHandler(_ -> {
            String operation = ContractRequests.operationOf(context);
            if (!LASTING.contains(operation)) {
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                Runnable measuring = () -> timer(context, operation).record(took);
                RequestTraces.of(context).ifPresentOrElse(trace -> trace.during(measuring), measuring);
            }
        });
        context.next();
    }

    private Timer timer(RoutingContext context, String operation) {
        String method = context.request().method().name();
        return Timer.builder("nvgate.http.server.requests")
                .description("HTTP requests by operation of the contract")
                .tag("operation", operation)
                .tag("method", operation.equals("none") && !method.equals("GET") ? "other" : method)
                .tag("status", String.valueOf(context.response().getStatusCode()))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
