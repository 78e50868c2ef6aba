package net.nvgate.fabric.sync;

import java.time.Clock;
import java.time.Instant;
import net.nvgate.fabric.policy.NodeId;
import org.jspecify.annotations.Nullable;

/** What the server remembers of one follower, connected or not. Thread-safe. */
final class FollowerEntry {

    private final NodeId node;
    private final Clock clock;
    private final SyncObserver observer;

    private @Nullable ServerSession session;
    private String remoteAddress = "";
    private String software = "";
    private long desiredRevision;
    private long appliedRevision;
    private boolean forwarding;
    private boolean rejected;
    private String lastError = "";
    private final FollowerErrors errors = new FollowerErrors();
    private String statusJson = "{}";
    private Instant since;
    private Instant lastSeen;

    /** Last revision that changed the node's policy, as far as the server was told. */
    private volatile long touchedRevision;

    /** @param observer called while this is locked */
    FollowerEntry(NodeId node, Clock clock, SyncObserver observer) {
        this.node = node;
        this.observer = observer;
        this.clock = clock;
        this.since = clock.instant();
        this.lastSeen = since;
    }

    NodeId node() {
        return node;
    }

    /** @return the connection that this one takes the place of */
    synchronized @Nullable ServerSession connect(
            ServerSession next, String remote, String softwareVersion, long heldRevision) {
        ServerSession previous = session;
        session = next;
        remoteAddress = remote;
        software = softwareVersion;
        appliedRevision = heldRevision;
        forwarding = false;
        observer.connected(node, heldRevision);
        since = clock.instant();
        lastSeen = since;
        return previous;
    }

    synchronized void disconnect(ServerSession gone) {
        if (session == gone) {
            session = null;
            since = clock.instant();
        }
    }

    synchronized @Nullable ServerSession session() {
        return session;
    }

    long touchedRevision() {
        return touchedRevision;
    }

    synchronized void touched(long revision) {
        touchedRevision = Math.max(touchedRevision, revision);
        desire(revision);
    }

    /** The manager has policy of this revision for the node. */
    synchronized void desire(long revision) {
        desiredRevision = Math.max(desiredRevision, revision);
    }

    /** It is sent all of its policy up to a revision. */
    void sent(long revision) {
        observer.sent(node, revision);
    }

    synchronized void acknowledged(long revision) {
        appliedRevision = revision;
        observer.applied(node, revision);
        rejected = false;
        lastSeen = clock.instant();
        if (!lastError.isEmpty()) {
            lastError = "";
            errors.over();
        }
    }

    /** What it says it has applied is of no revision that the store has. */
    synchronized void hasNothing() {
        appliedRevision = 0;
        observer.connected(node, 0);
    }

    /** The follower stays at what it has, and needs a snapshot whatever it says it holds. */
    synchronized void rejected(long revision, String key, String reason) {
        rejected = true;
        lastSeen = clock.instant();
        lastError = key + ": " + reason;
        errors.add(new FollowerError(key, reason, revision, lastSeen, true));
    }

    synchronized boolean isRejected() {
        return rejected;
    }

    synchronized void status(long applied, boolean forwards, String json) {
        appliedRevision = applied;
        forwarding = forwards;
        statusJson = json;
        lastSeen = clock.instant();
    }

    synchronized Followers.Follower view() {
        boolean connected = session != null;
        return new Followers.Follower(
                node,
                connected,
                remoteAddress,
                software,
                Math.max(desiredRevision, appliedRevision),
                appliedRevision,
                connected && forwarding,
                lastError,
                statusJson,
                since,
                lastSeen,
                errors.newestFirst());
    }
}
