package net.nvgate.mgmt.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import net.nvgate.fabric.identity.IdentityAdministration;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.mgmt.telemetry.CurrentTrace;

/** The registry of the process and the meters that belong to no other part: JVM, build, convergence of nodes. */
public final class ManagerMetrics implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(
            PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, new CurrentTrace());
    private final JvmGcMetrics gc = new JvmGcMetrics();
    public static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    public static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final List<Runnable> updates = new CopyOnWriteArrayList<>();
    private final ReentrantLock scraping = new ReentrantLock();

    public ManagerMetrics(String version) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        gc.bindTo(registry);
        Gauge.builder("nvgate.build.info", () -> 1)
                .description("Always 1; the version is the label")
                .tag("version", version)
                .register(registry);
    }

    public MeterRegistry registry() {
        return registry;
    }

    /** Adds the gauges that are read from the followers at each scrape. */
    public void watch(Followers followers) {
        for (NodeId.Kind kind : NodeId.Kind.values()) {
            String label = kind.name().toLowerCase(Locale.ROOT);
            Gauge.builder("nvgate.nodes.connected", () -> count(followers, kind))
                    .description("Gateways and hosts that follow this manager now")
                    .tag("kind", label)
                    .register(registry);
            Gauge.builder("nvgate.nodes.lag.revisions.max", () -> lag(followers, kind))
                    .description("Revisions that the slowest connected node is behind")
                    .tag("kind", label)
                    .register(registry);
        }
    }

    /** Adds a gauge for each node's certificate; nodes come and go, so they are brought up to date at each scrape. */
    public void watch(IdentityAdministration identities) {
        MultiGauge expiry = MultiGauge.builder("nvgate.identity.certificate.expiry")
                .description("Time until the newest certificate of a node expires")
                .baseUnit("seconds")
                .register(registry);
        beforeScrape(() -> expiry.register(
                identities.identities().stream()
                        .filter(node -> node.state() == NodeIdentity.State.ACTIVE)
                        .map(node -> MultiGauge.Row.of(
                                Tags.of("node", node.role().label() + "/" + node.name()), () -> secondsLeft(node)))
                        .toList(),
                true));
    }

    private static double secondsLeft(NodeIdentity node) {
        return node.certificates().stream()
                .filter(issued -> !issued.revoked())
                .mapToDouble(issued ->
                        Duration.between(Instant.now(), issued.notAfter()).toMillis() / 1000.0)
                .max()
                .orElse(0);
    }

    private static long count(Followers followers, NodeId.Kind kind) {
        return followers.all().stream()
                .filter(follower -> follower.connected() && follower.node().kind() == kind)
                .count();
    }

    private static long lag(Followers followers, NodeId.Kind kind) {
        return followers.all().stream()
                .filter(follower -> follower.connected() && follower.node().kind() == kind)
                .mapToLong(follower -> Math.max(0, follower.desiredRevision() - follower.appliedRevision()))
                .max()
                .orElse(0);
    }

    /** Runs before each scrape: brings meters up to date that come and go. */
    public void beforeScrape(Runnable update) {
        updates.add(update);
    }

    /**
     * One scrape at a time: while meters are brought up to date a series is there twice or not at all.
     *
     * @param openMetrics OpenMetrics 1.0.0, which has exemplars; otherwise Prometheus' text format 0.0.4
     */
    public String scrape(boolean openMetrics) {
        scraping.lock();
        try {
            updates.forEach(Runnable::run);
            return registry.scrape(openMetrics ? OPEN_METRICS : PROMETHEUS_TEXT);
        } finally {
            scraping.unlock();
        }
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
