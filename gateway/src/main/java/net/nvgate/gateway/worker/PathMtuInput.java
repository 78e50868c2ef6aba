package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Fragmentation needed that routers of the PA network send us about our NVGRE packets (RFC 1191 §3). Anybody can write such a packet,
 * so it is believed only if what it embeds is a header that we would have sent, and it says nothing impossible; then the path's MTU
 * becomes smaller, never larger.
 */
final class PathMtuInput {

    /** An inner packet of 576 bytes, which every IPv4 host must take (RFC 791 §3.1), always fits. */
    static final int MTU_MIN = 576 + Nvgre.OVERHEAD;

    private static final int EMBEDDED_MIN = Ipv4.MIN_LENGTH + Nvgre.LENGTH;
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
        int mtu = mtu(icmp, sent);
        if (mtu < MTU_MIN || mtu >= sent) {
            disposal.drop(mbuf, DropReason.PATH_MTU);
        } else if (!limiter.tryTake(clock.nanos())) {
            disposal.drop(mbuf, DropReason.PATH_MTU_LIMIT);
        } else {
            if (mtus.learn(Ipv4.destination(embedded), mtu)) {
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
