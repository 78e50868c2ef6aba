package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Vlan;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Packets from tenants' own networks outside, for those that nearly all of them are: whole, no options, no fragment, all checks right, by a way that {@link
 * RouteCache} knows, no SYN, small enough. Any other one goes, untouched and in its turn, to {@link ExtInput}. Decides nothing that {@link FrontEndInput}
 * and {@link TenantRouter} would decide otherwise.
 *
 * <pre>
 *  record of a packet:  0 mbuf   8 ip   16 interface entry   24 set of the destination, then adjacency, 0 = another way   32 set of the source
 * </pre>
 */
final class FastFrontEndInput {

    private static final int SHIFT = 6;

    private final long memory;
    private final TenantLinks links;
    private final RouteCache cache;
    private final Adjacencies adjacencies;
    private final BurstEpochs epochs;
    private final Egress egress;
    private final ExtInput others;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final long mac;
    private long bytes;
    private long touched;

    /**
     * Memory of {@link #bytesOfMemory}.
     *
     * @param mac of the external port
     */
    FastFrontEndInput(long memory, WorkerParts parts, ExtInput others, long mac) {
        this.memory = memory;
        this.links = parts.tables.tenantLinks;
        this.cache = parts.routeCache;
        this.adjacencies = parts.adjacencies;
        this.epochs = new BurstEpochs(parts.adjacencies, parts.tables.epochs);
        this.egress = parts.egress;
        this.others = others;
        this.clock = parts.clock;
        this.counters = parts.counters;
        this.mac = mac;
    }

    static long bytesOfMemory() {
        return (long) Burst.MAX << SHIFT;
    }

    /**
     * Takes packets up to the first one that is of another kind.
     *
     * @param array address of {@code count} mbuf addresses
     * @return packets that were taken, 0 if the first one is of another kind
     */
    int receive(long array, int count, Burst burst) {
        bytes = 0;
        int packets = 0;
        while (packets < count && enter(Mem.i64(array + 8L * packets), at(packets))) {
            packets++;
        }
        if (packets > 0) {
            lookUp(packets);
            forward(packets, burst);
        }
        return packets;
    }

    /** Bytes of the packets that were taken last. */
    long bytes() {
        return bytes;
    }

    private long at(int i) {
        return memory + ((long) i << SHIFT);
    }

    /** Whether it is one of a tenant's network. */
    private boolean enter(long mbuf, long at) {
        int available = Mbuf.dataLength(mbuf);
        long flags = Mbuf.flags(mbuf);
        long frame = Mbuf.dataAddress(mbuf);
        boolean stripped = (flags & Offloads.MBUF_RX_VLAN_STRIPPED) != 0;
        int l3 = stripped ? Ethernet.LENGTH : Ethernet.LENGTH + Vlan.LENGTH;
        if (available < l3 + Ipv4.MIN_LENGTH
                || Mbuf.segments(mbuf) != 1
                || (flags & Offloads.MBUF_RX_IP_CHECKSUM_BAD) != 0
                || Ethernet.destination(frame) != mac
                || !(stripped || Ethernet.type(frame) == Ethernet.TYPE_VLAN)) {
            return false;
        }
        int vlan = stripped ? Mbuf.vlanTci(mbuf) & 0xfff : Vlan.id(frame + Ethernet.LENGTH);
        long entry = vlan == 0 ? 0 : links.find(TenantLinks.frontEnd(vlan));
        long ip = frame + l3;
        if (entry == 0 || !isPlain(ip, available - l3)) {
            return false;
        }
        Mem.i64(at, mbuf);
        Mem.i64(at + 8, ip);
        Mem.i64(at + 16, entry);
        int domain = VsidEntry.rdid(entry);
        Mem.i64(at + 24, cache.set(domain, Ipv4.destination(ip)));
        Mem.i64(at + 32, cache.set(domain, Ipv4.source(ip)));
        bytes += Mbuf.packetLength(mbuf);
        return true;
    }

    private static boolean isPlain(long ip, int available) {
        int length = Ipv4.totalLength(ip);
        return Ipv4Words.isPlain(ip - 2)
                && Ipv4Words.isPlainWhole(ip)
                && length >= Ipv4.MIN_LENGTH
                && length <= available
                && Ipv4.checksumIsRight(ip, Ipv4.MIN_LENGTH)
                && Ipv4Words.isFromHost(ip)
                && Ipv4Words.isToHost(ip)
                && !Ipv4.isNeverOnTheWire(Ipv4.destination(ip));
    }

    /** Finds the ways of packets; each loop reads lines that are needed, so that the cache misses overlap. */
    private void lookUp(int packets) {
        long sum = 0;
        for (int i = 0; i < packets; i++) {
            sum += Mem.i64(Mem.i64(at(i) + 24)) + Mem.i64(Mem.i64(at(i) + 32));
        }
        epochs.renew();
        int version = cache.version();
        for (int i = 0; i < packets; i++) {
            Mem.i64(at(i) + 24, adjacency(at(i), version));
        }
        for (int i = 0; i < packets; i++) {
            long adjacency = Mem.i64(at(i) + 24);
            long line = adjacency == 0 ? adjacencies.address(0) : adjacency;
            sum += Adjacency.mtu(line) + Adjacency.lastHeaders(line);
        }
        touched += sum;
    }

    private long adjacency(long at, int version) {
        long ip = Mem.i64(at + 8);
        long entry = Mem.i64(at + 16);
        int domain = VsidEntry.rdid(entry);
        int epoch = epochs.of(domain) + version;
        long source = RouteCache.find(Mem.i64(at + 32), domain, Ipv4.source(ip), epoch);
        long destination = RouteCache.find(Mem.i64(at + 24), domain, Ipv4.destination(ip), epoch);
        if (source == 0 || destination == 0 || !RouteCache.comesBy(source, TenantLinks.link(entry))) {
            return 0;
        }
        int number = RouteCache.adjacency(destination);
        return number < 0 ? 0 : adjacencies.address(number);
    }

    private void forward(int packets, Burst burst) {
        int common = adjacencies.commonEpoch();
        int nowMs = (int) clock.ms();
        boolean hold = true;
        for (int i = 0; i < packets; i++) {
            long at = at(i);
            long adjacency = Mem.i64(at + 24);
            if (adjacency == 0 || !hold || !forward(at, adjacency, nowMs)) {
                others.receive(Mem.i64(at), burst);
                hold = adjacencies.commonEpoch() == common;
            }
        }
    }

    private boolean forward(long at, long adjacency, int nowMs) {
        long ip = Mem.i64(at + 8);
        int length = Ipv4.totalLength(ip);
        if (Ipv4.ttl(ip) <= 1
                || isSyn(ip, length)
                || !egress.route(Mem.i64(at), ip, length, adjacency, FrontEndInput.entropy(ip), nowMs)) {
            return false;
        }
        counters.received(VsidEntry.countersIndex(Mem.i64(at + 16)), length);
        return true;
    }

    private static boolean isSyn(long ip, int length) {
        return Ipv4.protocol(ip) == Ipv4.TCP
                && length >= Ipv4.MIN_LENGTH + Tcp.MIN_LENGTH
                && (Tcp.flags(ip + Ipv4.MIN_LENGTH) & Tcp.SYN) != 0;
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }
}
