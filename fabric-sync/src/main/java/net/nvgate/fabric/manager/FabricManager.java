package net.nvgate.fabric.manager;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.manager.FabricSpec.Patch;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.store.FabricStore;

/**
 * The use cases of the fabric. Each change is one transaction of the store, checked against every invariant; lost races
 * are tried again. Methods block until the change is durable and visible to every later call here. Thread-safe.
 *
 * <p>Every method throws {@link FabricException} if it is refused.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class FabricManager implements AutoCloseable {

    /**
     * @param store outlives the manager; closed by its owner
     * @param random source of ids and of start values of allocation
     */
    public FabricManager(FabricStore store, RandomGenerator random, MeterRegistry metrics) {
        throw new UnsupportedOperationException();
    }

    /** Revision of the store that answers come from. */
    public long revision() {
        throw new UnsupportedOperationException();
    }

    public <T extends FabricObject> T create(FabricSpec<T> spec) {
        throw new UnsupportedOperationException();
    }

    public FabricObject get(Kind kind, UUID id) {
        throw new UnsupportedOperationException();
    }

    public <T extends FabricObject> T get(Class<T> type, UUID id) {
        throw new UnsupportedOperationException();
    }

    /** All objects of a kind, by name. */
    public List<FabricObject> list(Kind kind) {
        throw new UnsupportedOperationException();
    }

    /** Objects of a kind with this name: at most one, except for VM subnets. */
    public List<FabricObject> list(Kind kind, String name) {
        throw new UnsupportedOperationException();
    }

    /** Changes name or description. */
    public FabricObject patch(Kind kind, UUID id, Patch patch) {
        throw new UnsupportedOperationException();
    }

    /** Deletes an object that nothing needs, and frees what was allocated for it. */
    public void delete(Kind kind, UUID id) {
        throw new UnsupportedOperationException();
    }

    /** Live migration: the VM's addresses stay, the PA of its records becomes the new host's. */
    public Vm moveVm(UUID vmId, UUID hostId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
