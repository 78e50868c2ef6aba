package net.nvgate.fabric.identity;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.TransportSecurity;

/** The node's end of mutual TLS: what fails is told to the stream in words. */
public final class NodeTransport implements TransportSecurity {

    private final NodeIdentitySource identity;
    private final Duration handshakeMax;
    private volatile SSLContext context;

    /** @param handshakeMax then the connection is given up */
    public NodeTransport(NodeIdentitySource identity, Duration handshakeMax) {
        this.identity = identity;
        this.handshakeMax = handshakeMax;
        this.context = newContext();
        // A new context has no sessions to resume: the next handshake shows the new certificate.
        Subscription _ = identity.onChange(() -> context = newContext());
    }

    private SSLContext newContext() {
        return Tls.client(identity::credentials, identity::judgeManager);
    }

    @Override
    public Optional<String> notReady() {
        return identity.missing();
    }

    @Override
    public void install(Channel channel) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {Tls.VERSION});
        parameters.setApplicationProtocols(new String[] {Tls.SYNC});
        engine.setSSLParameters(parameters);
        SslHandler tls = new SslHandler(engine);
        tls.setHandshakeTimeoutMillis(handshakeMax.toMillis());
        channel.pipeline().addLast("tls", tls).addLast("tls-faults", new Faults());
    }

    @Override
    public Optional<String> objection(Channel channel, NodeId node) {
        return Optional.empty(); // asked on the manager's side only
    }

    /** A fault of TLS reaches the session once, as an error of the connection that says what to do. */
    private static final class Faults extends ChannelInboundHandlerAdapter {

        private boolean told;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (!handshake.isSuccess()) {
                    tell(ctx, handshake.cause());
                }
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof DecoderException) {
                tell(ctx, cause);
            } else {
                ctx.fireExceptionCaught(cause);
            }
        }

        private void tell(ChannelHandlerContext ctx, Throwable cause) {
            if (!told) {
                told = true;
                ctx.fireExceptionCaught(
                        new IOException(TlsFaults.explain(cause, "the manager").text(), cause));
            }
        }
    }
}
