package net.nvgate.mgmt;

import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.StorePlace;
import net.nvgate.fabric.store.StoreSource;
import net.nvgate.fabric.store.backup.BackupFile;
import net.nvgate.fabric.store.backup.MovableStore;
import net.nvgate.fabric.store.backup.MoveJournal;
import net.nvgate.fabric.store.backup.StoreInCharge;
import net.nvgate.fabric.store.backup.StoreMove;
import net.nvgate.mgmt.api.StoreAdmin;
import net.nvgate.mgmt.config.ManagerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store that is in charge, and moves it while the manager runs. */
final class StoreKeeper implements StoreAdmin, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreKeeper.class);
    private static final long STOP_MILLIS_MAX = 500;

    private final Supplier<ManagerConfig> configuration;
    private final StorePlace embedded;
    private final MoveJournal journal;
    private final Path scratch;
    private final long historyRevisions;
    private final Clock clock;
    private final MovableStore store;
    private volatile Type type;
    private volatile StorePlace place;
    private volatile Optional<Move> last = Optional.empty();
    private @Nullable Thread mover;

    /** @param configuration reads the file, which may have changed since the start */
    StoreKeeper(ManagerConfig config, Supplier<ManagerConfig> configuration, Clock clock) {
        this.configuration = configuration;
        this.clock = clock;
        journal = new MoveJournal(config.stateDirectory());
        scratch = config.stateDirectory().resolve("tmp");
        historyRevisions = config.store().historyRevisions();
        type = Type.valueOf(
                StoreInCharge.find(journal, name(config), name -> Stores.place(config, Type.valueOf(name)), clock));
        place = Stores.place(config, type);
        embedded = Stores.place(config, Type.SQLITE);
        store = new MovableStore(place.open(historyRevisions, clock));
    }

    private static String name(ManagerConfig config) {
        return config.store().type().name();
    }

    FabricStore store() {
        return store;
    }

    @Override
    public Path scratch() {
        return scratch;
    }

    /** The state directory stays; the cluster may be new in the file. */
    private StorePlace destination(Type to) {
        try {
            return to == Type.SQLITE ? embedded : Stores.place(configuration.get(), to);
        } catch (ConfigException e) {
            throw new Refused(
                    e.getMessage() + "; the configuration file says where to move the store, also while store.type is "
                            + type.name().toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public View view() {
        return new View(type, place.describe(), store.fabricId(), store.head(), store.compacted(), last);
    }

    @Override
    public synchronized View move(MoveRequest request) {
        Type to = request.to();
        if (mover != null && mover.isAlive()) {
            throw new Refused("the store is being moved already");
        }
        if (to == type) {
            throw new Refused("the store is in " + place.describe() + " already");
        }
        StorePlace there = destination(to);
        String startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        Move begun = new Move(to, there.describe(), Phase.COPYING, startedAt, Optional.empty(), Optional.empty());
        last = Optional.of(begun);
        StoreMove move = new StoreMove(
                store,
                new StoreMove.Named(type.name(), place),
                new StoreMove.Named(to.name(), there),
                journal,
                historyRevisions,
                clock,
                phase -> note(begun, there, phase));
        mover = Thread.ofPlatform()
                .name("store-move")
                .daemon()
                .start(() -> run(move, begun, request.replace().orElse(false)));
        return view();
    }

    private void run(StoreMove move, Move begun, boolean replace) {
        try {
            StoreMove.Result result = move.run(replace);
            last = Optional.of(at(begun, Phase.DONE, Optional.of(result.waited().toMillis()), Optional.empty()));
        } catch (RuntimeException e) {
            LOG.error("the store cannot be moved to {}: {}", begun.place(), e.toString(), e);
            last = Optional.of(at(begun, Phase.FAILED, Optional.empty(), Optional.of(String.valueOf(e.getMessage()))));
        }
    }

    private void note(Move begun, StorePlace there, StoreMove.Phase phase) {
        Phase told = switch (phase) {
            case COPYING -> Phase.COPYING;
            case FOLLOWING -> Phase.FOLLOWING;
            case SWITCHING, FENCED, IN_PLACE -> Phase.SWITCHING;
            case DONE -> {
                type = begun.to();
                place = there;
                yield Phase.SWITCHING;
            }
        };
        last = Optional.of(at(begun, told, Optional.empty(), Optional.empty()));
    }

    private static Move at(Move begun, Phase phase, Optional<Long> waitedMillis, Optional<String> problem) {
        return new Move(begun.to(), begun.place(), phase, begun.startedAt(), waitedMillis, problem);
    }

    @Override
    public Backup backup(Path file) {
        try (StoreSource source = place.shared()) {
            BackupFile.Summary written = BackupFile.write(source, file);
            return new Backup(written.fabricId(), written.revision(), written.sha256());
        }
    }

    /** A move that is not done is broken off: the next start settles it. */
    @Override
    public void close() {
        Thread moving;
        synchronized (this) {
            moving = mover;
        }
        if (moving != null) {
            moving.interrupt();
            try {
                moving.join(STOP_MILLIS_MAX);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        store.close();
    }
}
