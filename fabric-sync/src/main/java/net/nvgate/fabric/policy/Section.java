package net.nvgate.fabric.policy;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;

/**
 * A part of policy that nodes get as a whole.
 *
 * <pre>
 *   policy of a host    = NODE(host)    + DOMAIN(d) of each VM network d with a port on it; Hyper-V: + DOMAIN_FLOODING(d)
 *   policy of a gateway = NODE(gateway) + DOMAIN(d) + DOMAIN_GATEWAY(d) + DOMAIN_FLOODING(d) of each VM network d it serves
 *   both, by the family of the node's (first) PA: + DOMAIN_PA4(d) or DOMAIN_PA6(d)
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
        /** The gateway as nodes with an IPv4 PA reach it. */
        DOMAIN_PA4,
        /** The gateway as nodes with an IPv6 PA reach it. */
        DOMAIN_PA6,
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
        return Stream.of(Type.values())
                .filter(type -> type != Type.NODE)
                .map(type -> new Section(type, vmNetworkId))
                .toList();
    }

    /** @param pa of the gateway, of the family that the section's nodes have */
    static Section reaching(UUID vmNetworkId, IpAddress pa) {
        return new Section(pa.bits() == 32 ? Type.DOMAIN_PA4 : Type.DOMAIN_PA6, vmNetworkId);
    }

    static Section flooding(UUID vmNetworkId) {
        return new Section(Type.DOMAIN_FLOODING, vmNetworkId);
    }

    static Section gatewayOf(UUID vmNetworkId) {
        return new Section(Type.DOMAIN_GATEWAY, vmNetworkId);
    }
}
