package net.nvgate.gateway.export;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.export.Observation.Life;
import net.nvgate.gateway.export.Observation.OfEvent;
import net.nvgate.gateway.export.Observation.OfMapping;
import net.nvgate.gateway.export.Observation.OfSession;

/** Values of natEvent (RFC 8158 section 4.3), with the names that syslog has for them. */
enum NatEvent {
    NAT_ADDRESSES_EXHAUSTED(3),
    NAT44_SESSION_CREATE(4),
    NAT44_SESSION_DELETE(5),
    NAT64_SESSION_CREATE(6),
    NAT64_SESSION_DELETE(7),
    NAT44_BIB_CREATE(8),
    NAT44_BIB_DELETE(9),
    NAT64_BIB_CREATE(10),
    NAT64_BIB_DELETE(11),
    NAT_PORTS_EXHAUSTED(12),
    QUOTA_EXCEEDED(13),
    ADDRESS_BINDING_CREATE(14),
    ADDRESS_BINDING_DELETE(15),
    PORT_BLOCK_ALLOCATION(16),
    PORT_BLOCK_DEALLOCATION(17),
    THRESHOLD_REACHED(18);

    final int value;

    NatEvent(int value) {
        this.value = value;
    }

    static NatEvent of(OfSession session) {
        boolean made = session.life() == Life.MADE;
        if (session.inside() instanceof Ipv6Address) {
            return made ? NAT64_SESSION_CREATE : NAT64_SESSION_DELETE;
        }
        return made ? NAT44_SESSION_CREATE : NAT44_SESSION_DELETE;
    }

    static NatEvent of(OfMapping mapping) {
        boolean ipv6 = mapping.inside() instanceof Ipv6Address;
        return switch (mapping.kind()) {
            case MADE -> ipv6 ? NAT64_BIB_CREATE : NAT44_BIB_CREATE;
            case ENDED -> ipv6 ? NAT64_BIB_DELETE : NAT44_BIB_DELETE;
            case BOUND -> ADDRESS_BINDING_CREATE;
            case UNBOUND -> ADDRESS_BINDING_DELETE;
        };
    }

    static NatEvent of(OfEvent event) {
        return switch (event.kind()) {
            case NAT_ADDRESSES_EXHAUSTED -> NAT_ADDRESSES_EXHAUSTED;
            case NAT_PORTS_EXHAUSTED -> NAT_PORTS_EXHAUSTED;
            case NAT_POOL_80, NAT_POOL_95 -> THRESHOLD_REACHED;
            default -> QUOTA_EXCEEDED;
        };
    }
}
