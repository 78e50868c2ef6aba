package net.nvgate.fabric.sync;

import net.nvgate.fabric.policy.NodeId;

/** Hears how policy gets to gateways and hosts. Called by threads that must not wait: neither may the observer. */
public interface SyncObserver {

    SyncObserver NONE = new SyncObserver() {
        @Override
        public void connected(NodeId node, long held) {}

        @Override
        public void forgotten(NodeId node) {}

        @Override
        public void sent(NodeId node, long revision) {}

        @Override
        public void applied(NodeId node, long revision) {}
    };

    /** @param held revision of all the policy that the node has already, from whichever manager; 0 = it has none, or cannot tell */
    void connected(NodeId node, long held);

    /** The fabric has no such node any more. */
    void forgotten(NodeId node);

    /** The node is sent all of its policy up to a revision. */
    void sent(NodeId node, long revision);

    /** The node says that its data path runs by all of its policy up to a revision. */
    void applied(NodeId node, long revision);
}
