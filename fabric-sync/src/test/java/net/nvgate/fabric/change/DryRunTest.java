package net.nvgate.fabric.change;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyDifference;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random batches: what a dry run says is what the commit does, refusals included, and the policy of every node after it
 * is the policy before it with the announced difference.
 */
@Timeout(300)
class DryRunTest {

    @TempDir
    private Path directory;

    private FabricStore store;
    private TestFabric fabric;
    private PolicyProjection policy;
    private ChangeLog changes;

    /** How many a seed tries. */
    int batches() {
        return 120;
    }

    FabricStore newStore() {
        return SqliteStore.open(directory);
    }

    @BeforeEach
    void open() {
        store = newStore();
        fabric = new TestFabric(store, 1);
        policy = new PolicyProjection(store, 1000, new SimpleMeterRegistry());
        changes = new ChangeLog(fabric.manager, policy, store);
    }

    @AfterEach
    void close() {
        policy.close();
        fabric.close();
        store.close();
    }

    @ParameterizedTest(name = "seed {0}, batches of up to {1}")
    @CsvSource({"1,1", "2,3", "3,6", "4,12"})
    void whatIsAnnouncedIsWhatHappens(long seed, int max) {
        int committed = 0;
        int undone = 0;
        RandomOperations operations = operations(seed);
        for (int i = 0; i < batches(); i++) {
            List<Operation> batch = new ArrayList<>(operations.next(max));
            Optional<Integer> refused = batch(batch);
            while (refused.isPresent() && batch.size() > 1) {
                batch.remove(refused.get().intValue());
                refused = batch(batch);
            }
            if (refused.isEmpty() && i % 4 == 0) {
                undo();
                undone++;
            }
            committed += refused.isEmpty() ? 1 : 0;
        }
        assertThat(committed).isGreaterThan(batches() / 3);
        assertThat(undone).isGreaterThan(batches() / 16);
    }

    /** Every other seed has a PA per host and VSID. */
    private RandomOperations operations(long seed) {
        if (seed % 2 == 1) {
            return new RandomOperations(fabric, fabric.paNetwork, fabric.paPool, seed);
        }
        LogicalNetwork network = (LogicalNetwork) fabric.make(
                Kind.LOGICAL_NETWORK,
                named("per-vsid") + ",\"networkVirtualization\":true"
                        + field("providerAddressing", "PER_HOST_AND_VSID"));
        return new RandomOperations(fabric, network, fabric.pool("per-vsid", network, "10.30.0.0/16", ""), seed);
    }

    /** The operation that was refused; empty if none was. */
    private Optional<Integer> batch(List<Operation> operations) {
        long head = store.head();
        List<PolicyDifference> announced;
        FabricChange dry;
        try {
            DryRun run = changes.dryRun(fabric.manager, ChangeRequest.inOrder(operations));
            dry = run.change();
            announced = run.policy();
        } catch (FabricException refusal) {
            assertThat(store.head()).isEqualTo(head);
            FabricException again =
                    catchThrowableOfType(FabricException.class, () -> fabric.manager.run(operations, false));
            assertThat(again).hasMessage(refusal.getMessage());
            assertThat(again.operation()).isEqualTo(refusal.operation()).isPresent();
            return refusal.operation();
        }
        Map<UUID, Map<String, PolicyObject>> before = everything();
        FabricChange made = fabric.manager.run(operations, false);
        assertThat(made.changes()).isEqualTo(dry.changes());
        assertThat(made.results()).isEqualTo(dry.results());
        if (!made.committed()) {
            assertThat(announced).isEmpty();
            return Optional.empty();
        }
        assertThat(made.revision()).isEqualTo(dry.revision()).isEqualTo(head + 1);
        assertThat(policy.difference(made.revision())).hasValue(announced);
        assertThat(everything()).isEqualTo(with(before, announced));
        return Optional.empty();
    }

    /** Takes the last revision back: objects are as before, and policy becomes what was announced. */
    private void undo() {
        RevisionChanges last = changes.revision(store.head());
        Map<UUID, Map<String, PolicyObject>> before = everything();
        DryRun announced = changes.dryRun(fabric.manager, changes.undo(last.revision()));
        FabricChange made = fabric.manager.run(changes.undo(last.revision()));
        assertThat(made.changes()).isEqualTo(announced.change().changes());
        assertThat(everything()).isEqualTo(with(before, announced.policy()));
        for (ObjectChange change : last.changes()) {
            Optional<FabricObject> now = fabric.manager.find(change.any().kind(), change.id());
            // A gateway keeps the IPv6 routing subnet that came with another object.
            if (change.any().kind() != Kind.VM_NETWORK_GATEWAY) {
                assertThat(now.map(DryRunTest::unstamped))
                        .isEqualTo(change.before().map(DryRunTest::unstamped));
            }
        }
    }

    private static FabricObject unstamped(FabricObject object) {
        Meta meta = object.meta();
        return object.withMeta(Meta.of(meta.id(), meta.name(), meta.description(), meta.labels()));
    }

    /** Policy of every node, by id and key; nodes without policy are left out. */
    private Map<UUID, Map<String, PolicyObject>> everything() {
        Map<UUID, Map<String, PolicyObject>> everything = new HashMap<>();
        // Waits for the projection.
        policy.preview(store.head(), List.of());
        Stream.of(Kind.HOST, Kind.GATEWAY)
                .flatMap(kind -> fabric.manager.list(kind).stream())
                .forEach(node -> policy.snapshot(name(node))
                        .objects()
                        .forEach(object -> everything
                                .computeIfAbsent(node.id(), _ -> new TreeMap<>())
                                .put(object.key(), object)));
        return everything;
    }

    private static NodeId name(FabricObject node) {
        return new NodeId(node.kind() == Kind.HOST ? NodeId.Kind.HOST : NodeId.Kind.GATEWAY, node.name());
    }

    private static Map<UUID, Map<String, PolicyObject>> with(
            Map<UUID, Map<String, PolicyObject>> policy, List<PolicyDifference> differences) {
        for (PolicyDifference difference : differences) {
            Map<String, PolicyObject> node = policy.computeIfAbsent(difference.id(), _ -> new TreeMap<>());
            for (PolicyDifference.Item item : difference.objects()) {
                assertThat(item.before()).isNotEqualTo(item.after());
                assertThat(Optional.ofNullable(node.get(item.key())))
                        .as(difference.node() + " " + item.key())
                        .isEqualTo(item.before());
                item.after().ifPresentOrElse(object -> node.put(item.key(), object), () -> node.remove(item.key()));
            }
            if (node.isEmpty()) {
                policy.remove(difference.id());
            }
        }
        return policy;
    }
}
