package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Port forwards. A range of ports is cut into aligned blocks of powers of two, and a port is looked for in a block of each size that
 * any rule has: one size, one probe, as long as all rules are for single ports.
 */
public final class NatRules {

    private final HashIndex outside;
    private final HashIndex inside;
    private final BlockPool pool;
    private final Orders outsideOrders = new Orders();
    private final Orders insideOrders = new Orders();

    NatRules(TableSpace space, Reclaimer reclaimer) {
        this.outside = new HashIndex(space, reclaimer, 1);
        this.inside = new HashIndex(space, reclaimer, 2);
        this.pool = new BlockPool(space, reclaimer, NatRuleEntry.BYTES);
    }

    /**
     * Any thread: the rule for a packet from outside; of several, the one with the longest remote prefix.
     *
     * @param protocol IANA number, 6 or 17
     * @return a {@link NatRuleEntry}, valid until the caller's next quiescent point; 0 = none that admits the remote host
     */
    public long at(int externalIp, int protocol, int externalPort, int remote) {
        long best = 0;
        for (int orders = outsideOrders.inUse; orders != 0; orders &= orders - 1) {
            int order = Integer.numberOfTrailingZeros(orders);
            long entry = outside.find(NatRuleEntry.outsideKey(externalIp, protocol, order, externalPort));
            for (; entry != 0; entry = NatRuleEntry.next(entry)) {
                if (NatRuleEntry.admits(entry, remote)
                        && (best == 0 || NatRuleEntry.remoteLength(entry) > NatRuleEntry.remoteLength(best))) {
                    best = entry;
                }
            }
        }
        return best;
    }

