package net.nvgate.fabric.hyperv;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.Followers;

/** What the manager remembers of one host that asks for its policy. Thread-safe. */
final class PolledHost {

    private final NodeId node;
    private final Clock clock;
    private final Duration goneAfter;

    private String remoteAddress = "";
    private String software = "";
    private Instant firstSeen;
    private Instant lastSeen;
    private long desiredRevision;
    private long appliedRevision;
    private String lastError = "";
    private String statusJson = "{}";
    private int drift;

    PolledHost(NodeId node, Clock clock, Duration goneAfter) {
        this.node = node;
        this.clock = clock;
        this.goneAfter = goneAfter;
        this.firstSeen = clock.instant();
        this.lastSeen = firstSeen;
    }

    NodeId node() {
        return node;
    }

    private boolean connected(Instant now) {
        return lastSeen.plus(goneAfter).isAfter(now);
    }

    /** It asks for something. */
    synchronized void seen(String remote, String agent) {
        Instant now = clock.instant();
        if (!connected(now)) {
            firstSeen = now;
        }
        lastSeen = now;
        remoteAddress = remote;
        software = agent;
    }

    /** The manager has policy of this revision for it. */
    synchronized void desire(long revision) {
        desiredRevision = Math.max(desiredRevision, revision);
    }

    /** What is in force there is the policy of this revision: nothing of it has changed since. */
    synchronized void unchanged(long revision) {
        desire(revision);
        appliedRevision = Math.max(appliedRevision, revision);
        lastSeen = clock.instant();
    }

    synchronized void status(HostStatus status) {
        statusJson = status.json();
        lastError = status.error();
        drift = status.drift();
        if (lastError.isEmpty()) {
            appliedRevision = Math.max(appliedRevision, status.revision());
            desire(appliedRevision);
        }
    }

    synchronized int drift() {
        return drift;
    }

    synchronized Followers.Follower view() {
        boolean connected = connected(clock.instant());
        return new Followers.Follower(
                node,
                connected,
                remoteAddress,
                software,
                desiredRevision,
                appliedRevision,
                connected && appliedRevision > 0,
                lastError,
                statusJson,
                connected ? firstSeen : lastSeen,
                lastSeen,
                List.of());
    }
}
