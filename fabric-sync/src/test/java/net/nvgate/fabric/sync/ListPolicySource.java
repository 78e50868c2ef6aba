package net.nvgate.fabric.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.policy.PolicySource;

/** Policy as an ordered list of revisions, of which the oldest can be forgotten. */
class ListPolicySource implements PolicySource {

    private record Revision(long number, Map<NodeId, List<PolicyChange>> changes) {}

    private final Set<NodeId> nodes = ConcurrentHashMap.newKeySet();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<Revision> history = new ArrayList<>();
    private final Map<NodeId, Map<String, PolicyObject>> policies = new HashMap<>();
    private long head;

    /** Everything before this revision is forgotten. */
    private long floor;

    volatile int snapshotsTaken;

    ListPolicySource with(NodeId... known) {
        nodes.addAll(List.of(known));
        return this;
    }

    void drop(NodeId node) {
        nodes.remove(node);
    }

    long put(NodeId node, PolicyObject... objects) {
        List<PolicyChange> changes = new ArrayList<>();
        for (PolicyObject object : objects) {
            changes.add(new PolicyChange.Put(object));
        }
        return commit(Map.of(node, changes));
    }

    synchronized long commit(Map<NodeId, List<PolicyChange>> changes) {
        head++;
        history.add(new Revision(head, Map.copyOf(changes)));
        changes.forEach((node, list) -> {
            Map<String, PolicyObject> policy = policies.computeIfAbsent(node, _ -> new LinkedHashMap<>());
            list.forEach(change -> replay(policy, change));
        });
        listeners.forEach(listener -> listener.onRevision(head, changes.keySet()));
        return head;
    }

    static void replay(Map<String, PolicyObject> policy, PolicyChange change) {
        switch (change) {
            case PolicyChange.Put put -> policy.put(put.key(), put.object());
            case PolicyChange.Remove remove -> policy.remove(remove.key());
        }
    }

    synchronized void forgetHistory() {
        history.clear();
        floor = head;
    }

    synchronized Collection<PolicyObject> policy(NodeId node) {
        return List.copyOf(policies.getOrDefault(node, Map.of()).values());
    }

    @Override
    public synchronized long revision() {
        return head;
    }

    @Override
    public boolean knows(NodeId node) {
        return nodes.contains(node);
    }

    @Override
    public synchronized PolicySnapshot snapshot(NodeId node) {
        snapshotsTaken++;
        return new PolicySnapshot(head, List.copyOf(policy(node)));
    }

    @Override
    public synchronized Optional<Catchup> since(NodeId node, long revision) {
        if (revision < floor || revision > head) {
            return Optional.empty();
        }
        List<PolicyChange> changes = history.stream()
                .filter(r -> r.number > revision)
                .flatMap(r -> r.changes.getOrDefault(node, List.of()).stream())
                .toList();
        return Optional.of(new Catchup(head, changes));
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
