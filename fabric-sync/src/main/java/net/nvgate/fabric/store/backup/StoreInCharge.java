package net.nvgate.fabric.store.backup;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import net.nvgate.fabric.store.Fence;
import net.nvgate.fabric.store.StorePlace;
import net.nvgate.fabric.store.StoreSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the place to open when a manager starts: where its configuration says, or where its store was moved to. */
public final class StoreInCharge {

    private static final Logger LOG = LoggerFactory.getLogger(StoreInCharge.class);

    private StoreInCharge() {}

    /**
     * The name of the place to open. A move that was broken off is settled first: if its new store was not put in place, the
     * old one goes on.
     *
     * @param configured name of the place that the configuration says
     * @param places by name
     */
    public static String find(
            MoveJournal journal, String configured, Function<String, StorePlace> places, Clock clock) {
        Optional<MoveJournal.Entry> found = journal.read();
        if (found.isEmpty()) {
            return configured;
        }
        MoveJournal.Entry move = found.get();
        if (!move.done()) {
            return settle(journal, move, places, clock);
        }
        if (configured.equals(move.to())) {
            journal.clear();
        } else {
            LOG.warn(
                    "the store was moved to {}; the configuration still says {}: change store.type",
                    places.apply(move.to()).describe(),
                    configured);
        }
        return move.to();
    }

    private static String settle(
            MoveJournal journal, MoveJournal.Entry move, Function<String, StorePlace> places, Clock clock) {
        StorePlace to = places.apply(move.to());
        boolean moved = to.settle(move.token());
        try (StoreSource source = places.apply(move.from()).exclusive()) {
            source.fence(moved ? Fence.moved(to.describe(), clock.instant()) : Fence.NONE);
        }
        if (moved) {
            LOG.warn("the store was moved to {}: change store.type", to.describe());
            journal.write(new MoveJournal.Entry(move.from(), move.to(), move.token(), true));
            return move.to();
        }
        LOG.warn("a move of the store to {} was broken off; the store stays where it was", to.describe());
        journal.clear();
        return move.from();
    }
}
