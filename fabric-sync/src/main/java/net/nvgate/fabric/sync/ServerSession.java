package net.nvgate.fabric.sync;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.v1.Ack;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Hello;
import net.nvgate.fabric.sync.v1.Nack;
import net.nvgate.fabric.sync.v1.Ping;
import net.nvgate.fabric.sync.v1.Progress;
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
 * The server's end of one connection. All state belongs to the channel's event loop; {@link #wake}, {@link #tick},
 * {@link #query}, {@link #snapshotTurn} and {@link #refuse} may be called from any thread and hop onto it.
 *
 * <pre>
 *  HELLO ──Hello──▶ CHECKING ──known──▶ PLANNING ──Current, Changes──▶ FOLLOWING ──touched──▶ PLANNING
 *                                          │ ▲                             ▲
 *                        history too short ▼ │ turn                       │ SnapshotEnd
 *                                        IN_LINE ──▶ PLANNING ──Whole──▶ SNAPSHOT
 *  any ──Nack, refusal, close──▶ OVER
 * </pre>
 *
 * What is to be sent is worked out only when the socket takes it: a slow follower costs the write buffer and nothing
 * else, and gets one merged delta (or a snapshot) when it reads again.
 */
final class ServerSession extends SimpleChannelInboundHandler<ClientFrame> {

    private static final Logger log = LoggerFactory.getLogger(ServerSession.class);

    /** A refused peer has so long to read why; it is expected to close first. */
    private static final long REFUSAL_GRACE_MS = 1000;

    private enum Phase {
        HELLO,
        CHECKING,
        PLANNING,
        FOLLOWING,
        IN_LINE,
        SNAPSHOT,
        OVER
    }

    private final ServerContext server;
    private final Channel channel;
    private final long openedNanos = System.nanoTime();
    private final AtomicBoolean awake = new AtomicBoolean();

    private Phase phase = Phase.HELLO;
    private @Nullable FollowerEntry entry;
    private @Nullable QueryBook queries;
    private @Nullable SnapshotSender snapshot;

    /** The follower has been sent everything up to here. */
    private long sentRevision;

    private long stalledSinceNanos;
    private boolean stalled;

    ServerSession(ServerContext server, Channel channel) {
        this.server = server;
        this.channel = channel;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ClientFrame frame) {
        if (phase == Phase.OVER) {
            return;
        }
        server.metrics().frame("in", frame.getBodyCase());
        FollowerEntry follower = entry;
        if (follower == null) {
            if (phase != Phase.HELLO || !frame.hasHello()) {
                throw new ProtocolException("expected one Hello first, got " + frame.getBodyCase());
            }
            hello(frame.getHello());
            return;
        }
        switch (frame.getBodyCase()) {
            case ACK -> acknowledged(follower, frame.getAck());
            case NACK -> rejected(follower, frame.getNack());
            case STATUS -> status(follower, frame.getStatus());
            case QUERY_REPLY -> replied(frame.getQueryReply());
            case PING -> {}
            case HELLO -> throw new ProtocolException("second Hello");
            case BODY_NOT_SET -> throw new ProtocolException("frame without a body this version knows");
        }
    }

    private void hello(Hello hello) {
        if (hello.getSchema() != Frames.SCHEMA) {
            refuse("schema", "the manager speaks schema " + Frames.SCHEMA + ", not " + hello.getSchema());
            return;
        }
        if (hello.getName().isEmpty() || hello.getName().length() > PolicyDecoder.NAME_MAX) {
            throw new ProtocolException(
                    "Hello with a name of " + hello.getName().length() + " characters");
        }
        NodeId node = new NodeId(PolicyCodec.decode(hello.getKind()), hello.getName());
        var objection = server.security().objection(channel, node);
        if (objection.isPresent()) {
            refuse("identity", node + ": " + objection.get());
            return;
        }
        phase = Phase.CHECKING;
        server.planner().known(node, plan -> onLoop(() -> checked(node, hello, plan)));
    }

    private void checked(NodeId node, Hello hello, Plan plan) {
        if (phase != Phase.CHECKING) {
            return;
        }
        if (plan instanceof Plan.Known known) {
            welcome(node, hello, known.head());
        } else {
            refuseBy(node, plan);
        }
    }

    private void welcome(NodeId node, Hello hello, long head) {
        FollowerEntry follower = server.followers().entry(node);
        boolean sameFabric = hello.getFabricId().equals(server.fabricId());
        long held = sameFabric ? hello.getLastRevision() : 0;
        entry = follower;
        queries = new QueryBook(node, server.limits().queries());
        sentRevision = held;
        ServerSession previous = follower.connect(this, remoteAddress(), software(hello), held);
        if (previous != null) {
            previous.refuse("duplicate", node + " connected again from " + remoteAddress());
        }
        log.info("{} connected from {}, holds revision {}, head is {}", node, remoteAddress(), held, head);
        send(ServerFrame.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setSchema(Frames.SCHEMA)
                        .setFabricId(server.fabricId())
                        .setRevision(head))
                .build());
        phase = Phase.PLANNING;
        if (held == 0 || follower.isRejected()) {
            String why =
                    !sameFabric ? "it follows this fabric anew" : held == 0 ? "it asks for one" : "it rejected policy";
            follow(new Plan.NeedsSnapshot(why));
        } else {
            server.planner().changes(node, held, this::planned);
        }
    }

    private static String software(Hello hello) {
        String software = hello.getSoftware();
        return software.length() <= PolicyDecoder.NAME_MAX ? software : software.substring(0, PolicyDecoder.NAME_MAX);
    }

    private void planned(Plan plan) {
        onLoop(() -> {
            if (phase == Phase.PLANNING) {
                follow(plan);
            }
        });
    }

    private void follow(Plan plan) {
        FollowerEntry follower = follower();
        switch (plan) {
            case Plan.Current current -> {
                phase = Phase.FOLLOWING;
                progress(follower, current.revision());
                pump();
            }
            case Plan.Changes changes -> {
                phase = Phase.FOLLOWING;
                delta(follower, changes);
                pump();
            }
            case Plan.NeedsSnapshot needs -> {
                log.info("{} gets a snapshot: {}", follower.node(), needs.why());
                phase = Phase.IN_LINE;
                server.snapshotLine().enter(this);
            }
            case Plan.Whole whole -> {
                snapshot = new SnapshotSender(whole.snapshot(), server.limits().chunkBytes());
                phase = Phase.SNAPSHOT;
                follower.desire(snapshot.revision());
                server.snapshots().increment();
                send(snapshot.begin());
                pump();
            }
            case Plan.Known _, Plan.Unknown _, Plan.Failed _ -> refuseBy(follower.node(), plan);
        }
    }

    private void refuseBy(NodeId node, Plan plan) {
        if (plan instanceof Plan.Failed failed) {
            refuse("busy", failed.reason());
        } else {
            refuse("unknown-node", "the fabric has no " + node);
        }
    }

    /** The policy of the node may have changed. */
    void wake() {
        if (awake.compareAndSet(false, true)) {
            onLoop(() -> {
                awake.set(false);
                pump();
            });
        }
    }

    /** It is this session's turn to send a snapshot. */
    void snapshotTurn() {
        onLoop(() -> {
            if (phase == Phase.IN_LINE) {
                phase = Phase.PLANNING;
                server.planner().whole(follower().node(), this::planned);
            }
        });
    }

    /** Sends the next thing there is to send, if the socket takes it. */
    private void pump() {
        if (!channel.isWritable()) {
            return;
        }
        if (phase == Phase.SNAPSHOT) {
            pumpSnapshot();
        } else if (phase == Phase.FOLLOWING && follower().touchedRevision() > sentRevision) {
            phase = Phase.PLANNING;
            server.planner().changes(follower().node(), sentRevision, this::planned);
        }
    }

    private void pumpSnapshot() {
        SnapshotSender sender = snapshot;
        if (sender == null) {
            throw new IllegalStateException("no snapshot to send");
        }
        if (sender.hasChunk()) {
            send(sender.chunk());
            // One chunk at a time: other sessions of this event loop have their turn in between.
            channel.eventLoop().execute(this::pump);
            return;
        }
        send(sender.end());
        sentRevision = sender.revision();
        snapshot = null;
        phase = Phase.FOLLOWING;
        server.snapshotLine().leave(this);
        pump();
    }

    private void delta(FollowerEntry follower, Plan.Changes changes) {
        follower.desire(changes.to());
        var _ = channel.write(
                Frames.deltaHead(changes.from(), changes.to(), changes.body().size()));
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(changes.body().asReadOnlyByteBuffer()));
        server.metrics().frame("out", ServerFrame.BodyCase.DELTA);
        server.deltas().increment();
        sentRevision = changes.to();
    }

    private void progress(FollowerEntry follower, long revision) {
        follower.desire(revision);
        send(ServerFrame.newBuilder()
                .setProgress(Progress.newBuilder().setRevision(revision))
                .build());
        sentRevision = revision;
    }

    /**
     * Called about once a second: progress and deadlines.
     *
     * @param head every change up to this revision has been noted in the followers' entries
     */
    void tick(long head, long nowNanos) {
        onLoop(() -> {
            if (entry == null
                    && phase != Phase.OVER
                    && nowNanos - openedNanos > server.limits().helloTimeout().toNanos()) {
                timeout("no Hello from " + remoteAddress() + " within "
                        + server.limits().helloTimeout());
            } else if (stalled
                    && nowNanos - stalledSinceNanos
                            > server.limits().stallTimeout().toNanos()) {
                server.metrics().error("stall");
                log.warn(
                        "{} has not read for {}; it is disconnected",
                        name(),
                        server.limits().stallTimeout());
                var _ = channel.close();
            } else if (phase == Phase.FOLLOWING
                    && head > sentRevision
                    && follower().touchedRevision() <= sentRevision
                    && channel.isWritable()) {
                progress(follower(), head);
            }
        });
    }

    private void acknowledged(FollowerEntry follower, Ack ack) {
        if (ack.getRevision() > sentRevision) {
            throw new ProtocolException("Ack of revision " + ack.getRevision() + ", sent was " + sentRevision);
        }
        follower.acknowledged(ack.getRevision());
    }

    private void rejected(FollowerEntry follower, Nack nack) {
        String error = nack.getKey() + ": " + nack.getReason();
        log.warn("{} rejected revision {}: {}", follower.node(), nack.getRevision(), error);
        server.nacks().increment();
        server.metrics().error("nack");
        follower.rejected(error);
        over();
        closeLater();
    }

    private void status(FollowerEntry follower, Status status) {
        int size = status.getJson().size();
        if (size > server.limits().statusBytes()) {
            throw new ProtocolException("status of " + size + " bytes, allowed are "
                    + server.limits().statusBytes());
        }
        Json.requireObject(status.getJson(), "status");
        follower.status(
                status.getAppliedRevision(),
                status.getForwarding(),
                status.getJson().toStringUtf8());
    }

    private void replied(QueryReply reply) {
        if (reply.getError().isEmpty()) {
            Json.requireArray(reply.getJson(), "query reply");
        }
        QueryBook book = queries;
        if (book != null && !book.reply(reply)) {
            log.debug("{} answered query {} too late", name(), reply.getId());
        }
    }

    /** As {@link Followers#query}. */
    CompletableFuture<QueryResult> query(String kind, Map<String, String> filter, int limit) {
        CompletableFuture<QueryResult> answer = new CompletableFuture<>();
        if (!onLoop(() -> ask(answer, kind, filter, limit))) {
            return QueryBook.unavailable(follower().node(), "is not connected");
        }
        return answer;
    }

    private void ask(CompletableFuture<QueryResult> answer, String kind, Map<String, String> filter, int limit) {
        QueryBook book = queries;
        if (book == null || phase == Phase.OVER) {
            fail(answer, "is not connected");
        } else if (!channel.isWritable()) {
            fail(answer, "does not read");
        } else {
            long id = book.add(answer);
            if (id == 0) {
                return;
            }
            int rows = limit <= 0
                    ? server.limits().queryRows()
                    : Math.min(limit, server.limits().queryRows());
            Query query = Query.newBuilder()
                    .setId(id)
                    .setKind(kind)
                    .putAllFilter(filter)
                    .setLimit(rows)
                    .build();
            send(ServerFrame.newBuilder().setQuery(query).build());
            long timeoutNanos = server.limits().queryTimeout().toNanos();
            var _ = channel.eventLoop().schedule(() -> expire(book, id), timeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void expire(QueryBook book, long id) {
        if (book.expire(id, "did not answer within " + server.limits().queryTimeout())) {
            server.metrics().error("query");
        }
    }

    private void fail(CompletableFuture<QueryResult> answer, String why) {
        answer.completeExceptionally(new FollowerUnavailableException(name() + " " + why));
    }

    /** Tells the peer why, and ends the connection. */
    void refuse(String code, String reason) {
        onLoop(() -> {
            if (phase == Phase.OVER) {
                return;
            }
            if (code.equals("shutting-down")) {
                log.info("{} at {} is told that the manager stops", name(), remoteAddress());
            } else {
                log.warn("{} at {} is refused: {}: {}", name(), remoteAddress(), code, reason);
                server.metrics().error(code.equals("protocol") ? "protocol" : "refused");
            }
            if (channel.isWritable()) {
                send(ServerFrame.newBuilder()
                        .setRefusal(Refusal.newBuilder().setCode(code).setReason(reason))
                        .build());
                closeLater();
            } else {
                var _ = channel.close();
            }
            over();
        });
    }

    /** Closing at once could reset the connection before the peer has read the reason. */
    private void closeLater() {
        var timer = channel.eventLoop().schedule(this::closeNow, REFUSAL_GRACE_MS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener((ChannelFutureListener) _ -> timer.cancel(false));
    }

    private void closeNow() {
        var _ = channel.close();
    }

    private void timeout(String why) {
        log.warn("{}", why);
        server.metrics().error("timeout");
        var _ = channel.close();
    }

    private void over() {
        phase = Phase.OVER;
        snapshot = null;
        server.snapshotLine().leave(this);
        if (queries != null) {
            queries.failAll("went away");
        }
        if (entry != null) {
            entry.disconnect(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (phase != Phase.OVER) {
            log.info("{} at {} went away", name(), remoteAddress());
        }
        over();
        server.sessions().remove(this);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        stalled = !channel.isWritable();
        stalledSinceNanos = System.nanoTime();
        pump();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof IdleStateEvent idle)) {
            ctx.fireUserEventTriggered(event);
        } else if (idle.state() == IdleState.READER_IDLE) {
            timeout(name() + " has sent nothing for " + server.limits().idleTimeout());
        } else if (entry != null && phase != Phase.OVER && channel.isWritable()) {
            send(ServerFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case ProtocolException e -> refuse("protocol", String.valueOf(e.getMessage()));
            case net.nvgate.fabric.model.ModelException e -> refuse("protocol", String.valueOf(e.getMessage()));
            case IOException e -> {
                server.metrics().error("io");
                log.info("Connection of {} at {} broke: {}", name(), remoteAddress(), e.getMessage());
                var _ = channel.close();
            }
            default -> {
                server.metrics().error("internal");
                log.error("Connection of {} at {} is closed", name(), remoteAddress(), cause);
                var _ = channel.close();
            }
        }
    }

    private void send(ServerFrame frame) {
        server.metrics().frame("out", frame.getBodyCase());
        var _ = channel.writeAndFlush(Frames.encode(channel.alloc(), frame));
    }

    private boolean onLoop(Runnable task) {
        try {
            if (channel.eventLoop().inEventLoop()) {
                task.run();
            } else {
                channel.eventLoop().execute(task);
            }
            return true;
        } catch (RejectedExecutionException e) {
            log.debug("The server has stopped; nothing more for {}", remoteAddress());
            return false;
        }
    }

    private FollowerEntry follower() {
        if (entry == null) {
            throw new IllegalStateException("no Hello yet");
        }
        return entry;
    }

    private String name() {
        return entry == null ? "A peer" : entry.node().toString();
    }

    private String remoteAddress() {
        return String.valueOf(channel.remoteAddress());
    }
}
