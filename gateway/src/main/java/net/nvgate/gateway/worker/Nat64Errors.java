package net.nvgate.gateway.worker;

import net.nvgate.gateway.nat64.EmbeddedAddress;
import net.nvgate.gateway.nat64.ErrorToIpv4;
import net.nvgate.gateway.nat64.IcmpTypes;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.nat64.ToIpv6;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.Nat64Table;
import net.nvgate.gateway.route.VsidEntry;
import org.jspecify.annotations.Nullable;

/** NAT64's ICMP errors from inside: those of hosts, and our own about packets that have become IPv4 already. */
final class Nat64Errors {

    private final InsideHosts hosts;
    private final Adjacencies adjacencies;
    private final Icmp6Sender icmp;
    private final Disposal disposal;

    Nat64Errors(InsideHosts hosts, Adjacencies adjacencies, Icmp6Sender icmp, Disposal disposal) {
        this.hosts = hosts;
        this.adjacencies = adjacencies;
        this.icmp = icmp;
        this.disposal = disposal;
    }

    /**
     * An ICMPv6 message to a NAT64 prefix that is no echo. What a host, or a router behind one, says of a packet that the host
     * received comes from the handle of the host, and so from its mapping (RFC 5508 REQ-5).
     *
     * @return address of the ICMPv4 error, 0: dropped
     */
    long outbound(long mbuf, long ip6, int length, long chain, long vsid, long prefix) {
        long icmp6 = ip6 + Ipv6Chain.offset(chain);
        int bytes = length - Ipv6Chain.offset(chain);
        DropReason fault = checkMessage(ip6, icmp6, bytes);
        long ip4 = 0;
        if (fault == null) {
            long embedded = icmp6 + Icmpv6.LENGTH;
            int available = ErrorToIpv4.available(icmp6, bytes - Icmpv6.LENGTH);
            long embeddedChain = Ipv6Chain.walk(embedded, available);
            fault = checkEmbedded(ip6, embedded, available, embeddedChain, Nat64Table.prefixLength(prefix));
            int handle = fault == null ? host(embedded, VsidEntry.rdid(vsid), prefix) : InsideHosts.NONE;
            if (handle != InsideHosts.NONE) {
                int remote = remote(embedded, Nat64Table.prefixLength(prefix));
                int mtu4 = mtu4(VsidEntry.rdid(vsid), handle, remote);
                int all = bytes - Icmpv6.LENGTH;
                ip4 = ErrorToIpv4.translate(ip6, icmp6, embeddedChain, available, all, remote, handle, mtu4);
                fault = ip4 == 0 ? DropReason.NAT64_ICMP : null;
            } else if (fault == null) {
                fault = DropReason.ICMP_NO_SESSION;
            }
        }
        if (fault != null) {
            disposal.drop(mbuf, fault, VsidEntry.countersIndex(vsid));
        }
        return ip4;
    }

    private static @Nullable DropReason checkMessage(long ip6, long icmp6, int bytes) {
        if (!Icmpv6.isError(Icmpv6.type(icmp6))) {
            return DropReason.NAT64_ICMP;
        }
        if (bytes < Icmpv6.LENGTH + Ipv6.LENGTH) {
            return DropReason.TRUNCATED_L4;
        }
        return Icmpv6.checksumIsRight(ip6, icmp6, bytes) ? null : DropReason.ICMP_CHECKSUM;
    }

    /** The embedded packet came from whom the error is for, and is of a kind that has sessions. */
    private static @Nullable DropReason checkEmbedded(
            long ip6, long embedded, int available, long chain, int prefixLength) {
        if (available < Ipv6.LENGTH || Ipv6.version(embedded) != 6 || Ipv6Chain.isWrong(chain)) {
            return DropReason.TRUNCATED_L4;
        }
        int outer = EmbeddedAddress.extract(Ipv6.destinationHigh(ip6), Ipv6.destinationLow(ip6), prefixLength);
        if (Ipv6Chain.isLaterFragment(chain) || remote(embedded, prefixLength) != outer) {
            return DropReason.ICMP_NO_SESSION;
        }
        int protocol = Ipv6Chain.protocol(chain);
        long l4 = embedded + Ipv6Chain.offset(chain);
        if (available - Ipv6Chain.offset(chain) < Udp.LENGTH) {
            return DropReason.TRUNCATED_L4;
        }
        boolean echo = protocol == Ipv6.ICMPV6 && Icmpv6.isEcho(Icmpv6.type(l4));
        return echo || L4.hasPorts(protocol) ? null : DropReason.ICMP_NO_SESSION;
    }

    private int host(long embedded, int domain, long prefix) {
        return hosts.find(
                domain,
                Ipv6.destinationHigh(embedded),
                Ipv6.destinationLow(embedded),
                Nat64Table.high(prefix),
                Nat64Table.low(prefix),
                Nat64Table.prefixLength(prefix));
    }

    private static int remote(long embedded, int prefixLength) {
        return EmbeddedAddress.extract(Ipv6.sourceHigh(embedded), Ipv6.sourceLow(embedded), prefixLength);
    }

    /** The smaller of both next hops' MTUs, that of IPv6 as IPv4 (RFC 7915 §5.2). */
    private int mtu4(int domain, int handle, int remote) {
        return Math.min(mtu(adjacencies.toTenant(domain, handle)), mtu(adjacencies.toExternal(remote)));
    }

    private int mtu(int number) {
        boolean known = number >= 0 && Adjacency.fault(adjacencies.address(number)) == null;
        return known ? Adjacency.mtu(adjacencies.address(number)) : 0xffff;
    }

    /**
     * Tells a host that its packet, which has become IPv4, goes no further: the packet becomes IPv6 again.
     *
     * @param type of ICMPv4, as are code and MTU
     */
    void refuse(long mbuf, long ip4, long vsid, int type, int code, int mtu, DropReason reason) {
        long l4 = ip4 + Ipv4.headerLength(ip4);
        if (Ipv4.protocol(ip4) == Ipv4.ICMP && !Icmp.isQuery(Icmp.type(l4))) {
            // No error about an error.
            disposal.drop(mbuf, reason, VsidEntry.countersIndex(vsid));
            return;
        }
        int handle = Ipv4.source(ip4);
        int remote = Ipv4.destination(ip4);
        int typeAndCode = IcmpTypes.toV6(type, code);
        long ip6 = ToIpv6.translate(
                ip4,
                hosts.high(handle),
                hosts.low(handle),
                hosts.remoteHigh(handle, remote),
                hosts.remoteLow(handle, remote));
        boolean tooBig = type == Icmp.UNREACHABLE && code == Icmp.CODE_FRAGMENTATION_NEEDED;
        int word = tooBig ? Math.max(Ipv6.MTU_MIN, mtu + Ipv6.LENGTH - Ipv4.MIN_LENGTH) : 0;
        icmp.toTenant(mbuf, ip6, Ipv6.totalLength(ip6), vsid, typeAndCode >>> 8, typeAndCode & 0xff, word, reason);
    }
}
