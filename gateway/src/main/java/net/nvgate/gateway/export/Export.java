package net.nvgate.gateway.export;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.config.CollectorSettings;
import net.nvgate.gateway.config.CollectorSettings.Protocol;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.config.ExportSettings;
import net.nvgate.gateway.control.EventSink;
import net.nvgate.gateway.control.KeptEnd;
import net.nvgate.gateway.control.StillRunningException;
import net.nvgate.gateway.control.TablePolicy;
import net.nvgate.gateway.export.Observation.EndReason;
import net.nvgate.gateway.export.Observation.Life;
import net.nvgate.gateway.export.Observation.OfBlock;
import net.nvgate.gateway.export.Observation.OfEvent;
import net.nvgate.gateway.export.Observation.OfMapping;
import net.nvgate.gateway.export.Observation.OfSession;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TableSpace;
import net.nvgate.gateway.worker.Event;
import net.nvgate.gateway.worker.SessionEvents;
import net.nvgate.gateway.worker.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All collectors, and one thread that takes from the workers what they are to be told. */
public final class Export implements EventSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Export.class);
    private static final long TURN_MILLIS = 10;
    private static final int FROM_CONTROL_MAX = 1 << 13;
    /** In a turn: collectors take so many without a full queue. */
    private static final int ENDED_MAX = 1 << 9;

    private static final long STOP_MILLIS_MAX = 2_000;
    private static final Set<What> OF_SESSIONS = Set.of(What.SESSIONS, What.FLOWS);

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("export", true), NioIoHandler.newFactory());
    private final PolicyNames names;
    private final List<SessionEvents> workers;
    private final List<SessionSource> sources = new ArrayList<>();
    private final List<MappingEvents> mappings;
    private final List<Collector> collectors = new ArrayList<>();
    private final Queue<Supplier<Observation>> fromControl = new ArrayBlockingQueue<>(FROM_CONTROL_MAX);
    private final Queue<Supplier<Observation>> ended = new ArrayBlockingQueue<>(ENDED_MAX);
    private final AtomicLong eventsMissed = new AtomicLong();
    private final AtomicLong blocksMissed = new AtomicLong();
    private final LongSupplier workerMs;
    private final int sessionsMax;
    private long sessionsMissed;
    private long mappingsMissed;
    private boolean failing;

    /**
     * Starts to tell collectors. Memory for what was reported of each session is taken here.
     *
     * @param node name of this gateway
     * @param sessions of the workers; none if no collector wants sessions or flows
     * @param mappings of the workers; none if no collector wants them
     * @param sessionsMax of a worker
     * @param workerMs the workers' clock, as {@link Worker#nowMs}
     */
    public Export(
            ExportSettings settings,
            String node,
            TablePolicy policy,
            RouteTables tables,
            List<SessionEvents> sessions,
            List<MappingEvents> mappings,
            int sessionsMax,
            TableSpace.Source memory,
            LongSupplier workerMs,
            MeterRegistry registry) {
        this.names = new PolicyNames(policy, tables);
        this.workers = List.copyOf(sessions);
        this.mappings = List.copyOf(mappings);
        this.sessionsMax = sessionsMax;
        this.workerMs = workerMs;
        long timeoutMs = settings.sends(What.FLOWS) ? TimeUnit.SECONDS.toMillis(settings.activeTimeoutSeconds()) : 0;
        sessions.forEach(events -> sources.add(new SessionSource(events, names, timeoutMs, memory)));
        EventLoop loop = group.next();
        for (CollectorSettings one : settings.collectors()) {
            Format format = format(settings, one, node);
            collectors.add(new Collector(one, format, names, System::currentTimeMillis, loop, registry));
        }
        collectors.forEach(Collector::open);
        var _ = loop.scheduleWithFixedDelay(this::turn, 0, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Format format(ExportSettings settings, CollectorSettings one, String node) {
        if (one.protocol() == Protocol.IPFIX) {
            return new IpfixFormat(one.messageBytes(), settings.observationDomain(), names);
        }
        SyslogText text =
                new SyslogText(one.facility(), node, settings.enterpriseNumber(), names, System::currentTimeMillis);
        return new SyslogFormat(text, one.transport() != Transport.UDP);
    }

    private void turn() {
        try {
            names.refresh();
            long nowMs = workerMs.getAsLong();
            long epochMs = System.currentTimeMillis();
            // First what has ended before this process began: others may have the same ports by now.
            // Not more at a time: who fills this queue waits for room in it, and workers' rings must be emptied, too.
            drain(ended, ENDED_MAX);
            sources.forEach(source -> source.doWork(nowMs, epochMs, this::accept));
            mappings.forEach(events -> drain(events, epochMs - nowMs));
            drain(fromControl, Integer.MAX_VALUE);
            tellMissed();
            long nowNanos = System.nanoTime();
            collectors.forEach(collector -> collector.doWork(nowNanos));
            failing = false;
        } catch (RuntimeException | Error e) {
            // The next turn goes on, which the event loop would not run after one that threw; one report of a fault
            // that stays is enough.
            if (!failing) {
                failing = true;
                LOG.error("export", e);
            }
        }
    }

    private void drain(Queue<Supplier<Observation>> from, int most) {
        for (int i = 0; i < most; i++) {
            Supplier<Observation> told = from.poll();
            if (told == null) {
                return;
            }
            accept(told.get());
        }
    }

    /** At most as much as the ring holds. */
    private void drain(MappingEvents events, long epochOffsetMs) {
        for (int i = 0; i < MappingEvents.RECORDS; i++) {
            Optional<MappingEvents.Event> next = events.poll();
            if (next.isEmpty()) {
                return;
            }
            accept(observe(next.get(), epochOffsetMs));
        }
    }

    private Observation observe(MappingEvents.Event mapping, long epochOffsetMs) {
        return new OfMapping(
                mapping.kind(),
                mapping.domain(),
                names.vsid(mapping.domain(), mapping.inside()),
                mapping.protocol(),
                mapping.inside(),
                mapping.insidePort(),
                mapping.external(),
                mapping.externalPort(),
                epochOffsetMs + mapping.atMs(),
                false);
    }

    private void accept(Observation observation) {
        collectors.forEach(collector -> collector.accept(observation));
    }

    private void tellMissed() {
        long notTold = workers.stream().mapToLong(SessionEvents::notTold).sum();
        long sessions = notTold - sessionsMissed;
        sessionsMissed = notTold;
        long mappingsNotTold =
                mappings.stream().mapToLong(MappingEvents::notTold).sum();
        long ofMappings = mappingsNotTold - mappingsMissed;
        mappingsMissed = mappingsNotTold;
        long events = eventsMissed.getAndSet(0);
        long blocks = blocksMissed.getAndSet(0);
        if ((sessions | ofMappings | events | blocks) != 0) {
            for (Collector collector : collectors) {
                collector.overrun(OF_SESSIONS, sessions);
                collector.overrun(Set.of(What.MAPPINGS), ofMappings);
                collector.overrun(Set.of(What.EVENTS), events);
                collector.overrun(Set.of(What.BLOCKS), blocks);
            }
        }
    }

    @Override
    public void event(Event event, Optional<IpAddress> inside) {
        long epochMs = System.currentTimeMillis();
        if (!fromControl.offer(() -> observe(event, inside, epochMs))) {
            eventsMissed.incrementAndGet();
        }
    }

    @Override
    public void block(PortBlockEvents.Event block) {
        long epochMs = System.currentTimeMillis() - Math.max(0, workerMs.getAsLong() - block.atMs());
        if (!fromControl.offer(() -> observe(block, epochMs))) {
            blocksMissed.incrementAndGet();
        }
    }

    @Override
    public void blocksMissing(long count) {
        blocksMissed.addAndGet(count);
    }

    @Override
    public void eventsMissing(long count) {
        eventsMissed.addAndGet(count);
    }

    @Override
    public boolean ended(KeptEnd end) {
        return ended.offer(() -> observe(end));
    }

    private Observation observe(KeptEnd end) {
        return switch (end) {
            case KeptEnd.OfSession session ->
                new OfSession(
                        Life.ENDED,
                        session.domain(),
                        names.vsid(session.domain(), session.inside()),
                        session.protocol(),
                        session.inside(),
                        session.insidePort(),
                        session.external(),
                        session.externalPort(),
                        session.remote(),
                        session.remoteIpv4(),
                        session.remotePort(),
                        session.atMs(),
                        session.startMs(),
                        session.lastMs(),
                        EndReason.RESTART,
                        0,
                        0,
                        0,
                        0,
                        session.translated(),
                        session.fromOutside());
            case KeptEnd.OfMapping mapping ->
                new OfMapping(
                        mapping.kind(),
                        mapping.domain(),
                        names.vsid(mapping.domain(), mapping.inside()),
                        mapping.protocol(),
                        mapping.inside(),
                        mapping.insidePort(),
                        mapping.external(),
                        mapping.externalPort(),
                        mapping.atMs(),
                        true);
        };
    }

    private Observation observe(Event event, Optional<IpAddress> inside, long epochMs) {
        int external = event.externalAddress();
        int pool = switch (event.kind()) {
            case NAT_ADDRESSES_EXHAUSTED, NAT_POOL_80, NAT_POOL_95 -> names.poolOf(event.domain(), external);
            default -> 0;
        };
        long limit = switch (event.kind()) {
            case FLOW_TABLE_FULL, NAT_TABLE_FULL -> sessionsMax;
            case TENANT_QUOTA -> names.sessionsQuota(event.domain(), false);
            case HOST_QUOTA -> names.sessionsQuota(event.domain(), true);
            case NAT_POOL_80 -> names.portsOf(pool) * 80L / 100;
            case NAT_POOL_95 -> names.portsOf(pool) * 95L / 100;
            default -> 0;
        };
        return new OfEvent(
                event.kind(),
                event.domain(),
                inside.orElse(null),
                external == 0 ? null : new Ipv4Address(external),
                event.protocol(),
                limit,
                pool,
                event.count(),
                epochMs);
    }

    private Observation observe(PortBlockEvents.Event block, long epochMs) {
        Ipv4Address external = (Ipv4Address) block.externalAddress();
        return new OfBlock(
                block.assigned(),
                block.domain(),
                names.vsid(block.domain(), block.insideAddress()),
                block.insideAddress(),
                external,
                block.firstPort(),
                block.lastPort(),
                names.pool(external.value(), block.firstPort()),
                epochMs,
                block.byRestart());
    }

    /**
     * Tells what has come and ends.
     *
     * @throws StillRunningException if it takes longer than two seconds: what it reads must not go yet
     */
    @Override
    public void close() {
        var _ = group.next().submit(() -> {
            turn();
            collectors.forEach(Collector::close);
        });
        var _ = group.shutdownGracefully(0, STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
        if (!group.terminationFuture().awaitUninterruptibly(STOP_MILLIS_MAX + 1_000, TimeUnit.MILLISECONDS)) {
            throw new StillRunningException("the export");
        }
    }
}
