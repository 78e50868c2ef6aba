package net.nvgate.fabric.policy;

import java.util.List;
import java.util.UUID;

/**
 * A part of policy that nodes get as a whole.
 *
 * <pre>
 *   policy of a host    = NODE(host)    + DOMAIN(d) of each VM network d with a port on it; Hyper-V: + DOMAIN_FLOODING(d)
 *   policy of a gateway = NODE(gateway) + DOMAIN(d) + DOMAIN_GATEWAY(d) + DOMAIN_FLOODING(d) of each VM network d it serves
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
        DOMAIN_GATEWAY,
        /** L2Only records, for nodes that flood to VMs whose addresses are not known yet: gateways and Hyper-V hosts. */
        DOMAIN_FLOODING
    }

    static Section node(UUID id) {
        return new Section(Type.NODE, id);
    }

    static Section domain(UUID vmNetworkId) {
        return new Section(Type.DOMAIN, vmNetworkId);
    }

    /** All sections of a VM network. */
    static List<Section> ofDomain(UUID vmNetworkId) {
        return List.of(domain(vmNetworkId), gatewayOf(vmNetworkId), flooding(vmNetworkId));
    }

    static Section flooding(UUID vmNetworkId) {
        return new Section(Type.DOMAIN_FLOODING, vmNetworkId);
    }

    static Section gatewayOf(UUID vmNetworkId) {
        return new Section(Type.DOMAIN_GATEWAY, vmNetworkId);
    }
}
