package net.nvgate.fabric.convergence;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.store.Closing;
import net.nvgate.fabric.store.ManagerBoard;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.sync.Followers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * What the other managers of the store see of the nodes that follow them. Each manager leaves its view on the {@link ManagerBoard}, and reads
 * those of the others:
 *
 * <pre>
 *  Followers ──every second, if it has changed──▶ board (etcd, with a lease of 15 s) ──every second──▶ other managers
 * </pre>
 *
 * Where the store has no board there are no other managers. While the board cannot be reached, what it said last stays. Thread-safe.
 */
public final class OtherManagers implements AutoCloseable {

    /** How long a manager that is silent counts as there. */
    private static final Duration LIFE = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(OtherManagers.class);
    private static final long ROUND_MILLIS = 1_000;
    private static final int NOTE_TEXT_BYTES_MAX = 64 << 20;

    private final String name;
    private final Supplier<Optional<ManagerBoard>> board;
    private final Followers followers;
    private final Predicate<NodeId> known;
    private final UUID id = UUID.randomUUID();
    private final Closing closing = new Closing();
    private final Thread thread;

    /** The best of what others have told, also of those that are gone. */
    private volatile Map<NodeId, Elsewhere> nodes = Map.of();

    private String lastTrouble = "";

    /** @param manager name of the manager that has seen it */
    record Elsewhere(String manager, Seen seen) {}

    /** What a manager leaves. */
    record Note(String manager, List<Seen> nodes) {}

    /**
     * @param name of this manager
     * @param board of the present store
     * @param followers of this manager
     * @param known nodes of the fabric
     */
    public OtherManagers(
            String name, Supplier<Optional<ManagerBoard>> board, Followers followers, Predicate<NodeId> known) {
        this.name = name;
        this.board = board;
        this.followers = followers;
        this.known = known;
        this.thread = Thread.ofPlatform().daemon().name("other-managers").start(this::run);
    }

    private void run() {
        while (!closing.within(ROUND_MILLIS)) {
            try {
                board.get().ifPresent(this::round);
                lastTrouble = "";
            } catch (StoreException e) {
                tell(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.error("managers cannot tell each other of their followers: {}", e.toString(), e);
            }
        }
        try {
            board.get().ifPresent(present -> present.remove(id));
        } catch (StoreException e) {
            LOG.debug("the note stays until its lease ends: {}", e.getMessage());
        }
    }

    private void tell(String trouble) {
        if (!trouble.equals(lastTrouble) && !closing.isClosed()) {
            lastTrouble = trouble;
            LOG.warn("other managers' followers are not known at present: {}", trouble);
        }
    }

    private void round(ManagerBoard present) {
        byte[] note = encode(new Note(
                name, followers.all().stream().map(Seen::of).map(Seen::told).toList()));
        if (note.length <= ManagerBoard.NOTE_BYTES_MAX) {
            present.leave(id, note, LIFE);
        } else {
            tell("what there is to say of followers has " + note.length + " bytes, too many for a note");
        }
        Map<NodeId, Elsewhere> next = new HashMap<>();
        present.read().forEach((manager, bytes) -> {
            if (!manager.equals(id)) {
                decode(manager, bytes).ifPresent(told -> told.nodes().forEach(seen -> add(next, told.manager(), seen)));
            }
        });
        nodes.forEach((node, last) -> {
            if (!next.containsKey(node)) {
                next.put(
                        node,
                        new Elsewhere(
                                last.manager(),
                                last.seen().connected() ? last.seen().gone() : last.seen()));
            }
        });
        next.keySet().removeIf(known.negate());
        nodes = Map.copyOf(next);
    }

    private static void add(Map<NodeId, Elsewhere> all, String manager, Seen seen) {
        Elsewhere other = all.get(seen.node());
        if (other == null || seen.isBetterThan(other.seen())) {
            all.put(seen.node(), new Elsewhere(manager, seen));
        }
    }

    private static byte[] encode(Note note) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            FabricJson.mapper().writeValue(out, note);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Empty if it cannot be read: that of another version, maybe. */
    private static Optional<Note> decode(UUID manager, byte[] bytes) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return Optional.of(FabricJson.mapper().readValue(in.readNBytes(NOTE_TEXT_BYTES_MAX), Note.class));
        } catch (IOException | JacksonException e) {
            LOG.debug("the note of manager {} cannot be read: {}", manager, e.toString());
            return Optional.empty();
        }
    }

    Optional<Elsewhere> find(NodeId node) {
        return Optional.ofNullable(nodes.get(node));
    }

    /** Takes the note back, if the store answers soon. */
    @Override
    public void close() {
        closing.close();
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
