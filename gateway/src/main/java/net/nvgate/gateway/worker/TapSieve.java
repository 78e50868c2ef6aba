package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.Side;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchFilter;

/**
 * A first look at packets while somebody watches: whether {@link TapMatch} must look closer. Of plain packets, those of {@link FastPaInput}
 * and {@link FastExtInput}, addresses, protocol and VSID alone say that nearly all are nobody's; of others it says nothing.
 */
final class TapSieve {

    private static final long ANY = -1;
    private static final long NO_IPV4 = -2;
    private static final int UNKNOWN = -1;
    /** As {@link #wantedFromPa}: nothing is 1 behind an empty mask. */
    private static final long NOBODY = 1L << 32;

    private static final int PLAIN = 0x45;
    private static final int GOLDEN = 0x9E3779B9;
    /** Leaves six bits. */
    private static final int BIT_SHIFT = 26;

    private static final int OUTER = Ethernet.LENGTH;
    private static final int GRE = OUTER + Ipv4.MIN_LENGTH;
    private static final int INNER = GRE + Nvgre.LENGTH + Ethernet.LENGTH;

    private final Tap tap;
    private final RouteTables tables;
    // By watch: what it asks for.
    private final long[] inside = new long[Tap.SLOTS];
    private final long[] remote = new long[Tap.SLOTS];
    private final int[] protocol = new int[Tap.SLOTS];
    private final int[] domain = new int[Tap.SLOTS];
    private final int[] vsid = new int[Tap.SLOTS];
    /** Of the tenant that the VSID is of, 0 = nobody knows it. */
    private final int[] vsidDomain = new int[Tap.SLOTS];

    private int count;
    /** What all addresses have in common of which a packet must have one to be watched: a mask, and above it what is behind the mask. */
    private long wantedFromPa;

    private long wantedFromExt;
    /** By {@link #bit}: the same addresses; all bits where some watch names none. */
    private long bitsFromPa;

    private long bitsFromExt;
    // What the packet before had; valid in the burst only.
    private int knownVsid;
    private int knownDomain;

    TapSieve(Tap tap, RouteTables tables) {
        this.tap = tap;
        this.tables = tables;
    }

    /** There may be other watches. */
    void renew() {
        count = 0;
        wantedFromPa = NOBODY;
        wantedFromExt = NOBODY;
        bitsFromPa = 0;
        bitsFromExt = 0;
        for (int i = 0; i < Tap.SLOTS; i++) {
            Watch watch = tap.open(i);
            if (watch != null) {
                WatchFilter filter = watch.filter();
                inside[count] = address(filter.inside());
                remote[count] = address(filter.remote());
                protocol[count] = filter.protocol();
                domain[count] = filter.domain();
                vsid[count] = filter.vsid();
                // The inside address of a packet from outside is not its own.
                long named = remote[count] == ANY ? inside[count] : remote[count];
                wantedFromExt = common(wantedFromExt, remote[count]);
                wantedFromPa = common(wantedFromPa, named);
                bitsFromExt |= bits(remote[count]);
                bitsFromPa |= bits(named);
                count++;
            }
        }
    }

    /** What others want and a watch, too. */
    private static long common(long wanted, long address) {
        if (address == NO_IPV4) {
            return wanted;
        }
        if (address == ANY) {
            return 0;
        }
        long mask = wanted == NOBODY ? 0xffff_ffffL : wanted & ~((wanted >>> 32) ^ address) & 0xffff_ffffL;
        return (address & mask) << 32 | mask;
    }

    private static long bits(long address) {
        if (address == NO_IPV4) {
            return 0;
        }
        return address == ANY ? -1 : bit((int) address);
    }

    private static long bit(int address) {
        return 1L << ((address * GOLDEN) >>> BIT_SHIFT);
    }

    /** Of which addresses a packet must have one that {@link FastPaInput} has entered into the burst, for {@link #concerns}. */
    long wantedFromPa() {
        return wantedFromPa;
    }

    /** As {@link #wantedFromPa}, of {@link FastExtInput}. */
    long wantedFromExt() {
        return wantedFromExt;
    }

