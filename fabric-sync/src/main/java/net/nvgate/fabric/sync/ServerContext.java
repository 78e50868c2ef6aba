package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;

/** What the sessions of one server share. */
record ServerContext(
        SyncServerLimits limits,
        String fabricId,
        FollowerRegistry followers,
        PolicyPlanner planner,
        SnapshotLine snapshotLine,
        Doorkeeper door,
        TransportSecurity security,
        Set<ServerSession> sessions,
        SyncMetrics metrics,
        Counter snapshots,
        Counter deltas,
        Counter nacks) {

    static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
