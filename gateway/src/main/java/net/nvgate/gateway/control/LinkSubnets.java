package net.nvgate.gateway.control;

import net.nvgate.gateway.neighbor.LinkAddresses;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LinkFib;
import net.nvgate.gateway.route.RouteTables;

/**
 * What the tables say of the networks behind the two ports: a subnet is where a route is on-link. The thread that calls
 * must hold a quiescence slot, as it reads what the policy's thread writes.
 */
final class LinkSubnets implements LinkAddresses {

    private final RouteTables tables;
    private final int paPort;
    private final int extPort;

    /** @param paPort DPDK port ids */
    LinkSubnets(RouteTables tables, int paPort, int extPort) {
        this.tables = tables;
        this.paPort = paPort;
        this.extPort = extPort;
    }

    @Override
    public boolean isOwn(int address) {
        return tables.ownAddresses.kinds(address) != 0;
    }

    @Override
    public boolean isOnLink(int port, int address) {
        return onLink(port, address) != 0 && !isOwn(address);
    }

    @Override
    public int sourceFor(int port, int address) {
        long entry = onLink(port, address);
        return entry == 0 ? 0 : FibEntry.source(entry);
    }

    @Override
    public int vlanFor(int port, int address) {
        long entry = onLink(port, address);
        return entry == 0 ? 0 : FibEntry.vlan(entry);
    }

    /** The route of a connected subnet, 0 if there is none. */
    private long onLink(int port, int address) {
        if (port != paPort && port != extPort) {
            return 0;
        }
        LinkFib fib = port == paPort ? tables.providerFib : tables.externalFib;
        long entry = fib.find(address);
        return entry != 0 && FibEntry.kind(entry) == FibEntry.ON_LINK ? entry : 0;
    }
}
