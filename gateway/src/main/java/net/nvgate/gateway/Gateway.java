package net.nvgate.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import net.nvgate.fabric.identity.NodeSecurity;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncClientConfig;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.config.ExportSettings;
import net.nvgate.gateway.config.GatewayConfig;
import net.nvgate.gateway.config.PortConfig;
import net.nvgate.gateway.control.ControlThread;
import net.nvgate.gateway.control.DataPath;
import net.nvgate.gateway.control.EventSink;
import net.nvgate.gateway.control.FreedCounters;
import net.nvgate.gateway.control.GatewayState;
import net.nvgate.gateway.control.SessionKeeper;
import net.nvgate.gateway.control.StillRunningException;
import net.nvgate.gateway.control.TableLimits;
import net.nvgate.gateway.control.TablePolicy;
import net.nvgate.gateway.control.TrafficThread;
import net.nvgate.gateway.control.WorkerThread;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.LcoreThreads;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortSettings;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.export.Export;
import net.nvgate.gateway.metrics.GatewayMetrics;
import net.nvgate.gateway.metrics.HealthServer;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.talkers.TrafficWatch;
import net.nvgate.gateway.worker.SessionEvents;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerConfig;
import net.nvgate.gateway.worker.WorkerGroup;
import net.nvgate.gateway.worker.WorkerPorts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All parts of a gateway, started in the order in which they need each other and stopped in the opposite one.
 *
 * <pre>
 *   manager ⇄ SyncClient ─policy─▶ TablePolicy ─rows─▶ tables ◀─read─ Worker ⇄ ports
 *                 │                                      ▲              │ ▲
 *                 └─status, queries─▶ GatewayState ──────┤◀─counters────┘ │
 *   Prometheus ─▶ HealthServer ─▶ GatewayMetrics ────────┘   ControlThread┘ ARP, reclaiming
 * </pre>
 */
