package net.nvgate.fabric.hyperv;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import net.nvgate.fabric.identity.JoinService;
import net.nvgate.fabric.identity.PeerIdentities;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.Doorkeeper;
import net.nvgate.fabric.sync.Followers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTPS for the agents of Hyper-V hosts. TLS 1.2 besides 1.3, because Windows has 1.3 from Server 2022 on.
 *
 * <pre>
 *  GET  /v1/policy?wait=30   the host's policy ({@link HostPolicyDocument}) with an ETag; 304 if If-None-Match has it, after up to
 *                            30 s in which it did not change
 *  POST /v1/status           how the last round went ({@link HostStatus})
 *  GET  /v1/host             {"fabric", "host"}: who the certificate says the caller is
 *  GET  /v1/module, agent    the scripts, with their version as ETag
 *  POST /v1/renew            {"request": PKCS #10} to the next certificate
 *
 *  without a certificate:
 *  POST /v1/join             {"token", "request"} to {"certificates", "trusted"}
 *  GET  /v1/trusted          {"trusted"}: the managers' CAs
 * </pre>
 */
public final class HyperVServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HyperVServer.class);
    private static final long CLOSE_CONNECTIONS_SECONDS = 2;
    private static final int LINE_BYTES_MAX = 4096;
    private static final int HEADER_BYTES_MAX = 16384;
    private static final int CHUNK_BYTES_MAX = 16384;

    private final HyperVContext context;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("hyper-v-server", true), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private @Nullable Channel listener;
    private PolicySource.@Nullable Subscription subscription;
    private @Nullable AutoCloseable identityChanges;

    /**
     * @param history what the source's revisions belong to ({@link net.nvgate.fabric.store.FabricStore#history})
     * @param clock for the times shown to people; deadlines do not depend on it
     */
    public HyperVServer(
            HyperVServerConfig config,
            PolicySource source,
            String fabricId,
            String history,
            PeerIdentities identities,
            JoinService joins,
            MeterRegistry registry,
            Clock clock) {
        PolledHosts hosts = new PolledHosts(source, clock, config.goneAfter(), registry);
        this.context = new HyperVContext(
                config,
                source,
                identities,
                new HostDesk(source, joins, hosts, fabricId, history),
                hosts,
                new WaitingHosts(),
                new Doorkeeper("port for Hyper-V hosts", config.connections(), refused(registry)::increment),
                HyperVContext.newWorkers(),
                new AtomicLong());
    }

    /**
     * Listens and serves until {@link #close}.
     *
     * @throws IOException if the address cannot be listened on
     */
    public synchronized void start() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 512)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        build(channel);
                    }
                });
        HyperVServerConfig config = context.config();
        ChannelFuture bound =
                bootstrap.bind(config.bindAddress(), config.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "the endpoint for Hyper-V hosts cannot listen on " + config.bindAddress() + ":" + config.port()
                            + ": " + bound.cause().getMessage(),
                    bound.cause());
        }
        listener = bound.channel();
        subscription = context.source().subscribe(this::onRevision);
        identityChanges = context.identities().onChange(() -> context.waiting().forEach(HostRequests.Waiting::judge));
        LOG.info("Hyper-V hosts are served on https://{}", bound.channel().localAddress());
    }

    private void onRevision(long revision, Set<NodeId> touched) {
        context.hosts().touched(revision, touched);
        context.waiting().forEach(touched, request -> request.look(false));
    }

    /** Where it listens, with the real port. */
    public synchronized InetSocketAddress address() {
        if (listener == null) {
            throw new IllegalStateException("the server has not been started");
        }
        return (InetSocketAddress) listener.localAddress();
    }

    /** The hosts that ask here. */
    public Followers followers() {
        return context.hosts();
    }

    private void build(Channel channel) {
        HyperVServerConfig config = context.config();
        if (!context.door().admits(channel)) {
            return;
        }
        connections.add(channel);
        SslHandler tls = new SslHandler(engine());
        tls.setHandshakeTimeoutMillis(config.handshakeMax().toMillis());
        channel.pipeline()
                .addLast(tls)
                .addLast(new IdleStateHandler(0, 0, config.idleMax().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, CHUNK_BYTES_MAX))
                .addLast(new HttpContentCompressor())
                .addLast(new HttpObjectAggregator(config.bodyBytes()))
                .addLast(new HostRequests(context, tls));
        Future<?> timer = channel.eventLoop()
                .schedule(
                        () -> context.endStranger(channel), config.strangerMax().toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> timer.cancel(false));
    }

    private static Counter refused(MeterRegistry registry) {
        return Counter.builder("nvgate.hyperv.connections.refused")
                .description("Connections to the port for Hyper-V hosts that were too many")
                .register(registry);
    }

    private SSLEngine engine() {
        SSLEngine engine = context.identities().serverContext().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setWantClientAuth(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        engine.setEnabledCipherSuites(Arrays.stream(engine.getSupportedCipherSuites())
                .filter(suite -> suite.startsWith("TLS_AES_")
                        || suite.startsWith("TLS_CHACHA20_")
                        || (suite.startsWith("TLS_ECDHE_") && suite.contains("_GCM_")))
                .toArray(String[]::new));
        return engine;
    }

    private void endIdentityChanges() {
        if (identityChanges == null) {
            return;
        }
        try {
            identityChanges.close();
        } catch (Exception e) {
            LOG.warn("identities are still watched: {}", e.toString());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (subscription != null) {
                subscription.close();
            }
            endIdentityChanges();
            if (listener != null) {
                listener.close().awaitUninterruptibly();
            }
        }
        // Not left to the event loops: one that is told to stop in the middle of its tasks may leave its channels open.
        connections.close().awaitUninterruptibly(CLOSE_CONNECTIONS_SECONDS, TimeUnit.SECONDS);
        group.shutdownGracefully(50, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        context.workers().shutdownNow();
        context.hosts().close();
    }
}
