package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.fragment.Datagram;
import net.nvgate.gateway.fragment.DatagramTable;
import net.nvgate.gateway.fragment.HeldPackets;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidTable;
import org.jspecify.annotations.Nullable;

/**
 * Fragments through the NAT without reassembly (RFC 4787 REQ-14): all fragments of a datagram get the ports of its first one. Those
 * that come before it are held until it comes, then they go on in the order they came. Tables have fixed sizes, and each tenant, or
 * each external address, a share of them, within which the newer displaces the older: a flood harms only fragments, and only its own.
 *
 * <pre>
 *  first fragment ---> shape? place? ---> ports noted ---> burst           (those held: burst after this one)
 *  later fragment ---> shape? place? ---> first known? --> burst with its ports
 *                                                   \----> held, 15 s at most
 * </pre>
 */
final class Fragments {

    /** RFC 791 §3.2 suggests 15 s for reassembly; a NAT needs no longer. */
    static final int LIFETIME_MS = 15_000;

    private final FragmentStore store;
    private final DatagramTable datagrams;
    private final HeldPackets held;
    private final VsidTable vsids;
    private final TenantLinks links;
    private final WorkerCounters counters;
    private final Disposal disposal;

    Fragments(FragmentStore store, VsidTable vsids, TenantLinks links, WorkerCounters counters, Disposal disposal) {
        this.store = store;
        this.datagrams = store.datagrams;
        this.held = store.held;
        this.vsids = vsids;
        this.links = links;
        this.counters = counters;
        this.disposal = disposal;
    }

    /**
     * A first fragment, offset 0 with more to come.
     *
     * @param owner whose share of the table it takes: a tenant's number or an address of ours
     * @param counter counters index of its VSID, -1 = none
     * @return its datagram; 0: dropped
     */
    long first(long mbuf, long ip, int length, int domain, int owner, int ports, int counter) {
        long datagram = enter(mbuf, ip, length, domain, owner, counter);
        if (datagram != 0) {
            datagrams.firstCame(datagram, ports);
            held.release(datagram);
        }
        return datagram;
    }

    /**
     * A later fragment, with an offset.
     *
     * @param origin {@code VsidEntry.vsid} from inside, VLAN from outside
     * @return its datagram, whose {@link Datagram#ports} are its ports; 0: held or dropped
     */
    long later(long mbuf, long ip, int length, int domain, int owner, int origin, int outerSource, int counter) {
        long datagram = enter(mbuf, ip, length, domain, owner, counter);
        if (datagram == 0 || datagrams.hasFirst(datagram)) {
            return datagram;
        }
        if (store.makeRoomToHold(datagram, owner)) {
            held.hold(datagram, mbuf, ip, length, domain, origin, outerSource, counter);
            counters.add(WorkerCounter.FRAGMENTS_HELD, 1);
        } else {
            store.drop(mbuf, DropReason.FRAGMENT_LIMIT, counter);
        }
        return 0;
    }

    /** Whether a later fragment's first one is known. */
    boolean knowsFirst(long ip, int domain) {
        long datagram = datagrams.find(Ipv4.addresses(ip), key1(ip, domain));
        return datagram != 0 && datagrams.hasFirst(datagram);
    }

    /** Its datagram with its place entered; 0: dropped. */
    private long enter(long mbuf, long ip, int length, int domain, int owner, int counter) {
        DropReason fault = FragmentShape.fault(ip, length);
        long datagram = fault == null ? store.datagram(Ipv4.addresses(ip), key1(ip, domain), owner) : 0;
        if (fault == null && datagram == 0) {
            fault = DropReason.FRAGMENT_LIMIT;
        } else if (fault == null) {
            fault = place(datagram, ip, length);
        }
        if (fault != null) {
            store.drop(mbuf, fault, counter);
            return 0;
        }
        return datagram;
    }

    private @Nullable DropReason place(long datagram, long ip, int length) {
        if (datagrams.isBad(datagram)) {
            return DropReason.FRAGMENT_OVERLAP;
        }
        int payload = length - Ipv4.headerLength(ip);
        DatagramTable.Place place =
                datagrams.enter(datagram, FragmentShape.offset(ip), payload, FragmentShape.isLast(ip));
        if (place == DatagramTable.Place.OVERLAPPING) {
            store.dropHeld(datagram, DropReason.FRAGMENT_OVERLAP);
        }
        return place == DatagramTable.Place.NEW ? null : DropReason.FRAGMENT_OVERLAP;
    }

    /** Whether fragments wait no more: their turn is after the burst with their first one. */
    boolean hasReady() {
        return held.hasReady();
    }

    /** Enters fragments that wait no more into an empty burst, all from one side; whether that is the inside. */
    boolean fill(Burst burst) {
        boolean inside = held.readyDomain() != FlowKey.OUTSIDE;
        while (held.hasReady() && burst.count() < Burst.MAX && (held.readyDomain() != FlowKey.OUTSIDE) == inside) {
            held.takeReady();
            long vsid = inside ? entry(held.origin()) : 0;
            if (inside && vsid == 0) {
                disposal.drop(held.mbuf(), DropReason.UNKNOWN_VSID);
                continue;
            }
            long ip = held.ip();
            int protocol = Ipv4.protocol(ip);
            int i = burst.add(held.mbuf(), ip, held.length(), held.ports(), held.domain(), protocol, 0);
            burst.fragment(i, held.datagram());
            burst.vsid(i, vsid);
            if (inside) {
                burst.outerSource(i, held.outerSource());
            } else {
                burst.vlan(i, held.origin());
            }
        }
        return inside;
    }

    /** Tenant interfaces have negative numbers, see {@link TenantLinks}. */
    private long entry(int origin) {
        return origin < 0 ? links.find(-origin) : vsids.find(origin);
    }

    /** After a burst and all that came of it: forgets datagrams that are complete. */
    void endBurst() {
        datagrams.removeComplete();
    }

    /** Gives up datagrams that are too old, some at a time; how many. */
    int expire() {
        return store.expire();
    }

    /** Datagrams of which some was seen, and not yet all. */
    int followed() {
        return datagrams.used();
    }

    /** Gives everything back, at the end. */
    void clear() {
        store.clear();
    }

    private static long key1(long ip, int domain) {
        return Datagram.key1(Ipv4.id(ip), domain, Ipv4.protocol(ip));
    }

    /** Whether a datagram is still that of a packet, and not a later one in the same place. */
    static boolean isOf(long datagram, long ip, int domain) {
        return datagram != 0
                && Datagram.key0(datagram) == Ipv4.addresses(ip)
                && Datagram.hasKey1(datagram, key1(ip, domain));
    }
}
