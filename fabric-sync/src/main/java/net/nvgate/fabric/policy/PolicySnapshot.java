package net.nvgate.fabric.policy;

import java.util.List;

/**
 * All policy of one node at one revision.
 *
 * @param revision the store's revision it was computed from
 * @param objects in no particular order, keys unique
 */
public record PolicySnapshot(long revision, List<PolicyObject> objects) {

    public PolicySnapshot {
        objects = List.copyOf(objects);
    }
}
