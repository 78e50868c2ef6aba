package net.nvgate.fabric.sync;

import java.util.List;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.policy.NodeId;

/**
 * Whom to follow: one manager while it is there, then the next. Followers begin at different ones, by their names, so that they spread
 * over the managers. Used by one thread.
 */
final class ManagerList {

    private final List<Address> managers;
    private int at;

    ManagerList(List<Address> managers, NodeId node) {
        this.managers = List.copyOf(managers);
        this.at = Math.floorMod(node.hashCode(), managers.size());
    }

    Address current() {
        return managers.get(at);
    }

    /** The current one is away or refuses. */
    void next() {
        at = (at + 1) % managers.size();
    }
}
