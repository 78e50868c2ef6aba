package net.nvgate.fabric.sync;

import java.time.Clock;
import java.time.Instant;
import net.nvgate.fabric.policy.NodeId;
import org.jspecify.annotations.Nullable;

/** What the server remembers of one follower, connected or not. Thread-safe. */
final class FollowerEntry {

    private final NodeId node;
    private final Clock clock;

    private @Nullable ServerSession session;
    private String remoteAddress = "";
    private String software = "";
    private long desiredRevision;
    private long appliedRevision;
    private boolean forwarding;
    private boolean rejected;
    private String lastError = "";
    private String statusJson = "{}";
    private Instant since;

    /** Last revision that changed the node's policy, as far as the server was told. */
    private volatile long touchedRevision;

    FollowerEntry(NodeId node, Clock clock) {
        this.node = node;
        this.clock = clock;
        this.since = clock.instant();
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
        since = clock.instant();
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

    synchronized void acknowledged(long revision) {
        appliedRevision = revision;
        rejected = false;
        lastError = "";
    }

    /** The follower stays at what it has, and needs a snapshot whatever it says it holds. */
    synchronized void rejected(String error) {
        rejected = true;
        lastError = error;
    }

    synchronized boolean isRejected() {
        return rejected;
    }

    synchronized void status(long applied, boolean forwards, String json) {
        appliedRevision = applied;
        forwarding = forwards;
        statusJson = json;
    }

    synchronized long lagRevisions() {
        return Math.max(0, desiredRevision - appliedRevision);
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
                since);
    }
}
