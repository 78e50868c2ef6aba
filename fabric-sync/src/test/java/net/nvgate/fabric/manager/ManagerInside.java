package net.nvgate.fabric.manager;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.StoreSnapshot;

/** What only a simulation may see of a manager. */
public final class ManagerInside {

    private ManagerInside() {}

    /** A manager that waits for nothing: what it does not see at once is late. */
    public static FabricManager start(FabricStore store, RandomGenerator random, MeterRegistry metrics) {
        return new FabricManager(store, random, metrics, Duration.ZERO);
    }

    /** Ids of the objects that need this one. */
    public static Set<UUID> users(FabricManager manager, UUID id) {
        return manager.read(index -> Set.copyOf(index.users(id)));
    }

    /** @throws AssertionError unless the manager's index is what the store's content gives from scratch */
    public static void assertIndexIsAsFromScratch(FabricManager manager, StoreSnapshot snapshot) {
        assertIndexIs(indexFromScratch(snapshot), manager);
    }

    /** All of an index made of this content, as values that can be compared. */
    public static Object indexFromScratch(StoreSnapshot snapshot) {
        return Objects.requireNonNull(Structure.of(new FabricIndex(snapshot)));
    }

    /** @throws AssertionError unless the manager's index is {@link #indexFromScratch} */
    public static void assertIndexIs(Object scratch, FabricManager manager) {
        Object followed = manager.read(Structure::of);
        if (!Objects.equals(scratch, followed)) {
            StringBuilder differences = new StringBuilder("the index is not as from scratch:");
            Map<?, ?> wanted = (Map<?, ?>) scratch;
            Map<?, ?> found = (Map<?, ?>) Objects.requireNonNull(followed);
            wanted.forEach((field, value) -> {
                if (!Objects.equals(value, found.get(field))) {
                    differences
                            .append("\n  ")
                            .append(field)
                            .append(" should be ")
                            .append(value);
                    differences.append("\n  but is ").append(found.get(field));
                }
            });
            throw new AssertionError(differences.toString());
        }
    }
}
