package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.v1.ClientFrame;

/** The manager's end of the sync stream in one thread: real sessions, whose questions are answered when it is told to. */
public final class SimulatedServer {

    private final SyncServerLimits limits = SyncServerLimits.defaults();
    private final SteppedExecutor planning = new SteppedExecutor();
    private final ServerContext context;
    private final PolicySource.Subscription subscription;
    /** Before any session was opened, so that none of them is ever late. */
    private final long started = System.nanoTime();

    public SimulatedServer(PolicySource source, String fabricId) {
        MeterRegistry registry = new CompositeMeterRegistry(); // without a registry in it, meters do nothing
        Set<ServerSession> sessions = new LinkedHashSet<>();
        context = new ServerContext(
                limits,
                fabricId,
                new FollowerRegistry(Clock.systemUTC(), registry, SyncObserver.NONE),
                new PolicyPlanner(source, new SharedDeltas(0, registry), limits.frameBytes(), planning),
                new SnapshotLine(1),
                new Doorkeeper("simulation", limits.connections(), () -> {}),
                TransportSecurity.none(),
                sessions,
                new SyncMetrics(registry),
                ServerContext.counter(registry, "snapshots", ""),
                ServerContext.counter(registry, "deltas", ""),
                ServerContext.counter(registry, "nacks", ""));
        subscription = source.subscribe(context.followers());
    }

    /** A follower has connected. */
    EmbeddedChannel accept() {
        EmbeddedChannel channel = new EmbeddedChannel();
        ServerSession session = new ServerSession(context, channel);
        context.sessions().add(session);
        channel.pipeline()
                .addLast(new FrameDecoder<>(ClientFrame.parser(), limits.frameBytes()))
                .addLast(session);
        return channel;
    }

    /** One question is answered; false if there is none. */
    public boolean answer() {
        return planning.step();
    }

    /** What a server does every second. */
    public void tick() {
        long head = context.followers().notedRevision();
        List.copyOf(context.sessions()).forEach(session -> session.tick(head, started));
    }

    /** The process ends. */
    public void die() {
        planning.shutdownNow();
        subscription.close();
    }
}
