package net.nvgate.gateway.worker;

import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat.NatRefusal;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.VsidEntry;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a tenant's packet that gets no session: it is dropped with its reason, its sender is told if it is for want of room
 * (host unreachable, RFC 6888 REQ-11) or forbidden (communication prohibited, RFC 5508 REQ-8), as far as the limit of ICMP errors
 * allows, and operators learn of it by an event.
 */
final class NatRefusals {

    private static final int TOLD_NOTHING = -1;

    private final IcmpSender icmp;
    private final Events events;
    private final NatBindings bindings;
    private final Disposal disposal;

    NatRefusals(WorkerParts parts) {
        this.icmp = parts.icmp;
        this.events = parts.events;
        this.bindings = parts.bindings;
        this.disposal = parts.disposal;
    }

    void refuse(long mbuf, long ip, int length, long vsid, DropReason reason) {
        EventKind kind = event(reason);
        if (kind != null) {
            events.report(kind, VsidEntry.rdid(vsid), Ipv4.source(ip), 0, Ipv4.protocol(ip));
        }
        if (reason == DropReason.NAT_PORTS_EXHAUSTED && bindings.isPoolExhausted()) {
            events.report(
                    EventKind.NAT_ADDRESSES_EXHAUSTED, VsidEntry.rdid(vsid), Ipv4.source(ip), 0, Ipv4.protocol(ip));
        }
        int code = code(reason);
        if (code == TOLD_NOTHING) {
            disposal.drop(mbuf, reason, VsidEntry.countersIndex(vsid));
        } else {
            icmp.refused(mbuf, ip, length, vsid, code, reason);
        }
    }

    static DropReason reason(NatRefusal refusal) {
        return switch (refusal) {
            case NO_CONNECTION -> DropReason.NO_NAT;
            case SOURCE_NOT_SERVED -> DropReason.NAT_SOURCE;
            case PORTS_EXHAUSTED -> DropReason.NAT_PORTS_EXHAUSTED;
            case MAPPINGS_FULL -> DropReason.NAT_TABLE_FULL;
            case HOSTS_FULL, TENANT_SHARE -> DropReason.TENANT_SHARE;
            case TENANT_PORTS -> DropReason.QUOTA_TENANT_PORTS;
            case TENANT_SESSIONS -> DropReason.QUOTA_TENANT_SESSIONS;
            case TENANT_RATE -> DropReason.QUOTA_TENANT_RATE;
            case HOST_PORTS -> DropReason.QUOTA_HOST_PORTS;
            case HOST_SESSIONS -> DropReason.QUOTA_HOST_SESSIONS;
            case HOST_RATE -> DropReason.QUOTA_HOST_RATE;
        };
    }

    private static @Nullable EventKind event(DropReason reason) {
        return switch (reason) {
            case NAT_PORTS_EXHAUSTED -> EventKind.NAT_PORTS_EXHAUSTED;
            case NAT_TABLE_FULL -> EventKind.NAT_TABLE_FULL;
            case TENANT_SHARE, QUOTA_TENANT_PORTS, QUOTA_TENANT_SESSIONS, QUOTA_TENANT_RATE -> EventKind.TENANT_QUOTA;
            case QUOTA_HOST_PORTS, QUOTA_HOST_SESSIONS, QUOTA_HOST_RATE -> EventKind.HOST_QUOTA;
            default -> null;
        };
    }

    private static int code(DropReason reason) {
        return switch (reason) {
            case NAT_PORTS_EXHAUSTED, NAT_TABLE_FULL, FLOW_TABLE_FULL, TENANT_SHARE -> Icmp.CODE_HOST;
            case NAT_SOURCE,
                    ACL_REJECT,
                    QUOTA_TENANT_PORTS,
                    QUOTA_TENANT_SESSIONS,
                    QUOTA_TENANT_RATE,
                    QUOTA_HOST_PORTS,
                    QUOTA_HOST_SESSIONS,
                    QUOTA_HOST_RATE -> Icmp.CODE_PROHIBITED;
            default -> TOLD_NOTHING;
        };
    }
}
