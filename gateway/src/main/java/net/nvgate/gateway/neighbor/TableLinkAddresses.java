package net.nvgate.gateway.neighbor;

import java.util.Map;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.Fib6Entry;
import net.nvgate.gateway.route.Fib6Table;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LinkFib;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;
import org.jspecify.annotations.Nullable;

/** {@link LinkAddresses} from the tables the workers use. Registered as a reader of its own. */
public final class TableLinkAddresses implements LinkAddresses {

    /** The tables of a port: routes of its network, and which own addresses lie there. */
    private record Link(LinkFib fib, Fib6Table fib6, int kinds) {}

    /** What is to be known of an on-link address. */
    private record Found(IpAddress source, int vlan) {}

    private final RouteTables tables;
    private final Map<Integer, Link> byPort;
    private final int paPort;
    private final int slot;

    /**
     * @param paPort DPDK port id
     * @param extPort DPDK port id
     */
    public TableLinkAddresses(RouteTables tables, int paPort, int extPort) {
        this.tables = tables;
        this.byPort = Map.of(
                paPort, new Link(tables.providerFib, tables.providerFib6, OwnAddresses.PROVIDER),
                extPort, new Link(tables.externalFib, tables.externalFib6, OwnAddresses.EXTERNAL));
        this.paPort = paPort;
        this.slot = tables.quiescence.register();
    }

    @Override
    public boolean isOwn(int port, IpAddress address) {
        tables.quiescence.unpark(slot);
        try {
            boolean shared = NeighborEntry.tenantVlan(port) == 0;
            return switch (address) {
                case Ipv4Address v4 ->
                    shared
                            ? tables.ownAddresses.find(v4.value()) != 0
                            : tables.tenantLinks.owns(link(port), v4.value());
                case Ipv6Address v6 ->
                    shared
                            ? tables.ownAddresses6.find(v6.high(), v6.low()) != 0
                            : tables.tenantLinkAddresses6.find(link(port), v6.high(), v6.low()) != 0;
            };
        } finally {
            tables.quiescence.park(slot);
        }
    }

    @Override
    public boolean isOnLink(int port, IpAddress address) {
        return find(port, address) != null;
    }

    @Override
    public @Nullable IpAddress sourceFor(int port, IpAddress address) {
        Found found = find(port, address);
        return found == null || found.source.isUnspecified() ? null : found.source;
    }

    @Override
    public int vlanFor(int port, IpAddress address) {
        Found found = find(port, address);
        return found == null ? 0 : found.vlan;
    }

    private @Nullable Found find(int port, IpAddress address) {
        tables.quiescence.unpark(slot);
        try {
            Link link = byPort.get(port);
            return switch (address) {
                case Ipv4Address v4 -> find(port, link, v4.value());
                case Ipv6Address v6 when NeighborEntry.tenantVlan(port) != 0 -> findOfTenant(port, v6);
                case Ipv6Address v6 -> link == null ? null : find(link, v6);
            };
        } finally {
            tables.quiescence.park(slot);
        }
    }

    private @Nullable Found find(int port, @Nullable Link shared, int address) {
        long route = route(port, shared, address);
        if (route == 0 || FibEntry.kind(route) != FibEntry.ON_LINK || isEdge(route, address)) {
            return null;
        }
        return new Found(new Ipv4Address(FibEntry.source(route)), FibEntry.vlan(route));
    }

    private long route(int port, @Nullable Link shared, int address) {
        if (NeighborEntry.tenantVlan(port) == 0) {
            return shared == null ? 0 : shared.fib.find(address);
        }
        long entry = tables.tenantLinks.find(link(port));
        long route = entry == 0 ? 0 : tables.tenantLinkFib.find(VsidEntry.rdid(entry), address);
        return route != 0 && FibEntry.link(route) == link(port) ? route : 0;
    }

    private int link(int port) {
        int vlan = NeighborEntry.tenantVlan(port);
        return NeighborEntry.portId(port) == paPort ? TenantLinks.backEnd(vlan) : TenantLinks.frontEnd(vlan);
    }

    private @Nullable Found find(Link link, Ipv6Address address) {
        if (Ipv6.isLinkLocal(address.high())) {
            return linkLocal(link);
        }
        return found(link.fib6.find(0, address.high(), address.low()), address);
    }

    /** Link-local addresses are in the network of the interface's first address. */
    private @Nullable Found findOfTenant(int port, Ipv6Address address) {
        long entry = tables.tenantLinks.find(link(port));
        if (entry == 0) {
            return null;
        }
        if (Ipv6.isLinkLocal(address.high())) {
            Ipv6Address own = new Ipv6Address(VsidEntry.gatewayCa6High(entry), VsidEntry.gatewayCa6Low(entry));
            return own.isUnspecified() ? null : new Found(own, NeighborEntry.tenantVlan(port));
        }
        long route = tables.tenantLinkFib6.find(VsidEntry.rdid(entry), address.high(), address.low());
        return route != 0 && FibEntry.link(route) == link(port) ? found(route, address) : null;
    }

    private static @Nullable Found found(long route, Ipv6Address address) {
        if (route == 0 || FibEntry.kind(route) != FibEntry.ON_LINK || address.isMulticast()) {
            return null;
        }
        Ipv6Address source = new Ipv6Address(Fib6Entry.sourceHigh(route), Fib6Entry.sourceLow(route));
        return new Found(source, FibEntry.vlan(route));
    }

    /** In the network of the lowest own IPv6 address of the link. */
    private @Nullable Found linkLocal(Link link) {
        Own6Addresses.Row[] lowest = new Own6Addresses.Row[1];
        tables.ownAddresses6.forEach(row -> {
            if ((row.flags() & link.kinds) != 0
                    && (lowest[0] == null || row.address().compareTo(lowest[0].address()) < 0)) {
                lowest[0] = row;
            }
        });
        return lowest[0] == null ? null : new Found(lowest[0].address(), lowest[0].vlan());
    }

    /** The subnet's own address and its broadcast address; /31 has neither (RFC 3021). */
    private static boolean isEdge(long route, int address) {
        int hostBits = 32 - FibEntry.prefixLength(route);
        int host = hostBits == 32 ? address : address & ((1 << hostBits) - 1);
        return hostBits > 1 && (host == 0 || host == (int) ((1L << hostBits) - 1));
    }
}
