package net.nvgate.fabric.identity;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How nodes come by certificates: HTTPS on the sync port. One request per connection; bodies are JSON.
 *
 * <pre>
 *  POST /v1/join   {"token": "nvgate-join-...", "request": "PKCS #10, PEM"} → {"certificates": PEM, "trusted": PEM}
 *  POST /v1/renew  {"request": PEM}, with the present certificate           → the same
 *  GET  /v1/trusted                                                         → {"trusted": PEM}
 *  refused                                                                  → 403 {"code": ..., "detail": ...}
 * </pre>
 */
final class IdentityHttp extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityHttp.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final PeerIdentities identities;
    private final JoinService joins;
    private final SslHandler tls;
    private final Refusing refusing;
    private final Executor workers;

    IdentityHttp(PeerIdentities identities, JoinService joins, SslHandler tls, Refusing refusing, Executor workers) {
        this.identities = identities;
        this.joins = joins;
        this.tls = tls;
        this.refusing = refusing;
        this.workers = workers;
    }

    /** Signing and storing block, so they have threads of their own; what does not fit in their queue is told to come back. */
    static final class Workers implements Executor, AutoCloseable {

        private static final int THREADS = 2;
        private static final int WAITING_MAX = 256;

        private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                new DefaultThreadFactory("identity-http", true));

        @Override
        public void execute(Runnable task) {
            threads.execute(task);
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    private record Answer(HttpResponseStatus status, Map<String, String> body) {}

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        String what = request.method() + " " + request.uri();
        String body = request.content().toString(StandardCharsets.UTF_8);
        try {
            workers.execute(() -> {
                Answer answer = answer(ctx, what, body);
                ctx.executor().execute(() -> send(ctx, answer));
            });
        } catch (RejectedExecutionException e) {
            send(ctx, problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "busy", "too many nodes ask at once; try again"));
        }
    }

    private Answer answer(ChannelHandlerContext ctx, String what, String body) {
        String peer = String.valueOf(ctx.channel().remoteAddress());
        try {
            return switch (what) {
                case "POST /v1/join" -> {
                    JsonNode json = JSON.readTree(body);
                    yield given(joins.join(text(json, "token"), text(json, "request")));
                }
                case "POST /v1/renew" -> renew(peer, text(JSON.readTree(body), "request"));
                case "GET /v1/trusted" -> new Answer(HttpResponseStatus.OK, Map.of("trusted", joins.trusted()));
                default -> problem(HttpResponseStatus.NOT_FOUND, "no-such-path", "there is no " + what);
            };
        } catch (JoinException e) {
            LOG.warn("{} gets no certificate: {}: {}", peer, e.code().label(), e.getMessage());
            return problem(HttpResponseStatus.FORBIDDEN, e.code().label(), String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            return problem(HttpResponseStatus.BAD_REQUEST, "malformed-json", "the body is not JSON");
        } catch (StoreException e) {
            LOG.warn("{} gets no certificate now: {}", peer, e.getMessage());
            return problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "store-unavailable", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{} from {} failed", what, peer, e);
            return problem(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal", "the manager's log has the reason");
        }
    }

    private Answer renew(String address, String request) throws JoinException {
        return switch (identities.identify(ManagerTransport.chain(tls.engine()))) {
            case Peer.Known peer -> given(joins.renew(peer, request));
            case Peer.Refused refused -> {
                refusing.refused(address, refused.reason(), refused.text());
                yield problem(HttpResponseStatus.FORBIDDEN, refused.reason().label(), refused.text());
            }
        };
    }

    private Answer given(String certificates) {
        return new Answer(HttpResponseStatus.OK, Map.of("certificates", certificates, "trusted", joins.trusted()));
    }

    private static String text(JsonNode json, String field) throws JoinException {
        JsonNode value = json.get(field);
        if (value == null || !value.isString()) {
            throw new JoinException(JoinException.Code.BAD_REQUEST, "the body needs a text '" + field + "'");
        }
        return value.asString();
    }

    private static Answer problem(HttpResponseStatus status, String code, String detail) {
        return new Answer(status, Map.of("code", code, "detail", detail));
    }

    private static void send(ChannelHandlerContext ctx, Answer answer) {
        byte[] body = JSON.writeValueAsBytes(answer.body());
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.info("HTTP from {} ends: {}", ctx.channel().remoteAddress(), String.valueOf(cause.getMessage()));
        var _ = ctx.close();
    }
}
