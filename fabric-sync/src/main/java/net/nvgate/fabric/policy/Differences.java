package net.nvgate.fabric.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/**
 * Differences of policy from the deltas of a change and of its inverse: the former say what each node has afterwards,
 * the latter what it had before.
 */
final class Differences {

    private Differences() {}

    /** @param name of a node, empty for what is none */
    static List<PolicyDifference> of(List<Slice> there, List<Slice> back, Function<UUID, Optional<NodeId>> name) {
        Map<UUID, Map<String, Optional<PolicyObject>>> after = byNode(there);
        Map<UUID, Map<String, Optional<PolicyObject>>> before = byNode(back);
        Set<UUID> nodes = new TreeSet<>(after.keySet());
        nodes.addAll(before.keySet());
        List<PolicyDifference> differences = new ArrayList<>();
        for (UUID node : nodes) {
            List<PolicyDifference.Item> items =
                    items(before.getOrDefault(node, Map.of()), after.getOrDefault(node, Map.of()));
            if (!items.isEmpty()) {
                name.apply(node).ifPresent(id -> differences.add(new PolicyDifference(id, node, items)));
            }
        }
        differences.sort(Comparator.comparing(PolicyDifference::node));
        return differences;
    }

    /** The last word on each key. */
    private static Map<UUID, Map<String, Optional<PolicyObject>>> byNode(List<Slice> slices) {
        Map<UUID, Map<String, Optional<PolicyObject>>> nodes = new HashMap<>();
        for (Slice slice : slices) {
            for (UUID node : slice.audience()) {
                Map<String, Optional<PolicyObject>> objects = nodes.computeIfAbsent(node, _ -> new TreeMap<>());
                for (PolicyChange change : slice.changes()) {
                    switch (change) {
                        case PolicyChange.Put put -> objects.put(put.key(), Optional.of(put.object()));
                        case PolicyChange.Remove remove -> objects.put(remove.key(), Optional.empty());
                    }
                }
            }
        }
        return nodes;
    }

    private static List<PolicyDifference.Item> items(
            Map<String, Optional<PolicyObject>> before, Map<String, Optional<PolicyObject>> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        List<PolicyDifference.Item> items = new ArrayList<>();
        for (String key : keys) {
            Optional<PolicyObject> was = before.getOrDefault(key, Optional.empty());
            Optional<PolicyObject> is = after.getOrDefault(key, Optional.empty());
            if (!was.equals(is)) {
                items.add(new PolicyDifference.Item(key, was, is));
            }
        }
        return items;
    }
}
