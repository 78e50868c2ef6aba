package net.nvgate.fabric.sync;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.nvgate.fabric.sync.v1.Ack;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Hello;
import net.nvgate.fabric.sync.v1.Nack;
import net.nvgate.fabric.sync.v1.Query;
import net.nvgate.fabric.sync.v1.QueryReply;
import net.nvgate.fabric.sync.v1.Refusal;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.sync.v1.Status;
import net.nvgate.fabric.sync.v1.Welcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The follower's end of one connection. Frames with policy go to the apply thread through a bounded queue: when it is
 * full the session stops reading, and TCP makes the manager wait. Queries go to the query thread, for an answer may take seconds;
 * those that find no room there fail at once. Everything else is done here, on the event loop.
 */
final class ClientSession extends SimpleChannelInboundHandler<ServerFrame> {

    private static final Logger log = LoggerFactory.getLogger(ClientSession.class);

    /** Statuses that are asked for in a burst become one. */
    private static final long STATUS_COALESCE_MS = 200;

    /** What a status or reply takes beside its JSON, at most. */
    private static final int ENVELOPE_BYTES = 1024;

    /** Largest status JSON, the manager's default limit. */
    private static final int STATUS_BYTES_MAX = 256 << 10;

    private final SyncClientConfig config;
    private final Channel channel;
    private final Executor applyThread;
    private final Executor queryThread;
    private final PolicyApplier applier;
    private final FollowerState state;
    private final ClientMetrics metrics;
    private final Consumer<ClientSession> whenEnded;

    private boolean welcomed;
    private boolean over;
    private int queuedFrames;
    private @Nullable ScheduledFuture<?> statusTimer;
    private boolean statusSoon;

    /** True once a revision of this connection was applied: the next wait before a reconnect is short. */
    private volatile boolean healthy;

    private volatile boolean connected;
    private volatile String endReason = "";

    ClientSession(
            SyncClientConfig config,
            Channel channel,
            Executor applyThread,
            Executor queryThread,
            PolicyApplier applier,
            FollowerState state,
            ClientMetrics metrics,
            Consumer<ClientSession> whenEnded) {
        this.config = config;
        this.channel = channel;
        this.applyThread = applyThread;
        this.queryThread = queryThread;
        this.applier = applier;
        this.state = state;
        this.metrics = metrics;
        this.whenEnded = whenEnded;
    }

    boolean isHealthy() {
        return healthy;
    }

    /** Welcomed and not yet over. */
    boolean isConnected() {
        return connected;
    }

    String endReason() {
        return endReason;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // What an earlier connection left in the queue comes first, so that Hello says what is really held then.
        onApplyThread(() -> {
            PolicyApplier.Held held = applier.hello();
            onLoop(() -> hello(held));
        });
    }

