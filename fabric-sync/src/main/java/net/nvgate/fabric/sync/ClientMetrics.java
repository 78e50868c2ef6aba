package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Meters of the follower's end. */
final class ClientMetrics {

    /** A step that the target may refuse. */
    interface Step {
        void run() throws PolicyRejectedException;
    }

    private final SyncMetrics common;
    private final Timer snapshots;
    private final Timer deltas;
    private final Counter reconnects;

    /** @param state is held strongly: a method reference has no other holder, and the gauges would read NaN after a GC */
    ClientMetrics(MeterRegistry registry, Supplier<SyncClient.State> state) {
        this.common = new SyncMetrics(registry);
        this.snapshots = timer(registry, "snapshot");
        this.deltas = timer(registry, "delta");
        this.reconnects = Counter.builder("nvgate.sync.reconnects")
                .description("Attempts to connect to the manager after the first")
                .register(registry);
        Gauge.builder("nvgate.sync.connected", state, s -> s.get().connected() ? 1 : 0)
                .strongReference(true)
                .description("1 while the manager is connected")
                .register(registry);
        Gauge.builder("nvgate.sync.applied.revision", state, s -> s.get().revision())
                .strongReference(true)
                .description("Revision of the policy the data path runs by")
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String kind) {
        return Timer.builder("nvgate.sync.apply")
                .description("Time the data path took to apply policy")
                .tag("kind", kind)
                .register(registry);
    }

    SyncMetrics common() {
        return common;
    }

    void reconnect() {
        reconnects.increment();
    }

    void timeSnapshot(Step step) throws PolicyRejectedException {
        time(snapshots, step);
    }

    void timeDelta(Step step) throws PolicyRejectedException {
        time(deltas, step);
    }

    private static void time(Timer timer, Step step) throws PolicyRejectedException {
        long start = System.nanoTime();
        step.run();
        timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
}
