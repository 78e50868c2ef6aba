package net.nvgate.fabric.hyperv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLPeerUnverifiedException;
import net.nvgate.fabric.identity.Peer;
import net.nvgate.fabric.policy.NodeId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests of one connection, one after the other. The peer is judged anew at each. */
final class HostRequests extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(HostRequests.class);

    private final HyperVContext context;
    private final SslHandler tls;
    private boolean busy;
    private boolean keepAlive;

    /** The request that waits for news; touched by the event loop alone. */
    private @Nullable Waiting waiting;

    HostRequests(HyperVContext context, SslHandler tls) {
        this.context = context;
        this.tls = tls;
    }

    /** A request for policy that is answered when there is some, or when its time is over. */
    final class Waiting {

        private final ChannelHandlerContext ctx;
        private final NodeId node;
        private final Optional<Long> held;
        private final AtomicBoolean answered = new AtomicBoolean();
        private final ScheduledFuture<?> timer;

        Waiting(ChannelHandlerContext ctx, NodeId node, Optional<Long> held, long seconds) {
            this.ctx = ctx;
            this.node = node;
            this.held = held;
            this.timer = ctx.executor().schedule(() -> look(true), seconds, TimeUnit.SECONDS);
        }

        NodeId node() {
            return node;
        }

        /**
         * Is there news?
         *
         * @param atLast answers in any case
         */
        void look(boolean atLast) {
            work(ctx, () -> {
                HostAnswer answer = context.desk().policy(node, held);
                if (atLast || !answer.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
                    end(answer);
                }
            });
        }

        /** The peer may not be who it was. */
        void judge() {
            if (identify() instanceof Peer.Refused refused) {
                end(refused(ctx, refused));
            }
        }

        private void end(HostAnswer answer) {
            if (answered.compareAndSet(false, true)) {
                forget();
                send(ctx, answer);
            }
        }

        private void forget() {
            answered.set(true);
            timer.cancel(false);
            context.waiting().remove(this);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (busy) {
            // Two at once: no agent does that.
            var _ = ctx.close();
            return;
        }
        busy = true;
        keepAlive = HttpUtil.isKeepAlive(request);
        if (request.decoderResult().isFailure()) {
            keepAlive = false;
            send(ctx, HostAnswer.problem(HttpResponseStatus.BAD_REQUEST, "bad-request", "that is not HTTP"));
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        String what = request.method() + " " + uri.path();
        String body = request.content().toString(StandardCharsets.UTF_8);
        String tag = request.headers().get(HttpHeaderNames.IF_NONE_MATCH, "");
        String agent = shortened(request.headers().get(HttpHeaderNames.USER_AGENT, ""));
        String wait = uri.parameters().getOrDefault("wait", List.of("0")).getFirst();
        work(ctx, () -> {
            Optional<HostAnswer> open = context.desk().open(what, body);
            if (open.isPresent()) {
                send(ctx, open.get());
                return;
            }
            switch (identify()) {
                case Peer.Refused refused -> send(ctx, refused(ctx, refused));
                case Peer.Known peer -> known(ctx, peer, agent, what, body, tag, wait);
            }
        });
    }

    /** In a worker. */
    private void known(
            ChannelHandlerContext ctx,
            Peer.Known peer,
            String agent,
            String what,
            String body,
            String tag,
            String wait) {
        Optional<NodeId> node = peer.node().filter(n -> n.kind() == NodeId.Kind.HOST);
        if (node.isEmpty() || !context.source().knows(node.get())) {
            send(
                    ctx,
                    HostAnswer.problem(
                            HttpResponseStatus.FORBIDDEN, "unknown-node", peer + " is no host of this fabric"));
            return;
        }
        context.door().known(ctx.channel());
        context.hosts().host(node.get()).seen(String.valueOf(ctx.channel().remoteAddress()), agent);
        if (!what.equals("GET /v1/policy")) {
            send(ctx, context.desk().answer(node.get(), peer, what, body));
            return;
        }
        Optional<Long> seconds = seconds(wait);
        if (seconds.isEmpty()) {
            send(
                    ctx,
                    HostAnswer.problem(
                            HttpResponseStatus.BAD_REQUEST,
                            "bad-wait",
                            "wait is 0.." + context.config().waitMax().toSeconds() + " seconds"));
            return;
        }
        Optional<Long> held = context.desk().revision(tag);
        if (seconds.get() == 0) {
            send(ctx, context.desk().policy(node.get(), held));
            return;
        }
        ctx.executor().execute(() -> await(ctx, node.get(), held, seconds.get()));
    }

    /** It waits first and looks then, so that nothing that happens meanwhile is missed. */
    private void await(ChannelHandlerContext ctx, NodeId node, Optional<Long> held, long seconds) {
        if (!ctx.channel().isActive()) {
            return;
        }
        Waiting next = new Waiting(ctx, node, held, seconds);
        waiting = next;
        context.waiting().add(next);
        next.look(false);
    }

    private Optional<Long> seconds(String wait) {
        String digits = wait.endsWith("s") ? wait.substring(0, wait.length() - 1) : wait;
        return digits.matches("\\d{1,4}")
                ? Optional.of(Long.valueOf(digits))
                        .filter(seconds -> seconds <= context.config().waitMax().toSeconds())
                : Optional.empty();
    }

    private Peer identify() {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return context.identities().identify(chain);
        } catch (SSLPeerUnverifiedException e) {
            return context.identities().identify(List.of());
        }
    }

    private HostAnswer refused(ChannelHandlerContext ctx, Peer.Refused refused) {
        context.refused(String.valueOf(ctx.channel().remoteAddress()), refused);
        return HostAnswer.problem(HttpResponseStatus.FORBIDDEN, refused.reason().label(), refused.text());
    }

    private void work(ChannelHandlerContext ctx, Runnable task) {
        try {
            context.workers().execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("a request of {} failed", ctx.channel().remoteAddress(), e);
                    send(
                            ctx,
                            HostAnswer.problem(
                                    HttpResponseStatus.INTERNAL_SERVER_ERROR,
                                    "internal",
                                    "the manager's log has the reason"));
                }
            });
        } catch (RejectedExecutionException e) {
            send(
                    ctx,
                    HostAnswer.problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "busy", "too much at once; try again"));
        }
    }

    private void send(ChannelHandlerContext ctx, HostAnswer answer) {
        ctx.executor().execute(() -> write(ctx, answer));
    }

    private void write(ChannelHandlerContext ctx, HostAnswer answer) {
        if (waiting != null) {
            waiting.forget();
            waiting = null;
        }
        busy = false;
        ByteBuf body = Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), body);
        if (!answer.contentType().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            var _ = ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (waiting != null) {
            waiting.forget();
            waiting = null;
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.info("connection of {} ends: {}", ctx.channel().remoteAddress(), String.valueOf(cause.getMessage()));
        var _ = ctx.close();
    }
}
