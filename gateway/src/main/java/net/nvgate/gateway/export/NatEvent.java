package net.nvgate.gateway.export;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.export.Observation.Life;
import net.nvgate.gateway.export.Observation.OfSession;

/** Values of natEvent (RFC 8158 section 4.3), with the names that syslog has for them. */
enum NatEvent {
    NAT44_SESSION_CREATE(4),
    NAT44_SESSION_DELETE(5),
    NAT64_SESSION_CREATE(6),
    NAT64_SESSION_DELETE(7),
    NAT_PORTS_EXHAUSTED(12),
    QUOTA_EXCEEDED(13),
    PORT_BLOCK_ALLOCATION(16),
    PORT_BLOCK_DEALLOCATION(17);

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
}
