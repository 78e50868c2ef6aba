package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads bodies: small ones, and a few large ones at once of batches and fabric files. */
final class BodyLimits implements SecurityPolicyHandler {

    /** Largest request body in bytes. */
    static final int BODY_BYTES_MAX = 64 << 10;

    /** Largest body of a batch or a fabric file in bytes. */
    static final int BATCH_BYTES_MAX = 8 << 20;

    /** Batches in work at once. */
    static final int BATCHES_MAX = 4;

    private final BodyHandler small = BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX);
    private final BodyHandler large = BodyHandler.create(false).setBodyLimit(BATCH_BYTES_MAX);
    private final AtomicInteger batches = new AtomicInteger();

    @Override
    public void handle(RoutingContext context) {
        String path = context.request().path();
        if (!path.equals(ChangeHandlers.BATCH_PATH) && !FileHandlers.PATHS.contains(path)) {
            small.handle(context);
        } else if (batches.incrementAndGet() > BATCHES_MAX) {
            batches.decrementAndGet();
            context.fail(
                    new ProblemException(ProblemCode.BUSY, BATCHES_MAX + " batches or files are in work; try again"));
        } else {
            context.addEndHandler(_ -> batches.decrementAndGet());
            large.handle(context);
        }
    }
}
