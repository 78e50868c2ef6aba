package net.nvgate.fabric.convergence;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import net.nvgate.fabric.convergence.OtherManagers.Elsewhere;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.store.Closing;
import net.nvgate.fabric.sync.Followers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far every gateway and host of the fabric is, connected or not.
 *
 * <pre>
 *  PolicySource ──revision, touched, time──▶ UnappliedChanges per node ──┐
 *  Followers    ──applied, connected, errors ────────────────────────────┤
 *  OtherManagers ─the same──────────────────────────────────────────────┴▶ NodeConvergence ──▶ API, metrics, alarm
 * </pre>
 *
 * Times are of the clock that is given, when this manager saw a change; what was committed before it started counts from its start. What
 * followers of other managers have applied, {@link OtherManagers} tells, some seconds later. Thread-safe.
 */
public final class Convergence implements PolicySource.Listener, AutoCloseable {

    /** How long {@link #await} waits at most. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Convergence.class);
    private static final long LOOK_AGAIN_MILLIS = 50;
    private static final long CHECK_SECONDS = 1;

    private final PolicySource source;
    private final Supplier<Set<NodeId>> nodes;
    private final Followers followers;
    private final Optional<OtherManagers> others;
    private final Clock clock;
    private final ConvergenceAlarm alarm;
    private final ConvergenceMetrics metrics;
    private final Map<NodeId, UnappliedChanges> changes = new ConcurrentHashMap<>();
    private final Closing closing = new Closing();
    private final PolicySource.Subscription subscription;

    /** Who is touched by revisions up to this one is known; the source itself may be ahead for a moment. */
    private final AtomicLong heard = new AtomicLong();

    /**
     * @param nodes every gateway and host that the source knows
     * @param followers of this manager
     * @param others empty = it is the only one; closed by its owner
     * @param alertAfter age at which a change that is not applied is told of
     */
    public Convergence(
            PolicySource source,
            Supplier<Set<NodeId>> nodes,
            Followers followers,
            Optional<OtherManagers> others,
            Clock clock,
            Duration alertAfter,
            MeterRegistry registry) {
        this.source = source;
        this.nodes = nodes;
        this.followers = followers;
        this.others = others;
        this.clock = clock;
        this.alarm = new ConvergenceAlarm(alertAfter);
        this.metrics = new ConvergenceMetrics(registry);
        this.subscription = source.subscribe(this);
        long begun = source.revision();
        nodes.get().forEach(this::changesOf);
        hear(begun);
    }

    private void hear(long revision) {
        heard.accumulateAndGet(revision, Math::max);
    }

    /** Looks every second for nodes that are late or level again, and says so in the log, until this is closed. */
    public Convergence watching() {
        Thread.ofPlatform().daemon().name("convergence").start(() -> {
            while (!closing.within(Duration.ofSeconds(CHECK_SECONDS).toMillis())) {
                try {
                    check();
                } catch (RuntimeException e) {
                    LOG.error("convergence cannot be checked: {}", e.toString(), e);
                }
            }
        });
        return this;
    }

    private void check() {
        for (ConvergenceAlarm.Line line : alarm.check(all())) {
            if (line.late()) {
                LOG.warn("{}", line.text());
            } else {
                LOG.info("{}", line.text());
            }
        }
    }

    /** Of a node that is seen first: all of its policy as it is now. */
    private UnappliedChanges changesOf(NodeId node) {
        return changes.computeIfAbsent(node, _ -> {
            UnappliedChanges all = new UnappliedChanges();
            all.touched(source.revision(), clock.instant());
            return all;
        });
    }

    @Override
    public void onRevision(long revision, Set<NodeId> touched) {
        Instant now = clock.instant();
        for (NodeId node : touched) {
            changes.computeIfAbsent(node, _ -> new UnappliedChanges()).touched(revision, now);
        }
        hear(revision);
    }

    /** Every gateway and host of the fabric, in order. */
    public List<NodeConvergence> all() {
        Set<NodeId> known = nodes.get();
        changes.keySet().retainAll(known);
        return known.stream().sorted().map(this::view).toList();
    }

    /** Empty if the fabric has no such node. */
    public Optional<NodeConvergence> find(NodeId node) {
        return source.knows(node) ? Optional.of(view(node)) : Optional.empty();
    }

    private NodeConvergence view(NodeId node) {
        Instant now = clock.instant();
        Optional<Elsewhere> known =
                NodeViews.best(followers.find(node).map(Seen::of), others.flatMap(managers -> managers.find(node)));
        long applied = known.map(best -> best.seen().appliedRevision()).orElse(0L);
        UnappliedChanges unapplied = changesOf(node);
        return NodeViews.of(node, known, unapplied.desired(), unapplied.oldest(applied, now), now);
    }

    /** Nodes of which something has not been applied for longer than the alarm allows. */
    public List<NodeConvergence> late() {
        return all().stream().filter(alarm::isLate).toList();
    }

    /** What is wrong with a node that is late, in a sentence for people. */
    public static String describe(NodeConvergence node) {
        return ConvergenceAlarm.describe(node);
    }

    /** Age at which a change that is not applied is told of. */
    public Duration alertAfter() {
        return alarm.after();
    }

    /** Which nodes have everything up to a revision, as it is now. */
    public RevisionConvergence of(long revision) {
        boolean projected = heard.get() >= revision;
        return RevisionConvergence.of(
                revision,
                projected,
                all(),
                node -> projected && changesOf(node.node()).has(revision, node.appliedRevision()));
    }

    /** Whether {@link #of} has a node among those that have applied the revision. */
    public boolean has(NodeId node, long revision) {
        return heard.get() >= revision
                && find(node)
                        .filter(each -> changesOf(node).has(revision, each.appliedRevision()))
                        .isPresent();
    }

    /**
     * As {@link #of}, as soon as every node has it, or after {@code wait}; at once when this is closed.
     *
     * @param wait at most {@link #WAIT_MAX}
     */
    public RevisionConvergence await(long revision, Duration wait) {
        long deadline = System.nanoTime() + (wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait).toNanos();
        while (true) {
            RevisionConvergence now = of(revision);
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (now.converged() || leftMillis <= 0 || closing.within(Math.min(LOOK_AGAIN_MILLIS, leftMillis))) {
                return now;
            }
        }
    }

    /** Brings the gauges up to date; to be called before each scrape. */
    public void refreshMetrics() {
        metrics.refresh(all());
    }

    @Override
    public void close() {
        closing.close();
        subscription.close();
    }
}
