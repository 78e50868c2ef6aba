package net.nvgate.gateway.route;

import java.util.function.Consumer;

/** Routes of one network the gateway has a port in: the physical side, or the PA network. Connected prefixes included. */
public final class LinkFib {

    private final FibTable table;

    LinkFib(TableSpace space, Reclaimer reclaimer) {
        this.table = new FibTable(space, reclaimer);
    }

    /**
     * Any thread: longest prefix match.
     *
     * @return address of a {@link FibEntry} of kind ON_LINK or VIA_ROUTER, valid until the caller's next quiescent point;
     *     0 = no route
     */
    public long find(int destination) {
        return table.find(0, destination);
    }

    /** Writer: sets the route of a prefix; its rdid is 0. */
    public void put(FibRow row) {
        table.put(row);
    }

    /** Writer: removes the route of a prefix; nothing if there is none. */
    public void remove(int prefix, int prefixLength) {
        table.remove(0, prefix, prefixLength);
    }

    /** Writer: every route, in no order. */
    public void forEach(Consumer<FibRow> action) {
        table.forEach(0, action);
    }
}
