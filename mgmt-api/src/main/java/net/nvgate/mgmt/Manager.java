package net.nvgate.mgmt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.X509KeyManager;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.convergence.Arrivals;
import net.nvgate.fabric.convergence.Convergence;
import net.nvgate.fabric.convergence.OtherManagers;
import net.nvgate.fabric.file.FabricFiles;
import net.nvgate.fabric.hyperv.AllFollowers;
import net.nvgate.fabric.hyperv.HyperVServer;
import net.nvgate.fabric.hyperv.HyperVServerConfig;
import net.nvgate.fabric.identity.ServerCertificate;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.mgmt.access.Access;
import net.nvgate.mgmt.access.Permissions;
import net.nvgate.mgmt.api.ApiBackend;
import net.nvgate.mgmt.api.ApiContract;
import net.nvgate.mgmt.api.ApiServer;
import net.nvgate.mgmt.api.HttpOptions;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import net.nvgate.mgmt.metrics.ManagerMetrics;
import net.nvgate.mgmt.telemetry.Traces;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manager, wired together:
 *
 * <pre>
 * REST, UI ──▶ FabricManager ──▶ FabricStore ──watch──▶ PolicyProjection ──▶ SyncServer ──▶ gateways, hosts
 * </pre>
 */
public final class Manager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Manager.class);

    /** Who signed what the API shows: for clients. */
    static final String CA_FILE = "ca.pem";

    private static final int EVENT_LOOPS = 2;
    /** A slow machine needs half a minute, a stuck one never ends: systemd and people see what the log says meanwhile. */
    private static final long HTTP_START_MILLIS_MAX = Duration.ofMinutes(10).toMillis();

    private static final long HTTP_START_TELL_MILLIS = Duration.ofSeconds(10).toMillis();
    private static final int HTTP_STOP_MILLIS_MAX = 1500;
    private static final long REVISIONS_BEHIND_MAX = 1000;

    /** What has been started, last first: closed in this order. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final int httpPort;
    private final int syncPort;
    private final int hyperVPort;

    private Manager(ManagerConfig config, Supplier<ManagerConfig> configuration) throws IOException {
        try {
            String version = version();
            ApiContract contract = ApiContract.load();
            ManagerMetrics metrics = opened(new ManagerMetrics(version));
            Traces traces = opened(Traces.open(
                    config.telemetry(), version, Identities.nameOf(config), Clock.systemUTC(), metrics.registry()));
            Arrivals arrivals = new Arrivals(Clock.systemUTC(), traces.changes());
            StoreKeeper keeper = opened(new StoreKeeper(config, configuration, Clock.systemUTC()));
            FabricStore store = keeper.store();
            PolicyProjection policy =
                    opened(new PolicyProjection(store, PolicyProjection.HISTORY_REVISIONS_DEFAULT, metrics.registry()));
            opened(policy.subscribe(arrivals));
            FabricManager fabric = opened(new FabricManager(store, metrics.registry()));
            metrics.beforeScrape(fabric::refreshMetrics);
            makeDefaults(fabric);
            Identities identities = opened(Identities.open(config, store, metrics.registry()));
            metrics.watch(identities.identities());
            ChangeLog changes = new ChangeLog(fabric, policy, store);
            FirstStart.run(config.firstStart(), fabric, new FabricFiles(changes), identities.identities());
            SyncServer sync = opened(new SyncServer(
                    SyncServerConfig.of(config.sync().address(), config.sync().port()),
                    policy,
                    store.history(),
                    metrics.registry(),
                    identities.transport(),
                    Clock.systemUTC(),
                    arrivals));
            sync.start();
            syncPort = sync.address().getPort();
            Optional<HyperVServer> hyperV = startHyperV(config, store, policy, identities, metrics);
            hyperVPort = hyperV.map(server -> server.address().getPort()).orElse(0);
            Followers followers = hyperV.<Followers>map(server -> new AllFollowers(sync, server.followers()))
                    .orElse(sync);
            metrics.watch(followers);
            OtherManagers others =
                    opened(new OtherManagers(Identities.nameOf(config), store::board, followers, policy::knows));
            Convergence convergence = opened(new Convergence(
                            policy,
                            policy::nodes,
                            followers,
                            Optional.of(others),
                            Clock.systemUTC(),
                            Duration.ofSeconds(config.sync().alertAfterSeconds()),
                            metrics.registry())
                    .watching());
            metrics.beforeScrape(convergence::refreshMetrics);
            ApiBackend backend = new ApiBackend(
                    fabric,
                    changes,
                    policy,
                    followers,
                    convergence,
                    identities.identities(),
                    keeper,
                    opened(Access.open(
                            config.auth(),
                            new Permissions(contract.json()),
                            store,
                            config.stateDirectory(),
                            Clock.systemUTC())),
                    metrics,
                    traces,
                    checks(store, policy, fabric),
                    Clock.systemUTC(),
                    version,
                    Identities.nameOf(config));
            httpPort = startHttp(config, keys(config, identities), contract, backend);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything; when it returns, requests and followers are served.
     *
     * @throws IOException if an address cannot be listened on
     * @throws net.nvgate.fabric.store.StoreException if the store cannot be opened
     */
    public static Manager start(ManagerConfig config) throws IOException {
        return start(config, () -> config);
    }

    /** @param configuration reads the file again */
    static Manager start(ManagerConfig config, Supplier<ManagerConfig> configuration) throws IOException {
        HttpConfig http = config.http();
        if (!http.loopback() && !config.auth().required()) {
            LOG.warn(
                    "http.address {} can be reached by others, and everybody who reaches it may change the fabric",
                    http.address());
        } else if (!http.loopback() && !http.tls()) {
            LOG.warn(
                    "http.address {} can be reached by others, and whoever is on the way reads passwords and tokens",
                    http.address());
        }
        return new Manager(config, configuration);
    }

    /** The fabric works without: what is not there has the same defaults. */
    private static void makeDefaults(FabricManager fabric) {
        try {
            fabric.makeDefaults();
        } catch (FabricException e) {
            LOG.warn("the default MAC pool is no object yet: {}", e.getMessage());
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        started.push(part);
        return part;
    }

    private Optional<HyperVServer> startHyperV(
            ManagerConfig config,
            FabricStore store,
            PolicyProjection policy,
            Identities identities,
            ManagerMetrics metrics)
            throws IOException {
        if (config.hyperV().isEmpty()) {
            return Optional.empty();
        }
        ManagerConfig.HyperV where = config.hyperV().get();
        HyperVServer server = opened(new HyperVServer(
                HyperVServerConfig.of(where.address(), where.port()),
                policy,
                store.fabricId().toString(),
                store.history(),
                identities.identities(),
                identities.identities(),
                metrics.registry(),
                Clock.systemUTC()));
        server.start();
        return Optional.of(server);
    }

    private static Map<String, Supplier<String>> checks(
            FabricStore store, PolicyProjection policy, FabricManager fabric) {
        return Map.of(
                "store", () -> store.head() >= 0 ? "ok" : "no revision",
                "model", () -> followed(store.head(), fabric.revision(), fabric.trouble()),
                "policy", () -> followed(store.head(), policy.revision(), policy.trouble()));
    }

    /** "ok", or how far what follows the store is behind and, if it cannot follow, why. */
    static String followed(long head, long revision, Optional<String> trouble) {
        long behind = Math.max(0, head - revision);
        if (trouble.isEmpty() && behind < REVISIONS_BEHIND_MAX) {
            return "ok";
        }
        String lag = behind + " revisions behind the store";
        return trouble.map(why -> lag + ", and cannot follow it: " + why).orElse(lag);
    }

    private Optional<X509KeyManager> keys(ManagerConfig config, Identities identities) throws IOException {
        if (!config.http().tls()) {
            return Optional.empty();
        }
        HttpConfig http = config.http();
        if (http.certificateFile().isPresent() && http.keyFile().isPresent()) {
            ServerCertificate given = new ServerCertificate(
                    http.certificateFile().get(), http.keyFile().get());
            return Optional.of(opened(given).keys());
        }
        identities.publishTrusted(config.stateDirectory().resolve(CA_FILE));
        return Optional.of(identities.identities().serverKeys());
    }

    private int startHttp(ManagerConfig config, Optional<X509KeyManager> keys, ApiContract contract, ApiBackend backend)
            throws IOException {
        Path scratch = config.stateDirectory().resolve("tmp");
        deleteTree(scratch);
        Files.createDirectories(scratch);
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setFileSystemOptions(new FileSystemOptions()
                        .setFileCacheDir(scratch.resolve("vertx").toString())));
        started.push(() -> Waiting.forEnd(ended(vertx.close()), HTTP_STOP_MILLIS_MAX, HTTP_STOP_MILLIS_MAX, _ -> {}));
        HttpConfig http = config.http();
        ApiServer api = new ApiServer(
                contract,
                new HttpOptions(
                        http.address(),
                        http.port(),
                        keys,
                        http.allowedHosts(),
                        http.fileMib() << 20,
                        http.requestsPerSecond(),
                        config.ui().enabled()),
                backend);
        try {
            Waiting.forEnd(
                    ended(vertx.deployVerticle(api)),
                    HTTP_START_MILLIS_MAX,
                    HTTP_START_TELL_MILLIS,
                    waited -> LOG.info("the API is not ready after {} s, and its start goes on", waited / 1000));
        } catch (TimeoutException e) {
            throw new IOException("the API is not ready: " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IOException(
                    "the API cannot listen on " + http.address() + ":" + http.port() + ": " + e.getMessage(), e);
        }
        return api.port();
    }

    private static CompletableFuture<?> ended(Future<?> future) {
        return future.toCompletionStage().toCompletableFuture();
    }

    /** What a manager that was killed has left; each manager has a state directory of its own. */
    private static void deleteTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            // One of this process that is still stopping may be faster.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** From the jar's manifest. */
    static String version() {
        String version = Manager.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    public int httpPort() {
        return httpPort;
    }

    public int syncPort() {
        return syncPort;
    }

    /** 0 = Hyper-V hosts are not served. */
    public int hyperVPort() {
        return hyperVPort;
    }

    /** Stops taking requests, lets those in flight finish, tells followers, closes the store: within 2 s. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("a part did not stop cleanly: {}", String.valueOf(e));
            }
        }
    }
}
