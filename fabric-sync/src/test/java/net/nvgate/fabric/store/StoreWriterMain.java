package net.nvgate.fabric.store;

import java.nio.file.Path;
import java.util.UUID;
import net.nvgate.fabric.model.LogicalNetwork;

/** Writes to a SQLite store until it is killed. A child process of {@link SqliteStoreTest}. */
final class StoreWriterMain {

    private static final int THREADS = 4;

    private StoreWriterMain() {}

    public static void main(String[] args) {
        FabricStore store = SqliteStore.open(Path.of(args[0]));
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> write(store));
        }
    }

    private static void write(FabricStore store) {
        while (!System.out.checkError()) {
            LogicalNetwork network = TestObjects.network(UUID.randomUUID().toString());
            Outcome outcome = store.apply(
                    TestObjects.puts(network, TestObjects.site("site-" + network.name(), network.id(), "10.0.0.0/24")));
            if (outcome instanceof Outcome.Committed) {
                System.out.println(network.id());
            }
        }
    }
}
