package net.nvgate.mgmt.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers failed requests with a problem. What is the server's fault is logged with the request id. */
final class ProblemResponses implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);

    private final Tenancy tenancy;
    private final AccessGuard guard;

    ProblemResponses(Tenancy tenancy, AccessGuard guard) {
        this.guard = guard;
        this.tenancy = tenancy;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        Problem problem = tenancy.shown(context, ProblemMapper.map(context.failure(), context.statusCode()));
        guard.refused(context, problem);
        if (problem.code().status() >= 500) {
            log(context, problem);
        }
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            // Too late for another status: a cut connection tells the client that the answer is not whole.
            response.reset();
            return;
        }
        // What is committed already must not be sent again, and a fenced store stays so until the manager starts again.
        if (problem.code().status() == 503
                && problem.code() != ProblemCode.NOT_VISIBLE_YET
                && problem.code() != ProblemCode.STORE_FENCED) {
            response.putHeader("Retry-After", "1");
        }
        if (problem.code() == ProblemCode.UNAUTHENTICATED) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"nvgate\"");
        }
        response.setStatusCode(problem.code().status())
                .putHeader("Content-Type", ApiContract.PROBLEM_JSON)
                .putHeader("Cache-Control", "no-store")
                .end(problem.toJson(RequestIds.of(context)).toBuffer());
    }

    private static void log(RoutingContext context, Problem problem) {
        String request = context.request().method() + " " + context.request().path();
        if (problem.code() == ProblemCode.INTERNAL) {
            LOG.error("{} failed, request {}", request, RequestIds.of(context), context.failure());
        } else {
            LOG.warn("{} failed, request {}: {}", request, RequestIds.of(context), problem.detail());
        }
    }
}
