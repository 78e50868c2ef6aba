package net.nvgate.fabric.hyperv;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import net.nvgate.fabric.policy.NodeId;

/** Requests that wait until a host's policy changes. Thread-safe; a request is in here once and leaves once. */
final class WaitingHosts {

    private final Map<NodeId, Set<HostRequests.Waiting>> waiting = new ConcurrentHashMap<>();

    void add(HostRequests.Waiting request) {
        waiting.compute(request.node(), (_, set) -> {
            Set<HostRequests.Waiting> requests = set == null ? ConcurrentHashMap.newKeySet() : set;
            requests.add(request);
            return requests;
        });
    }

    void remove(HostRequests.Waiting request) {
        waiting.computeIfPresent(request.node(), (_, set) -> {
            set.remove(request);
            return set.isEmpty() ? null : set;
        });
    }

    void forEach(Set<NodeId> nodes, Consumer<HostRequests.Waiting> action) {
        for (NodeId node : nodes) {
            Set<HostRequests.Waiting> set = waiting.get(node);
            if (set != null) {
                set.forEach(action);
            }
        }
    }

    void forEach(Consumer<HostRequests.Waiting> action) {
        waiting.values().forEach(set -> set.forEach(action));
    }
}
