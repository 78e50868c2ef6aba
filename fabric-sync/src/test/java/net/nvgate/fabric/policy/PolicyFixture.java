package net.nvgate.fabric.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.SqliteStore;

/**
 * A fabric and its policy, brought up to date revision by revision when it is asked for; after each it is compared with the
 * policy that the same model gives from scratch.
 */
final class PolicyFixture implements AutoCloseable {

    final FabricStore store;
    final TestFabric fabric;
    private final ProjectionState state = new ProjectionState(0, List.of());
    private final Map<UUID, FabricObject> model = new HashMap<>();

    PolicyFixture(Path directory, long seed) {
        this(directory, seed, "");
    }

    /** @param more fields of the PA network in JSON, each with a comma before it */
    PolicyFixture(Path directory, long seed, String more) {
        store = SqliteStore.open(directory);
        fabric = new TestFabric(store, seed, more);
    }

    static NodeId host(String name) {
        return new NodeId(NodeId.Kind.HOST, name);
    }

    static NodeId gateway(String name) {
        return new NodeId(NodeId.Kind.GATEWAY, name);
    }

    /** A node's policy by key. */
    Map<String, PolicyObject> policy(NodeId node) {
        catchUp();
        return byKey(state, node);
    }

    /** What the revisions since the last question were to a node. */
    List<PolicyChange> news(NodeId node) {
        List<PolicyChange> changes = new ArrayList<>();
        List<Slice> slices = catchUp();
        UUID id = state.id(node).orElseThrow();
        slices.stream()
                .filter(slice -> slice.audience().contains(id))
                .forEach(slice -> changes.addAll(slice.changes()));
        return changes;
    }

    private List<Slice> catchUp() {
        List<Slice> slices = new ArrayList<>();
        for (RevisionChanges changes : store.changes(state.revision(), Integer.MAX_VALUE)) {
            slices.addAll(state.apply(changes).slices());
            changes.changes().forEach(this::remember);
            assertIsAsFromScratch(state, model);
        }
        return slices;
    }

    private void remember(ObjectChange change) {
        change.after().ifPresentOrElse(object -> model.put(object.id(), object), () -> model.remove(change.id()));
    }

    static void assertIsAsFromScratch(ProjectionState state, Map<UUID, FabricObject> model) {
        ProjectionState scratch = new ProjectionState(state.revision(), model.values());
        assertThat(state.nodes()).isEqualTo(scratch.nodes());
        for (NodeId node : scratch.nodes()) {
            assertThat(byKey(state, node))
                    .as(node + " at revision " + state.revision())
                    .isEqualTo(byKey(scratch, node));
        }
    }

    static Map<String, PolicyObject> byKey(ProjectionState state, NodeId node) {
        Map<String, PolicyObject> policy = new HashMap<>();
        for (PolicyObject object : state.policy(state.id(node).orElseThrow())) {
            assertThat(policy.put(object.key(), object))
                    .as("key twice: " + object.key())
                    .isNull();
        }
        return policy;
    }

    @Override
    public void close() {
        fabric.close();
        store.close();
    }
}
