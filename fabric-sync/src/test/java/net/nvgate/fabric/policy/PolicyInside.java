package net.nvgate.fabric.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreSnapshot;

/** What only a simulation may see of policy. */
public final class PolicyInside {

    private PolicyInside() {}

    /** The policy of every node as the store's content gives it from scratch. */
    public static Map<NodeId, Set<PolicyObject>> fromScratch(StoreSnapshot snapshot) {
        ProjectionState scratch = new ProjectionState(snapshot.revision(), snapshot.objects());
        Map<NodeId, Set<PolicyObject>> policies = new HashMap<>();
        for (NodeId node : scratch.nodes()) {
            policies.put(node, Set.copyOf(scratch.policy(scratch.id(node).orElseThrow())));
        }
        return policies;
    }

    /** @throws AssertionError unless policy that was followed is what it should be */
    public static void assertIs(Map<NodeId, Set<PolicyObject>> scratch, long revision, PolicyProjection policy) {
        scratch.forEach((node, wanted) -> {
            var found = Set.copyOf(policy.snapshot(node).objects());
            if (!wanted.equals(found)) {
                throw new AssertionError("policy of " + node + " is " + found + ", from scratch " + wanted);
            }
        });
        if (policy.revision() != revision) {
            throw new AssertionError("policy is at " + policy.revision() + ", not " + revision);
        }
    }

    /** The policy of some nodes as of each revision of a history. */
    public static final class Past {

        private final ProjectionState state;
        private final Set<NodeId> nodes;
        private final Map<NodeId, TreeMap<Long, Optional<Set<PolicyObject>>>> policies = new HashMap<>();

        public Past(StoreSnapshot first, Set<NodeId> nodes) {
            state = new ProjectionState(first.revision(), first.objects());
            this.nodes = nodes;
            note();
        }

        public void next(RevisionChanges changes) {
            state.apply(changes);
            note();
        }

        private void note() {
            nodes.forEach(node -> policies.computeIfAbsent(node, _ -> new TreeMap<>())
                    .put(state.revision(), state.id(node).map(id -> Set.copyOf(state.policy(id)))));
        }

        /** Empty if there was no such node, or the revision was before the history. */
        public Optional<Set<PolicyObject>> policy(NodeId node, long revision) {
            return Optional.ofNullable(policies.get(node))
                    .map(revisions -> revisions.get(revision))
                    .flatMap(policy -> policy);
        }
    }
}
