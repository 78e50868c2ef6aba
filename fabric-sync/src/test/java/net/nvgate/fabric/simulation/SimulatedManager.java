package net.nvgate.fabric.simulation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Random;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.ManagerInside;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.sync.SimulatedServer;

/** One process of a manager, from its start on the store as it is to its end. */
final class SimulatedManager {

    private static final int HISTORY = 100;

    final Endpoint endpoint;
    final FabricManager fabric;
    final PolicyProjection policy;
    final ChangeLog changes;
    final SimulatedServer server;
    /** Calls that are at work in it. */
    private int calls;
    /** Commits asked for when the innermost call began. */
    private int appliesAtStart;

    private boolean exclusive;

    SimulatedManager(Endpoint endpoint, Bug bug, long seed) {
        this.endpoint = endpoint;
        MeterRegistry metrics = new CompositeMeterRegistry(); // without a registry in it, meters do nothing
        FabricStore store = bug.ofManager(endpoint);
        fabric = ManagerInside.start(store, new Random(seed), metrics);
        policy = new PolicyProjection(store, HISTORY, metrics);
        changes = new ChangeLog(fabric, policy, store);
        server = new SimulatedServer(policy, store.fabricId().toString());
    }

    /** The process ends. */
    void die() {
        endpoint.die();
        server.die();
    }

    boolean isIdle() {
        return calls == 0;
    }

    /** A single operation may begin while others are in their first attempt. */
    boolean admitsSingle() {
        return calls == 0 || (!exclusive && endpoint.applies() <= appliesAtStart + 1);
    }

    void call(boolean alone, Runnable call) {
        boolean exclusiveBefore = exclusive;
        int appliesBefore = appliesAtStart;
        exclusive = alone;
        appliesAtStart = endpoint.applies();
        calls++;
        try {
            call.run();
        } finally {
            calls--;
            exclusive = exclusiveBefore;
            appliesAtStart = appliesBefore + (endpoint.applies() - appliesAtStart);
        }
    }
}
