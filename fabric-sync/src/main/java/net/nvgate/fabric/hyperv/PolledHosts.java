package net.nvgate.fabric.hyperv;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.FollowerUnavailableException;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.fabric.sync.QueryResult;

/** The hosts that have asked for their policy since the manager started. Holds at most the hosts of the fabric. */
final class PolledHosts implements Followers {

    private record Entry(PolledHost host, Meter drift) {}

    private final PolicySource source;
    private final Clock clock;
    private final Duration goneAfter;
    private final MeterRegistry meters;
    private final Map<NodeId, Entry> entries = new ConcurrentHashMap<>();

    PolledHosts(PolicySource source, Clock clock, Duration goneAfter, MeterRegistry meters) {
        this.source = source;
        this.clock = clock;
        this.goneAfter = goneAfter;
        this.meters = meters;
    }

    /** Of a host that the fabric knows; made when it asks first. */
    PolledHost host(NodeId node) {
        return entries.computeIfAbsent(node, n -> {
                    PolledHost host = new PolledHost(n, clock, goneAfter);
                    return new Entry(host, driftGauge(host));
                })
                .host();
    }

    private Meter driftGauge(PolledHost host) {
        return Gauge.builder("nvgate.hyperv.drift.objects", host, PolledHost::drift)
                .strongReference(true)
                .description("Objects that were missing, wrong or too much on a Hyper-V host when it looked last")
                .tag("node", host.node().toString())
                .register(meters);
    }

    /** Policy of these nodes has changed. */
    void touched(long revision, Set<NodeId> nodes) {
        for (NodeId node : nodes) {
            Entry entry = entries.get(node);
            if (entry != null) {
                entry.host().desire(revision);
            }
        }
    }

    private void dropUnknown() {
        entries.forEach((node, entry) -> {
            if (!source.knows(node) && entries.remove(node, entry)) {
                meters.remove(entry.drift());
            }
        });
    }

    void close() {
        entries.values().forEach(entry -> meters.remove(entry.drift()));
    }

    @Override
    public List<Follower> all() {
        dropUnknown();
        return entries.values().stream()
                .map(entry -> entry.host().view())
                .sorted(Comparator.comparing(Follower::node))
                .toList();
    }

    @Override
    public Optional<Follower> find(NodeId node) {
        return Optional.ofNullable(entries.get(node)).map(entry -> entry.host().view());
    }

    /** Nobody can ask them: they ask. What they last said is in their status. */
    @Override
    public CompletableFuture<QueryResult> query(NodeId node, String kind, Map<String, String> filter, int limit) {
        return CompletableFuture.failedFuture(new FollowerUnavailableException(node
                + " is a Hyper-V host that asks the manager, and cannot be asked: its status has what differs there"));
    }
}
