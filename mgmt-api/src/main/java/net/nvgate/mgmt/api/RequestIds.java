package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Gives every request an id, or takes over the client's, and says it in every answer. */
final class RequestIds implements PlatformHandler {

    static final String HEADER = "X-Request-Id";

    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String KEY = "nvgate.request-id";

    /** Differs between two runs of the manager, so that ids in old logs are not mistaken for new ones. */
    private final String run =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    private final AtomicLong next = new AtomicLong(1);

    static String of(RoutingContext context) {
        String id = context.get(KEY);
        return id == null ? "none" : id;
    }

    /** A new one. */
    String next() {
        return run + "-" + next.getAndIncrement();
    }

    @Override
    public void handle(RoutingContext context) {
        String given = context.request().getHeader(HEADER);
        String id = given != null && ACCEPTED.matcher(given).matches() ? given : next();
        context.put(KEY, id);
        context.response().putHeader(HEADER, id);
        context.next();
    }
}
