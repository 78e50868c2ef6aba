package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.nat64.ErrorToIpv6;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.nat64.ToIpv6;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv4Options;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.Step;
import org.jspecify.annotations.Nullable;

/**
 * NAT64 toward inside (RFC 6146 §3.6): an IPv4 packet that the NAT has led to a handle becomes an IPv6 packet to its host. It is the
 * egress of adjacencies of kind {@link Adjacency#NAT64}, so that everything before it knows no difference to NAT44.
 */
final class Nat64Inbound {

    private final Tenant6Routes routes;
    private final InsideHosts hosts;
    private final Adjacencies adjacencies;
    private final Fragmenter fragmenter;
    private final Tap tap;
    private final WorkerCounters counters;
    private final Disposal disposal;

    Nat64Inbound(
            Tenant6Routes routes,
            InsideHosts hosts,
            Adjacencies adjacencies,
            Fragmenter fragmenter,
            Tap tap,
            WorkerCounters counters,
            Disposal disposal) {
        this.routes = routes;
        this.hosts = hosts;
        this.adjacencies = adjacencies;
        this.fragmenter = fragmenter;
        this.tap = tap;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** Sends an IPv4 packet with a right header by an adjacency of kind {@link Adjacency#NAT64} without fault. */
    void send(Egress egress, long mbuf, long ip, int length, int number, int entropy) {
        int handle = Adjacency.handle(adjacencies.address(number));
        int counter = Adjacency.countersIndex(adjacencies.address(number));
        int toHost = routes.toward(hosts.domain(handle), hosts.high(handle), hosts.low(handle), entropy);
        if (toHost < 0) {
            disposal.drop(mbuf, DropReason.NO_RECORD, counter);
            return;
        }
        if (tap.isFollowing()) {
            long pair = Step.pair(handle, Ipv4.source(ip));
            tap.step(Step.NAT64, hosts.domain(handle), hosts.high(handle), hosts.low(handle), pair);
        }
        int mtu = Adjacency.mtu(adjacencies.address(toHost));
        boolean error = isError(ip);
        DropReason fault = check(ip, handle, error);
        if (fault == null && !hasRoom(mbuf, ip, error ? ErrorToIpv6.growth(ip) : ToIpv6.growth(ip))) {
            fault = DropReason.NO_HEADROOM;
        }
        if (fault != null) {
            disposal.drop(mbuf, fault, counter);
        } else if (error) {
            error(egress, mbuf, ip, length, handle, toHost, entropy);
        } else if (length + ToIpv6.growth(ip) <= mtu) {
            long ip6 = ToIpv6.translate(
                    ip,
                    hosts.remoteHigh(handle, Ipv4.source(ip)),
                    hosts.remoteLow(handle, Ipv4.source(ip)),
                    hosts.high(handle),
                    hosts.low(handle));
            counters.add(WorkerCounter.NAT64_IN, 1);
            egress.send(mbuf, ip6, Ipv6.totalLength(ip6), toHost, entropy);
        } else if ((Ipv4.fragment(ip) & Ipv4.DONT_FRAGMENT) == 0) {
            // Each piece comes here again, and gets a fragment header.
            int mtu4 = mtu - Ipv6.LENGTH - Ipv6Chain.FRAGMENT_LENGTH + Ipv4.MIN_LENGTH;
            fragmenter.split(egress, mbuf, ip, length, number, entropy, mtu4);
        } else {
            tap.step(Step.TOO_BIG, length + ToIpv6.growth(ip), mtu, hosts.domain(handle));
            disposal.drop(mbuf, DropReason.TOO_BIG, counter);
        }
    }

    private static boolean isError(long ip) {
        return Ipv4.protocol(ip) == Ipv4.ICMP
                && !Ipv4.isFragment(Ipv4.fragment(ip))
                && Icmp.isError(Icmp.type(ip + Ipv4.headerLength(ip)));
    }

    private @Nullable DropReason check(long ip, int handle, boolean error) {
        if (Ipv4Options.hasOpenSourceRoute(ip)) {
            return DropReason.NAT64_HEADER;
        }
        if (!error && !Nat64Outbound.isReachable(Ipv4.source(ip), hosts.prefixHigh(handle), hosts.prefixLow(handle))) {
            return DropReason.NAT64_ADDRESS;
        }
        int fragment = Ipv4.fragment(ip);
        if (Ipv4.protocol(ip) == Ipv4.ICMP) {
            if (Ipv4.isFragment(fragment)) {
                return DropReason.NAT64_FRAGMENT;
            }
            int type = Icmp.type(ip + Ipv4.headerLength(ip));
            return error || type == Icmp.ECHO_REQUEST || type == Icmp.ECHO_REPLY ? null : DropReason.NAT64_ICMP;
        }
        boolean withHeader = (fragment & Ipv4.OFFSET_MASK) == 0;
        if (Ipv4.protocol(ip) == Ipv4.UDP && withHeader && Mem.u16(udp(ip) + Udp.CHECKSUM_OFFSET) == 0) {
            if (Ipv4.isFragment(fragment)) {
                return DropReason.NAT64_FRAGMENT;
            }
            ToIpv6.fillUdpChecksum(ip);
        }
        return null;
    }

    private static long udp(long ip) {
        return ip + Ipv4.headerLength(ip);
    }

    private static boolean hasRoom(long mbuf, long ip, int growth) {
        return ip - growth >= Mbuf.dataAddress(mbuf) - Mbuf.headroom(mbuf);
    }

    private void error(Egress egress, long mbuf, long ip, int length, int handle, int toHost, int entropy) {
        int router = Ipv4.source(ip);
        long high = hosts.remoteHigh(handle, router);
        long low = hosts.remoteLow(handle, router);
        if (!Nat64Outbound.isReachable(router, hosts.prefixHigh(handle), hosts.prefixLow(handle))) {
            // Its address must not stand behind the well-known prefix, but what it says must come through: we say it.
            long vsid = vsid(handle);
            high = vsid == 0 ? 0 : VsidEntry.gatewayCa6High(vsid);
            low = vsid == 0 ? 0 : VsidEntry.gatewayCa6Low(vsid);
        }
        if (high == 0 && low == 0) {
            disposal.drop(mbuf, DropReason.NAT64_ADDRESS);
            return;
        }
        int counter = Adjacency.countersIndex(adjacencies.address(toHost));
        int mtu6 = Adjacency.mtu(adjacencies.address(toHost));
        long ip6 = ErrorToIpv6.translate(ip, length, hosts, handle, high, low, mtu6);
        if (ip6 == 0) {
            disposal.drop(mbuf, DropReason.NAT64_ICMP, counter);
            return;
        }
        counters.add(WorkerCounter.NAT64_IN, 1);
        egress.send(mbuf, ip6, Ipv6.totalLength(ip6), toHost, entropy);
    }

    private long vsid(int handle) {
        return routes.entryToward(hosts.domain(handle), hosts.high(handle), hosts.low(handle));
    }
}
