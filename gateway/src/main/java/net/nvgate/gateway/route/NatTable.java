package net.nvgate.gateway.route;

import java.util.function.Consumer;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/** NAT connections and rules. What is mapped dynamically is not here but in the workers' flow tables. */
public final class NatTable {

    private final PointerArray connectionByRdid;
    private final HashIndex connections;
    private final BlockPool connectionPool;
    private final HashIndex rulesOutside;
    private final HashIndex rulesInside;
    private final BlockPool rulePool;

    NatTable(TableSpace space, Reclaimer reclaimer) {
        this.connectionByRdid = new PointerArray(space, reclaimer);
        this.connections = new HashIndex(space, reclaimer, 1);
        this.connectionPool = new BlockPool(space, reclaimer, NatEntry.BYTES);
        this.rulesOutside = new HashIndex(space, reclaimer, 1);
        this.rulesInside = new HashIndex(space, reclaimer, 2);
        this.rulePool = new BlockPool(space, reclaimer, NatRuleEntry.BYTES);
    }

    /**
     * Any thread: the connection by which a tenant's own traffic leaves. Of several, the one with the lowest address.
     *
     * @return address of a {@link NatEntry}, valid until the caller's next quiescent point; 0 = the tenant has no NAT
     */
    public long connectionOf(int rdid) {
        return connectionByRdid.get(rdid);
    }

    /** Any thread: the connection an external address belongs to, a {@link NatEntry}; 0 = not a NAT address. */
    public long connectionAt(int externalIp) {
        return connections.find(Integer.toUnsignedLong(externalIp));
    }

    /**
     * Any thread: the rule for a packet from outside.
     *
     * @param protocol IANA number, 6 or 17
     * @return a {@link NatRuleEntry}; 0 = none
     */
    public long ruleAt(int externalIp, int protocol, int externalPort) {
        return rulesOutside.find(NatRuleEntry.outsideKey(externalIp, protocol, externalPort));
    }

    /**
     * Any thread: the rule that a server's own packet falls under, so that it keeps its external tuple. Of several, the
     * one with the lowest external tuple.
     *
     * @return a {@link NatRuleEntry}; 0 = none
     */
    public long ruleInside(int rdid, int ca, int protocol, int internalPort) {
        return rulesInside.find(LookupEntry.key(rdid, ca), NatRuleEntry.insideKey(protocol, internalPort));
    }

    /** Writer: sets the connection of an external address. */
    public void putConnection(Connection row) {
        long entry = connectionPool.allocate();
        NatEntry.write(entry, row);
        long old = connections.put(entry);
        if (old != 0) {
            unlinkDefault(old, entry);
            connectionPool.retire(old);
        }
    }

    /** Writer: removes the connection of an external address; nothing if there is none. */
    public void removeConnection(int externalIp) {
        long entry = connectionAt(externalIp);
        if (entry != 0) {
            connections.remove(entry);
            unlinkDefault(entry, 0);
            connectionPool.retire(entry);
        }
    }

    private void unlinkDefault(long old, long fresh) {
        int rdid = NatEntry.rdid(old);
        if (connectionByRdid.get(rdid) == old) {
            boolean sameTenant = fresh != 0 && NatEntry.rdid(fresh) == rdid;
            connectionByRdid.set(rdid, sameTenant ? fresh : 0);
        }
    }

    /**
     * Writer: chooses the connection that {@link #connectionOf} answers; 0 = none.
     *
     * @return true if that was another one
     */
    public boolean chooseConnection(int rdid, int externalIp) {
        long entry = externalIp == 0 ? 0 : connectionAt(externalIp);
        if (connectionByRdid.get(rdid) == entry) {
            return false;
        }
        connectionByRdid.set(rdid, entry);
        return true;
    }

    /** Writer: sets the rule of an external tuple. */
    public void putOutside(Rule row) {
        putRule(rulesOutside, row, NatRuleEntry.outsideKey(row.externalIp(), row.protocol(), row.externalPort()), 0);
    }

    /** Writer: sets the rule of an internal tuple. */
    public void putInside(Rule row) {
        putRule(
                rulesInside,
                row,
                LookupEntry.key(row.rdid(), row.internalIp()),
                NatRuleEntry.insideKey(row.protocol(), row.internalPort()));
    }

    private void putRule(HashIndex index, Rule row, long key0, long key1) {
        long entry = rulePool.allocate();
        NatRuleEntry.write(entry, row, key0, key1);
        long old = index.put(entry);
        if (old != 0) {
            rulePool.retire(old);
        }
    }

    /** Writer: removes the rule of an external tuple; nothing if there is none. */
    public void removeOutside(int externalIp, int protocol, int externalPort) {
        removeRule(rulesOutside, ruleAt(externalIp, protocol, externalPort));
    }

    /** Writer: removes the rule of an internal tuple; nothing if there is none. */
    public void removeInside(int rdid, int ca, int protocol, int internalPort) {
        removeRule(rulesInside, ruleInside(rdid, ca, protocol, internalPort));
    }

    private void removeRule(HashIndex index, long entry) {
        if (entry != 0) {
            index.remove(entry);
            rulePool.retire(entry);
        }
    }

    /** Writer: the connection of an external address. */
    public @Nullable Connection connectionRow(int externalIp) {
        long entry = connectionAt(externalIp);
        return entry == 0 ? null : NatEntry.read(entry);
    }

    /** Writer: the rule of an external tuple. */
    public @Nullable Rule outsideRow(int externalIp, int protocol, int externalPort) {
        long entry = ruleAt(externalIp, protocol, externalPort);
        return entry == 0 ? null : NatRuleEntry.read(entry, protocol);
    }

    /** Writer: the rule of an internal tuple. */
    public @Nullable Rule insideRow(int rdid, int ca, int protocol, int internalPort) {
        long entry = ruleInside(rdid, ca, protocol, internalPort);
        return entry == 0 ? null : NatRuleEntry.read(entry, protocol);
    }

    /** Writer: every connection, in no order. */
    public void forEachConnection(Consumer<Connection> action) {
        connections.forEach(entry -> action.accept(NatEntry.read(entry)));
    }

    /** Writer: every rule as found from outside, in no order. */
    public void forEachOutside(Consumer<Rule> action) {
        rulesOutside.forEach(entry -> action.accept(NatRuleEntry.read(entry, (int) (Mem.i64(entry) >>> 16 & 0xff))));
    }

    /** Writer: every rule as found from inside, in no order. */
    public void forEachInside(Consumer<Rule> action) {
        rulesInside.forEach(entry -> action.accept(NatRuleEntry.read(entry, (int) (Mem.i64(entry + 8) >>> 16 & 0xff))));
    }

    /** A connection as the control thread handles it. Fields as in {@link NatEntry}. */
    public record Connection(int externalIp, int rdid, int index, int portMin, int portMax, int generation) {}

    /** A rule as the control thread handles it. Fields as in {@link NatRuleEntry}. */
    public record Rule(int rdid, int protocol, int externalIp, int externalPort, int internalIp, int internalPort) {}
}
