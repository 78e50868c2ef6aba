package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;

/**
 * A worker's next hops, made on demand from the tables and made anew when an epoch has moved on. Entries are never freed one by
 * one: when the table is full it is emptied, and a generation that is part of {@link #epoch} makes every session look again.
 */
final class Adjacencies {

    /** How often an entry in use looks whether its neighbour's MAC changed or wants to be verified. */
    private static final int NEIGHBOR_CHECK_MS = 1_000;

    private final RouteTables tables;
    private final NeighborTable neighbors;
    private final NeighborChannel channel;
    private final PathMtus mtus;
    private final WorkerPorts ports;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final long memory;
    private final int capacity;
    private final long seed;
    private final Multipath.Usable externalUsable;
    private FlowIndex index;
    private Slab slab;
    private int generation;

    /** Zeroed memory of {@link #bytes}. */
    Adjacencies(
            long memory,
            int capacity,
            long seed,
            RouteTables tables,
            NeighborTable neighbors,
            NeighborChannel channel,
            PathMtus mtus,
            WorkerPorts ports,
            WorkerClock clock,
            WorkerCounters counters) {
        this.memory = memory;
        this.capacity = capacity;
        this.seed = seed;
        this.tables = tables;
        this.neighbors = neighbors;
        this.channel = channel;
        this.mtus = mtus;
        this.ports = ports;
        this.clock = clock;
        this.counters = counters;
        this.externalUsable = (_, nextHop, _) -> answers(ports.extId(), nextHop);
        this.slab = new Slab(memory, Adjacency.SHIFT, capacity);
        this.index = newIndex();
    }

    static long bytes(int capacity) {
        return ((long) capacity << Adjacency.SHIFT) + FlowIndex.bytes(capacity);
    }

    /** What a session keeps and compares: it changes when the tenant's tables, the links or this table have changed. */
    int epoch(int domain) {
        return tables.epochs.of(domain) + tables.epochs.external() + generation;
    }

    /** Changes when every number that was given out is void. */
    int generation() {
        return generation;
    }

    long address(int adjacency) {
        return memory + ((long) adjacency << Adjacency.SHIFT);
    }

