package net.nvgate.fabric.policy;

import java.util.UUID;

/**
 * A part of policy that nodes get as a whole.
 *
 * <pre>
 *   policy of a host    = NODE(host)    + DOMAIN(d) of each VM network d with a port on it
 *   policy of a gateway = NODE(gateway) + DOMAIN(d) + DOMAIN_GATEWAY(d) of each VM network d it serves
 * </pre>
 *
 * @param id of the host or gateway, or of the VM network
 */
record Section(Type type, UUID id) {

    enum Type {
        /** One node's own addresses, routes and ports. */
        NODE,
        /** What every node of a routing domain knows. */
        DOMAIN,
        /** What only the domain's gateway knows. */
        DOMAIN_GATEWAY
    }

    static Section node(UUID id) {
        return new Section(Type.NODE, id);
    }

    static Section domain(UUID vmNetworkId) {
        return new Section(Type.DOMAIN, vmNetworkId);
    }

    static Section gatewayOf(UUID vmNetworkId) {
        return new Section(Type.DOMAIN_GATEWAY, vmNetworkId);
    }
}
