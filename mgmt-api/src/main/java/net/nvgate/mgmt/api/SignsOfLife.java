package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Keeps a connection while an answer takes longer than connections may be idle: now and then a 103 without hints (RFC 8297), which clients
 * skip.
 */
final class SignsOfLife {

    private static final long EVERY_MILLIS = 20_000;

    private SignsOfLife() {}

    /** The same work. Called on the event loop. */
    static <T> Future<T> during(RoutingContext context, Future<T> work) {
        Vertx vertx = context.vertx();
        HttpServerResponse response = context.response();
        long timer = vertx.setPeriodic(EVERY_MILLIS, _ -> {
            if (!response.headWritten() && !response.closed()) {
                var _ = response.writeEarlyHints(MultiMap.caseInsensitiveMultiMap());
            }
        });
        return work.onComplete(_ -> vertx.cancelTimer(timer));
    }
}
