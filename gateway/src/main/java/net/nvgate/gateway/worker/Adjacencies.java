package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.neighbor.Addresses;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.Fib6Entry;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.Lookup6Table;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;

/**
 * A worker's next hops, made on demand from the tables and made anew when an epoch has moved on. Entries are never freed one by
 * one: when the table is full it is emptied, and a generation that is part of {@link #epoch} makes every session look again.
 */
final class Adjacencies {

    /** Values of the key's second word. */
    private static final long KEY_CA = 1;

    private static final long KEY_NEXT_HOP = 2;
    private static final long KEY_CA_IPV6 = 7;

    /** In the key's first word of an IPv6 neighbour on a tenant interface: neither an index of a tenant nor an address begins so. */
    private static final long LINK6 = 1L << 60;

    /** IPv6 neighbours of one VLAN with the same lower half, and a hash of the upper one that is the same. */
    private static final int LINK6_SAME_MAX = 16;

    /** How often an entry in use looks whether its neighbour's MAC changed or wants to be verified. */
    private static final int NEIGHBOR_CHECK_MS = 1_000;

    private final RouteTables tables;
    private final InsideHosts hosts;
    private final Tenant6Routes routes6;
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
    private final Multipath.Usable6 externalUsable6;
    private FlowIndex index;
    private Slab slab;
    private int generation;
    private int lastNextHop;
    private int moves;
    private int movedAtMs;

    /** Zeroed memory of {@link #bytes}. */
    Adjacencies(
            long memory,
            int capacity,
            long seed,
            RouteTables tables,
            InsideHosts hosts,
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
        this.hosts = hosts;
        this.routes6 = new Tenant6Routes(tables, this);
        this.neighbors = neighbors;
        this.channel = channel;
        this.mtus = mtus;
        this.ports = ports;
        this.clock = clock;
        this.counters = counters;
        this.externalUsable = (_, nextHop, _) -> answers(ports.extId(), nextHop);
        this.externalUsable6 = (_, high, low, _) -> answers(ports.extId(), high, low);
        this.slab = new Slab(memory, Adjacency.SHIFT, capacity);
        this.index = newIndex();
        this.movedAtMs = (int) clock.ms() - NEIGHBOR_CHECK_MS;
    }

    static long bytes(int capacity) {
        return ((long) capacity << Adjacency.SHIFT) + FlowIndex.bytes(capacity);
    }

    /** What a session keeps and compares: it changes when the tenant's tables, the links or this table have changed. */
    int epoch(int domain) {
        return tables.epochs.of(domain) + commonEpoch();
    }

    /** The part of {@link #epoch} that is no tenant's own. */
    int commonEpoch() {
        return tables.epochs.external() + generation + moves;
    }

    /** Changes when every number that was given out is void. */
    int generation() {
        return generation;
    }

    long address(int adjacency) {
        return address(memory, adjacency);
    }

    /** As {@link #address(int)}, for who has the address of number 0. */
    static long address(long first, int adjacency) {
        return first + ((long) adjacency << Adjacency.SHIFT);
    }