    private void hello(PolicyApplier.Held held) {
        send(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder()
                        .setSchema(Frames.SCHEMA)
                        .setKind(PolicyCodec.encode(config.node().kind()))
                        .setName(config.node().name())
                        .setLastRevision(held.revision())
                        .setFabricId(held.fabricId())
                        .setSoftware(config.software()))
                .build());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ServerFrame frame) {
        if (over) {
            return;
        }
        metrics.common().frame("in", frame.getBodyCase());
        switch (frame.getBodyCase()) {
            case WELCOME -> welcome(frame, frame.getWelcome());
            case REFUSAL -> refused(frame.getRefusal());
            case PING -> {}
            case QUERY -> answer(frame.getQuery());
            case SNAPSHOT_BEGIN, SNAPSHOT_CHUNK, SNAPSHOT_END, DELTA, PROGRESS -> {
                if (!welcomed) {
                    throw new ProtocolException(frame.getBodyCase() + " before Welcome");
                }
                apply(frame);
            }
            case BODY_NOT_SET -> throw new ProtocolException("frame without a body this version knows");
        }
    }

    private void welcome(ServerFrame frame, Welcome welcome) {
        if (welcomed) {
            throw new ProtocolException("second Welcome");
        }
        if (welcome.getSchema() != Frames.SCHEMA || welcome.getFabricId().isEmpty()) {
            throw new ProtocolException("Welcome of schema " + welcome.getSchema() + " and fabric '"
                    + welcome.getFabricId() + "', expected schema " + Frames.SCHEMA);
        }
        welcomed = true;
        connected = true;
        log.info(
                "Following {} as {}: fabric {}, head {}",
                channel.remoteAddress(),
                config.node(),
                welcome.getFabricId(),
                welcome.getRevision());
        apply(frame);
        sendStatus();
        long interval = config.limits().statusInterval().toNanos();
        statusTimer =
                channel.eventLoop().scheduleWithFixedDelay(this::sendStatus, interval, interval, TimeUnit.NANOSECONDS);
    }

    private void refused(Refusal refusal) {
        metrics.common().error("refused");
        end("the manager refuses " + config.node() + ": " + refusal.getCode() + ": " + refusal.getReason());
    }

    private void apply(ServerFrame frame) {
        queuedFrames++;
        if (queuedFrames >= config.limits().applyQueueFrames()) {
            channel.config().setAutoRead(false);
        }
        onApplyThread(() -> {
            handle(frame);
            onLoop(this::applied);
        });
    }

    private void applied() {
        queuedFrames--;
        if (queuedFrames <= config.limits().applyQueueFrames() / 2
                && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    /** On the apply thread. */
    private void handle(ServerFrame frame) {
        if (!channel.isActive() || !endReason.isEmpty()) {
            return;
        }
        try {
            switch (applier.handle(frame)) {
                case PolicyApplier.Outcome.More() -> {}
                case PolicyApplier.Outcome.Applied(long revision) -> {
                    healthy = true;
                    onLoop(() -> acknowledge(revision));
                }
                case PolicyApplier.Outcome.Rejected rejected -> {
                    endReason = "revision " + rejected.revision() + " was rejected";
                    onLoop(() -> reject(rejected));
                }
            }
        } catch (ProtocolException e) {
            endReason = String.valueOf(e.getMessage());
            onLoop(() -> failed(e));
        }
    }

    private void acknowledge(long revision) {
        send(ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRevision(revision))
                .build());
    }

    private void reject(PolicyApplier.Outcome.Rejected rejected) {
        metrics.common().error("nack");
        healthy = false;
        send(ClientFrame.newBuilder()
                .setNack(Nack.newBuilder()
                        .setRevision(rejected.revision())
                        .setKey(rejected.key())
                        .setReason(rejected.reason()))
                .build());
        sendStatus();
        end("revision " + rejected.revision() + " was rejected: " + rejected.key() + ": " + rejected.reason());
    }

    /** Something that people should see has changed; sent within {@value #STATUS_COALESCE_MS} ms. Any thread. */
    void statusChanged() {
        onLoop(() -> {
            if (!statusSoon && welcomed) {
                statusSoon = true;
                var _ = channel.eventLoop()
                        .schedule(
                                () -> {
                                    statusSoon = false;
                                    sendStatus();
                                },
                                STATUS_COALESCE_MS,
                                TimeUnit.MILLISECONDS);
            }
        });
    }

    private void sendStatus() {
        if (over || !channel.isWritable()) {
            return;
        }
        ByteString json = statusJson();
        send(ClientFrame.newBuilder()
                .setStatus(Status.newBuilder()
                        .setAppliedRevision(applier.held().revision())
                        .setForwarding(state.forwarding())
                        .setJson(json))
                .build());
    }

    private ByteString statusJson() {
        try {
            ByteString json = ByteString.copyFromUtf8(state.statusJson());
            if (json.size() <= STATUS_BYTES_MAX) {
                return json;
            }
            log.warn("Status of {} bytes is too large and not sent", json.size());
        } catch (RuntimeException e) {
            log.error("Status cannot be made", e);
        }
        metrics.common().error("status");
        return ByteString.copyFromUtf8("{}");
    }

    private void answer(Query query) {
        try {
            queryThread.execute(() -> {
                // Who does not read gets no more answers; he stops waiting by himself.
                if (channel.isWritable()) {
                    ClientFrame reply = reply(query);
                    onLoop(() -> answered(reply));
                } else {
                    metrics.common().error("query");
                }
            });
        } catch (RejectedExecutionException e) {
            metrics.common().error("query");
            send(failed(query, config.node() + " has too many queries to answer already"));
        }
    }

    private void answered(ClientFrame reply) {
        if (!over) {
            send(reply);
        }
    }

    /** On the query thread. */
    private ClientFrame reply(Query query) {
        int max = config.limits().queryRows();
        int limit = query.getLimit() <= 0 ? max : Math.min(query.getLimit(), max);
        try {
            QueryResult result = state.query(query.getKind(), query.getFilterMap(), limit);
            ByteString json = ByteString.copyFromUtf8(result.json());
            return json.size() > config.limits().frameBytes() - ENVELOPE_BYTES
                    ? failed(query, "answer of " + json.size() + " bytes is too large, ask for fewer rows")
                    : frame(reply(query.getId())
                            .setJson(json)
                            .setTruncated(result.truncated())
                            .setNext(result.next()));
        } catch (IllegalArgumentException e) {
            return frame(reply(query.getId()).setError(message(e)));
        } catch (RuntimeException e) {
            log.error("Query {} failed", query.getKind(), e);
            metrics.common().error("query");
            return failed(query, message(e));
        }
    }

    private static ClientFrame failed(Query query, String why) {
        return frame(reply(query.getId()).setFailed(true).setError(why));
    }

    private static QueryReply.Builder reply(long id) {
        return QueryReply.newBuilder().setId(id);
    }

    private static ClientFrame frame(QueryReply.Builder reply) {
        return ClientFrame.newBuilder().setQueryReply(reply).build();
    }

    private static String message(RuntimeException e) {
        String message = e.getMessage();
        return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
    }

    /** Connects anew. Any thread. */
    void restart(String reason) {
        onLoop(() -> end(reason));
    }

    /** Ends the connection once what was written has gone out. */
    private void end(String reason) {
        if (!over) {
            over = true;
            connected = false;
            endReason = reason;
            log.warn("Connection to {} ends: {}", channel.remoteAddress(), reason);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (endReason.isEmpty()) {
            endReason = "the manager went away";
            log.info("Connection to {} ended by the manager", channel.remoteAddress());
        }
        over = true;
        connected = false;
        if (statusTimer != null) {
            statusTimer.cancel(false);
        }
        onApplyThread(applier::disconnected);
        // Not the channel's close future: that completes before the reason is known.
        whenEnded.accept(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof IdleStateEvent idle) || idle.state() != IdleState.READER_IDLE) {
            ctx.fireUserEventTriggered(event);
        } else if (channel.config().isAutoRead()) {
            // While the apply thread is behind it is we who do not read.
            metrics.common().error("timeout");
            end("the manager has sent nothing for " + config.limits().idleTimeout());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(cause);
    }

    private void failed(Throwable cause) {
        switch (cause) {
            case ProtocolException _ -> metrics.common().error("protocol");
            case IOException _ -> metrics.common().error("io");
            default -> {
                metrics.common().error("internal");
                log.error("Connection to {} failed", channel.remoteAddress(), cause);
            }
        }
        end(String.valueOf(cause.getMessage()));
    }

    private void send(ClientFrame frame) {
        metrics.common().frame("out", frame.getBodyCase());
        var _ = channel.writeAndFlush(Frames.encode(channel.alloc(), frame));
    }

    private void onApplyThread(Runnable task) {
        try {
            applyThread.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("The client has stopped");
        }
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("The client has stopped");
        }
    }
}
