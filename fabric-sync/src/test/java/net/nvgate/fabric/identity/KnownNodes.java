package net.nvgate.fabric.identity;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.policy.PolicySource;

/** A fabric of nodes that need no policy. */
record KnownNodes(Set<NodeId> nodes) implements PolicySource {

    @Override
    public long revision() {
        return 1;
    }

    @Override
    public boolean knows(NodeId node) {
        return nodes.contains(node);
    }

    @Override
    public PolicySnapshot snapshot(NodeId node) {
        return new PolicySnapshot(1, List.of());
    }

    @Override
    public Optional<Catchup> since(NodeId node, long revision) {
        return Optional.of(new Catchup(1, List.of()));
    }

    @Override
    public Subscription subscribe(Listener listener) {
        return () -> {};
    }
}
