package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * NAT connections, found by external address and port, and by tenant and CA.
 *
 * <pre>
 * by index         : entry ({@link NatEntry}), swapped in one store
 * by address       : 0 address (i64)   8 count (i32)   16 n x | portMin (u16) | portMax (u16) | index (i32) |  ascending
 * by tenant        : see {@link NatPools}
 * </pre>
 *
 * A block is never changed but replaced as a whole.
 */
public final class NatConnections {

    private static final int RANGES = 16;

    /** Bits of a kept address before those of an IPv4 address. */
    private static final int IPV4_BITS_FIRST = 96;

    private final PointerArray byIndex;
    private final BlockPool pool;
    private final HashIndex byAddress;
    private final NatPools pools;
    private final NatPools pools6;
    private final Blocks blocks;

    NatConnections(TableSpace space, Reclaimer reclaimer) {
        this.byIndex = new PointerArray(space, reclaimer);
        this.pool = new BlockPool(space, reclaimer, NatEntry.BYTES);
        this.byAddress = new HashIndex(space, reclaimer, 1);
        this.pools = new NatPools(space, reclaimer, byIndex);
        this.pools6 = new NatPools(space, reclaimer, byIndex);
        this.blocks = new Blocks(space, reclaimer);
    }

    /**
     * Any thread: the connection that a port of an external address belongs to.
     *
     * @return a {@link NatEntry}, valid until the caller's next quiescent point; 0 = none
     */
    public long at(int externalIp, int port) {
        long block = byAddress.find(Integer.toUnsignedLong(externalIp));
        int low = 0;
        int high = block == 0 ? -1 : Mem.i32(block + 8) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long range = block + RANGES + 8L * middle;
            if (port < Mem.u16(range)) {
                high = middle - 1;
            } else if (port > Mem.u16(range + 2)) {
                low = middle + 1;
            } else {
                return byIndex.get(Mem.i32(range + 4));
            }
        }
        return 0;
    }

    /** Any thread: the connection of the lowest ports of an external address, as {@link #at}; 0 = it is no NAT address. */
    public long first(int externalIp) {
        long block = byAddress.find(Integer.toUnsignedLong(externalIp));
        return block == 0 ? 0 : byIndex.get(Mem.i32(block + RANGES + 4));
    }

    /** Any thread: whether several connections have ports of an external address. */
    public boolean isShared(int externalIp) {
        long block = byAddress.find(Integer.toUnsignedLong(externalIp));
        return block != 0 && Mem.i32(block + 8) > 1;
    }

    /** Any thread: the connection of an index, a {@link NatEntry}; 0 = none. */
    public long get(int index) {
        return byIndex.get(index);
    }

    /**
     * Any thread: the connection of an external address that has a generation, for what has no port.
     *
     * @return a {@link NatEntry} as from {@link #at}; 0 = none
     */
    public long withGeneration(int externalIp, int generation) {
        long block = byAddress.find(Integer.toUnsignedLong(externalIp));
        int count = block == 0 ? 0 : Mem.i32(block + 8);
        for (int i = 0; i < count; i++) {
            long entry = byIndex.get(Mem.i32(block + RANGES + 8L * i + 4));
            if (entry != 0 && NatEntry.generation(entry) == generation) {
                return entry;
            }
        }
        return 0;
    }

    /**
     * Any thread: the connection of a session. The port of a static rule need not be one of the connection's own.
     *
     * @return a {@link NatEntry} as from {@link #at}; 0 = none
     */
    public long ofSession(int externalIp, int port, int generation) {
        long entry = at(externalIp, port);
        return entry != 0 ? entry : withGeneration(externalIp, generation);
    }

    /** Any thread: whether a tenant has a connection at all. */
    public boolean has(int rdid) {
        return pools.has(rdid) || pools6.has(rdid);
    }

    /**
     * Any thread: chooses the connection that a host leaves by: among those with the longest source prefix that contains it, the
     * one of greatest weight, so that hosts spread evenly and one connection more or less moves few (rendezvous hashing). Hosts of
     * deterministic prefixes go round by their number.
     *
     * @param ca of an IPv4 host; passed over for a NAT64 host
     * @param high first half of the address of a NAT64 host; both halves are 0 for an IPv4 host
     * @param limit only weights below: {@link NatChoice#NO_LIMIT}, or the weight of the one that did not do
     * @return whether there is one; then the choice has it
     */
    public boolean choose(int rdid, int ca, long high, long low, long limit, NatChoice choice) {
        choice.clear();
        return (high | low) == 0
                ? pools.choose(rdid, 0, Integer.toUnsignedLong(ca), ca, limit, choice)
                : pools6.choose(rdid, high, low, NatRuleEntry.key(high, low), limit, choice);
    }

    /** Any thread: whether policy still lets a host leave by a connection. Host as for {@link #choose}. */
    public boolean admits(int rdid, int ca, long high, long low, int index) {
        return (high | low) == 0
                ? pools.admits(rdid, 0, Integer.toUnsignedLong(ca), index)
                : pools6.admits(rdid, high, low, index);
    }

    /** Any thread: the pool of a host in the choice of a connection it has already, so that it keeps that. Host as for {@link #choose}. */
    public boolean keep(int rdid, int ca, long high, long low, long entry, NatChoice choice) {
        choice.clear();
        return (high | low) == 0
                ? pools.keep(rdid, 0, Integer.toUnsignedLong(ca), ca, entry, choice)
                : pools6.keep(rdid, high, low, NatRuleEntry.key(high, low), entry, choice);
    }

    /** Writer: sets the connection of an index. It is found once {@link #setAddress} and {@link #setTenant} name the index. */
    public void put(NatTable.Connection row) {
        long entry = pool.allocate();
        NatEntry.write(entry, row);
        swap(row.index(), entry);
    }

    /** Writer: the connection of an index is gone; nothing names it any more. */
    public void remove(int index) {
        swap(index, 0);
    }

    private void swap(int index, long entry) {
        long old = byIndex.get(index);
        byIndex.set(index, entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: the connections of an external address, ascending by port; none = no NAT address. */
    public void setAddress(int externalIp, List<NatTable.Connection> rows) {
        long old = byAddress.find(Integer.toUnsignedLong(externalIp));
        int oldCount = old == 0 ? 0 : Mem.i32(old + 8);
        if (rows.isEmpty()) {
            if (old != 0) {
                byAddress.remove(old);
            }
        } else {
            long block = blocks.allocate(RANGES + 8L * rows.size());
            Mem.i64(block, Integer.toUnsignedLong(externalIp));
            Mem.i32(block + 8, rows.size());
            for (int i = 0; i < rows.size(); i++) {
                NatTable.Connection row = rows.get(i);
                Mem.u16(block + RANGES + 8L * i, row.portMin());
                Mem.u16(block + RANGES + 8L * i + 2, row.portMax());
                Mem.i32(block + RANGES + 8L * i + 4, row.index());
            }
            byAddress.put(block);
        }
        if (old != 0) {
            blocks.retire(old, RANGES + 8L * oldCount);
        }
    }

    /** Writer: by which connections a tenant's IPv4 hosts leave, longest prefix first; none = they have no NAT. */
    public void setTenant(int rdid, List<Choice> choices) {
        pools.set(rdid, choices.stream().map(Choice::row).toList());
    }

    /** Writer: as {@link #setTenant}, for NAT64 hosts. */
    public void setTenant6(int rdid, List<Choice6> choices) {
        pools6.set(rdid, choices.stream().map(Choice6::row).toList());
    }

    private NatTable.Connection row(int index) {
        NatTable.Connection row = rowOf(index);
        if (row == null) {
            throw new IllegalStateException("no NAT connection with index " + index);
        }
        return row;
    }

    /** Writer: the connection of an index. */
    public NatTable.@Nullable Connection rowOf(int index) {
        long entry = byIndex.get(index);
        return entry == 0 ? null : NatEntry.read(entry);
    }

    /** Writer: the indexes of an external address, ascending by port. */
    public List<Integer> indexesAt(int externalIp) {
        long block = byAddress.find(Integer.toUnsignedLong(externalIp));
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; block != 0 && i < Mem.i32(block + 8); i++) {
            indexes.add(Mem.i32(block + RANGES + 8L * i + 4));
        }
        return indexes;
    }

    /** Writer: by which connections a tenant's IPv4 hosts leave. */
    public List<Choice> choicesOf(int rdid) {
        return pools.rows(rdid).stream().map(Choice::of).toList();
    }

    /** Writer: by which connections a tenant's NAT64 hosts leave. */
    public List<Choice6> choices6Of(int rdid) {
        return pools6.rows(rdid).stream().map(Choice6::of).toList();
    }

    /** Writer: every connection of every address, in no order. */
    public void forEach(Consumer<NatTable.Connection> action) {
        forEachAddress(address -> indexesAt(address).forEach(index -> action.accept(row(index))));
    }

    /** Writer: every external address, in no order. */
    public void forEachAddress(IntConsumer action) {
        byAddress.forEach(block -> action.accept((int) Mem.i64(block)));
    }

    /** IPv4 hosts of a prefix leave by the connection of an index, whose address and first port weigh it against others. */
    public record Choice(Prefixes.Row prefix, int index, int salt) {

        public Choice(Prefixes.Row prefix, NatTable.Connection connection) {
            this(prefix, connection.index(), saltOf(connection));
        }

        private NatPools.Row row() {
            return new NatPools.Row(
                    0, Integer.toUnsignedLong(prefix.address()), IPV4_BITS_FIRST + prefix.length(), index, salt);
        }

        private static Choice of(NatPools.Row row) {
            return new Choice(
                    new Prefixes.Row((int) row.low(), row.length() - IPV4_BITS_FIRST), row.index(), row.salt());
        }
    }

    /** As {@link Choice}, of NAT64 hosts. */
    public record Choice6(Ipv6Address prefix, int length, int index, int salt) {

        public Choice6(Ipv6Address prefix, int length, NatTable.Connection connection) {
            this(prefix, length, connection.index(), saltOf(connection));
        }

        private NatPools.Row row() {
            return new NatPools.Row(prefix.high(), prefix.low(), length, index, salt);
        }

        private static Choice6 of(NatPools.Row row) {
            return new Choice6(new Ipv6Address(row.high(), row.low()), row.length(), row.index(), row.salt());
        }
    }

    private static int saltOf(NatTable.Connection connection) {
        return connection.externalIp() ^ connection.portMin() << 8;
    }
}
