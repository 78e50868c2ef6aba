package net.nvgate.fabric.policy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Which nodes know which routing domains, with the number of reasons for it. */
final class Members {

    private final Map<Link, Integer> reasons = new HashMap<>();
    /** The sets are never changed, only replaced: the history keeps those of its time. */
    private final Map<UUID, Set<UUID>> nodesOfDomain = new HashMap<>();

    private final Map<UUID, Set<UUID>> domainsOfNode = new HashMap<>();

    /** True if the node now knows the domain and did not before. */
    boolean add(Link link) {
        if (reasons.merge(link, 1, Integer::sum) > 1) {
            return false;
        }
        Set<UUID> nodes = new HashSet<>(nodes(link.vmNetworkId()));
        nodes.add(link.nodeId());
        nodesOfDomain.put(link.vmNetworkId(), Set.copyOf(nodes));
        domainsOfNode.computeIfAbsent(link.nodeId(), _ -> new HashSet<>()).add(link.vmNetworkId());
        return true;
    }

    /** True if this was the node's last reason. */
    boolean remove(Link link) {
        if (reasons.computeIfPresent(link, (_, count) -> count == 1 ? null : count - 1) != null) {
            return false;
        }
        Set<UUID> nodes = new HashSet<>(nodes(link.vmNetworkId()));
        nodes.remove(link.nodeId());
        if (nodes.isEmpty()) {
            nodesOfDomain.remove(link.vmNetworkId());
        } else {
            nodesOfDomain.put(link.vmNetworkId(), Set.copyOf(nodes));
        }
        domainsOfNode.computeIfPresent(link.nodeId(), (_, domains) -> {
            domains.remove(link.vmNetworkId());
            return domains.isEmpty() ? null : domains;
        });
        return true;
    }

    Set<UUID> nodes(UUID vmNetworkId) {
        return nodesOfDomain.getOrDefault(vmNetworkId, Set.of());
    }

    Set<UUID> domains(UUID nodeId) {
        return domainsOfNode.getOrDefault(nodeId, Set.of());
    }
}
