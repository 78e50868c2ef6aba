package net.nvgate.gateway.export;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import net.nvgate.fabric.sync.Backoff;
import net.nvgate.gateway.config.CollectorSettings;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one collector. It is opened again for ever, after longer and longer waits; names are looked up anew each time, and for UDP,
 * where nothing breaks when a name moves, now and then. Used on the export's event loop.
 */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration WAIT_MIN = Duration.ofMillis(500);
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int SEND_BUFFER_BYTES = 1 << 20;
    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(64 << 10, 256 << 10);

    /** How long a UDP collector that was said not to be there counts as not connected. */
    private static final long FAULT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A connection that was good for so long was a good one. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How often a UDP collector's name is looked up; the JDK remembers names for half as long. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    /** Looks up names. */
    interface Resolver {
        /** At least one address. */
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    private final CollectorSettings settings;
    private final EventLoop loop;
    private final Resolver resolver;
    private final Duration lookAgain;
    private final Runnable onUp;
    private final Backoff backoff = new Backoff(WAIT_MIN, WAIT_MAX, new SplittableRandom());
    private volatile @Nullable Channel channel;
    private @Nullable Channel replaced;
    private volatile long faultNanos = System.nanoTime() - 2 * FAULT_NANOS;
    private long upNanos;
    private boolean closed;
    private boolean told;

    /** @param onUp called whenever the way is open anew */
    Link(CollectorSettings settings, EventLoop loop, Runnable onUp) {
        this(settings, loop, onUp, InetAddress::getAllByName, LOOK_AGAIN);
    }

    Link(CollectorSettings settings, EventLoop loop, Runnable onUp, Resolver resolver, Duration lookAgain) {
        this.settings = settings;
        this.loop = loop;
        this.onUp = onUp;
        this.resolver = resolver;
        this.lookAgain = lookAgain;
    }

    /** Looks up the name and connects; from then on it sees to itself. */
    void open() {
        Thread _ = Thread.ofVirtual().name("export-resolve").start(() -> {
            try {
                InetAddress address = resolver.resolve(settings.address())[0];
                onLoop(() -> connect(new InetSocketAddress(address, settings.port())));
            } catch (UnknownHostException e) {
                onLoop(() -> failed("no address for " + settings.address()));
            }
        });
    }

    private void lookAgainLater() {
        if (settings.transport() == Transport.UDP) {
            var _ = loop.schedule(this::lookAgain, lookAgain.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void lookAgain() {
        Channel now = channel;
        if (closed || now == null || !(now.remoteAddress() instanceof InetSocketAddress there)) {
            return;
        }
        Thread _ = Thread.ofVirtual().name("export-resolve").start(() -> {
            InetAddress address = there.getAddress();
            try {
                InetAddress[] all = resolver.resolve(settings.address());
                // Servers of names with several addresses put another one first each time.
                address = List.of(all).contains(address) ? address : all[0];
            } catch (UnknownHostException e) {
                LOG.debug("collector={} has no address now, {} stays", settings.name(), address);
            }
            InetSocketAddress found = new InetSocketAddress(address, settings.port());
            onLoop(() -> moved(now, found));
        });
    }

    private void moved(Channel from, InetSocketAddress to) {
        if (closed || !from.equals(channel)) {
            return;
        }
        if (to.equals(from.remoteAddress())) {
            lookAgainLater();
        } else {
            connect(to);
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the export has ended");
        }
    }

    private void connect(InetSocketAddress address) {
        if (closed) {
            return;
        }
        boolean udp = settings.transport() == Transport.UDP;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(udp ? NioDatagramChannel.class : NioSocketChannel.class)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) throws SSLException {
                        if (settings.transport() == Transport.TLS) {
                            made.pipeline().addLast(CollectorTlsHandler.make(settings, made.alloc()));
                        }
                        made.pipeline().addLast(new Watch());
                    }
                });
        if (udp) {
            bootstrap.option(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES);
        } else {
            bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
        }
        bootstrap.connect(address).addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
                failed(String.valueOf(done.cause().getMessage()));
            }
        });
    }

    private void up(Channel opened) {
        if (closed) {
            var _ = opened.close();
            return;
        }
        told = false;
        upNanos = System.nanoTime();
        Channel before = channel;
        channel = opened;
        if (before != null) {
            replaced = before;
            var _ = before.close();
        }
        LOG.info("collector={} connected address={}", settings.name(), opened.remoteAddress());
        onUp.run();
        lookAgainLater();
    }

    private void failed(String why) {
        if (closed) {
            return;
        }
        if (!told) {
            told = true;
            LOG.warn("collector={} cannot be reached: {}", settings.name(), why);
        }
        var _ = loop.schedule(this::open, backoff.nextNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether another message may be sent now. */
    boolean isWritable() {
        Channel open = channel;
        return open != null && open.isWritable();
    }

    /** Any thread. */
    boolean isConnected() {
        return channel != null && System.nanoTime() - faultNanos > FAULT_NANOS;
    }

    /** Sends; {@code done} is told whether the network took it. Without a way it is not. */
    void send(ByteBuf bytes, Consumer<Boolean> done) {
        Channel open = channel;
        if (open == null) {
            bytes.release();
            done.accept(false);
            return;
        }
        open.write(bytes).addListener(result -> {
            if (!result.isSuccess() && settings.transport() == Transport.UDP) {
                faultNanos = System.nanoTime();
            }
            done.accept(result.isSuccess());
        });
    }

    void flush() {
        Channel open = channel;
        if (open != null) {
            open.flush();
        }
    }

    /** What has been sent goes out first. */
    void close() {
        closed = true;
        Channel open = channel;
        channel = null;
        if (open != null) {
            open.flush();
            var _ = open.close();
        }
    }

    /** Follows one channel; what a collector says is not listened to. */
    private final class Watch extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (settings.transport() != Transport.TLS) {
                up(ctx.channel());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                up(ctx.channel());
            } else if (event instanceof SslHandshakeCompletionEvent handshake) {
                exceptionCaught(ctx, handshake.cause());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (ctx.channel().equals(replaced)) {
                replaced = null;
                return;
            }
            if (ctx.channel().equals(channel)) {
                channel = null;
                // Who takes a connection and ends it at once is not asked again at once, and at once, and at once.
                if (System.nanoTime() - upNanos >= STEADY_NANOS) {
                    backoff.reset();
                }
            }
            failed("the connection has ended");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (settings.transport() == Transport.UDP) {
                faultNanos = System.nanoTime();
                return;
            }
            if (!told && !closed) {
                told = true;
                LOG.warn("collector={} connection fails: {}", settings.name(), cause.toString());
            }
            var _ = ctx.close();
        }
    }
}
