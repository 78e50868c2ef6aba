package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.sync.v1.ServerFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The follower's end of the sync stream: keeps a {@link PolicyTarget} at the manager's policy, and at the last policy
 * it had when there is no manager.
 *
 * <pre>
 *  manager ──▶ event loop: ClientSession ──frames, bounded──▶ apply thread: PolicyApplier ──▶ PolicyTarget
 *     ▲              │  └──────queries, bounded──▶ query thread     │
 *     └─ Ack, Status ┘                                              └──▶ cache thread: PolicyCache ──▶ disk
 * </pre>
 */
public final class SyncClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SyncClient.class);

    /** While the cache waits for a snapshot, the client reconnects for one this often. */
    private static final long CACHE_REPAIR_SECONDS = 60;

    private static final long READY_CHECK_MILLIS = 200;

    /** Bytes may come, and yet never make a whole frame: then a frame is lost after so many idle timeouts. */
    private static final int FRAME_IDLE_TIMEOUTS = 4;

    private static final long CLOSE_CONNECTION_SECONDS = 2;

    private static final long CLOSE_QUERY_SECONDS = 10;

    /** Queries that wait for their turn, twice what a manager asks at a time by default; more fail at once. */
    static final int QUERIES_WAITING_MAX = 64;

    private final SyncClientConfig config;
    private final FollowerState follower;
    private final TransportSecurity security;
    private final ClientMetrics metrics;
    private final PolicyCache cache;
    private final PolicyApplier applier;
    private final ExecutorService applyThread =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("sync-apply", true));

    /** Answers may take seconds, in which policy must go on. */
    private final ThreadPoolExecutor queryThread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUERIES_WAITING_MAX),
            new DefaultThreadFactory("sync-query", true));

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("sync-client", true), NioIoHandler.newFactory());

    /** What is connected, or about to be; one that comes after the client was closed is closed at once. */
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final Backoff backoff;
    private final ManagerList managers;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private volatile @Nullable ClientSession session;
    private volatile String lastError = "";

    /**
     * How things stand.
     *
     * @param connected the manager has welcomed this follower
     * @param fabricId identity of the fabric the policy is of, empty if none
     * @param revision of the policy that is applied, 0 if none
     * @param lastError why the last connection failed or ended, empty if none did
     */
    public record State(boolean connected, String fabricId, long revision, String lastError) {}

    /** Plain TCP. */
    public SyncClient(SyncClientConfig config, PolicyTarget target, FollowerState follower, MeterRegistry registry)
            throws IOException {
        this(config, target, follower, registry, TransportSecurity.none());
    }

    /** @throws IOException if the state directory cannot be made */
    public SyncClient(
            SyncClientConfig config,
            PolicyTarget target,
            FollowerState follower,
            MeterRegistry registry,
            TransportSecurity security)
            throws IOException {
        this.config = config;
        this.follower = follower;
        this.security = security;
        SyncClientConfig.Limits limits = config.limits();
        this.metrics = new ClientMetrics(registry, this::state);
        this.cache = new PolicyCache(config.stateDirectory(), config.node(), limits.cache(), registry);
        this.applier = new PolicyApplier(target, cache, metrics, limits.objects());
        this.managers = new ManagerList(config.managers(), config.node());
        this.backoff = new Backoff(limits.backoffMin(), limits.backoffMax(), RandomGenerator.getDefault());
    }

    /** Applies the cached policy, then follows the manager until {@link #close}. Returns at once. */
    public void start() {
        start(() -> {});
    }

    /**
     * As {@link #start()}.
     *
     * @param afterCache run when the cached policy is applied, or there is none to be applied, before the manager is looked for
     */
    public void start(Runnable afterCache) {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a sync client starts once");
        }
        applyThread.execute(() -> {
            try {
                loadCache();
            } finally {
                afterCache.run();
            }
            onLoop(this::connect);
        });
        var _ = group.scheduleWithFixedDelay(
                this::repairCache, CACHE_REPAIR_SECONDS, CACHE_REPAIR_SECONDS, TimeUnit.SECONDS);
    }

    private void loadCache() {
        try {
            cache.load(closed::get).ifPresent(applier::start);
        } catch (IOException e) {
            log.error("Policy cache cannot be read; starting without", e);
            metrics.common().error("cache");
        }
    }

    /** The follower's state changed in a way people should see soon. */
    public void statusChanged() {
        ClientSession current = session;
        if (current != null) {
            current.statusChanged();
        }
    }

    public State state() {
        ClientSession current = session;
        PolicyApplier.Held held = applier.held();
        return new State(current != null && current.isConnected(), held.fabricId(), held.revision(), lastError);
    }

    private void connect() {
        if (closed.get()) {
            return;
        }
        Optional<String> notReady = security.notReady();
        if (notReady.isPresent()) {
            waitUntilReady(notReady.get());
            return;
        }
        Address manager = managers.current();
        ChannelFuture connecting = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        config.limits().connectTimeout().toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        build(channel);
                    }
                })
                .connect(manager.host(), manager.port());
        connecting.addListener(_ -> {
            if (connecting.isSuccess()) {
                session = connecting.channel().pipeline().get(ClientSession.class);
            } else {
                ended("no connection to " + manager.host() + ":" + manager.port() + ": "
                        + connecting.cause().getMessage());
            }
        });
    }

    /** Nobody is asked meanwhile, so there is no need to wait ever longer. */
    private void waitUntilReady(String why) {
        if (!why.equals(lastError)) {
            lastError = why;
            log.warn("{} does not connect: {}", config.node(), why);
        }
        var _ = group.schedule(this::connect, READY_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void build(Channel channel) {
        connections.add(channel);
        SyncClientConfig.Limits limits = config.limits();
        ClientSession next = new ClientSession(
                config, channel, applyThread, queryThread, applier, follower, metrics, this::sessionEnded);
        security.install(channel);
        channel.pipeline()
                .addLast("bytes", metrics.common().byteCounter())
                .addLast("idle", new IdleStateHandler(limits.idleTimeout().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast("frames", new FrameDecoder<>(ServerFrame.parser(), limits.frameBytes()))
                .addLast(
                        "whole-frames",
                        new IdleStateHandler(
                                FRAME_IDLE_TIMEOUTS * limits.idleTimeout().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast("flow", new FlowControlHandler())
                .addLast("session", next);
    }

    private void sessionEnded(ClientSession over) {
        if (over.isHealthy()) {
            backoff.reset();
        }
        ended(over.endReason());
    }

    private void repairCache() {
        ClientSession current = session;
        if (cache.isBehind() && current != null && current.isConnected()) {
            current.restart("the policy cache has lost track and needs a snapshot");
        }
    }

    /** On the event loop. */
    private void ended(String reason) {
        if (closed.get()) {
            return;
        }
        lastError = reason;
        managers.next();
        long waitNanos = backoff.nextNanos();
        log.info("Reconnecting in {} ms: {}", waitNanos / 1_000_000, reason);
        metrics.reconnect();
        var _ = group.schedule(this::connect, waitNanos, TimeUnit.NANOSECONDS);
    }

    private void onLoop(Runnable task) {
        try {
            group.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("The client has stopped");
        }
    }

    /**
     * Stops. A revision that is being applied is finished; what waits behind it is not applied, and stays to be fetched after the next
     * start. If the data path does not come to an end within {@link SyncClientConfig.Limits#closeTimeout}, {@link State#lastError} says
     * what is left undone, and the cache keeps the revision before.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        applier.stop();
        // Not left to the event loop: one that is told to stop in the middle of its tasks, and without a quiet period,
        // leaves its
        // channels open, and the manager would take this follower for connected.
        connections.close().awaitUninterruptibly(CLOSE_CONNECTION_SECONDS, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        endQueries();
        applyThread.shutdown();
        String why = awaitApply();
        if (!why.isEmpty()) {
            PolicyApplier.Held held = applier.held();
            lastError = "closed " + why + " while " + applier.inWork()
                    + " was being applied: the data path is left with it half done, " + "revision " + held.revision()
                    + " is the last that is known to be whole, and the cache keeps it";
            metrics.common().error("internal");
            log.error("{}", lastError);
        }
        cache.close();
    }

    /** Those that wait are not answered; what answers now may read what the caller is about to take away. */
    private void endQueries() {
        queryThread.getQueue().clear();
        queryThread.shutdown();
        try {
            if (!queryThread.awaitTermination(CLOSE_QUERY_SECONDS, TimeUnit.SECONDS)) {
                log.warn("A query has no answer after {} s", CLOSE_QUERY_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return why there is no more waiting, empty if the apply thread has ended */
    private String awaitApply() {
        long millis = config.limits().closeTimeout().toMillis();
        try {
            return applyThread.awaitTermination(millis, TimeUnit.MILLISECONDS) ? "" : "after " + millis + " ms";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "by an interrupt";
        }
    }
}
