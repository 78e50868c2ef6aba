package net.nvgate.fabric.store.backup;

import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;

import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.StoreException;

/**
 * A manager that moves its store while others write to it, and stops where it is told, to be killed. A child process of {@link
 * StoreMoveCrashTest}. Prints the id of each object that was acknowledged, and {@code PHASE NAME} where it stops.
 */
final class StoreMoverMain {

    private static final int THREADS = 3;
    private static final long HISTORY = 100_000;

    private StoreMoverMain() {}

    /** Arguments: state directory, etcd endpoint, prefix, name of the new place, phase to stop in. */
    public static void main(String[] args) {
        MovePlaces places = new MovePlaces(Path.of(args[0]), args[1], args[2]);
        String to = args[3];
        String from = places.other(to);
        StoreMove.Phase stop = StoreMove.Phase.valueOf(args[4]);
        MovableStore store = new MovableStore(places.inCharge(from).open(HISTORY, Clock.systemUTC()));
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> write(store));
        }
        new StoreMove(
                        store,
                        places.named(from),
                        places.named(to),
                        places.journal(),
                        HISTORY,
                        Clock.systemUTC(),
                        phase -> stopAt(stop, phase))
                .run(false);
    }

    private static void stopAt(StoreMove.Phase stop, StoreMove.Phase now) {
        if (now == stop) {
            System.out.println("PHASE " + now);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void write(MovableStore store) {
        while (!System.out.checkError()) {
            LogicalNetwork network = network(UUID.randomUUID().toString());
            try {
                if (store.apply(puts(network)) instanceof Outcome.Committed) {
                    System.out.println(network.id());
                }
            } catch (StoreException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}
