package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Whose a packet is, by policy alone: the index of the tenant's routing domain, 0 = nobody's. Of two tenants that share an external
 * address each has ports of its own; later fragments, which have no ports, are looked up by the first one of their datagram.
 */
final class TenantOwners {

    private static final int DATAGRAMS = 1 << 10;

    private final RouteTables tables;
    private final NatTable nat;
    /** Of first fragments to shared addresses: tag (32 bits) | domain. A later one takes the place of an older one. */
    private final long[] datagrams = new long[DATAGRAMS];

    private int knownVsid;
    private int knownVsidDomain;

    TenantOwners(RouteTables tables) {
        this.tables = tables;
        this.nat = tables.nat;
    }

    /** What is remembered is good for a burst, in which no table memory is reused. */
    void newBurst() {
        knownVsid = 0;
        knownVsidDomain = 0;
    }

    /** By virtual subnet. */
    int ofVsid(int vsid) {
        if (vsid != knownVsid) {
            long entry = tables.vsids.find(vsid);
            knownVsid = vsid;
            knownVsidDomain = entry == 0 ? 0 : VsidEntry.rdid(entry);
        }
        return knownVsidDomain;
    }

    /** By tenant interface, a number of {@code TenantLinks}; 0 also where the VLAN is no tenant's. */
    int ofLink(int link) {
        long entry = tables.tenantLinks.find(link);
        return entry == 0 ? 0 : VsidEntry.rdid(entry);
    }

    /**
     * By the destination of an IPv4 packet from outside, or one that turns round.
     *
     * @param ip header, all of it there
     * @param available bytes from it on, at least 20
     */
    int ofExternal(long ip, int available) {
        int destination = Ipv4.destination(ip);
        int protocol = Ipv4.protocol(ip);
        NatConnections connections = nat.connections;
        long first = connections.first(destination);
        if (first != 0) {
            return connections.isShared(destination)
                    ? ofShared(ip, available, destination, protocol, NatEntry.rdid(first))
                    : NatEntry.rdid(first);
        }
        long pair = nat.oneToOnes.at(destination);
        return pair != 0
                ? NatOneToOnes.rdid(pair)
                : nat.exemptions.tenantOf(destination, remote(ip, available, protocol));
    }

    private int ofShared(long ip, int available, int destination, int protocol, int otherwise) {
        int fragment = Ipv4.fragment(ip);
        long tag = Ipv4.isFragment(fragment) ? tag(ip, protocol) : 0;
        int place = (int) (tag >>> 32) & DATAGRAMS - 1;
        if ((fragment & Ipv4.OFFSET_MASK) != 0) {
            long known = datagrams[place];
            return (known ^ tag) >>> 32 == 0 && known != 0 ? (int) known : otherwise;
        }
        int headerLength = Ipv4.headerLength(ip);
        int port = port(ip + headerLength, available - headerLength, protocol);
        int domain = port < 0 ? otherwise : ofPort(destination, protocol, port, Ipv4.source(ip), otherwise);
        if (tag != 0) {
            datagrams[place] = (tag & -1L << 32) | domain;
        }
        return domain;
    }

    private int ofPort(int destination, int protocol, int port, int remote, int otherwise) {
        long entry = nat.connections.at(destination, port);
        if (entry != 0) {
            return NatEntry.rdid(entry);
        }
        // A rule's port need not be one of its connection's.
        long rule = L4.hasPorts(protocol) ? nat.rules.at(destination, protocol, port, remote) : 0;
        return rule == 0 ? otherwise : NatRuleEntry.rdid(rule);
    }

    /** Whom the host speaks to: the sender, or of an ICMP error the destination of the packet in it. */
    private static int remote(long ip, int available, int protocol) {
        int icmp = Ipv4.headerLength(ip);
        boolean error = protocol == Ipv4.ICMP
                && !Ipv4.isFragment(Ipv4.fragment(ip))
                && available >= icmp + Icmp.LENGTH + Ipv4.MIN_LENGTH
                && Icmp.isError(Icmp.type(ip + icmp));
        return error ? Ipv4.destination(ip + icmp + Icmp.LENGTH) : Ipv4.source(ip);
    }

    /** The port or identifier by which NAT finds the packet, of an ICMP error that of the packet in it; -1 = none. */
    private static int port(long l4, int available, int protocol) {
        if (available < Udp.LENGTH) {
            return -1;
        }
        if (L4.hasPorts(protocol)) {
            return Udp.destinationPort(l4);
        }
        if (protocol != Ipv4.ICMP) {
            return -1;
        }
        if (Icmp.isQuery(Icmp.type(l4))) {
            return Icmp.id(l4);
        }
        long embedded = l4 + Icmp.LENGTH;
        int length = available - Icmp.LENGTH;
        if (length < Ipv4.MIN_LENGTH || length < Ipv4.headerLength(embedded) + Udp.LENGTH) {
            return -1;
        }
        long inner = embedded + Ipv4.headerLength(embedded);
        if (L4.hasPorts(Ipv4.protocol(embedded))) {
            return Udp.sourcePort(inner);
        }
        return Ipv4.protocol(embedded) == Ipv4.ICMP ? Icmp.id(inner) : -1;
    }

    /** Of a datagram; never 0 above. */
    private static long tag(long ip, int protocol) {
        long h = (Ipv4.addresses(ip) ^ (long) Mem.u16Be(ip + 4) << 24 ^ protocol) * 0x9e37_79b9_7f4a_7c15L;
        return (h ^ h >>> 29) | 1L << 63;
    }
}
