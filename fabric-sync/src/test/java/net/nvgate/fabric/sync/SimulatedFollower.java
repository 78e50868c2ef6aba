package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.ServerFrame;
import org.jspecify.annotations.Nullable;

/** A follower in one thread: real session, applier and cache; connections, frames and steps of applying come when they are told to. */
public final class SimulatedFollower implements AutoCloseable {

    /** What a crash leaves of the cache. */
    public enum Remains {
        ALL,
        AN_OLDER_FILE,
        A_PART,
        NOTHING
    }

    private static final FollowerState STATE = new FollowerState() {
        @Override
        public boolean forwarding() {
            return true;
        }

        @Override
        public String statusJson() {
            return "{}";
        }

        @Override
        public QueryResult query(String kind, Map<String, String> filter, int limit) {
            throw new IllegalArgumentException(kind);
        }
    };

    private final MeterRegistry registry = new CompositeMeterRegistry(); // without a registry in it, meters do nothing
    private final SyncClientConfig config;
    private final Path file;
    private final Path older;
    private SteppedExecutor applying = new SteppedExecutor();
    private RecordingTarget target = new RecordingTarget();
    private PolicyCache cache;
    private PolicyApplier applier;
    private String lastEnd = "";
    private @Nullable SimulatedLink link;
    /** Connections that have ended here, and that a manager may still believe in. */
    private final List<SimulatedLink> past = new ArrayList<>();

    /** @param directory for its cache, empty */
    public SimulatedFollower(NodeId node, Path directory) throws IOException {
        config = SyncClientConfig.of("manager", SyncServerConfig.DEFAULT_PORT, node, directory, "simulation");
        file = directory.resolve(CacheFile.NAME);
        older = directory.resolve("older");
        cache = cache();
        applier = start();
    }

    private PolicyCache cache() throws IOException {
        return new PolicyCache(config.stateDirectory(), node(), config.limits().cache(), registry);
    }

    private ClientMetrics metrics() {
        return new ClientMetrics(new CompositeMeterRegistry(), () -> new SyncClient.State(false, "", 0, ""));
    }

    private PolicyApplier start() throws IOException {
        PolicyApplier fresh =
                new PolicyApplier(target, cache, metrics(), config.limits().objects());
        cache.load().ifPresent(fresh::start);
        return fresh;
    }

    /** Why a connection ended last. */
    public String lastEnd() {
        return lastEnd;
    }

    public NodeId node() {
        return config.node();
    }

    public boolean isConnected() {
        return link != null && link.isOpen();
    }

    public void connect(SimulatedServer server) {
        end();
        EmbeddedChannel channel = new EmbeddedChannel(DefaultChannelId.newInstance(), false, false);
        ClientSession session = new ClientSession(
                config,
                channel,
                applying,
                Runnable::run,
                applier,
                STATE,
                metrics(),
                over -> lastEnd = over.endReason());
        channel.pipeline()
                .addLast(
                        new FrameDecoder<>(ServerFrame.parser(), config.limits().frameBytes()))
                .addLast(session);
        link = new SimulatedLink(channel, server.accept());
        try {
            channel.register();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The connection ends, as the follower sees it. */
    public void end() {
        if (link != null) {
            link.endAtClient();
            past.add(link);
        }
        link = null;
    }

    /** Managers see which connections have ended. */
    public void endAtServer() {
        if (!isConnected()) {
            end();
        }
        past.forEach(SimulatedLink::endAtServer);
        past.clear();
    }

    /** One frame to the manager arrives. */
    public boolean send() {
        return link != null && link.deliverUp();
    }

    /** One frame of the manager arrives. */
    public boolean receive() {
        return link != null && link.deliverDown();
    }

    /** The next frame of the manager comes twice. */
    public void receiveTwice() {
        if (link != null) {
            link.repeatDown();
        }
    }

    /** Whether the follower reads. */
    public void reading(boolean does) {
        if (link != null) {
            link.writable(does);
        }
    }

    /** One step of applying; false if there is nothing to do. */
    public boolean apply() {
        return applying.step();
    }

    /** Revision of the policy that is applied, 0 = none. */
    public long revision() {
        return applier.held().revision();
    }

    public Set<PolicyObject> policy() {
        return Set.copyOf(target.policy());
    }

    /** The process dies and starts again. The manager does not know yet. */
    public void restart(Remains remains, int seed) throws IOException {
        end();
        cache.close();
        applying = new SteppedExecutor();
        switch (remains) {
            case ALL -> keep();
            case AN_OLDER_FILE -> {
                if (Files.exists(older)) {
                    Files.copy(older, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            case A_PART -> {
                keep();
                cut(seed);
            }
            case NOTHING -> Files.deleteIfExists(file);
        }
        target = new RecordingTarget();
        cache = cache();
        applier = start();
    }

    private void keep() throws IOException {
        if (Files.exists(file)) {
            Files.copy(file, older, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void cut(int seed) throws IOException {
        if (Files.exists(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Math.floorMod(seed, channel.size() + 1));
            }
        }
    }

    @Override
    public void close() throws IOException {
        end();
        endAtServer();
        cache.close();
        for (String name : new String[] {"", ".new", ".bad"}) {
            Files.deleteIfExists(config.stateDirectory().resolve(CacheFile.NAME + name));
        }
        Files.deleteIfExists(older);
    }
}
