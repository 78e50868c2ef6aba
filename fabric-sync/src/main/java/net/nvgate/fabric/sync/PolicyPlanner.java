package net.nvgate.fabric.sync;

import com.google.protobuf.ByteString;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the source of policy and encodes deltas, on threads of its own so that an event loop never waits for either. A
 * session has one question open at most, which bounds the queue by the number of connections.
 */
final class PolicyPlanner implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PolicyPlanner.class);
    private static final int THREADS = 2;

    private final PolicySource source;
    private final SharedDeltas shared;
    private final int frameBytesMax;
    private final ExecutorService threads;

    PolicyPlanner(PolicySource source, SharedDeltas shared, int frameBytesMax) {
        this(
                source,
                shared,
                frameBytesMax,
                Executors.newFixedThreadPool(THREADS, new DefaultThreadFactory("sync-planner", true)));
    }

    /** @param threads that answer; closed with the planner */
    PolicyPlanner(PolicySource source, SharedDeltas shared, int frameBytesMax, ExecutorService threads) {
        this.source = source;
        this.shared = shared;
        this.frameBytesMax = frameBytesMax;
        this.threads = threads;
    }

    /** Whether the fabric has such a node. */
    void known(NodeId node, Consumer<Plan> answer) {
        ask(node, answer, () -> new Plan.Known(source.revision()));
    }

    /** What has changed since {@code held}. */
    void changes(NodeId node, long held, Consumer<Plan> answer) {
        ask(node, answer, () -> planChanges(node, held));
    }

    /** The whole policy. */
    void whole(NodeId node, Consumer<Plan> answer) {
        ask(node, answer, () -> new Plan.Whole(source.snapshot(node)));
    }

    /** Runs work that may wait for the source; {@code after} runs even if it fails or cannot be done any more. */
    void background(Runnable work, Runnable after) {
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    log.error("The source of policy failed", e);
                } finally {
                    after.run();
                }
            });
        } catch (RejectedExecutionException e) {
            after.run();
        }
    }

    private void ask(NodeId node, Consumer<Plan> answer, Supplier<Plan> question) {
        try {
            threads.execute(() -> answer.accept(plan(node, question)));
        } catch (RejectedExecutionException e) {
            answer.accept(new Plan.Failed("the manager is shutting down"));
        }
    }

    private Plan plan(NodeId node, Supplier<Plan> question) {
        try {
            return source.knows(node) ? question.get() : new Plan.Unknown();
        } catch (RuntimeException e) {
            log.error("No policy for {}", node, e);
            return new Plan.Failed("the manager failed to compute policy: " + e.getMessage());
        }
    }

    private Plan planChanges(NodeId node, long held) {
        if (held > source.revision()) {
            // Another manager was faster; or the store was restored from a backup that is older than what the follower
            // holds.
            return source.isCommitted(held) ? new Plan.Behind() : new Plan.Strange(held);
        }
        Optional<PolicySource.Catchup> found = source.since(node, held);
        if (found.isEmpty()) {
            return new Plan.NeedsSnapshot("history does not reach back to revision " + held);
        }
        PolicySource.Catchup catchup = found.get();
        if (catchup.changes().isEmpty()) {
            return new Plan.Current(catchup.revision());
        }
        ByteString body = shared.body(catchup.changes());
        if (body.size() > frameBytesMax - Frames.DELTA_HEAD_MAX) {
            return new Plan.NeedsSnapshot(catchup.changes().size() + " changes are too many for a delta");
        }
        return new Plan.Changes(held, catchup.revision(), body);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                log.warn("The source of policy does not return; its thread is left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
