package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.nat64.EmbeddedAddress;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.nat64.ToIpv4;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.route.Nat64Table;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.Step;
import org.jspecify.annotations.Nullable;

/**
 * NAT64 from inside (RFC 6146 §3.4, §3.6): an IPv6 packet to a NAT64 prefix becomes, in its place, an IPv4 packet whose source is the
 * handle of its host. From there on it is a packet of NAT44: sessions, mappings, pools, quotas and rules know no difference.
 *
 * <pre>
 *  IPv6 --> address, extension headers, hop limit? --> ICMPv6 error ---> Nat64Errors ----\
 *                                                 \--> TCP, UDP, echo --> IPv4 header ------> InnerInput.translated
 * </pre>
 */
final class Nat64Outbound {

    private final RouteTables tables;
    private final InsideHosts hosts;
    private final Icmp6Sender icmp;
    private final Nat64Errors errors;
    private final Tap tap;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;
    private int lastId;

    Nat64Outbound(
            RouteTables tables,
            InsideHosts hosts,
            Icmp6Sender icmp,
            Nat64Errors errors,
            Tap tap,
            WorkerClock clock,
            WorkerCounters counters,
            Disposal disposal,
            int firstId) {
        this.tables = tables;
        this.hosts = hosts;
        this.icmp = icmp;
        this.errors = errors;
        this.tap = tap;
        this.clock = clock;
        this.counters = counters;
        this.disposal = disposal;
        this.lastId = firstId;
    }

    /** The NAT64 prefix of a tenant that a destination has, an entry of {@link Nat64Table}; 0 = none. */
    long prefix(int domain, long ip6) {
        return tables.nat64.find(domain, Ipv6.destinationHigh(ip6), Ipv6.destinationLow(ip6));
    }

    /**
     * Translates a well-formed IPv6 packet of a source that its VSID and outer source may have.
     *
     * @param prefix that the destination has
     * @return address of the IPv4 packet, which is to be counted as received; 0: dealt with
     */
    long translate(long mbuf, long ip6, int length, long vsid, long prefix) {
        int counter = VsidEntry.countersIndex(vsid);
        long ip4 = 0;
        DropReason fault = check(ip6, length, prefix);
        if (fault != null) {
            disposal.drop(mbuf, fault, counter);
        } else if (Ipv6.hopLimit(ip6) <= 1) {
            icmp.toTenant(mbuf, ip6, length, vsid, Icmpv6.TIME_EXCEEDED, 0, 0, DropReason.TTL_EXPIRED);
        } else {
            ip4 = translated(mbuf, ip6, length, vsid, prefix);
        }
        if (ip4 == 0) {
            counters.received(counter, length);
        } else {
            counters.add(WorkerCounter.NAT64_OUT, 1);
        }
        return ip4;
    }

    private long translated(long mbuf, long ip6, int length, long vsid, long prefix) {
        long chain = Ipv6Chain.walk(ip6, length);
        int protocol = Ipv6Chain.protocol(chain);
        if (protocol == Ipv6.ICMPV6 && !Icmpv6.isEcho(Icmpv6.type(ip6 + Ipv6Chain.offset(chain)))) {
            return errors.outbound(mbuf, ip6, length, chain, vsid, prefix);
        }
        if (protocol != Ipv6.ICMPV6 && !L4.hasPorts(protocol)) {
            // RFC 6146 §3.4 has this code for it, though no port is missing.
            int code = Icmpv6.CODE_PORT;
            icmp.toTenant(mbuf, ip6, length, vsid, Icmpv6.UNREACHABLE, code, 0, DropReason.NAT64_PROTOCOL);
            return 0;
        }
        int handle = hosts.intern(
                VsidEntry.rdid(vsid),
                Ipv6.sourceHigh(ip6),
                Ipv6.sourceLow(ip6),
                Nat64Table.high(prefix),
                Nat64Table.low(prefix),
                Nat64Table.prefixLength(prefix),
                (int) clock.ms());
        if (handle == InsideHosts.NONE) {
            disposal.drop(mbuf, DropReason.NAT64_HOSTS_FULL, VsidEntry.countersIndex(vsid));
            return 0;
        }
        if (tap.isFollowing()) {
            long pair = Step.pair(handle, remote(ip6, prefix));
            tap.step(Step.NAT64, VsidEntry.rdid(vsid), Ipv6.sourceHigh(ip6), Ipv6.sourceLow(ip6), pair);
        }
        return ToIpv4.translate(ip6, chain, handle, remote(ip6, prefix), nextId());
    }

