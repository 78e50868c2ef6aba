package net.nvgate.fabric.policy;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The same changes for several nodes.
 *
 * @param audience ids of hosts and gateways
 */
record Slice(Set<UUID> audience, List<PolicyChange> changes) {}
