package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;

/**
 * Remembers that the answer to a request has ended, however it did. Who adds an end handler later is not told any more, and the
 * response does not say it either for a while: a connection that is reset ends its answers first, and is closed then.
 */
final class RequestEnd implements PlatformHandler {

    private static final String KEY = RequestEnd.class.getName();

    @Override
    public void handle(RoutingContext context) {
        context.addEndHandler(_ -> context.put(KEY, true));
        context.next();
    }

    static boolean isOf(RoutingContext context) {
        return context.response().closed() || context.get(KEY) != null;
    }
}
