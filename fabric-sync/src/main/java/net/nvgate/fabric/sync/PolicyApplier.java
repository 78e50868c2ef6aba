package net.nvgate.fabric.sync;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.v1.Delta;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.sync.v1.SnapshotBegin;
import net.nvgate.fabric.sync.v1.SnapshotChunk;
import net.nvgate.fabric.sync.v1.SnapshotEnd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns frames into policy, whole revisions at a time and in order. Knows what the follower holds. Used by the apply
 * thread only, except {@link #held}.
 */
final class PolicyApplier {

    private static final Logger log = LoggerFactory.getLogger(PolicyApplier.class);

    /**
     * Policy that has been applied.
     *
     * @param fabricId empty if none
     * @param revision 0 if none
     */
    record Held(String fabricId, long revision) {
        static final Held NOTHING = new Held("", 0);
    }

    /** What to tell the manager after a frame. */
    sealed interface Outcome {
        /** The frame was a part of something. */
        record More() implements Outcome {}

        record Applied(long revision) implements Outcome {}

        record Rejected(long revision, String key, String reason) implements Outcome {}
    }

    private final PolicyTarget target;
    private final PolicyCache cache;
    private final ClientMetrics metrics;
    private final int objectsMax;
    private final PolicyDecoder decoder = new PolicyDecoder();

    private volatile Held held = Held.NOTHING;

    /** What is held may differ from what the target has, or the cache needs it: the next Hello asks for a snapshot. */
    private boolean wantsSnapshot;

    /** Fabric of the manager that is connected. */
    private String fabricId = "";

    private @Nullable Incoming incoming;

    /** What the target is being given, for people; empty = nothing. */
    private volatile String inWork = "";

    private volatile boolean stopping;

    private static final class Incoming {
        final long revision;
        final long expected;
        final List<PolicyObject> objects;

        /** The first object that could not be understood. */
        Outcome.@Nullable Rejected rejection;

        Incoming(SnapshotBegin begin) {
            this.revision = begin.getRevision();
            this.expected = begin.getObjects();
            this.objects = new ArrayList<>((int) Math.min(begin.getObjects(), 1 << 16));
        }
    }

    PolicyApplier(PolicyTarget target, PolicyCache cache, ClientMetrics metrics, int objectsMax) {
        this.target = target;
        this.cache = cache;
        this.metrics = metrics;
        this.objectsMax = objectsMax;
    }

    Held held() {
        return held;
    }

    String inWork() {
        return inWork;
    }

    /** Any thread: nothing more is applied than what is in work. */
    void stop() {
        stopping = true;
    }

    /** Applies what was found on disk. A cache the target refuses is as good as none. */
    void start(PolicyCache.Cached cached) {
        PolicySnapshot snapshot = cached.snapshot();
        if (stopping) {
            return;
        }
        try {
            replace(snapshot);
            held = new Held(cached.fabricId(), snapshot.revision());
            log.info(
                    "Policy of the cache is applied: revision {}, {} objects",
                    snapshot.revision(),
                    snapshot.objects().size());
        } catch (PolicyRejectedException | RuntimeException e) {
            wantsSnapshot = true;
            log.error("Cached policy of revision {} cannot be applied", snapshot.revision(), e);
        }
    }

    private void replace(PolicySnapshot snapshot) throws PolicyRejectedException {
        String what = "the snapshot of revision " + snapshot.revision() + ", "
                + snapshot.objects().size() + " objects,";
        metrics.timeSnapshot(() -> work(what, () -> target.replace(snapshot)));
    }

    private void work(String what, ClientMetrics.Step step) throws PolicyRejectedException {
        inWork = what;
        try {
            step.run();
        } finally {
            inWork = "";
        }
    }

    /** A new connection: what to say in Hello. */
    Held hello() {
        incoming = null;
        fabricId = "";
        if (cache.isBehind()) {
            log.info("Asking for a snapshot because the policy cache has lost track");
            wantsSnapshot = true;
        }
        return wantsSnapshot ? Held.NOTHING : held;
    }

    /** @throws ProtocolException if the frame does not follow what came before; nothing of it is used */
    Outcome handle(ServerFrame frame) {
        if (stopping) {
            return new Outcome.More();
        }
        return switch (frame.getBodyCase()) {
            case WELCOME -> {
                fabricId = frame.getWelcome().getFabricId();
                yield new Outcome.More();
            }
            case SNAPSHOT_BEGIN -> begin(frame.getSnapshotBegin());
            case SNAPSHOT_CHUNK -> chunk(frame.getSnapshotChunk());
            case SNAPSHOT_END -> end(frame.getSnapshotEnd());
            case DELTA -> delta(frame.getDelta());
            case PROGRESS -> progress(frame.getProgress().getRevision());
            case QUERY, REFUSAL, PING, BODY_NOT_SET ->
                throw new ProtocolException(frame.getBodyCase() + " is not policy");
        };
    }

    private Outcome begin(SnapshotBegin begin) {
        if (incoming != null) {
            throw new ProtocolException("snapshot begins inside a snapshot");
        }
        if (begin.getObjects() < 0 || begin.getObjects() > objectsMax) {
            throw new ProtocolException(
                    "snapshot of " + Long.toUnsignedString(begin.getObjects()) + " objects, allowed are " + objectsMax);
        }
        incoming = new Incoming(begin);
        cache.beginSnapshot(fabricId);
        return new Outcome.More();
    }

    private Outcome chunk(SnapshotChunk chunk) {
        Incoming snapshot = inSnapshot("chunk");
        if (snapshot.objects.size() + (long) chunk.getObjectsCount() > snapshot.expected) {
            throw new ProtocolException("snapshot has more than the " + snapshot.expected + " objects it announced");
        }
        if (snapshot.rejection != null) {
            return new Outcome.More();
        }
        try {
            snapshot.objects.addAll(decoder.decodeObjects(chunk.getObjectsList()));
            cache.chunk(chunk);
        } catch (ModelException e) {
            snapshot.rejection = rejection(snapshot.revision, e);
        }
        return new Outcome.More();
    }

    private Outcome end(SnapshotEnd end) {
        Incoming snapshot = inSnapshot("end");
        incoming = null;
        if (snapshot.rejection != null) {
            return reject(snapshot.rejection);
        }
        if (end.getRevision() != snapshot.revision || snapshot.objects.size() != snapshot.expected) {
            throw new ProtocolException("snapshot of revision " + snapshot.revision + " with " + snapshot.expected
                    + " objects ends as revision " + end.getRevision() + " with " + snapshot.objects.size());
        }
        PolicySnapshot policy = new PolicySnapshot(snapshot.revision, snapshot.objects);
        try {
            replace(policy);
        } catch (PolicyRejectedException | RuntimeException e) {
            return reject(rejection(snapshot.revision, e));
        }
        wantsSnapshot = false;
        held = new Held(fabricId, snapshot.revision);
        cache.commitSnapshot(snapshot.revision);
        log.info("Snapshot of revision {} is applied, {} objects", snapshot.revision, snapshot.expected);
        return new Outcome.Applied(snapshot.revision);
    }

    private Incoming inSnapshot(String what) {
        if (incoming == null) {
            throw new ProtocolException("snapshot " + what + " without a begin");
        }
        return incoming;
    }

    private Outcome delta(Delta delta) {
        inOrder("delta");
        if (delta.getFrom() != held.revision || delta.getTo() <= held.revision) {
            throw new ProtocolException("delta goes from revision " + delta.getFrom() + " to " + delta.getTo()
                    + ", held is " + held.revision);
        }
        try {
            List<PolicyChange> changes = decoder.decodeChanges(delta.getChangesList());
            String what = "the delta to revision " + delta.getTo() + ", " + changes.size() + " changes,";
            metrics.timeDelta(() -> work(what, () -> target.apply(delta.getTo(), changes)));
        } catch (PolicyRejectedException | RuntimeException e) {
            return reject(rejection(delta.getTo(), e));
        }
        held = new Held(fabricId, delta.getTo());
        cache.delta(delta);
        return new Outcome.Applied(delta.getTo());
    }

    private Outcome progress(long revision) {
        inOrder("progress");
        if (revision < held.revision) {
            throw new ProtocolException("progress to revision " + revision + ", held is " + held.revision);
        }
        held = new Held(fabricId, revision);
        cache.progress(revision);
        return new Outcome.Applied(revision);
    }

    private void inOrder(String what) {
        if (incoming != null) {
            throw new ProtocolException(what + " inside a snapshot");
        }
        if (wantsSnapshot || !held.fabricId.equals(fabricId)) {
            throw new ProtocolException(what + " where a snapshot must come first");
        }
    }

    private Outcome reject(Outcome.Rejected rejection) {
        wantsSnapshot = true;
        cache.abortSnapshot();
        log.warn("Revision {} is rejected: {}: {}", rejection.revision(), rejection.key(), rejection.reason());
        return rejection;
    }

    private static Outcome.Rejected rejection(long revision, Exception cause) {
        return switch (cause) {
            case PolicyRejectedException e -> new Outcome.Rejected(revision, e.key(), String.valueOf(e.getMessage()));
            case ModelException e -> new Outcome.Rejected(revision, e.object(), String.valueOf(e.getMessage()));
            default -> {
                log.error("Applying revision {} failed", revision, cause);
                yield new Outcome.Rejected(revision, "", "internal error: " + cause);
            }
        };
    }

    /** The connection ended; a snapshot that was coming in is forgotten. */
    void disconnected() {
        if (incoming != null) {
            incoming = null;
            cache.abortSnapshot();
        }
    }
}
