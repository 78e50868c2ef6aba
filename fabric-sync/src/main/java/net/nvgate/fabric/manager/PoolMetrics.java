package net.nvgate.fabric.manager;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.stream.Stream;

/** Gauges of pools, which come and go: read from the index when they are asked for. */
final class PoolMetrics {

    private final ModelFollower model;
    private final MultiGauge gauges;

    PoolMetrics(ModelFollower model, MeterRegistry metrics) {
        this.model = model;
        gauges = MultiGauge.builder("nvgate.fabric.pool.addresses")
                .description("Addresses, MACs and VSIDs by state: IP pools of sites, MAC pools, VSIDs of the fabric")
                .register(metrics);
    }

    void refresh() {
        List<PoolLevel> levels = model.read(PoolLevel::all);
        gauges.register(
                levels.stream()
                        .flatMap(level -> Stream.of(
                                row(level, "free", level.free()),
                                row(level, "reserved", level.reserved()),
                                row(level, "allocated", level.allocated())))
                        .toList(),
                true);
    }

    private static MultiGauge.Row<?> row(PoolLevel level, String state, long value) {
        return MultiGauge.Row.of(Tags.of("kind", level.kind(), "pool", level.name(), "state", state), value);
    }
}
