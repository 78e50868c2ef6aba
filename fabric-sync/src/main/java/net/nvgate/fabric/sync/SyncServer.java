package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.v1.ClientFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manager's end of the sync stream: tells every follower its policy as it changes, and knows what each has applied.
 *
 * <pre>
 *  PolicySource ──revision, touched──▶ FollowerRegistry ──wake──▶ ServerSession (one per connection, on an event loop)
 *       ▲                                                             │ question        ▲ plan
 *       └──────────────── since, snapshot ───────────────────── PolicyPlanner ──────────┘
 * </pre>
 */
public final class SyncServer implements Followers, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SyncServer.class);

    private static final long CLOSE_CONNECTIONS_SECONDS = 2;

    private final SyncServerConfig config;
    private final PolicySource source;
    private final ServerContext context;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4),
            new DefaultThreadFactory("sync-server", true),
            NioIoHandler.newFactory());

    /** Every connection; one that comes after the server was closed is closed at once. */
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final AtomicBoolean pruning = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private PolicySource.@Nullable Subscription subscription;
    private @Nullable Channel listener;

    /** Plain TCP and the system's clock. */
    public SyncServer(SyncServerConfig config, PolicySource source, String fabricId, MeterRegistry registry) {
        this(config, source, fabricId, registry, TransportSecurity.none(), Clock.systemUTC());
    }

    /**
     * @param fabricId identity of the store the source's revisions belong to, not empty
     * @param clock for the times shown to people; deadlines do not depend on it
     */
    public SyncServer(
            SyncServerConfig config,
            PolicySource source,
            String fabricId,
            MeterRegistry registry,
            TransportSecurity security,
            Clock clock) {
        this(config, source, fabricId, registry, security, clock, SyncObserver.NONE);
    }

    /**
     * @param fabricId identity of the store the source's revisions belong to, not empty
     * @param clock for the times shown to people; deadlines do not depend on it
     */
    public SyncServer(
            SyncServerConfig config,
            PolicySource source,
            String fabricId,
            MeterRegistry registry,
            TransportSecurity security,
            Clock clock,
            SyncObserver observer) {
        if (fabricId.isBlank()) {
            throw new IllegalArgumentException("the fabric's id must not be empty");
        }
        this.config = config;
        this.source = source;
        SyncServerLimits limits = config.limits();
        SyncMetrics metrics = new SyncMetrics(registry);
        this.context = new ServerContext(
                limits,
                fabricId,
                new FollowerRegistry(clock, registry, observer),
                new PolicyPlanner(source, new SharedDeltas(limits.sharedDeltaBytes(), registry), limits.frameBytes()),
                new SnapshotLine(limits.snapshots()),
                new Doorkeeper("sync port", limits.connections(), () -> metrics.error("connections")),
                security,
                ConcurrentHashMap.newKeySet(),
                metrics,
                ServerContext.counter(registry, "nvgate.sync.snapshots", "Snapshots begun"),
                ServerContext.counter(registry, "nvgate.sync.deltas", "Deltas sent"),
                ServerContext.counter(registry, "nvgate.sync.nacks", "Revisions that a follower rejected"));
    }

    /**
     * Listens and serves until {@link #close}.
     *
     * @throws IOException if the address cannot be listened on
     */
    public synchronized void start() throws IOException {
        if (listener != null || closed.get()) {
            throw new IllegalStateException("a sync server starts once");
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 512)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // What the kernel holds for a follower that does not read is bounded, too.
                .childOption(ChannelOption.SO_SNDBUF, config.limits().writeHighBytes())
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(
                                config.limits().writeLowBytes(), config.limits().writeHighBytes()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        build(channel);
                    }
                });
        ChannelFuture bound =
                bootstrap.bind(config.bindAddress(), config.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "sync server cannot listen on " + config.bindAddress() + ":" + config.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listener = bound.channel();
        subscription = source.subscribe(context.followers());
        long tickNanos = config.limits().progressInterval().toNanos();
        var _ = group.scheduleWithFixedDelay(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
        log.info("Sync server listens on {}", bound.channel().localAddress());
    }

    /** Where it listens, with the real port. */
    public synchronized InetSocketAddress address() {
        if (listener == null) {
            throw new IllegalStateException("the sync server has not been started");
        }
        return (InetSocketAddress) listener.localAddress();
    }

    private void build(Channel channel) {
        connections.add(channel);
        SyncServerLimits limits = config.limits();
        if (!context.door().admits(channel)) {
            return;
        }
        ServerSession session = new ServerSession(context, channel);
        context.sessions().add(session);
        context.security().install(channel);
        channel.pipeline()
                .addLast("bytes", context.metrics().byteCounter())
                .addLast(
                        "idle",
                        new IdleStateHandler(
                                limits.idleTimeout().toMillis(),
                                limits.pingInterval().toMillis(),
                                0,
                                TimeUnit.MILLISECONDS))
                .addLast("frames", new FrameDecoder<>(ClientFrame.parser(), limits.frameBytes()))
                .addLast("session", session);
    }

    private void tick() {
        long head = context.followers().notedRevision();
        long now = System.nanoTime();
        context.sessions().forEach(session -> session.tick(head, now));
        if (pruning.compareAndSet(false, true)) {
            context.planner().background(this::dropUnknown, () -> pruning.set(false));
        }
    }

    /** A node that left the fabric gets nothing more and is forgotten. */
    private void dropUnknown() {
        for (FollowerEntry entry : context.followers().entries()) {
            if (source.knows(entry.node())) {
                continue;
            }
            ServerSession session = entry.session();
            if (session != null) {
                session.refuse("unknown-node", "the fabric has no " + entry.node() + " any more");
            } else {
                context.followers().remove(entry.node());
            }
        }
    }

    @Override
    public List<Follower> all() {
        return context.followers().views();
    }

    @Override
    public Optional<Follower> find(NodeId node) {
        return context.followers().view(node);
    }

    @Override
    public CompletableFuture<QueryResult> query(NodeId node, String kind, Map<String, String> filter, int limit) {
        FollowerEntry entry = context.followers().get(node);
        ServerSession session = entry == null ? null : entry.session();
        return session == null ? QueryBook.unavailable(node, "is not connected") : session.query(kind, filter, limit);
    }

    /** Tells the followers, who go on by what they have, and stops. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        synchronized (this) {
            if (subscription != null) {
                subscription.close();
            }
            if (listener != null) {
                listener.close().awaitUninterruptibly();
            }
        }
        context.sessions().forEach(session -> session.refuse("shutting-down", "the manager stops"));
        context.planner().close();
        // Not left to the event loops: one that is told to stop in the middle of its tasks may leave its channels open.
        connections.close().awaitUninterruptibly(CLOSE_CONNECTIONS_SECONDS, TimeUnit.SECONDS);
        group.shutdownGracefully(50, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        context.followers().close();
    }
}
