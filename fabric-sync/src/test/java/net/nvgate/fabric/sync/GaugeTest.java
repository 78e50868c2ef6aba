package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry holds what a gauge reads weakly unless told otherwise; then it reads NaN after the next collection. */
@Timeout(300)
class GaugeTest {

    @TempDir
    Path directory;

    private final ListPolicySource source = new ListPolicySource().with(GW1);

    @Test
    void gaugesOutliveACollection() throws Exception {
        source.put(GW1, Samples.record(1));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(GW1);
            fixture.awaitConverged(GW1, peer.target());
            awaitCollection();
            assertThat(value(peer.meters(), "nvgate.sync.connected")).isEqualTo(1);
            assertThat(value(peer.meters(), "nvgate.sync.applied.revision")).isEqualTo((double) source.revision());
            assertThat(value(fixture.meters, "nvgate.sync.followers")).isEqualTo(1);
            assertThat(peer.meters().getMeters())
                    .filteredOn(Gauge.class::isInstance)
                    .allSatisfy(gauge -> assertThat(((Gauge) gauge).value()).isNotNaN());
        }
    }

    private static void awaitCollection() {
        WeakReference<Object> unreachable = new WeakReference<>(new Object());
        Await.until("an object that nothing holds is collected", () -> {
            System.gc();
            return unreachable.get() == null;
        });
    }

    private static double value(MeterRegistry registry, String name) {
        return registry.get(name).gauge().value();
    }
}