final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final int MBUF_CACHE = 256;
    private static final int NEIGHBOR_CHANNEL_RECORDS = 1024;
    private static final int CONTROL_THREADS = 1;

    /** What has been started, last first: closed in this order. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final InetSocketAddress httpAddress;
    private final List<Worker> all = new CopyOnWriteArrayList<>();
    private @Nullable SessionKeeper keeper;

    private Gateway(GatewayConfig config, Consumer<Throwable> onWorkerDeath) throws IOException {
        try {
            GatewayMetrics metrics = opened(new GatewayMetrics(version()));
            NodeId node = new NodeId(NodeId.Kind.GATEWAY, config.node());
            Meanwhile<NodeSecurity> opening = opened(new Meanwhile<>(
                    "security",
                    () -> NodeSecurity.open(
                            node, config.manager(), config.identity(), config.stateDirectory(), metrics.registry()),
                    NodeSecurity::close));
            opened(Eal.init(config.eal().options(config.ports().hardware())));
            DataPath path = dataPath(config, metrics.registry(), onWorkerDeath);
            metrics.watch(path);
            NodeSecurity security = opening.await();
            // Not before ports are up: a gateway that cannot start spends no join token.
            security.start();
            SyncClient sync = new SyncClient(
                    SyncClientConfig.of(
                            config.manager().endpoints(), node, config.stateDirectory(), "nvgate " + version()),
                    path.policy(),
                    new GatewayState(path, config.node()),
                    metrics.registry(),
                    security.transport());
            opened(sync);
            httpAddress = opened(new HealthServer(
                            config.http().address(),
                            config.http().port(),
                            metrics::scrape,
                            () -> health(path),
                            () -> readiness(path)))
                    .address();
            SessionKeeper sessions = Objects.requireNonNull(keeper);
            sessions.fabric(() -> sync.state().fabricId());
            // Applies the cached policy before it looks for the manager.
            sync.start(() -> policyIsThere(path, sessions));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything. When it returns, packets are forwarded as soon as there is a policy, cached or new.
     *
     * @param onWorkerDeath told if the worker cannot go on
     * @throws net.nvgate.gateway.dpdk.DpdkException if DPDK or a port does not start
     * @throws IOException if the state directory or the HTTP address cannot be used
     */
    static Gateway start(GatewayConfig config, Consumer<Throwable> onWorkerDeath) throws IOException {
        return new Gateway(config, onWorkerDeath);
    }

    private static void policyIsThere(DataPath path, SessionKeeper sessions) {
        long revision = path.policy().revision();
        if (revision == 0) {
            LOG.info("there is no cached policy: nothing is forwarded before the manager has sent one");
        } else {
            LOG.info("the cached policy is applied, revision {}", revision);
        }
        sessions.policyIsThere();
    }

    private DataPath dataPath(GatewayConfig config, MeterRegistry registry, Consumer<Throwable> onWorkerDeath) {
        PortConfig pa = config.ports().pa();
        PortConfig ext = config.ports().ext();
        Mempool pool = opened(Mempool.create(
                "packets",
                config.eal().packetBuffers(),
                MBUF_CACHE,
                PortSettings.dataRoom(Math.max(pa.mtu(), ext.mtu()))));
        List<Integer> cpus = LcoreThreads.allowedCpus();
        WorkerGroup group = new WorkerGroup(WorkerSettingsMapping.workers(config.workers(), config.ports()));
        List<WorkerConfig> workerConfigs = WorkerSettingsMapping.perWorker(config.worker(), group.workers(), cpus);
        PortQueues paPort = startPort("pa", pa, pool, group.workers());
        PortQueues extPort = startPort("ext", ext, pool, group.workers());
        RouteTables tables = new RouteTables(TableMemory::allocate, group.workers() + CONTROL_THREADS);
        tables.rates.setPorts(WorkerSettingsMapping.portRates(config.ports()));
        NeighborTable neighbors = new NeighborTable(TableMemory::allocate, tables.quiescence);
        List<NeighborChannel> channels = new ArrayList<>();
        List<WorkerThread> workers = new ArrayList<>();
        TableLimits limits = WorkerSettingsMapping.tableLimits(config.worker());
        TablePolicy policy = new TablePolicy(tables, limits, new FreedCounters(workers));
        SessionKeeper sessions = opened(new SessionKeeper(
                config.stateDirectory(), config.node(), config.restart().keepSessions(), policy, () -> all, registry));
        keeper = sessions;
        boolean kept = sessions.hasFile();
        Consumer<Throwable> onDeath = cause -> {
            sessions.workerDied();
            onWorkerDeath.accept(cause);
        };
        for (int self = 0; self < group.workers(); self++) {
            WorkerConfig workerConfig = workerConfigs.get(self);
            NeighborChannel channel = new NeighborChannel(NEIGHBOR_CHANNEL_RECORDS);
            Worker worker = new Worker(
                    workerConfig,
                    tables,
                    neighbors,
                    channel,
                    WorkerPorts.of(group, self, paPort.port, paPort.queues, extPort.port, extPort.queues),
                    pool,
                    TableMemory::allocateTouched,
                    group,
                    self);
            channels.add(channel);
            if (kept) {
                worker.keepFrom(sessions);
            }
            all.add(worker);
            workers.add(opened(new WorkerThread(self, workerConfig.cpu(), worker, onDeath)));
        }
        EventSink sink = export(config, policy, tables, all, workerConfigs.getFirst(), registry);
        ControlThread control = opened(new ControlThread(
                tables,
                policy,
                neighbors,
                channels,
                workers,
                paPort.port.id(),
                extPort.port.id(),
                config.ipv6().acceptRouterAdvertisements(),
                sink));
        sessions.tellEnds(sink::ended, control::blockEnded);
        TrafficWatch traffic =
                new TrafficWatch(workers.stream().map(WorkerThread::traffic).toList(), TableMemory::allocate);
        TrafficThread watching = opened(new TrafficThread(traffic));
        // Before those who tell of sessions: what workers do until their end is told, too.
        opened(new Stop(workers));
        DataPath path = new DataPath(
                List.of(paPort.port, extPort.port),
                workers,
                workerConfigs.getFirst(),
                policy,
                tables,
                neighbors,
                control.counters(),
                pool,
                traffic,
                control.found(),
                System.nanoTime(),
                version());
        path.workers().forEach(WorkerThread::start);
        control.start();
        watching.start();
        return path;
    }

    /** Ends all workers. */
    private record Stop(List<WorkerThread> workers) implements AutoCloseable {

        @Override
        public void close() {
            workers.forEach(WorkerThread::stop);
            workers.forEach(WorkerThread::close);
        }
    }

    /** Without collectors there is no thread, and the workers tell nobody anything. */
    private EventSink export(
            GatewayConfig config,
            TablePolicy policy,
            RouteTables tables,
            List<Worker> workers,
            WorkerConfig workerConfig,
            MeterRegistry registry) {
        ExportSettings settings = config.export();
        if (settings.collectors().isEmpty()) {
            return EventSink.NONE;
        }
        boolean made = settings.sends(What.SESSIONS);
        List<SessionEvents> sessions = made || settings.sends(What.FLOWS)
                ? workers.stream()
                        .map(worker -> worker.tellSessions(TableMemory::allocate, made))
                        .toList()
                : List.of();
        List<MappingEvents> mappings = settings.sends(What.MAPPINGS)
                ? workers.stream()
                        .map(worker -> worker.tellMappings(TableMemory::allocate))
                        .toList()
                : List.of();
        return opened(new Export(
                settings,
                config.node(),
                policy,
                tables,
                sessions,
                mappings,
                workerConfig.sessionsMax(),
                TableMemory::allocate,
                Worker::nowMs,
                registry));
    }

    /** A started port and its queues each way. */
    private record PortQueues(Port port, int queues) {}

    private PortQueues startPort(String name, PortConfig config, Mempool pool, int workers) {
        Port port = opened(Port.attach(name, config.device()));
        port.tellOfPackets(config.rxInterrupts());
        int queues = port.info().queuesFor(workers);
        port.configure(config.settings().withQueues(queues), pool);
        port.start();
        if (queues < workers) {
            LOG.info("port {} has {} of {} workers' queues: packets are handed over", name, queues, workers);
        }
        return new PortQueues(port, queues);
    }

    private static HealthServer.Check health(DataPath path) {
        return path.alive() ? new HealthServer.Check(true, "ok") : new HealthServer.Check(false, "the worker is dead");
    }

    private HealthServer.Check readiness(DataPath path) {
        if (!path.alive()) {
            return health(path);
        }
        long revision = path.policy().revision();
        if (revision == 0) {
            return new HealthServer.Check(false, "no policy yet, neither cached nor from the manager");
        }
        return all.stream().allMatch(Worker::forwarding)
                ? new HealthServer.Check(true, "forwarding by policy revision " + revision)
                : new HealthServer.Check(false, "not forwarding yet: the sessions of before are being taken up");
    }

    /** From the jar's manifest. */
    static String version() {
        String version = Gateway.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    InetSocketAddress httpAddress() {
        return httpAddress;
    }

    private <T extends AutoCloseable> T opened(T part) {
        started.push(part);
        return part;
    }

    /**
     * Stops within 2 s as a rule. A policy that is being applied, and its way to the cache file, are waited for 10 s each at most:
     * the tables' memory must outlive who writes to them. If a thread does not stop at all, what it uses is left to the end of the
     * process. Idempotent.
     */
    @Override
    public void close() {
        if (keeper != null) {
            keeper.stopping();
        }
        boolean allStopped = true;
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            if (!allStopped && usedByThreads(part)) {
                continue;
            }
            try {
                part.close();
            } catch (StillRunningException e) {
                allStopped = false;
                LOG.error("{}; DPDK stays as it is until the process ends", e.getMessage());
            } catch (Exception e) {
                LOG.warn("{} does not stop cleanly: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }

    private static boolean usedByThreads(AutoCloseable part) {
        return part instanceof Port || part instanceof Mempool || part instanceof Eal || part instanceof SessionKeeper;
    }
}
