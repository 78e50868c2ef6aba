package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import net.nvgate.fabric.convergence.Convergence;
import net.nvgate.fabric.convergence.NodeConvergence.State;
import net.nvgate.fabric.convergence.RevisionConvergence;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;

/** How far gateways and hosts are, and whether they have a revision. */
final class FollowerHandlers {

    /** Requests that wait at once. */
    private static final int WAITING_MAX = 32;

    private final Convergence convergence;
    private final PolicySource policy;
    private final FollowerViews.Teller teller;
    private final BlockingCalls blocking;
    private final BlockingCalls waiting;
    private final Semaphore waits = new Semaphore(WAITING_MAX);

    /**
     * @param manager name of this one
     * @param waiting runs requests that wait, so that they keep no others from being worked on
     */
    FollowerHandlers(
            Convergence convergence,
            PolicySource policy,
            FabricManager fabric,
            String manager,
            BlockingCalls blocking,
            BlockingCalls waiting) {
        this.convergence = convergence;
        this.policy = policy;
        teller = new FollowerViews.Teller(manager, node -> draining(fabric, node));
        this.blocking = blocking;
        this.waiting = waiting;
    }

    void mount(RouterBuilder routes) {
        Operations.of(routes, "listFollowers").addHandler(this::list);
        Operations.of(routes, "getFollower").addHandler(this::get);
        Operations.of(routes, "getRevisionConvergence").addHandler(this::revision);
    }

    private static Optional<Boolean> draining(FabricManager fabric, NodeId node) {
        return node.kind() == NodeId.Kind.HOST
                ? Optional.empty()
                : fabric.list(Kind.GATEWAY, node.name()).stream()
                        .map(gateway -> ((Gateway) gateway).draining())
                        .findFirst();
    }

    private void list(RoutingContext context) {
        Optional<State> only =
                Optional.ofNullable(Replies.text(context, "state")).map(State::valueOf);
        ListQuery query = ListQuery.of(context);
        blocking.run(() -> FabricJson.write(
                        FollowerViews.FollowerList.of(teller, policy.revision(), convergence.all(), only)
                                .sorted(query)))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private void get(RoutingContext context) {
        NodeId.Kind kind =
                Replies.pathText(context, "kind").equals("gateways") ? NodeId.Kind.GATEWAY : NodeId.Kind.HOST;
        NodeId node = new NodeId(kind, Replies.pathText(context, "name"));
        blocking.run(() -> convergence
                        .find(node)
                        .map(found -> FabricJson.write(FollowerViews.Follower.of(found, teller)))
                        .orElseThrow(() -> new ProblemException(ProblemCode.NOT_FOUND, "the fabric has no " + node)))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private void revision(RoutingContext context) {
        long revision = Replies.pathNumber(context, "revision");
        int seconds = Replies.integer(context, "waitSeconds", 0);
        (seconds == 0 ? blocking : waiting)
                .run(() -> FabricJson.write(FollowerViews.Revision.of(converged(revision, seconds), teller)))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private RevisionConvergence converged(long revision, int seconds) {
        if (!policy.isCommitted(revision)) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "the fabric has no revision " + revision + " yet");
        }
        if (seconds == 0) {
            return convergence.of(revision);
        }
        if (!waits.tryAcquire()) {
            throw new ProblemException(
                    ProblemCode.BUSY, WAITING_MAX + " requests wait for convergence; try again, or do not wait");
        }
        try {
            return convergence.await(revision, Duration.ofSeconds(seconds));
        } finally {
            waits.release();
        }
    }
}
