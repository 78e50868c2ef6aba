package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import org.jspecify.annotations.Nullable;

/**
 * ICMP errors of others through the NAT (RFC 5508 §4.2). The embedded packet is one that went the other way: its session gives
 * the translation, which is undone inside the error. An error neither refreshes nor ends a session (REQ-6).
 */
final class IcmpTranslator {

    /** Of a checksum that stays. */
    private static final int NO_DELTA = 0xffff;

    private final RouteTables tables;
    private final Sessions sessions;
    private final TenantRoutes routes;
    private final Egress egress;
    private final ExternalOutput external;
    private final IcmpSender icmp;
    private final Renaming renaming;
    private final WorkerCounters counters;
    private final Disposal disposal;

    IcmpTranslator(
            RouteTables tables,
            Sessions sessions,
            TenantRoutes routes,
            Egress egress,
            ExternalOutput external,
            IcmpSender icmp,
            Renaming renaming,
            WorkerCounters counters,
            Disposal disposal) {
        this.tables = tables;
        this.sessions = sessions;
        this.routes = routes;
        this.egress = egress;
        this.external = external;
        this.icmp = icmp;
        this.renaming = renaming;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** From outside: embedded is what we sent, so its destination is the session's remote endpoint. */
    void inbound(long mbuf, long ip, int length) {
        DropReason fault = check(ip, length);
        long line = fault == null ? session(ip, FlowKey.OUTSIDE) : 0;
        if (line == 0) {
            disposal.drop(mbuf, fault != null ? fault : DropReason.ICMP_NO_SESSION);
            return;
        }
        if (Ipv4.ttl(ip) <= 1) {
            icmp.timeExceededOutside(mbuf, ip, length);
            return;
        }
        long embedded = embedded(ip);
        int delta = restore(line, embedded, length - (int) (embedded - ip), true);
        int ca = Session.newAddress(line);
        finish(ip, Ipv4.source(ip), ca, delta);
        egress.send(mbuf, ip, length, routes.toward(Session.domain(line), ca, ca), ca);
    }

    /** From inside: embedded is what we delivered; the source, a VM or a router behind it, becomes an external address (REQ-5). */
    void outbound(long mbuf, long ip, int length, long vsid) {
        int domain = VsidEntry.rdid(vsid);
        DropReason fault = check(ip, length);
        long line = fault == null ? session(ip, domain) : 0;
        if (line == 0) {
            DropReason reason = fault != null ? fault : DropReason.ICMP_NO_SESSION;
            boolean noNat = !tables.nat.connections.has(domain);
            disposal.drop(mbuf, noNat ? DropReason.NO_NAT : reason, VsidEntry.countersIndex(vsid));
            return;
        }
        if (Ipv4.ttl(ip) <= 1) {
            icmp.timeExceeded(mbuf, ip, length, vsid);
            return;
        }
        long embedded = embedded(ip);
        int delta = restore(line, embedded, length - (int) (embedded - ip), false);
        finish(ip, errorSource(line, domain, Ipv4.source(ip)), Ipv4.destination(ip), delta);
        if (!Renaming.isAtomic(Ipv4.fragment(ip))) {
            renaming.whole(ip, Ipv4.source(ip));
        }
        external.send(mbuf, ip, length);
    }

    /** The sender's own external address if it has one, else that of the session (REQ-5c); of an exempt session itself. */
    private int errorSource(long line, int domain, int sender) {
        if ((Session.flags(line) & Session.IDENTITY) != 0) {
            return sender;
        }
        long pair = tables.nat.oneToOnes.inside(domain, sender);
        return pair == 0 ? Session.newAddress(line) : NatOneToOnes.externalIp(pair);
    }

    private static long embedded(long ip) {
        return ip + Ipv4.headerLength(ip) + Icmp.LENGTH;
    }

    /** RFC 5508 REQ-3: type, checksum of the error and of the embedded IP header; the embedded L4 checksum is not looked at. */
    private static @Nullable DropReason check(long ip, int length) {
        int headerLength = Ipv4.headerLength(ip);
        long icmp = ip + headerLength;
        if (length < headerLength + Icmp.LENGTH || !Icmp.isError(Icmp.type(icmp))) {
            return DropReason.ICMP_TYPE;
        }
        if (Ipv4.isFragment(Ipv4.fragment(ip))) {
            return DropReason.FRAGMENT;
        }
        if (Checksum.of(icmp, length - headerLength) != 0) {
            return DropReason.ICMP_CHECKSUM;
        }
        long embedded = icmp + Icmp.LENGTH;
        int available = length - headerLength - Icmp.LENGTH;
        if (available < Ipv4.MIN_LENGTH
                || Ipv4.version(embedded) != 4
                || Ipv4.headerLength(embedded) < Ipv4.MIN_LENGTH
                || available < Ipv4.headerLength(embedded) + Udp.LENGTH) {
            return DropReason.TRUNCATED_L4;
        }
        return Ipv4.checksumIsRight(embedded, Ipv4.headerLength(embedded)) ? null : DropReason.ICMP_CHECKSUM;
    }

    /** The line by which the embedded packet's answer would travel; 0 when there is none, or only one of a connection that is gone. */
    private long session(long ip, int domain) {
        long embedded = embedded(ip);
        int protocol = Ipv4.protocol(embedded);
        long l4 = embedded + Ipv4.headerLength(embedded);
        if ((Ipv4.fragment(embedded) & Ipv4.OFFSET_MASK) != 0) {
            return 0;
        }
        int ports;
        if (L4.hasPorts(protocol)) {
            ports = Integer.rotateLeft(Udp.ports(l4), 16);
        } else if (protocol == Ipv4.ICMP && Icmp.isQuery(Icmp.type(l4))) {
            ports = Integer.rotateLeft(L4.ports(l4, protocol), 16);
        } else if (L4.isByAddress(protocol)) {
            ports = 0;
        } else {
            return 0;
        }
        long key0 = Long.rotateLeft(Ipv4.addresses(embedded), 32);
        long key1 = FlowKey.rest(ports, domain, protocol);
        long line = sessions.find(key0, key1);
        return line != 0 && sessions.isBound(Session.outbound(line)) ? line : 0;
    }

    /**
     * Undoes the translation in the embedded packet.
     *
     * @param available bytes of it that the error has
     * @return delta of the error's checksum
     */
    private static int restore(long line, long embedded, int available, boolean inbound) {
        int headerLength = Ipv4.headerLength(embedded);
        int protocol = Ipv4.protocol(embedded);
        long l4 = embedded + headerLength;
        int oldAddress = inbound ? Ipv4.source(embedded) : Ipv4.destination(embedded);
        int address = Checksum.delta32(oldAddress, Session.newAddress(line));
        int oldSum = Ipv4.checksum(embedded);
        Ipv4.checksum(embedded, Checksum.apply(oldSum, address));
        if (inbound) {
            Ipv4.source(embedded, Session.newAddress(line));
        } else {
            Ipv4.destination(embedded, Session.newAddress(line));
        }
        int delta = Checksum.add(address, Checksum.delta16(oldSum, Ipv4.checksum(embedded)));
        if (L4.isByAddress(protocol)) {
            int offset = L4.addressChecksumOffset(protocol);
            int transport = offset == 0 ? NO_DELTA : restoreChecksum(l4 + offset, false, address);
            return Checksum.add(delta, transport);
        }
        int portOffset = protocol == Ipv4.ICMP ? 4 : inbound ? 0 : 2;
        int oldPort = Mem.u16Be(l4 + portOffset);
        Mem.u16Be(l4 + portOffset, Session.newPort(line));
        int port = Checksum.delta16(oldPort, Session.newPort(line));
        delta = Checksum.add(delta, port);
        int l4Delta = protocol == Ipv4.ICMP ? port : Checksum.add(address, port);
        return Checksum.add(delta, restoreL4Checksum(l4, available - headerLength, protocol, l4Delta));
    }

    private static int restoreL4Checksum(long l4, int available, int protocol, int l4Delta) {
        int offset = L4.checksumOffset(protocol);
        // Errors may carry no more than 8 bytes of L4, in which TCP's checksum is not.
        if (available < offset + 2) {
            return NO_DELTA;
        }
        return restoreChecksum(l4 + offset, protocol == Ipv4.UDP, l4Delta);
    }

    private static int restoreChecksum(long at, boolean udp, int l4Delta) {
        int old = Mem.u16Be(at);
        int updated = udp ? Checksum.applyUdp(old, l4Delta) : Checksum.apply(old, l4Delta);
        Mem.u16Be(at, updated);
        return Checksum.delta16(old, updated);
    }

    private void finish(long ip, int source, int destination, int delta) {
        int headerLength = Ipv4.headerLength(ip);
        long error = ip + headerLength;
        Icmp.checksum(error, Checksum.apply(Icmp.checksum(error), delta));
        Ipv4.source(ip, source);
        Ipv4.destination(ip, destination);
        Ipv4.ttl(ip, Ipv4.ttl(ip) - 1);
        Ipv4.fillChecksum(ip, headerLength);
        counters.add(WorkerCounter.ICMP_ERRORS_TRANSLATED, 1);
    }
}
