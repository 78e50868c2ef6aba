package net.nvgate.fabric.sync;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.v1.Ack;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Hello;
import net.nvgate.fabric.sync.v1.Nack;
import net.nvgate.fabric.sync.v1.Ping;
import net.nvgate.fabric.sync.v1.Progress;
import net.nvgate.fabric.sync.v1.QueryReply;
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

    private static final long BEHIND_RETRY_NANOS = 50_000_000;

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
    private final SessionChannel peer;
    private final long openedNanos = System.nanoTime();
    private final AtomicBoolean awake = new AtomicBoolean();

    private Phase phase = Phase.HELLO;
    private @Nullable FollowerEntry entry;
    private @Nullable SessionQueries queries;
    private @Nullable SnapshotSender snapshot;

    /** The follower has been sent everything up to here. */
    private long sentRevision;

    /** Since when this manager is behind the follower, 0 = it is not. */
    private long behindSinceNanos;

    private long stalledSinceNanos;
    private boolean stalled;

    ServerSession(ServerContext server, Channel channel) {
        this.server = server;
        this.channel = channel;
        this.peer = new SessionChannel(channel, server.metrics());
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
        switch (Greeting.of(hello, server, channel)) {
            case Greeting.Refused(String code, String reason) -> refuse(code, reason);
            case Greeting.Accepted accepted -> {
                phase = Phase.CHECKING;
                server.planner().known(accepted.node(), plan -> peer.onLoop(() -> checked(accepted, plan)));
            }
        }
    }

    private void checked(Greeting.Accepted accepted, Plan plan) {
        if (phase != Phase.CHECKING) {
            return;
        }
        if (plan instanceof Plan.Known known) {
            welcome(accepted, known.head());
        } else {
            refuseBy(accepted.node(), plan);
        }
    }

    private void welcome(Greeting.Accepted accepted, long head) {
        server.door().known(channel);
        NodeId node = accepted.node();
        long held = accepted.held();
        FollowerEntry follower = server.followers().entry(node);
        entry = follower;
        queries = new SessionQueries(node, server, peer);
        sentRevision = held;
        ServerSession previous = follower.connect(this, peer.remoteAddress(), accepted.software(), held);
        if (previous != null) {
            previous.refuse("duplicate", node + " connected again from " + peer.remoteAddress());
        }
        log.info("{} connected from {}, holds revision {}, head is {}", node, peer.remoteAddress(), held, head);
        peer.send(ServerFrame.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setSchema(Frames.SCHEMA)
                        .setFabricId(server.fabricId())
                        .setRevision(head))
                .build());
        phase = Phase.PLANNING;
        accepted.wantsSnapshot(follower.isRejected())
                .ifPresentOrElse(
                        why -> follow(new Plan.NeedsSnapshot(why)),
                        () -> server.planner().changes(node, held, this::planned));
    }

    private void planned(Plan plan) {
        peer.onLoop(() -> {
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
            case Plan.Behind _ -> awaitOwnPolicy(follower);
            case Plan.NeedsSnapshot needs -> lineUp(follower, needs.why());
            case Plan.Strange strange -> {
                sentRevision = 0;
                follower.hasNothing();
                lineUp(follower, "the store has no revision " + strange.held());
            }
            case Plan.Whole whole -> {
                snapshot = new SnapshotSender(whole.snapshot(), server.limits().chunkBytes());
                phase = Phase.SNAPSHOT;
                follower.desire(snapshot.revision());
                server.snapshots().increment();
                peer.send(snapshot.begin());
                pump();
            }
            case Plan.Known _, Plan.Unknown _, Plan.Failed _ -> refuseBy(follower.node(), plan);
        }
    }

    private void lineUp(FollowerEntry follower, String why) {
        log.info("{} gets a snapshot: {}", follower.node(), why);
        phase = Phase.IN_LINE;
        server.snapshotLine().enter(this);
    }

    /** The follower has it from another manager; this one will be there in a moment, or sends it to others. */
    private void awaitOwnPolicy(FollowerEntry follower) {
        long now = System.nanoTime();
        behindSinceNanos = behindSinceNanos == 0 ? now : behindSinceNanos;
        if (now - behindSinceNanos > server.limits().behindTimeout().toNanos()) {
            refuse("behind", "this manager has not reached revision " + sentRevision + " yet");
            return;
        }
        peer.afterNanos(BEHIND_RETRY_NANOS, () -> {
            if (phase == Phase.PLANNING) {
                server.planner().changes(follower.node(), sentRevision, this::planned);
            }
        });
    }

    private void refuseBy(NodeId node, Plan plan) {
        if (plan instanceof Plan.Failed failed) {
            refuse("busy", failed.reason());
        } else {
            refuse("unknown-node", "the fabric has no " + node);
        }
    }

    /** Written, and not yet taken by the socket. Any thread. */
    long unsentBytes() {
        return peer.unsentBytes();
    }

    /** The policy of the node may have changed. */
    void wake() {
        if (awake.compareAndSet(false, true)) {
            peer.onLoop(() -> {
                awake.set(false);
                pump();
            });
        }
    }

    /** It is this session's turn to send a snapshot. */
    void snapshotTurn() {
        peer.onLoop(() -> {
            if (phase == Phase.IN_LINE) {
                phase = Phase.PLANNING;
                server.planner().whole(follower().node(), this::planned);
            }
        });
    }

    /** Sends the next thing there is to send, if the socket takes it. */
    private void pump() {
        if (!peer.isWritable()) {
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
            peer.send(sender.chunk());
            // One chunk at a time: other sessions of this event loop have their turn in between.
            peer.laterOnLoop(this::pump);
            return;
        }
        peer.send(sender.end());
        sentRevision = sender.revision();
        follower().sent(sentRevision);
        snapshot = null;
        phase = Phase.FOLLOWING;
        server.snapshotLine().leave(this);
        pump();
    }

    private void delta(FollowerEntry follower, Plan.Changes changes) {
        follower.desire(changes.to());
        peer.sendDelta(changes);
        server.deltas().increment();
        sentRevision = changes.to();
        follower.sent(sentRevision);
    }

    private void progress(FollowerEntry follower, long revision) {
        follower.desire(revision);
        peer.send(ServerFrame.newBuilder()
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
        peer.onLoop(() -> {
            if (entry == null
                    && phase != Phase.OVER
                    && nowNanos - openedNanos > server.limits().helloTimeout().toNanos()) {
                timeout("no Hello from " + peer.remoteAddress() + " within "
                        + server.limits().helloTimeout());
            } else if (stalled
                    && nowNanos - stalledSinceNanos
                            > server.limits().stallTimeout().toNanos()) {
                server.metrics().error("stall");
                log.warn(
                        "{} has not read for {}; it is disconnected",
                        name(),
                        server.limits().stallTimeout());
                peer.close();
            } else if (phase == Phase.FOLLOWING
                    && head > sentRevision
                    && follower().touchedRevision() <= sentRevision
                    && peer.isWritable()) {
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
        follower.rejected(nack.getRevision(), nack.getKey(), nack.getReason());
        over();
        peer.closeLater();
    }

    private void status(FollowerEntry follower, Status status) {
        int size = status.getJson().size();
        if (size > server.limits().statusBytes()) {
            throw new ProtocolException("status of " + size + " bytes, allowed are "
                    + server.limits().statusBytes());
        }
        Json.requireObject(status.getJson(), "status");
        // What it has from before the store was restored is none of this store's revisions.
        long applied = status.getAppliedRevision();
        follower.status(
                applied <= sentRevision ? applied : 0,
                status.getForwarding(),
                status.getJson().toStringUtf8());
    }

    private void replied(QueryReply reply) {
        if (queries != null) {
            queries.replied(reply);
        }
    }

    /** As {@link Followers#query}. */
    CompletableFuture<QueryResult> query(String kind, Map<String, String> filter, int limit) {
        CompletableFuture<QueryResult> answer = new CompletableFuture<>();
        if (!peer.onLoop(() -> ask(answer, kind, filter, limit))) {
            return QueryBook.unavailable(follower().node(), "is not connected");
        }
        return answer;
    }

    private void ask(CompletableFuture<QueryResult> answer, String kind, Map<String, String> filter, int limit) {
        if (queries == null || phase == Phase.OVER) {
            answer.completeExceptionally(new FollowerUnavailableException(name() + " is not connected"));
        } else {
            queries.ask(answer, kind, filter, limit);
        }
    }

    /** Tells the peer why, and ends the connection. */
    void refuse(String code, String reason) {
        peer.onLoop(() -> {
            if (phase == Phase.OVER) {
                return;
            }
            if (code.equals("shutting-down")) {
                log.info("{} at {} is told that the manager stops", name(), peer.remoteAddress());
            } else {
                log.warn("{} at {} is refused: {}: {}", name(), peer.remoteAddress(), code, reason);
                server.metrics().error(code.equals("protocol") ? "protocol" : "refused");
            }
            peer.refuse(code, reason);
            over();
        });
    }

    private void timeout(String why) {
        log.warn("{}", why);
        server.metrics().error("timeout");
        peer.close();
    }

    private void over() {
        phase = Phase.OVER;
        snapshot = null;
        server.snapshotLine().leave(this);
        if (queries != null) {
            queries.failAll();
        }
        if (entry != null) {
            entry.disconnect(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (phase == Phase.HELLO) {
            log.debug("{} at {} went away", name(), peer.remoteAddress());
        } else if (phase != Phase.OVER) {
            log.info("{} at {} went away", name(), peer.remoteAddress());
        }
        over();
        server.sessions().remove(this);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        stalled = !peer.isWritable();
        stalledSinceNanos = System.nanoTime();
        // Not at once: this comes from within a write, before that write is noted as sent.
        peer.laterOnLoop(this::pump);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof IdleStateEvent idle)) {
            ctx.fireUserEventTriggered(event);
        } else if (idle.state() == IdleState.READER_IDLE) {
            timeout(name() + " has sent nothing for " + server.limits().idleTimeout());
        } else if (entry != null && phase != Phase.OVER && peer.isWritable()) {
            peer.send(
                    ServerFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case ProtocolException e -> refuse("protocol", String.valueOf(e.getMessage()));
            case net.nvgate.fabric.model.ModelException e -> refuse("protocol", String.valueOf(e.getMessage()));
            case IOException e -> {
                server.metrics().error("io");
                log.info("Connection of {} at {} broke: {}", name(), peer.remoteAddress(), e.getMessage());
                peer.close();
            }
            default -> {
                server.metrics().error("internal");
                log.error("Connection of {} at {} is closed", name(), peer.remoteAddress(), cause);
                peer.close();
            }
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
}
