package net.nvgate.fabric.convergence;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Gauges of every node of the fabric; nodes come and go, so they are brought up to date at each scrape. */
final class ConvergenceMetrics {

    private final MultiGauge lagRevisions;
    private final MultiGauge lagSeconds;
    private final MultiGauge errors;
    private final MultiGauge states;
    private final MultiGauge oldest;

    ConvergenceMetrics(MeterRegistry registry) {
        lagRevisions = MultiGauge.builder("nvgate.sync.lag.revisions")
                .description("Revisions between the policy that a node should have and the applied one")
                .register(registry);
        lagSeconds = MultiGauge.builder("nvgate.sync.lag")
                .description("Age of the oldest change that touches a node and that it has not applied")
                .baseUnit("seconds")
                .register(registry);
        errors = MultiGauge.builder("nvgate.sync.follower.errors")
                .description("Objects that keep a node from applying its policy")
                .register(registry);
        states = MultiGauge.builder("nvgate.sync.nodes")
                .description("Gateways and hosts of the fabric by state")
                .register(registry);
        oldest = MultiGauge.builder("nvgate.sync.oldest.unapplied")
                .description("Age of the oldest change that some node has not applied")
                .baseUnit("seconds")
                .register(registry);
    }

    void refresh(List<NodeConvergence> nodes) {
        register(lagRevisions, nodes, NodeConvergence::lagRevisions);
        register(lagSeconds, nodes, NodeConvergence::lagSeconds);
        register(errors, nodes, NodeConvergence::standingErrors);
        states.register(
                Arrays.stream(NodeConvergence.State.values())
                        .map(state -> MultiGauge.Row.of(
                                Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
                                nodes.stream()
                                        .filter(node -> node.state() == state)
                                        .count()))
                        .toList(),
                true);
        double age =
                nodes.stream().mapToDouble(NodeConvergence::lagSeconds).max().orElse(0);
        oldest.register(List.of(MultiGauge.Row.of(Tags.empty(), age)), true);
    }

    private static void register(
            MultiGauge gauge, List<NodeConvergence> nodes, ToDoubleFunction<NodeConvergence> value) {
        gauge.register(
                nodes.stream()
                        .map(node ->
                                MultiGauge.Row.of(Tags.of("node", node.node().toString()), value.applyAsDouble(node)))
                        .toList(),
                true);
    }
}
