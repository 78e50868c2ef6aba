package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.watch.Side;

/**
 * First pass over what the PA port received, for the packet that nearly all are: whole, untagged, no options, no fragment, all checks
 * right, TCP or UDP of a VM in NVGRE for us. It goes into the burst; any other one goes, untouched, to {@link PaInput}, which finds out
 * what it is. So this class decides nothing but what {@link PaInput} and {@link InnerInput} would decide the same way.
 *
 * <pre>
 *  0          14         34        42            56        76        84
 * +----------+----------+---------+-------------+---------+---------+
 * | Ethernet | IPv4, 20 | GRE, 8  | Ethernet    | IPv4 20 | TCP/UDP |
 * +----------+----------+---------+-------------+---------+---------+
 * </pre>
 *
 * Headers are read as words: the compiler makes one piece of code of this and what it calls, which is the point of it.
 */
final class FastPaInput {

    private static final int OUTER = Ethernet.LENGTH;
    private static final int GRE = OUTER + Ipv4.MIN_LENGTH;
    private static final int INNER_FRAME = GRE + Nvgre.LENGTH;
    private static final int INNER = INNER_FRAME + Ethernet.LENGTH;
    private static final int L4 = INNER + Ipv4.MIN_LENGTH;
    private static final int SHORTEST = L4 + Udp.LENGTH;
    private static final long UNUSUAL = Offloads.MBUF_RX_VLAN_STRIPPED | Offloads.MBUF_RX_IP_CHECKSUM_BAD;

    private final RouteTables tables;
    private final KnownVsids vsids;
    private final PaInput others;
    private final long mac;
    // What the packet before had: most packets of a burst share it. Valid in the burst only.
    private boolean addressKnown;
    private int knownAddress;
    private long touched;

    /** @param mac of the PA port */
    FastPaInput(RouteTables tables, KnownVsids vsids, PaInput others, long mac) {
        this.tables = tables;
        this.vsids = vsids;
        this.others = others;
        this.mac = mac;
    }

    /**
     * Takes a burst of packets.
     *
     * @param array address of {@code count} mbuf addresses
     * @return bytes of the packets
     */
    long receive(long array, int count, Burst burst) {
        addressKnown = false;
        vsids.newBurst();
        others.newBurst();
        touch(array, count);
        long bytes = 0;
        int counted = 0;
        KnownVsids known = vsids;
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            bytes += Mbuf.packetLength(mbuf);
            long vsid = enter(mbuf, known, burst);
            if (vsid == 0) {
                others.receive(mbuf, burst);
            } else {
                KnownVsids.count(vsid, burst.length(burst.count() - 1));
                counted++;
            }
        }
        burst.counted(counted);
        return bytes;
    }

    /**
     * As {@link #receive}, of packets that nobody watches: ends before the first one that somebody does.
     *
     * @return packets that were taken; their bytes are told to {@link WatchedInput#passed}
     */
    int receiveUnwatched(long array, int count, Burst burst, WatchedInput watched) {
        addressKnown = false;
        vsids.newBurst();
        others.newBurst();
        touch(array, count);
        long wanted = watched.wantedFromPa();
        long bytes = 0;
        int counted = 0;
        KnownVsids known = vsids;
        int i = 0;
        for (; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            long length = Mbuf.packetLength(mbuf);
            long vsid = enter(mbuf, known, burst);
            if (vsid != 0) {
                long addresses = burst.key0(burst.count() - 1);
                if (TapSieve.concerns(wanted, addresses) && watched.watches(Side.PA, mbuf, addresses)) {
                    burst.removeLast();
                    break;
                }
                KnownVsids.count(vsid, burst.length(burst.count() - 1));
                counted++;
            } else if (watched.watches(Side.PA, mbuf)) {
                break;
            } else {
                others.receive(mbuf, burst);
            }
            bytes += length;
        }
        burst.counted(counted);
        watched.passed(bytes);
        return i;
    }

    /** Reads a word of every line that will be needed, so that the cache misses overlap. */
    private void touch(long array, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            long frame = Mbuf.dataLength(mbuf) < SHORTEST ? mbuf : Mbuf.dataAddress(mbuf);
            sum += Mem.i64(vsids.place(Nvgre.vsid(frame + GRE))) + Mem.i64(frame + INNER + 8);
        }
        touched += sum;
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }

    /** Line of {@link KnownVsids} of the packet's VSID, by which the caller counts it; 0 if it is another kind of packet. */
    private long enter(long mbuf, KnownVsids known, Burst burst) {
        int available = Mbuf.dataLength(mbuf);
        if (available < SHORTEST || Mbuf.segments(mbuf) != 1 || (Mbuf.flags(mbuf) & UNUSUAL) != 0) {
            return 0;
        }
        long frame = Mbuf.dataAddress(mbuf);
        int outerLength = Ipv4.totalLength(frame + OUTER);
        if (Ethernet.destination(frame) != mac
                || !Ipv4Words.isPlain(frame + OUTER - 2)
                || !Ipv4Words.isWhole(frame + OUTER, Ipv4.GRE)
                || outerLength < SHORTEST - OUTER
                || outerLength > available - OUTER
                || !isProviderAddress(Ipv4.destination(frame + OUTER))
                || !Ipv4.checksumIsRight(frame + OUTER, Ipv4.MIN_LENGTH)
                || Nvgre.flagsAndType(frame + GRE) != Nvgre.FLAGS_AND_TYPE) {
            return 0;
        }
        long vsid = known.line(Nvgre.vsid(frame + GRE));
        if (!KnownVsids.isForUs(vsid, Ethernet.destination(frame + INNER_FRAME))) {
            return 0;
        }
        int outerTos = Ipv4.tos(frame + OUTER);
        boolean entered = (outerTos == 0 || outerTos == Ipv4.tos(frame + INNER))
                && enterInner(mbuf, frame, outerLength - INNER + OUTER, vsid, burst);
        return entered ? vsid : 0;
    }

    private static boolean enterInner(long mbuf, long frame, int available, long vsid, Burst burst) {
        long ip = frame + INNER;
        int length = Ipv4.totalLength(ip);
        int protocol = Ipv4.protocol(ip);
        boolean tcp = protocol == Ipv4.TCP;
        if (!Ipv4Words.isPlain(ip - 2)
                || !Ipv4Words.isWhole(ip, protocol)
                || (!tcp && protocol != Ipv4.UDP)
                || length < Ipv4.MIN_LENGTH + (tcp ? Tcp.MIN_LENGTH : Udp.LENGTH)
                || length > available
                || !Ipv4.checksumIsRight(ip, Ipv4.MIN_LENGTH)
                || !Ipv4Words.isToHost(ip)
                || !Ipv4Words.isFromHost(ip)) {
            return false;
        }
        long l4 = frame + L4;
        int flags = tcp ? Tcp.flags(l4) | Burst.COUNTED : Burst.COUNTED;
        int i = burst.add(mbuf, ip, length, Udp.ports(l4), KnownVsids.rdid(vsid), protocol, flags);
        burst.vsid(i, KnownVsids.entry(vsid));
        burst.outerSource(i, Ipv4.source(frame + OUTER));
        return true;
    }

    /** Whether an untagged packet to an address is for us. */
    private boolean isProviderAddress(int address) {
        if (addressKnown && address == knownAddress) {
            return true;
        }
        long own = tables.ownAddresses.find(address);
        addressKnown =
                own != 0 && (OwnAddresses.flags(own) & OwnAddresses.PROVIDER) != 0 && OwnAddresses.vlan(own) == 0;
        knownAddress = address;
        return addressKnown;
    }
}
