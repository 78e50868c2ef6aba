package net.nvgate.fabric.policy;

import java.util.UUID;

/** A reason for a node to know a routing domain: a NIC on a host, a VM network gateway on a gateway. */
record Link(UUID nodeId, UUID vmNetworkId) {}
