package net.nvgate.gateway.neighbor;

import java.util.Map;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LinkFib;
import net.nvgate.gateway.route.RouteTables;

/** {@link LinkAddresses} from the tables the workers use. Registered as a reader of its own. */
public final class TableLinkAddresses implements LinkAddresses {

    private final RouteTables tables;
    private final Map<Integer, LinkFib> byPort;
    private final int slot;

    /**
     * @param byPort for each DPDK port id, {@link RouteTables#providerFib} or {@link RouteTables#externalFib}
     */
    public TableLinkAddresses(RouteTables tables, Map<Integer, LinkFib> byPort) {
        this.tables = tables;
        this.byPort = Map.copyOf(byPort);
        this.slot = tables.quiescence.register();
    }

    @Override
    public boolean isOwn(int address) {
        tables.quiescence.unpark(slot);
        try {
            return tables.ownAddresses.find(address) != 0;
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
        LinkFib fib = byPort.get(port);
        if (fib == null) {
            return 0;
        }
        tables.quiescence.unpark(slot);
        try {
            long route = fib.find(address);
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

    /** The subnet's own address and its broadcast address; /31 has neither (RFC 3021). */
    private static boolean isEdge(long route, int address) {
        int hostBits = 32 - FibEntry.prefixLength(route);
        int host = hostBits == 32 ? address : address & ((1 << hostBits) - 1);
        return hostBits > 1 && (host == 0 || host == (int) ((1L << hostBits) - 1));
    }
}