    /** Next hop toward a CA of a tenant that has a record of a VM; the number of an adjacency, -1 when there is no room. */
    int toTenant(int domain, int ca) {
        if (InsideHosts.isHandle(ca)) {
            return toHost(domain, ca);
        }
        int number = find(Adjacency.tenantKey(domain, ca), KEY_CA);
        long adjacency = address(number);
        int epoch = epoch(domain);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            resolveTenant(adjacency, tables.records.find(domain, ca), Ethernet.TYPE_IPV4);
        }
        return number;
    }

    /** The handle may have been another host's: looked at each time, and that is once per session and change of policy. */
    private int toHost(int domain, int handle) {
        int direct = routes6.toward(domain, hosts.high(handle), hosts.low(handle), handle);
        DropReason fault = direct < 0 ? DropReason.NO_RECORD : Adjacency.fault(address(direct));
        long via = address(direct);
        int mtu = direct < 0 ? 0 : Adjacency.mtu(via) - Ipv6.LENGTH + Ipv4.MIN_LENGTH;
        int countersIndex = direct < 0 ? -1 : Adjacency.countersIndex(via);
        int number = find(Adjacency.tenantKey(domain, handle), KEY_CA);
        if (number < 0) {
            return number;
        }
        long adjacency = address(number);
        boolean known =
                tables.nat64.has(domain, hosts.prefixHigh(handle), hosts.prefixLow(handle), hosts.prefixLength(handle));
        Adjacency.epoch(adjacency, epoch(domain));
        Adjacency.kind(adjacency, Adjacency.NAT64);
        Adjacency.complete(adjacency, false);
        Adjacency.neighbor(adjacency, 0, handle);
        Adjacency.mtu(adjacency, mtu);
        Adjacency.countersIndex(adjacency, countersIndex);
        Adjacency.fault(adjacency, known ? fault : DropReason.NO_NAT64);
        return number;
    }

    /** As {@link #toTenant}, toward the IPv6 CA of a record that is there. */
    int toTenant6(int domain, long record) {
        int number = find(Adjacency.tenantKey(domain, Lookup6Table.number(record)), KEY_CA_IPV6);
        long adjacency = address(number);
        int epoch = epoch(domain);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            resolveTenant(adjacency, record, Ethernet.TYPE_IPV6);
        }
        return number;
    }

    /** As {@link #toExternal}, for IPv6. */
    int toExternal6(long high, long low, int entropy) {
        int epoch = tables.epochs.external() + generation;
        long route = tables.externalFib6.find(0, high, low);
        boolean direct = route == 0 || FibEntry.kind(route) == FibEntry.ON_LINK;
        int hop = direct ? 0 : Multipath.choose6(route, 0, entropy, externalUsable6);
        long nextHigh = direct ? high : Fib6Entry.hopHigh(route, hop);
        long nextLow = direct ? low : Fib6Entry.hopLow(route, hop);
        int number = find(nextHigh, nextLow);
        long adjacency = address(number);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            resolveExternal(adjacency, nextHigh, nextLow, route, Ethernet.TYPE_IPV6);
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
        int number = findNextHop(nextHop & 0xffffffffL);
        long adjacency = address(number);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            resolveExternal(adjacency, 0, Addresses.mapped(nextHop), route, Ethernet.TYPE_IPV4);
        }
        if (number >= 0 && route != 0 && FibEntry.hops(route) > 1) {
            Adjacency.oneOfSeveral(adjacency, true);
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
        int number = find((long) domain << 32 | (nextHop & 0xffffffffL), (long) link << 8 | kind(link));
        long adjacency = address(number);
        int epoch = epoch(domain);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            resolveTenantLink(adjacency, link, 0, Addresses.mapped(nextHop), Ethernet.TYPE_IPV4);
        }
        return number;
    }

    private static int kind(int link) {
        return TenantLinks.isBackEnd(link) ? Adjacency.BACK_END : Adjacency.FRONT_END;
    }

    /**
     * As {@link #toLink}, for IPv6. A key has no room for all of an address: of the upper half there is a hash, and entries with the
     * same one are told apart by the neighbour they have.
     */
    int toLink6(int domain, int link, long high, long low) {
        long key = LINK6 | (long) link << 44 | (high * 0x9e37_79b9_7f4a_7c15L) >>> 24;
        for (int i = 0; i < LINK6_SAME_MAX; i++) {
            int number = find(key ^ (long) i << 40, low);
            long adjacency = address(number);
            if (number < 0) {
                return number;
            }
            boolean fresh = Adjacency.neighborPort(adjacency) == 0;
            if (fresh || Adjacency.neighborHigh(adjacency) == high) {
                int epoch = epoch(domain);
                if (fresh || Adjacency.epoch(adjacency) != epoch) {
                    Adjacency.epoch(adjacency, epoch);
                    resolveTenantLink(adjacency, link, high, low, Ethernet.TYPE_IPV6);
                }
                return number;
            }
        }
        return -1;
    }

    private void resolveTenantLink(long adjacency, int link, long high, long low, int type) {
        PacketPort port = TenantLinks.isBackEnd(link) ? ports.pa() : ports.ext();
        begin(adjacency, kind(link));
        long tenants = tables.tenantLinks.find(link);
        Adjacency.countersIndex(adjacency, tenants == 0 ? -1 : VsidEntry.countersIndex(tenants));
        resolveLink(adjacency, high, low, port, neighborPort(link), TenantLinks.vlan(link), type);
    }

    /** Next hop in the PA network toward a provider address, for packets that have their outer headers already. */
    int toProvider(int pa) {
        int epoch = tables.epochs.external() + generation;
        int number = find(pa & 0xffffffffL, Adjacency.PROVIDER_KEY);
        long adjacency = address(number);
        if (number >= 0 && Adjacency.epoch(adjacency) != epoch) {
            Adjacency.epoch(adjacency, epoch);
            boolean ipv6 = ProviderAddresses6.isHandle(pa);
            ProviderAddresses6 addresses = tables.providerAddresses6;
            long route = ipv6
                    ? tables.providerFib6.find(0, addresses.high(pa), addresses.low(pa))
                    : tables.providerFib.find(pa);
            begin(adjacency, Adjacency.BACK_END);
            if (route == 0) {
                Adjacency.fault(adjacency, DropReason.NO_PROVIDER_ROUTE);
                return number;
            }
            boolean onLink = FibEntry.kind(route) == FibEntry.ON_LINK;
            int vlan = FibEntry.vlan(route);
            if (ipv6) {
                long high = onLink ? addresses.high(pa) : Fib6Entry.nextHopHigh(route);
                long low = onLink ? addresses.low(pa) : Fib6Entry.nextHopLow(route);
                resolveLink(adjacency, high, low, ports.pa(), ports.paId(), vlan, Ethernet.TYPE_IPV6);
            } else {
                long mapped = Addresses.mapped(onLink ? pa : FibEntry.nextHop(route));
                resolveLink(adjacency, 0, mapped, ports.pa(), ports.paId(), vlan, Ethernet.TYPE_IPV4);
            }
        }
        return number;
    }

    /** Whether one of several next hops answers now; one that nobody has asked for is asked for, and takes part from then on. */
    boolean answers(int port, int nextHop) {
        return answers(port, 0, Addresses.mapped(nextHop));
    }

    /** As {@link #answers(int, int)}, for both families. */
    boolean answers(int port, long high, long low) {
        long entry = neighbors.find(port, high, low);
        if (entry == 0) {
            channel.needed(port, high, low);
        }
        return entry != 0 && NeighborEntry.usable(NeighborEntry.link(entry));
    }

    /** Key of the neighbour table for a tenant interface. */
    int neighborPort(int link) {
        return NeighborEntry.portOf(TenantLinks.isBackEnd(link) ? ports.paId() : ports.extId(), TenantLinks.vlan(link));
    }

    /** Looks at the neighbour and the path's MTU from time to time while the adjacency is in use. */
    void refresh(long adjacency) {
        if (isDue(adjacency, (int) clock.ms())) {
            resolveNeighbor(adjacency);
            refreshMtu(adjacency);
        }
    }

    /** Whether {@link #refresh} has something to do. */
    static boolean isDue(long adjacency, int nowMs) {
        // One that nobody used for weeks is due, too, though its time seems to lie ahead: ms are told in 32 bits.
        int left = Adjacency.checkMs(adjacency) - nowMs;
        return left <= 0 || left > NEIGHBOR_CHECK_MS;
    }

    private void refreshMtu(long adjacency) {
        int kind = Adjacency.kind(adjacency);
        if (Adjacency.fault(adjacency) != null) {
            return;
        }
        if (kind == Adjacency.TENANT) {
            int pa = Ipv4.destination(adjacency + Adjacency.HEADERS_END - Nvgre.OVERHEAD);
            Adjacency.mtu(adjacency, mtus.inner(pa));
        } else if (kind == Adjacency.TENANT_IPV6) {
            long outer = adjacency + Adjacency.HEADERS_END - Nvgre.OVERHEAD_IPV6;
            int pa = tables.providerAddresses6.find(Ipv6.destinationHigh(outer), Ipv6.destinationLow(outer));
            Adjacency.mtu(adjacency, mtus.inner(pa));
        }
    }

    /** @param innerType EtherType of the packets inside */
    private void resolveTenant(long adjacency, long record, int innerType) {
        begin(adjacency, Adjacency.TENANT);
        Adjacency.neighborPort(adjacency, ports.paId());
        if (record == 0 || !LookupEntry.isVm(record)) {
            Adjacency.kind(adjacency, Adjacency.TENANT);
            Adjacency.fault(adjacency, DropReason.NO_RECORD);
            return;
        }
        Adjacency.countersIndex(adjacency, LookupEntry.countersIndex(record));
        int pa = LookupEntry.pa(record);
        boolean ipv6 = ProviderAddresses6.isHandle(pa);
        Adjacency.kind(adjacency, ipv6 ? Adjacency.TENANT_IPV6 : Adjacency.TENANT);
        long vsid = tables.vsids.find(LookupEntry.vsid(record));
        long route = ipv6
                ? tables.providerFib6.find(0, tables.providerAddresses6.high(pa), tables.providerAddresses6.low(pa))
                : tables.providerFib.find(pa);
        if (vsid == 0 || route == 0) {
            Adjacency.fault(adjacency, vsid == 0 ? DropReason.UNKNOWN_VSID : DropReason.NO_PROVIDER_ROUTE);
            return;
        }
        if (ipv6 && VsidEntry.ownPa6(vsid) == 0) {
            Adjacency.fault(adjacency, DropReason.NO_PROVIDER_ROUTE);
            return;
        }
        Adjacency.fault(adjacency, null);
        if (VsidEntry.isPipe(vsid)) {
            Adjacency.fixDscp(adjacency, VsidEntry.dscp(vsid));
        } else {
            Adjacency.copyTos(adjacency);
        }
        long inner = adjacency + Adjacency.HEADERS_END - Ethernet.LENGTH;
        boolean inner6 = innerType == Ethernet.TYPE_IPV6 && VsidEntry.gatewayMac6(vsid) != 0;
        long source = inner6 ? VsidEntry.gatewayMac6(vsid) : VsidEntry.gatewayMac(vsid);
        Ethernet.write(inner, LookupEntry.mac(record), source, innerType);
        Nvgre.write(inner - Nvgre.LENGTH, LookupEntry.vsid(record), 0);
        if (ipv6) {
            outerIpv6(adjacency, inner - Nvgre.LENGTH, VsidEntry.ownPa6(vsid), pa, route);
        } else {
            outerIpv4(adjacency, inner - Nvgre.LENGTH, VsidEntry.ownPa(vsid), pa, route);
        }
        resolveNeighbor(adjacency);
    }

    private void outerIpv4(long adjacency, long gre, int source, int pa, long route) {
        boolean onLink = FibEntry.kind(route) == FibEntry.ON_LINK;
        Adjacency.neighbor(adjacency, 0, Addresses.mapped(onLink ? pa : FibEntry.nextHop(route)));
        Adjacency.mtu(adjacency, mtus.inner(pa));
        int vlan = FibEntry.vlan(route);
        Adjacency.headerLength(adjacency, Ethernet.LENGTH + (vlan == 0 ? 0 : 4) + Nvgre.OVERHEAD);
        long outer = gre - Ipv4.MIN_LENGTH;
        Ipv4.write(outer, 0, Ipv4.DONT_FRAGMENT, Ipv4.GRE, source, pa);
        Ipv4.checksum(outer, 0);
        Adjacency.outerSum(adjacency, Checksum.fold(Checksum.sum(outer, Ipv4.MIN_LENGTH)));
        writeEthernet(adjacency, ports.pa().mac(), vlan, Ethernet.TYPE_IPV4);
    }

    private void outerIpv6(long adjacency, long gre, int source, int pa, long route) {
        ProviderAddresses6 addresses = tables.providerAddresses6;
        boolean onLink = FibEntry.kind(route) == FibEntry.ON_LINK;
        Adjacency.neighbor(
                adjacency,
                onLink ? addresses.high(pa) : Fib6Entry.nextHopHigh(route),
                onLink ? addresses.low(pa) : Fib6Entry.nextHopLow(route));
        Adjacency.mtu(adjacency, mtus.inner(pa));
        int vlan = FibEntry.vlan(route);
        Adjacency.headerLength(adjacency, Ethernet.LENGTH + (vlan == 0 ? 0 : 4) + Nvgre.OVERHEAD_IPV6);
        Ipv6.write(
                gre - Ipv6.LENGTH,
                0,
                0,
                0,
                Ipv4.GRE,
                Ipv6.HOP_LIMIT_DEFAULT,
                addresses.high(source),
                addresses.low(source),
                addresses.high(pa),
                addresses.low(pa));
        writeEthernet(adjacency, ports.pa().mac(), vlan, Ethernet.TYPE_IPV6);
    }

    private void resolveExternal(long adjacency, long nextHigh, long nextLow, long route, int type) {
        begin(adjacency, Adjacency.EXTERNAL);
        if (route == 0) {
            Adjacency.fault(adjacency, DropReason.NO_EXTERNAL_ROUTE);
            return;
        }
        // One of several next hops may be in another subnet than the route's first.
        long onLink = FibEntry.hops(route) == 1
                ? 0
                : type == Ethernet.TYPE_IPV4
                        ? tables.externalFib.find((int) nextLow)
                        : tables.externalFib6.find(0, nextHigh, nextLow);
        boolean known = onLink != 0 && FibEntry.kind(onLink) == FibEntry.ON_LINK;
        int vlan = FibEntry.vlan(known ? onLink : route);
        resolveLink(adjacency, nextHigh, nextLow, ports.ext(), ports.extId(), vlan, type);
    }

    private static void begin(long adjacency, int kind) {
        Adjacency.kind(adjacency, kind);
        Adjacency.complete(adjacency, false);
        Adjacency.oneOfSeveral(adjacency, false);
        Adjacency.countersIndex(adjacency, -1);
    }

    private void resolveLink(
            long adjacency, long nextHigh, long nextLow, PacketPort port, int neighborPort, int vlan, int type) {
        Adjacency.fault(adjacency, null);
        Adjacency.mtu(adjacency, port.mtu());
        Adjacency.neighbor(adjacency, nextHigh, nextLow);
        Adjacency.neighborPort(adjacency, neighborPort);
        Adjacency.headerLength(adjacency, Ethernet.LENGTH + (vlan == 0 ? 0 : 4));
        writeEthernet(adjacency, port.mac(), vlan, type);
        resolveNeighbor(adjacency);
    }

    /** The outer Ethernet header but for its destination. */
    private static void writeEthernet(long adjacency, long source, int vlan, int type) {
        long frame = Adjacency.headers(adjacency);
        Ethernet.write(frame, 0, source, vlan == 0 ? type : Ethernet.TYPE_VLAN);
        if (vlan != 0) {
            Mem.u16Be(frame + Ethernet.LENGTH, vlan);
            Mem.u16Be(frame + Ethernet.LENGTH + 2, type);
        }
    }

    private void resolveNeighbor(long adjacency) {
        int nowMs = (int) clock.ms();
        Adjacency.checkMs(adjacency, nowMs + NEIGHBOR_CHECK_MS);
        if (Adjacency.fault(adjacency) != null) {
            return;
        }
        int port = Adjacency.neighborPort(adjacency);
        long high = Adjacency.neighborHigh(adjacency);
        long low = Adjacency.neighborLow(adjacency);
        long entry = neighbors.find(port, high, low);
        long link = entry == 0 ? 0 : NeighborEntry.link(entry);
        boolean usable = entry != 0 && NeighborEntry.usable(link);
        // Once a ms: every packet to who is silent comes here, and their crowd would leave no room for the answer.
        if ((!usable || NeighborEntry.stale(link)) && Adjacency.neededMs(adjacency) != nowMs) {
            Adjacency.neededMs(adjacency, nowMs);
            channel.needed(port, high, low);
        }
        if (usable) {
            Ethernet.mac(Adjacency.headers(adjacency), NeighborEntry.mac(link));
        }
        Adjacency.complete(adjacency, usable);
        if (!usable && Adjacency.isOneOfSeveral(adjacency)) {
            moveFlows();
        }
    }

    /** Sessions choose their next hops anew with their next packets, since one does not answer; once a second at most. */
    private void moveFlows() {
        if (Integer.compareUnsigned((int) clock.ms() - movedAtMs, NEIGHBOR_CHECK_MS) >= 0) {
            movedAtMs = (int) clock.ms();
            moves++;
            counters.add(WorkerCounter.NEXT_HOPS_LOST, 1);
        }
    }

    /** Tries again to complete an adjacency that waits for its neighbour. */
    boolean completes(long adjacency) {
        if (!Adjacency.complete(adjacency)) {
            resolveNeighbor(adjacency);
        }
        return Adjacency.complete(adjacency);
    }

    /** Most sessions have the next hop that the one before had. */
    private int findNextHop(long key0) {
        long last = address(lastNextHop);
        if (!FlowIndex.hasKey(last, key0, KEY_NEXT_HOP)) {
            lastNextHop = Math.max(0, find(key0, KEY_NEXT_HOP));
        }
        return FlowIndex.hasKey(address(lastNextHop), key0, KEY_NEXT_HOP) ? lastNextHop : -1;
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
