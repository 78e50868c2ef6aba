package net.nvgate.fabric.policy;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a change of the fabric does to the policy of one gateway or host.
 *
 * @param node by its name after the change, or before it if it goes
 * @param id of the gateway or host
 * @param objects sorted by key, each key once; only what is really different
 */
public record PolicyDifference(NodeId node, UUID id, List<Item> objects) {

    /**
     * A unit of policy.
     *
     * @param before empty if it is new
     * @param after empty if it goes
     */
    public record Item(String key, Optional<PolicyObject> before, Optional<PolicyObject> after) {}

    public PolicyDifference {
        objects = List.copyOf(objects);
    }
}
