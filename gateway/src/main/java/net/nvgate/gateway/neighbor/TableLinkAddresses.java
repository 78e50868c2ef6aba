package net.nvgate.gateway.neighbor;

import java.util.Map;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LinkFib;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;

/** {@link LinkAddresses} from the tables the workers use. Registered as a reader of its own. */
public final class TableLinkAddresses implements LinkAddresses {

    private final RouteTables tables;
    private final Map<Integer, LinkFib> byPort;
    private final int paPort;
    private final int slot;

    /**
     * @param paPort DPDK port id
     * @param extPort DPDK port id
     */
    public TableLinkAddresses(RouteTables tables, int paPort, int extPort) {
        this.tables = tables;
        this.byPort = Map.of(paPort, tables.providerFib, extPort, tables.externalFib);
        this.paPort = paPort;
        this.slot = tables.quiescence.register();
    }

    @Override
    public boolean isOwn(int port, int address) {
        tables.quiescence.unpark(slot);
        try {
            return NeighborEntry.tenantVlan(port) == 0
                    ? tables.ownAddresses.find(address) != 0
                    : tables.tenantLinks.owns(link(port), address);
        } finally {
            tables.quiescence.park(slot);
        }
    }

    @Override
    public boolean isOnLink(int port, int address) {
        return read(port, address, Field.ON_LINK) != 0;
    }

    @Override
    public int sourceFor(int port, int address) {
        return read(port, address, Field.SOURCE);
    }

    @Override
    public int vlanFor(int port, int address) {
        return read(port, address, Field.VLAN);
    }

    private enum Field {
        ON_LINK,
        SOURCE,
        VLAN
    }

    /** 0 if the address is not on-link there. */
    private int read(int port, int address, Field field) {
        tables.quiescence.unpark(slot);
        try {
            long route = route(port, address);
            if (route == 0 || FibEntry.kind(route) != FibEntry.ON_LINK || isEdge(route, address)) {
                return 0;
            }
            return switch (field) {
                case ON_LINK -> 1;
                case SOURCE -> FibEntry.source(route);
                case VLAN -> FibEntry.vlan(route);
            };
        } finally {
            tables.quiescence.park(slot);
        }
    }

    private long route(int port, int address) {
        if (NeighborEntry.tenantVlan(port) == 0) {
            LinkFib fib = byPort.get(port);
            return fib == null ? 0 : fib.find(address);
        }
        long entry = tables.tenantLinks.find(link(port));
        long route = entry == 0 ? 0 : tables.tenantLinkFib.find(VsidEntry.rdid(entry), address);
        return route != 0 && FibEntry.link(route) == link(port) ? route : 0;
    }

    private int link(int port) {
        int vlan = NeighborEntry.tenantVlan(port);
        return NeighborEntry.portId(port) == paPort ? TenantLinks.backEnd(vlan) : TenantLinks.frontEnd(vlan);
    }

    /** The subnet's own address and its broadcast address; /31 has neither (RFC 3021). */
    private static boolean isEdge(long route, int address) {
        int hostBits = 32 - FibEntry.prefixLength(route);
        int host = hostBits == 32 ? address : address & ((1 << hostBits) - 1);
        return hostBits > 1 && (host == 0 || host == (int) ((1L << hostBits) - 1));
    }
}