    /** Next hop toward a CA of a tenant that has a record of a VM; the number of an adjacency, -1 when there is no room. */
    int toTenant(int domain, int ca) {
        int number = find((long) domain << 32 | (ca & 0xffffffffL), Adjacency.TENANT);
        long adjacency = address(number);
        int epoch = epoch(domain);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            resolveTenant(adjacency, domain, ca);
        }
        return number;
    }

    /** Next hop toward an address of the physical side; of several equal routes always the same one. */
    int toExternal(int destination) {
        return toExternal(destination, destination);
    }

    /**
     * Next hop toward an address of the physical side.
     *
     * @param entropy hash of the flow, by which one of several equal routes is chosen
     */
    int toExternal(int destination, int entropy) {
        int epoch = tables.epochs.external() + generation;
        long route = tables.externalFib.find(destination);
        int nextHop = route == 0 || FibEntry.kind(route) == FibEntry.ON_LINK
                ? destination
                : Multipath.choose(route, 0, entropy, externalUsable);
        int number = find(nextHop & 0xffffffffL, Adjacency.EXTERNAL);
        long adjacency = address(number);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            resolveExternal(adjacency, nextHop, route);
        }
        return number;
    }

    /**
     * Next hop on a tenant interface.
     *
     * @param route in {@code tenantLinkFib}
     * @param nextHop on-link there
     */
    int toLink(int domain, long route, int nextHop) {
        int link = FibEntry.link(route);
        int kind = TenantLinks.isBackEnd(link) ? Adjacency.BACK_END : Adjacency.FRONT_END;
        int number = find((long) domain << 32 | (nextHop & 0xffffffffL), (long) link << 8 | kind);
        long adjacency = address(number);
        int epoch = epoch(domain);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            PacketPort port = kind == Adjacency.BACK_END ? ports.pa() : ports.ext();
            int id = kind == Adjacency.BACK_END ? ports.paId() : ports.extId();
            int vlan = TenantLinks.vlan(link);
            begin(adjacency, kind);
            resolveLink(adjacency, nextHop, port, NeighborEntry.portOf(id, vlan), vlan);
        }
        return number;
    }

    /** Next hop in the PA network toward a provider address, for packets that have their outer headers already. */
    int toProvider(int pa) {
        int epoch = tables.epochs.external() + generation;
        int number = find(pa & 0xffffffffL, Adjacency.PROVIDER_KEY);
        long adjacency = address(number);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            long route = tables.providerFib.find(pa);
            begin(adjacency, Adjacency.BACK_END);
            if (route == 0) {
                Adjacency.fault(adjacency, DropReason.NO_PROVIDER_ROUTE);
                return number;
            }
            boolean onLink = FibEntry.kind(route) == FibEntry.ON_LINK;
            int nextHop = onLink ? pa : FibEntry.nextHop(route);
            resolveLink(adjacency, nextHop, ports.pa(), ports.paId(), FibEntry.vlan(route));
        }
        return number;
    }

    /** Whether one of several next hops answers now; one that nobody has asked for is asked for, and takes part from then on. */
    boolean answers(int port, int nextHop) {
        long entry = neighbors.find(port, nextHop);
        if (entry == 0) {
            channel.needed(port, nextHop);
        }
        return entry != 0 && NeighborEntry.usable(NeighborEntry.link(entry));
    }

    /** Key of the neighbour table for a tenant interface. */
    int neighborPort(int link) {
        return NeighborEntry.portOf(TenantLinks.isBackEnd(link) ? ports.paId() : ports.extId(), TenantLinks.vlan(link));
    }

    /** Looks at the neighbour and the path's MTU from time to time while the adjacency is in use. */
    void refresh(long adjacency) {
        if ((int) clock.ms() - Adjacency.checkMs(adjacency) >= 0) {
            resolveNeighbor(adjacency);
            refreshMtu(adjacency);
        }
    }

    private void refreshMtu(long adjacency) {
        if (Adjacency.kind(adjacency) == Adjacency.TENANT && Adjacency.fault(adjacency) == null) {
            int pa = Ipv4.destination(adjacency + Adjacency.HEADERS_END - Nvgre.OVERHEAD);
            Adjacency.mtu(adjacency, mtus.outer(pa) - Nvgre.OVERHEAD);
        }
    }

    private void resolveTenant(long adjacency, int domain, int ca) {
        begin(adjacency, Adjacency.TENANT);
        Adjacency.neighborPort(adjacency, ports.paId());
        long record = tables.records.find(domain, ca);
        if (record == 0 || !LookupEntry.isVm(record)) {
            Adjacency.fault(adjacency, DropReason.NO_RECORD);
            return;
        }
        Adjacency.countersIndex(adjacency, LookupEntry.countersIndex(record));
        long vsid = tables.vsids.find(LookupEntry.vsid(record));
        long route = tables.providerFib.find(LookupEntry.pa(record));
        if (vsid == 0 || route == 0) {
            Adjacency.fault(adjacency, vsid == 0 ? DropReason.UNKNOWN_VSID : DropReason.NO_PROVIDER_ROUTE);
            return;
        }
        Adjacency.fault(adjacency, null);
        Adjacency.mtu(adjacency, mtus.outer(LookupEntry.pa(record)) - Nvgre.OVERHEAD);
        if (VsidEntry.isPipe(vsid)) {
            Adjacency.fixDscp(adjacency, VsidEntry.dscp(vsid));
        } else {
            Adjacency.copyTos(adjacency);
        }
        boolean onLink = FibEntry.kind(route) == FibEntry.ON_LINK;
        Adjacency.neighbor(adjacency, onLink ? LookupEntry.pa(record) : FibEntry.nextHop(route));
        int vlan = FibEntry.vlan(route);
        Adjacency.headerLength(adjacency, Ethernet.LENGTH + (vlan == 0 ? 0 : 4) + Nvgre.OVERHEAD);
        long inner = adjacency + Adjacency.HEADERS_END - Ethernet.LENGTH;
        Ethernet.write(inner, LookupEntry.mac(record), VsidEntry.gatewayMac(vsid), Ethernet.TYPE_IPV4);
        Nvgre.write(inner - Nvgre.LENGTH, LookupEntry.vsid(record), 0);
        long outer = inner - Nvgre.LENGTH - Ipv4.MIN_LENGTH;
        Ipv4.write(outer, 0, Ipv4.DONT_FRAGMENT, Ipv4.GRE, VsidEntry.ownPa(vsid), LookupEntry.pa(record));
        Ipv4.checksum(outer, 0);
        Adjacency.outerSum(adjacency, Checksum.fold(Checksum.sum(outer, Ipv4.MIN_LENGTH)));
        writeEthernet(adjacency, ports.pa().mac(), vlan);
        resolveNeighbor(adjacency);
    }

    private void resolveExternal(long adjacency, int nextHop, long route) {
        begin(adjacency, Adjacency.EXTERNAL);
        if (route == 0) {
            Adjacency.fault(adjacency, DropReason.NO_EXTERNAL_ROUTE);
            return;
        }
        // One of several next hops may be in another subnet than the route's first.
        long onLink = FibEntry.hops(route) == 1 ? 0 : tables.externalFib.find(nextHop);
        boolean known = onLink != 0 && FibEntry.kind(onLink) == FibEntry.ON_LINK;
        resolveLink(adjacency, nextHop, ports.ext(), ports.extId(), FibEntry.vlan(known ? onLink : route));
    }

    private static void begin(long adjacency, int kind) {
        Adjacency.kind(adjacency, kind);
        Adjacency.complete(adjacency, false);
        Adjacency.countersIndex(adjacency, -1);
    }

    private void resolveLink(long adjacency, int nextHop, PacketPort port, int neighborPort, int vlan) {
        Adjacency.fault(adjacency, null);
        Adjacency.mtu(adjacency, port.mtu());
        Adjacency.neighbor(adjacency, nextHop);
        Adjacency.neighborPort(adjacency, neighborPort);
        Adjacency.headerLength(adjacency, Ethernet.LENGTH + (vlan == 0 ? 0 : 4));
        writeEthernet(adjacency, port.mac(), vlan);
        resolveNeighbor(adjacency);
    }

    /** The outer Ethernet header but for its destination. */
    private static void writeEthernet(long adjacency, long source, int vlan) {
        long frame = Adjacency.headers(adjacency);
        Ethernet.write(frame, 0, source, vlan == 0 ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_VLAN);
        if (vlan != 0) {
            Mem.u16Be(frame + Ethernet.LENGTH, vlan);
            Mem.u16Be(frame + Ethernet.LENGTH + 2, Ethernet.TYPE_IPV4);
        }
    }

    private void resolveNeighbor(long adjacency) {
        Adjacency.checkMs(adjacency, (int) clock.ms() + NEIGHBOR_CHECK_MS);
        if (Adjacency.fault(adjacency) != null) {
            return;
        }
        int port = Adjacency.neighborPort(adjacency);
        long entry = neighbors.find(port, Adjacency.neighbor(adjacency));
        long link = entry == 0 ? 0 : NeighborEntry.link(entry);
        boolean usable = entry != 0 && NeighborEntry.usable(link);
        if (!usable || NeighborEntry.stale(link)) {
            channel.needed(port, Adjacency.neighbor(adjacency));
        }
        if (usable) {
            Ethernet.mac(Adjacency.headers(adjacency), NeighborEntry.mac(link));
        }
        Adjacency.complete(adjacency, usable);
    }

    /** Tries again to complete an adjacency that waits for its neighbour. */
    boolean completes(long adjacency) {
        if (!Adjacency.complete(adjacency)) {
            resolveNeighbor(adjacency);
        }
        return Adjacency.complete(adjacency);
    }

    private int find(long key0, long key1) {
        long hash = index.hash(key0, key1);
        long adjacency = index.find(hash, key0, key1);
        if (adjacency != 0) {
            return (int) ((adjacency - memory) >>> Adjacency.SHIFT);
        }
        int number = slab.allocate();
        if (number < 0 || !index.insert(hash, number)) {
            reset();
            hash = index.hash(key0, key1);
            number = slab.allocate();
            if (!index.insert(hash, number)) {
                return -1;
            }
        }
        adjacency = address(number);
        Mem.i64(adjacency, key0);
        Mem.i64(adjacency + 8, key1);
        // Anything but the current epoch.
        Adjacency.epoch(adjacency, tables.epochs.external() + generation - 1);
        return number;
    }

    private void reset() {
        counters.add(WorkerCounter.ADJACENCY_RESETS, 1);
        generation++;
        Mem.zero(memory, bytes(capacity));
        slab = new Slab(memory, Adjacency.SHIFT, capacity);
        index = newIndex();
    }

    private FlowIndex newIndex() {
        return new FlowIndex(memory + ((long) capacity << Adjacency.SHIFT), capacity, memory, Adjacency.SHIFT, seed);
    }
}
