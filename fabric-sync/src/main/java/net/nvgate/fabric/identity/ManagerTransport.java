package net.nvgate.fabric.identity;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.Refusals;
import net.nvgate.fabric.sync.TransportSecurity;

/**
 * Mutual TLS on the manager's sync port. Every handshake may succeed; then the peer's certificate is judged, before a byte
 * of what the peer says is read:
 *
 * <pre>
 *  TCP ──▶ SslHandler ──handshake──▶ Gate ──ALPN nvgate-sync, known──▶ the stream
 *                                      ├──── ALPN nvgate-sync, refused ──▶ Refusal with the reason, end
 *                                      └──── no ALPN, or http/1.1 ──▶ {@link IdentityHttp}: join, renew
 * </pre>
 *
 * A peer that was known is judged again when an identity changes, and now and then because certificates expire.
 */
public final class ManagerTransport implements TransportSecurity, AutoCloseable {

    private static final AttributeKey<Peer.Known> PEER = AttributeKey.valueOf(ManagerTransport.class, "peer");
    private static final long REFUSAL_GRACE_MS = 1000;
    private static final int HANDSHAKE_THREADS = 2;
    private static final int HTTP_BODY_BYTES_MAX = 64 << 10;

    private final PeerIdentities identities;
    private final JoinService joins;
    private final Duration handshakeMax;
    private final Refusing refusing;
    private final Set<Channel> known = ConcurrentHashMap.newKeySet();
    private final Subscription changes;
    private final IdentityHttp.Workers workers = new IdentityHttp.Workers();

    /** Signing takes a millisecond: a flood of handshakes must not hold up the event loops of those who are in. */
    private final ThreadPoolExecutor handshakes = new ThreadPoolExecutor(
            HANDSHAKE_THREADS,
            HANDSHAKE_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("tls-handshake", true));

    /** @param handshakeMax a handshake that takes longer ends the connection */
    public ManagerTransport(
            PeerIdentities identities, JoinService joins, Duration handshakeMax, MeterRegistry registry) {
        this.identities = identities;
        this.joins = joins;
        this.handshakeMax = handshakeMax;
        this.refusing = new Refusing(registry);
        this.changes = identities.onChange(this::judgeAgain);
    }

    @Override
    public void install(Channel channel) {
        SSLEngine engine = identities.serverContext().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setWantClientAuth(true);
        engine.setEnabledProtocols(new String[] {Tls.VERSION});
        engine.setHandshakeApplicationProtocolSelector(ManagerTransport::protocol);
        SslHandler tls = new SslHandler(engine, false, handshakes);
        tls.setHandshakeTimeoutMillis(handshakeMax.toMillis());
        channel.pipeline().addLast("tls", tls).addLast("gate", new Gate(tls));
    }

    /** Empty: none of them. */
    private static String protocol(SSLEngine engine, List<String> offered) {
        return offered.contains(Tls.SYNC) ? Tls.SYNC : offered.contains(Tls.HTTP) ? Tls.HTTP : "";
    }

    @Override
    public Optional<String> objection(Channel channel, NodeId node) {
        Peer.Known peer = channel.attr(PEER).get();
        if (peer == null) {
            return Optional.of("the connection shows no identity");
        }
        if (peer.node().equals(Optional.of(node))) {
            return Optional.empty();
        }
        String text = "its certificate is that of " + peer;
        refusing.refused(
                String.valueOf(channel.remoteAddress()),
                Peer.Reason.OTHER_NODE,
                "it claims to be " + node + "; " + text);
        return Optional.of(text);
    }

    /** Ends connections of those who may not stay. */
    private void judgeAgain() {
        for (Channel channel : known) {
            Peer.Known peer = channel.attr(PEER).get();
            if (peer != null && identities.identify(List.of(peer.certificate())) instanceof Peer.Refused refused) {
                channel.eventLoop().execute(() -> end(channel, peer + " at " + channel.remoteAddress(), refused));
            }
        }
    }

    private void end(Channel channel, String who, Peer.Refused refused) {
        refusing.refused(who, refused.reason(), refused.text());
        known.remove(channel);
        channel.attr(PEER).set(null);
        Gate gate = channel.pipeline().get(Gate.class);
        if (gate != null) {
            gate.shut();
        }
        var _ = channel.writeAndFlush(Refusals.frame(channel.alloc(), Refusals.IDENTITY, refused.text()));
        // Closing at once could reset the connection before the peer has read the reason.
        Future<?> timer = channel.eventLoop()
                .schedule(
                        () -> {
                            var _ = channel.close();
                        },
                        REFUSAL_GRACE_MS,
                        TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> timer.cancel(false));
    }

    /** The peer's certificates as the handshake has them, also in a resumed session; empty if there are none. */
    static List<X509Certificate> chain(SSLEngine engine) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : engine.getSession().getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return chain;
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    /** Lets nothing through before the peer is known, and nothing after it is not any more. */
    private final class Gate extends ChannelInboundHandlerAdapter {

        private final SslHandler tls;
        private boolean open;
        private boolean over;

        Gate(SslHandler tls) {
            this.tls = tls;
        }

        void shut() {
            open = false;
            over = true;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                ctx.fireUserEventTriggered(event);
            } else if (handshake.isSuccess()) {
                shaken(ctx);
            } else {
                failed(ctx, handshake.cause());
            }
        }

        private void shaken(ChannelHandlerContext ctx) {
            Channel channel = ctx.channel();
            if (!Tls.SYNC.equals(tls.engine().getApplicationProtocol())) {
                open = true;
                ctx.pipeline()
                        .addAfter("gate", "identity-http", new IdentityHttp(identities, joins, tls, refusing, workers))
                        .addAfter("gate", "http-body", new HttpObjectAggregator(HTTP_BODY_BYTES_MAX))
                        .addAfter("gate", "http", new HttpServerCodec());
                return;
            }
            switch (identities.identify(chain(tls.engine()))) {
                case Peer.Known peer -> {
                    open = true;
                    channel.attr(PEER).set(peer);
                    known.add(channel);
                    channel.closeFuture().addListener(_ -> known.remove(channel));
                }
                case Peer.Refused refused -> end(channel, String.valueOf(channel.remoteAddress()), refused);
            }
        }

        private void failed(ChannelHandlerContext ctx, Throwable cause) {
            if (!over) {
                over = true;
                Peer.Refused refused = TlsFaults.explain(cause, "it");
                refusing.refused(String.valueOf(ctx.channel().remoteAddress()), refused.reason(), refused.text());
                if (refused.reason() == Peer.Reason.PLAINTEXT) {
                    // A follower that is set to speak plain text understands this; from below TLS, as it is.
                    var _ = ctx.pipeline()
                            .context(tls)
                            .writeAndFlush(Refusals.frame(
                                    ctx.alloc(), Refusals.IDENTITY, "this port speaks TLS, and the peer does not"));
                }
            }
            var _ = ctx.close();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (open) {
                ctx.fireChannelRead(message);
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (open && !(cause instanceof io.netty.handler.codec.DecoderException)) {
                ctx.fireExceptionCaught(cause);
            } else {
                failed(ctx, cause);
            }
        }
    }

    @Override
    public void close() {
        changes.close();
        handshakes.shutdown();
        workers.close();
    }
}