    /**
     * The first look at a packet: false if nobody watches it, as of its addresses alone. Where one address is watched it is exact; without a product,
     * as every packet pays for it.
     *
     * @param wanted {@link #wantedFromPa} or {@link #wantedFromExt}
     * @param addresses source and destination, see {@link Burst#key0}
     */
    static boolean concerns(long wanted, long addresses) {
        int value = (int) (wanted >>> 32);
        return ((int) (addresses >>> 32) & (int) wanted) == value || ((int) addresses & (int) wanted) == value;
    }

    /** The second look, at who {@link #concerns} somebody: where several addresses are watched that have little in common. */
    boolean mayBe(Side side, long addresses) {
        long bits = side == Side.PA ? bitsFromPa : bitsFromExt;
        return (bits & (bit((int) (addresses >>> 32)) | bit((int) addresses))) != 0;
    }

    private static long address(WatchFilter.Endpoint end) {
        if (!end.given()) {
            return ANY;
        }
        return FrameView.isMapped(end.high(), end.low()) ? end.low() & 0xffff_ffffL : NO_IPV4;
    }

    void newBurst() {
        knownVsid = UNKNOWN;
        for (int i = 0; i < count; i++) {
            vsidDomain[i] = vsid[i] == 0 ? 0 : domainOf(vsid[i]);
        }
    }

    /**
     * False: nobody watches a packet that the PA port has received.
     *
     * @param length bytes of the frame that are there
     */
    boolean mayBeFromPa(long frame, int length) {
        long ip = frame + INNER;
        if (length < INNER + Ipv4.MIN_LENGTH
                || !isPlain(frame + OUTER)
                || Ipv4.protocol(frame + OUTER) != Ipv4.GRE
                || Ipv4.isFragment(Ipv4.fragment(frame + OUTER))
                || Nvgre.flagsAndType(frame + GRE) != Nvgre.FLAGS_AND_TYPE
                || !isPlain(ip)) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (fitsProtocol(i, ip) && fitsEnds(i, ip) && fitsTenant(i, Nvgre.vsid(frame + GRE))) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #mayBeFromPa}, of the external port; whose the packet is, it does not say. */
    boolean mayBeFromExt(long frame, int length) {
        long ip = frame + Ethernet.LENGTH;
        if (length < Ethernet.LENGTH + Ipv4.MIN_LENGTH || !isPlain(ip)) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (fitsProtocol(i, ip) && (is(remote[i], Ipv4.source(ip)) || is(remote[i], Ipv4.destination(ip)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlain(long ip) {
        return Mem.u16Be(ip - 2) == Ethernet.TYPE_IPV4 && Mem.u8(ip) == PLAIN;
    }

    private boolean fitsProtocol(int i, long ip) {
        return protocol[i] == 0 || protocol[i] == Ipv4.protocol(ip);
    }

    private boolean fitsEnds(int i, long ip) {
        int source = Ipv4.source(ip);
        int destination = Ipv4.destination(ip);
        return (is(inside[i], source) && is(remote[i], destination))
                || (is(inside[i], destination) && is(remote[i], source));
    }

    private static boolean is(long wanted, int address) {
        return wanted == ANY || wanted == Integer.toUnsignedLong(address);
    }

    /** A VSID that is asked for may be that of a record of the packet's tenant. */
    private boolean fitsTenant(int i, int packetVsid) {
        if (domain[i] != 0 && domain[i] != domainOfPacket(packetVsid)) {
            return false;
        }
        return vsid[i] == 0
                || vsid[i] == packetVsid
                || vsidDomain[i] == 0
                || vsidDomain[i] == domainOfPacket(packetVsid);
    }

    private int domainOfPacket(int packetVsid) {
        if (packetVsid != knownVsid) {
            knownVsid = packetVsid;
            knownDomain = domainOf(packetVsid);
        }
        return knownDomain;
    }

    private int domainOf(int number) {
        long entry = tables.vsids.find(number);
        return entry == 0 ? 0 : VsidEntry.rdid(entry);
    }
}
