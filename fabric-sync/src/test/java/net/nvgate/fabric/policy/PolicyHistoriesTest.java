package net.nvgate.fabric.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of a fabric: policy computed step by step equals, after each, policy computed from the model, and a follower
 * that stopped anywhere on the way catches up to it by the deltas, also from a manager that was restarted.
 */
@Timeout(300)
class PolicyHistoriesTest {

    private static final int OPERATIONS = 300;
    private static final int HISTORY = 150;

    @TempDir
    private Path directory;

    /** What a follower had at some revision. */
    private record Memory(NodeId node, UUID id, long revision, Map<String, PolicyObject> policy) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void stepByStepEqualsFromScratch(long seed) {
        List<Memory> memories = new ArrayList<>();
        long head;
        try (FabricStore store = SqliteStore.open(directory)) {
            RandomHistory.run(store, seed, OPERATIONS);
            head = store.head();
            List<RevisionChanges> log = store.changes(0, Integer.MAX_VALUE);
            ProjectionState steps = new ProjectionState(0, List.of());
            Map<UUID, FabricObject> model = new HashMap<>();
            for (RevisionChanges changes : log) {
                steps.apply(changes);
                changes.changes()
                        .forEach(change -> change.after()
                                .ifPresentOrElse(
                                        object -> model.put(object.id(), object), () -> model.remove(change.id())));
                PolicyFixture.assertIsAsFromScratch(steps, model);
                if (changes.revision() % 10 == 0) {
                    remember(steps, memories);
                }
            }
            assertThat(model.values())
                    .containsExactlyInAnyOrderElementsOf(store.snapshot().objects());
        }
        assertThat(memories).hasSizeGreaterThan(50);
        try (FabricStore reopened = SqliteStore.open(directory);
                PolicyProjection restarted = new PolicyProjection(reopened, HISTORY, new SimpleMeterRegistry())) {
            assertThat(restarted.revision()).isEqualTo(head);
            memories.forEach(memory -> catchUp(restarted, reopened, memory));
        }
    }

    private static Map<String, PolicyObject> byKey(List<PolicyObject> objects) {
        Map<String, PolicyObject> policy = new TreeMap<>();
        for (PolicyObject object : objects) {
            assertThat(policy.put(object.key(), object))
                    .as("key twice: " + object.key())
                    .isNull();
        }
        return policy;
    }

    private static void remember(ProjectionState state, List<Memory> memories) {
        for (NodeId node : state.nodes()) {
            memories.add(
                    new Memory(node, state.id(node).orElseThrow(), state.revision(), PolicyFixture.byKey(state, node)));
        }
    }

    /** A follower catches up by deltas, or is told that it cannot: too old, or its name means another node now. */
    private static void catchUp(PolicyProjection projection, FabricStore store, Memory memory) {
        Optional<PolicySource.Catchup> missed = projection.since(memory.node(), memory.revision());
        boolean tooOld = memory.revision() < projection.revision() - HISTORY;
        if (tooOld || renamed(store, memory)) {
            assertThat(missed).as(memory.node() + " at " + memory.revision()).isEmpty();
            return;
        }
        assertThat(missed.orElseThrow().changes())
                .as("each key once")
                .extracting(PolicyChange::key)
                .doesNotHaveDuplicates();
        Map<String, PolicyObject> policy = new HashMap<>(memory.policy());
        for (PolicyChange change : missed.orElseThrow().changes()) {
            switch (change) {
                case PolicyChange.Put put -> policy.put(put.key(), put.object());
                case PolicyChange.Remove remove -> policy.remove(remove.key());
            }
        }
        assertThat(policy)
                .as(memory.node() + " from " + memory.revision())
                .isEqualTo(byKey(projection.snapshot(memory.node()).objects()));
    }

    /** True if the node got another name, or was deleted, after it was remembered. */
    private static boolean renamed(FabricStore store, Memory memory) {
        return store.changes(memory.revision(), Integer.MAX_VALUE).stream()
                .flatMap(changes -> changes.changes().stream())
                .filter(change -> change.id().equals(memory.id()))
                .flatMap(change -> Stream.of(change.before(), change.after()))
                .anyMatch(side -> side.map(
                                object -> !isNamed(object, memory.node().name()))
                        .orElse(true));
    }

    private static boolean isNamed(FabricObject object, String name) {
        return (object instanceof Host || object instanceof Gateway)
                && object.name().equals(name);
    }
}