    private static int remote(long ip6, long prefix) {
        return EmbeddedAddress.extract(
                Ipv6.destinationHigh(ip6), Ipv6.destinationLow(ip6), Nat64Table.prefixLength(prefix));
    }

    private static @Nullable DropReason check(long ip6, int length, long prefix) {
        int prefixLength = Nat64Table.prefixLength(prefix);
        if ((prefixLength < 96 && !EmbeddedAddress.isWellFormed(Ipv6.destinationLow(ip6)))
                || !isReachable(remote(ip6, prefix), Nat64Table.high(prefix), Nat64Table.low(prefix))) {
            return DropReason.NAT64_ADDRESS;
        }
        if (hasPrefix(Ipv6.sourceHigh(ip6), Ipv6.sourceLow(ip6), prefix)) {
            return DropReason.NAT64_SOURCE;
        }
        long chain = Ipv6Chain.walk(ip6, length);
        if (Ipv6Chain.isWrong(chain)) {
            return DropReason.IPV6_EXTENSION;
        }
        if (!extensionsMayGo(ip6, chain)) {
            return DropReason.NAT64_HEADER;
        }
        boolean icmp = Ipv6Chain.protocol(chain) == Ipv6.ICMPV6;
        if (icmp && isFragment(ip6, chain)) {
            return DropReason.NAT64_FRAGMENT;
        }
        int protocol = icmp ? Ipv4.ICMP : Ipv6Chain.protocol(chain);
        boolean short4 = length - Ipv6Chain.offset(chain) < L4.minLength(protocol);
        return short4 && !Ipv6Chain.isLaterFragment(chain) ? DropReason.TRUNCATED_L4 : null;
    }

    /** A unicast address that can be beyond the gateway; behind the well-known prefix a global one (RFC 6052 §3.1). */
    static boolean isReachable(int remote, long prefixHigh, long prefixLow) {
        return !Ipv4.isGroupOrReserved(remote)
                && !Ipv4.isNeverOnTheWire(remote)
                && (!EmbeddedAddress.isWellKnown(prefixHigh, prefixLow) || EmbeddedAddress.isGlobal(remote));
    }

    /** RFC 6146 §3.5: such a packet came out of a NAT64, and would go round. */
    private static boolean hasPrefix(long high, long low, long prefix) {
        int length = Nat64Table.prefixLength(prefix);
        long highMask = length >= 64 ? -1L : -1L << (64 - length);
        long lowMask = length == 96 ? -1L << 32 : 0;
        return ((high ^ Nat64Table.high(prefix)) & highMask) == 0 && ((low ^ Nat64Table.low(prefix)) & lowMask) == 0;
    }

    /** Fragments whose rest is elsewhere; RFC 6946 has those that are whole. */
    private static boolean isFragment(long ip6, long chain) {
        return Ipv6Chain.isLaterFragment(chain)
                || (Ipv6Chain.hasFragmentHeader(chain)
                        && Ipv6Chain.moreFragments(ip6 + Ipv6Chain.fragmentHeader(chain)));
    }

    /** Options go unseen; a source route that is not used up or an authentication header do not (RFC 7915 §5.1). */
    private static boolean extensionsMayGo(long ip6, long chain) {
        int next = Ipv6.nextHeader(ip6);
        int at = Ipv6.LENGTH;
        while (at < Ipv6Chain.offset(chain)) {
            long header = ip6 + at;
            switch (next) {
                case Ipv6.FRAGMENT -> at += Ipv6Chain.FRAGMENT_LENGTH;
                case Ipv6.HOP_BY_HOP, Ipv6.DESTINATION_OPTIONS -> at += (Mem.u8(header + 1) + 1) << 3;
                case Ipv6.ROUTING -> {
                    if (Mem.u8(header + 3) != 0) {
                        return false;
                    }
                    at += (Mem.u8(header + 1) + 1) << 3;
                }
                default -> {
                    return false;
                }
            }
            next = Mem.u8(header);
        }
        return true;
    }

    /** All 65,536 identifications before one comes again (RFC 7915 §5.1 with RFC 6864), in no order that is easily guessed. */
    private int nextId() {
        lastId = (lastId * 25173 + 13849) & 0xffff;
        return lastId;
    }
}