    /** Any thread: whether any rule has an external port, whomever it admits. */
    public boolean isReserved(int externalIp, int protocol, int externalPort) {
        for (int orders = outsideOrders.inUse; orders != 0; orders &= orders - 1) {
            int order = Integer.numberOfTrailingZeros(orders);
            if (outside.find(NatRuleEntry.outsideKey(externalIp, protocol, order, externalPort)) != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Any thread: whether a rule still leads from an external port to a server's.
     *
     * @param ca of an IPv4 server, as for {@link #inside}
     * @param generation of the rule's connection
     * @param admitted whether the rule must admit {@code remote}
     */
    public boolean leads(
            int externalIp,
            int protocol,
            int externalPort,
            int rdid,
            int ca,
            long high,
            long low,
            int port,
            int generation,
            int remote,
            boolean admitted) {
        int internal = internal(ca, high, low);
        for (int orders = outsideOrders.inUse; orders != 0; orders &= orders - 1) {
            int order = Integer.numberOfTrailingZeros(orders);
            long entry = outside.find(NatRuleEntry.outsideKey(externalIp, protocol, order, externalPort));
            for (; entry != 0; entry = NatRuleEntry.next(entry)) {
                if (NatRuleEntry.generation(entry) == generation
                        && NatRuleEntry.rdid(entry) == rdid
                        && NatRuleEntry.leadsTo(entry, internal, high, low)
                        && NatRuleEntry.internalPort(entry, externalPort) == port
                        && (!admitted || NatRuleEntry.admits(entry, remote))) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Any thread: the rule that a server's own packet falls under, so that it keeps its external tuple. Of several, the one with the
     * longest remote prefix that contains the remote host, then the lowest external tuple; a rule for other remote hosts limits who
     * comes in, not what goes out.
     *
     * @param ca of an IPv4 server; passed over for an IPv6 one
     * @param high first half of the address of an IPv6 server; both halves are 0 for an IPv4 one
     * @return a {@link NatRuleEntry}; 0 = none
     */
    public long inside(int rdid, int ca, long high, long low, int protocol, int port, int remote) {
        long best = 0;
        int internal = internal(ca, high, low);
        long key0 = LookupEntry.key(rdid, internal);
        for (int orders = insideOrders.inUse; orders != 0; orders &= orders - 1) {
            int order = Integer.numberOfTrailingZeros(orders);
            long entry = inside.find(key0, NatRuleEntry.block(protocol, order, port));
            for (; entry != 0; entry = NatRuleEntry.next(entry)) {
                if (NatRuleEntry.leadsTo(entry, internal, high, low)
                        && (best == 0 || isBetterInside(entry, best, port, remote))) {
                    best = entry;
                }
            }
        }
        return best;
    }

    private static int internal(int ca, long high, long low) {
        return (high | low) == 0 ? ca : NatRuleEntry.key(high, low);
    }

    private static boolean isBetterInside(long entry, long best, int port, int remote) {
        int length = NatRuleEntry.admits(entry, remote) ? NatRuleEntry.remoteLength(entry) : -1;
        int bestLength = NatRuleEntry.admits(best, remote) ? NatRuleEntry.remoteLength(best) : -1;
        if (length != bestLength) {
            return length > bestLength;
        }
        int address = Integer.compareUnsigned(NatRuleEntry.externalIp(entry), NatRuleEntry.externalIp(best));
        return address < 0
                || (address == 0 && NatRuleEntry.externalPort(entry, port) < NatRuleEntry.externalPort(best, port));
    }

    /** Writer: the rules of an external block of ports, all with that block, in any order; none removes it. */
    public void setOutside(int externalIp, int protocol, int order, int port, List<NatTable.Rule> rows) {
        long key = NatRuleEntry.outsideKey(externalIp, protocol, order, port);
        set(outside, outside.find(key), outsideOrders, order, key, 0, rows);
    }

    /**
     * Writer: the rules of a server's block of ports, all with that block, in any order; none removes it.
     *
     * @param ca of the server; of IPv6 ones the key of their addresses, and the rules of all that have it
     */
    public void setInside(int rdid, int ca, int protocol, int order, int port, List<NatTable.Rule> rows) {
        long key0 = LookupEntry.key(rdid, ca);
        long key1 = NatRuleEntry.block(protocol, order, port);
        set(inside, inside.find(key0, key1), insideOrders, order, key0, key1, rows);
    }

    private void set(
            HashIndex index, long old, Orders orders, int order, long key0, long key1, List<NatTable.Rule> rows) {
        long head = 0;
        for (NatTable.Rule row : rows.reversed()) {
            long entry = pool.allocate();
            NatRuleEntry.write(entry, row, key0, key1, head);
            head = entry;
        }
        if (head != 0) {
            if (old == 0) {
                orders.add(order);
            }
            index.put(head);
        } else if (old != 0) {
            index.remove(old);
            orders.remove(order);
        }
        for (long entry = old; entry != 0; ) {
            long next = NatRuleEntry.next(entry);
            pool.retire(entry);
            entry = next;
        }
    }

    /** Writer: the rules of an external block of ports, in the order they were set. */
    public List<NatTable.Rule> outsideRows(int externalIp, int protocol, int order, int port) {
        return chain(outside.find(NatRuleEntry.outsideKey(externalIp, protocol, order, port)));
    }

    /** Writer: the rules of a server's block of ports, in the order they were set. */
    public List<NatTable.Rule> insideRows(int rdid, int ca, int protocol, int order, int port) {
        return chain(inside.find(LookupEntry.key(rdid, ca), NatRuleEntry.block(protocol, order, port)));
    }

    /** Writer: every rule as found from outside, in no order. */
    public void forEachOutside(Consumer<NatTable.Rule> action) {
        outside.forEach(entry -> chain(entry).forEach(action));
    }

    /** Writer: every rule as found from inside, in no order. */
    public void forEachInside(Consumer<NatTable.Rule> action) {
        inside.forEach(entry -> chain(entry).forEach(action));
    }

    private static List<NatTable.Rule> chain(long head) {
        List<NatTable.Rule> rows = new ArrayList<>();
        for (long entry = head; entry != 0; entry = NatRuleEntry.next(entry)) {
            rows.add(NatRuleEntry.read(entry));
        }
        return rows;
    }

    /** Which sizes of blocks there are. */
    private static final class Orders {
        private final int[] counts = new int[17];
        private volatile int inUse;

        void add(int order) {
            if (counts[order]++ == 0) {
                inUse |= 1 << order;
            }
        }

        void remove(int order) {
            if (--counts[order] == 0) {
                inUse &= ~(1 << order);
            }
        }
    }
}
