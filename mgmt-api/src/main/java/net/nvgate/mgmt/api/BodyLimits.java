package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads bodies: small ones, a few large ones at once of batches and fabric files, and one fabric file at a time that is larger still. */
final class BodyLimits implements SecurityPolicyHandler {

    /** Largest request body in bytes. */
    static final int BODY_BYTES_MAX = 64 << 10;

    /** Largest body of a batch in bytes; of a fabric file, largest of which several are in work at once. */
    static final int BATCH_BYTES_MAX = 8 << 20;

    /** Batches in work at once. */
    static final int BATCHES_MAX = 4;

    /** For a body of a batch or file to come. */
    static final int BODY_MILLIS_MAX = 60_000;

    private static final String WORK = "nvgate.body-work";

    private final BodyHandler small = BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX);
    private final BodyHandler large = BodyHandler.create(false).setBodyLimit(BATCH_BYTES_MAX);
    private final BodyHandler file;
    private final int bodyMillis;
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger hugeFiles = new AtomicInteger();

    /**
     * @param fileBytesMax of a fabric file
     * @param bodyMillis for a body of a batch or file to come
     */
    BodyLimits(int fileBytesMax, int bodyMillis) {
        this.bodyMillis = bodyMillis;
        file = BodyHandler.create(false).setBodyLimit(fileBytesMax);
    }

    @Override
    public void handle(RoutingContext context) {
        String path = context.request().path();
        boolean isFile = FileHandlers.PATHS.contains(path);
        if (!isFile && !path.equals(ChangeHandlers.BATCH_PATH)) {
            small.handle(context);
        } else if (isFile && isHuge(context.request())) {
            oneOf(1, hugeFiles, file, "another large file is in work; try again", context);
        } else {
            BodyHandler handler = isFile ? file : large;
            oneOf(BATCHES_MAX, batches, handler, BATCHES_MAX + " batches or files are in work; try again", context);
        }
    }

    /** Also if it does not say how long it is. */
    private static boolean isHuge(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        // The server has checked that it is a number.
        return length == null || length.length() > 9 || Integer.parseInt(length) > BATCH_BYTES_MAX;
    }

    private void oneOf(int most, AtomicInteger inWork, BodyHandler handler, String busy, RoutingContext context) {
        if (inWork.incrementAndGet() > most) {
            inWork.decrementAndGet();
            context.fail(new ProblemException(ProblemCode.BUSY, busy));
        } else {
            context.addEndHandler(_ -> {
                Future<?> work = context.get(WORK);
                if (work == null) {
                    inWork.decrementAndGet();
                } else {
                    work.onComplete(_ -> inWork.decrementAndGet());
                }
            });
            // Who sends slowly keeps a place that others wait for.
            long timer = context.vertx().setTimer(bodyMillis, _ -> {
                if (!context.request().isEnded() && !context.response().ended()) {
                    context.response().putHeader("Connection", "close");
                    // The header alone does not close it, and what has come of the body would be held.
                    context.addEndHandler(_ -> context.request().connection().close());
                    context.fail(new ProblemException(
                            ProblemCode.REQUEST_TIMEOUT, "The body did not come within " + bodyMillis + " ms"));
                }
            });
            context.addEndHandler(_ -> context.vertx().cancelTimer(timer));
            handler.handle(context);
        }
    }

    /** What a request began goes on when its client has gone: its place is free when both have ended. */
    static <T> Future<T> hold(RoutingContext context, Future<T> work) {
        context.put(WORK, work);
        return work;
    }
}
