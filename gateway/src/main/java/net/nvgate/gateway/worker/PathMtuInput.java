package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Fragmentation needed, or packet too big of IPv6, that routers of the PA network send us about our NVGRE packets (RFC 1191 §3, RFC 8201 §4). Anybody can write such a packet,
 * so it is believed only if what it embeds is a header that we would have sent, and it says nothing impossible; then the path's MTU
 * becomes smaller, never larger.
 */
final class PathMtuInput {

    /** An inner packet of 576 bytes, which every IPv4 host must take (RFC 791 §3.1), always fits. */
    static final int MTU_MIN = 576 + Nvgre.OVERHEAD;

    private static final int EMBEDDED_MIN = Ipv4.MIN_LENGTH + Nvgre.LENGTH;
    private static final int EMBEDDED_IPV6_MIN = Ipv6.LENGTH + Nvgre.LENGTH;
    private static final int PER_SECOND = 100;
    /** For routers that do not say the MTU (RFC 1191 §7.1). */
    private static final int[] PLATEAUS = {32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006};

    private final RouteTables tables;
    private final PathMtus mtus;
    private final RateLimiter limiter = new RateLimiter(PER_SECOND, PER_SECOND);
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;

    PathMtuInput(RouteTables tables, PathMtus mtus, WorkerClock clock, WorkerCounters counters, Disposal disposal) {
        this.tables = tables;
        this.mtus = mtus;
        this.clock = clock;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** Whether ICMP to a provider address is fragmentation needed. */
    static boolean isFor(long ip, int length) {
        int headerLength = Ipv4.headerLength(ip);
        long icmp = ip + headerLength;
        return length >= headerLength + Icmp.LENGTH
                && Icmp.type(icmp) == Icmp.UNREACHABLE
                && Icmp.code(icmp) == Icmp.CODE_FRAGMENTATION_NEEDED;
    }

    /** A packet that {@link #isFor} accepts, to a provider address of ours. */
    void receive(long mbuf, long ip, int length) {
        int headerLength = Ipv4.headerLength(ip);
        long icmp = ip + headerLength;
        long embedded = icmp + Icmp.LENGTH;
        int available = length - headerLength - Icmp.LENGTH;
        if (!isOurs(icmp, length - headerLength, Ipv4.destination(ip), embedded, available)) {
            disposal.drop(mbuf, DropReason.PATH_MTU);
            return;
        }
        int sent = Ipv4.totalLength(embedded);
        learn(mbuf, Ipv4.destination(embedded), mtu(icmp, sent), MTU_MIN, sent);
    }

    /** Packet too big (RFC 8201 §4) to a provider address of ours, of which ICMPv6 begins at {@code offset}. */
    void receive6(long mbuf, long ip, int length, int offset) {
        long icmp = ip + offset;
        long embedded = icmp + Icmpv6.LENGTH;
        int available = length - offset - Icmpv6.LENGTH;
        int peer = available < EMBEDDED_IPV6_MIN || !Icmpv6.checksumIsRight(ip, icmp, length - offset)
                ? 0
                : peer6(ip, embedded);
        if (peer == 0) {
            disposal.drop(mbuf, DropReason.PATH_MTU);
        } else {
            learn(mbuf, peer, Icmpv6.word(icmp), Ipv6.MTU_MIN, Ipv6.totalLength(embedded));
        }
    }

    /** Handle of the destination of an embedded NVGRE packet of ours; 0 = it is none. */
    private int peer6(long ip, long embedded) {
        long gre = embedded + Ipv6.LENGTH;
        ProviderAddresses6 addresses = tables.providerAddresses6;
        if (Ipv6.version(embedded) != 6
                || Ipv6.nextHeader(embedded) != Ipv4.GRE
                || Ipv6.sourceHigh(embedded) != Ipv6.destinationHigh(ip)
                || Ipv6.sourceLow(embedded) != Ipv6.destinationLow(ip)
                || Nvgre.flagsAndType(gre) != Nvgre.FLAGS_AND_TYPE) {
            return 0;
        }
        int own = addresses.find(Ipv6.sourceHigh(embedded), Ipv6.sourceLow(embedded));
        int peer = addresses.find(Ipv6.destinationHigh(embedded), Ipv6.destinationLow(embedded));
        long vsid = tables.vsids.find(Nvgre.vsid(gre));
        boolean sent = own != 0 && vsid != 0 && VsidEntry.ownPa6(vsid) == own;
        return sent && peer != 0 && tables.peers.contains(peer) ? peer : 0;
    }

    private void learn(long mbuf, int peer, int mtu, int least, int sent) {
        if (mtu < least || mtu >= sent) {
            disposal.drop(mbuf, DropReason.PATH_MTU);
        } else if (!limiter.tryTake(clock.nanos())) {
            disposal.drop(mbuf, DropReason.PATH_MTU_LIMIT);
        } else {
            if (mtus.learn(peer, mtu)) {
                counters.add(WorkerCounter.PATH_MTUS_LEARNED, 1);
            }
            disposal.free(mbuf);
        }
    }

    /** Whether an NVGRE packet of ours is embedded: from the PA that got the error, to one that a record names, of a VSID here. */
    private boolean isOurs(long icmp, int icmpLength, int own, long embedded, int available) {
        if (available < EMBEDDED_MIN || Mem.u8(embedded) != 0x45 || Checksum.of(icmp, icmpLength) != 0) {
            return false;
        }
        long gre = embedded + Ipv4.MIN_LENGTH;
        if (Ipv4.protocol(embedded) != Ipv4.GRE
                || Ipv4.source(embedded) != own
                || Ipv4.fragment(embedded) != Ipv4.DONT_FRAGMENT
                || Nvgre.flagsAndType(gre) != Nvgre.FLAGS_AND_TYPE
                || !tables.peers.contains(Ipv4.destination(embedded))) {
            return false;
        }
        long vsid = tables.vsids.find(Nvgre.vsid(gre));
        return vsid != 0 && VsidEntry.ownPa(vsid) == own;
    }

    private static int mtu(long icmp, int sent) {
        int said = Mem.u16Be(icmp + 6);
        if (said != 0) {
            return said;
        }
        for (int plateau : PLATEAUS) {
            if (plateau < sent) {
                return plateau;
            }
        }
        return 0;
    }
}
