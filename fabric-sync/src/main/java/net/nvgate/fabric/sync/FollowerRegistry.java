package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import org.jspecify.annotations.Nullable;

/** Every follower that is connected, or was since the server started. Holds at most the nodes of the fabric. */
final class FollowerRegistry implements PolicySource.Listener {

    private final Clock clock;
    private final MeterRegistry meters;
    private final Meter connectedGauge;
    private final Meter unsentGauge;
    private final SyncObserver observer;
    private final Map<NodeId, FollowerEntry> entries = new ConcurrentHashMap<>();

    /** Every change up to here has been noted in the entries. */
    private volatile long notedRevision;

    FollowerRegistry(Clock clock, MeterRegistry meters, SyncObserver observer) {
        this.clock = clock;
        this.observer = observer;
        this.meters = meters;
        this.connectedGauge = Gauge.builder("nvgate.sync.followers", this, FollowerRegistry::connected)
                .strongReference(true)
                .description("Followers connected")
                .register(meters);
        this.unsentGauge = Gauge.builder("nvgate.sync.unsent", this, FollowerRegistry::unsentBytes)
                .strongReference(true)
                .description("Bytes that wait for followers to read")
                .baseUnit("bytes")
                .register(meters);
    }

    /** The entry of a node that the fabric knows; made at its first connection. */
    FollowerEntry entry(NodeId node) {
        return entries.computeIfAbsent(node, n -> new FollowerEntry(n, clock, observer));
    }

    @Nullable
    FollowerEntry get(NodeId node) {
        return entries.get(node);
    }

    void remove(NodeId node) {
        entries.remove(node);
        observer.forgotten(node);
    }

    List<FollowerEntry> entries() {
        return List.copyOf(entries.values());
    }

    List<Followers.Follower> views() {
        return entries.values().stream()
                .map(FollowerEntry::view)
                .sorted(Comparator.comparing(Followers.Follower::node))
                .toList();
    }

    Optional<Followers.Follower> view(NodeId node) {
        return Optional.ofNullable(entries.get(node)).map(FollowerEntry::view);
    }

    /** The server has stopped: its gauges go. */
    void close() {
        meters.remove(connectedGauge);
        meters.remove(unsentGauge);
    }

    long notedRevision() {
        return notedRevision;
    }

    @Override
    public void onRevision(long revision, Set<NodeId> touched) {
        for (NodeId node : touched) {
            FollowerEntry entry = entries.get(node);
            if (entry == null) {
                continue;
            }
            entry.touched(revision);
            ServerSession session = entry.session();
            if (session != null) {
                session.wake();
            }
        }
        notedRevision = revision;
    }

    /** What all sessions have written and their sockets have not taken. */
    double unsentBytes() {
        return entries.values().stream()
                .map(FollowerEntry::session)
                .mapToLong(session -> session == null ? 0 : session.unsentBytes())
                .sum();
    }

    private double connected() {
        return entries.values().stream().filter(e -> e.session() != null).count();
    }
}
