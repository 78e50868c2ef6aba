package net.nvgate.fabric.manager;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Kind;

/** Gauges of gateways, which come and go: read from the index when they are asked for. */
final class GatewayMetrics {

    private final ModelFollower model;
    private final MultiGauge draining;
    private final MultiGauge networks;

    private record Level(String name, boolean draining, long networks) {}

    GatewayMetrics(ModelFollower model, MeterRegistry metrics) {
        this.model = model;
        draining = MultiGauge.builder("nvgate.fabric.gateway.draining")
                .description("1 if no VM network comes to the gateway any more")
                .register(metrics);
        networks = MultiGauge.builder("nvgate.fabric.gateway.vm.networks")
                .description("VM networks that a gateway serves")
                .register(metrics);
    }

    void refresh() {
        List<Level> levels = model.read(index -> index.all(Kind.GATEWAY).stream()
                .map(Gateway.class::cast)
                .map(gateway -> new Level(gateway.name(), gateway.draining(), served(index, gateway)))
                .toList());
        register(draining, levels, level -> level.draining() ? 1 : 0);
        register(networks, levels, Level::networks);
    }

    private static long served(FabricIndex index, Gateway gateway) {
        return index.users(gateway.id()).stream()
                .flatMap(id -> index.find(id).stream())
                .filter(user -> user.kind() == Kind.VM_NETWORK_GATEWAY)
                .count();
    }

    private static void register(MultiGauge gauge, List<Level> levels, ToDoubleFunction<Level> value) {
        gauge.register(
                levels.stream()
                        .map(level -> MultiGauge.Row.of(
                                Tags.of("node", "gateway/" + level.name()), value.applyAsDouble(level)))
                        .toList(),
                true);
    }
}
