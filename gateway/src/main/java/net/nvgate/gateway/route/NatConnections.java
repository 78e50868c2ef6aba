package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * NAT connections, found by external address and port, and by tenant and CA.
 *
 * <pre>
 * by index         : entry ({@link NatEntry}), swapped in one store
 * by address       : 0 address (i64)   8 count (i32)   16 n x | portMin (u16) | portMax (u16) | index (i32) |  ascending
 * by tenant        : 0 count (i32)      8 n x | prefix (i32) | length (i32) | index (i32) | salt (i32) |        longest first
 * </pre>
 *
 * A block is never changed but replaced as a whole. Connections of a tenant with the same prefix are a pool.
 */
public final class NatConnections {

    /** Bit of the domain of a NAT64 host, whose CA is a handle. */
    public static final int NAT64 = 1 << 23;

    private static final int RANGES = 16;
    private static final int CHOICES = 8;
    private static final int CHOICE = 16;

    private final PointerArray byIndex;
    private final BlockPool pool;
    private final HashIndex byAddress;
    private final PointerArray byTenant;
    private final Blocks blocks;

    NatConnections(TableSpace space, Reclaimer reclaimer) {
        this.byIndex = new PointerArray(space, reclaimer);
        this.pool = new BlockPool(space, reclaimer, NatEntry.BYTES);
        this.byAddress = new HashIndex(space, reclaimer, 1);
        this.byTenant = new PointerArray(space, reclaimer);
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

    /** Any thread: whether a tenant has a connection at all. */
    public boolean has(int rdid) {
        return byTenant.get(rdid) != 0;
    }

    /**
     * Any thread: chooses the connection that a host leaves by: among those with the longest source prefix that contains it, the
     * one of greatest weight, so that hosts spread evenly and one connection more or less moves few (rendezvous hashing). Hosts of
     * deterministic prefixes go round by their number.
     *
     * @param domain index of the RDID; with {@link #NAT64} only connections without source prefixes are for the host
     * @param limit only weights below: {@link NatChoice#NO_LIMIT}, or the weight of the one that did not do
     * @return whether there is one; then the choice has it
     */
    public boolean choose(int domain, int ca, long limit, NatChoice choice) {
        choice.clear();
        long block = byTenant.get(domain & ~NAT64);
        int count = block == 0 ? 0 : Mem.i32(block);
        int first = firstMatch(block, count, domain, ca);
        int end = endOfPool(block, count, first);
        if (first == end) {
            return false;
        }
        long leader = byIndex.get(Mem.i32(choice(block, first) + 8));
        int ordinal = leader == 0 ? -1 : NatEntry.deterministicOrdinal(leader, ca);
        if (ordinal >= 0) {
            long entry = byIndex.get(Mem.i32(choice(block, first + ordinal % (end - first)) + 8));
            return limit == NatChoice.NO_LIMIT
                    && entry != 0
                    && choice.deterministic(entry, leader, ordinal, end - first);
        }
        for (int i = first; i < end; i++) {
            long at = choice(block, i);
            long weight = weight(ca, Mem.i32(at + 12));
            if (weight < limit && weight > choice.weight()) {
                long entry = byIndex.get(Mem.i32(at + 8));
                if (entry != 0) {
                    choice.dynamic(entry, weight, leader == 0 ? 0 : NatEntry.deterministicHosts(leader), end - first);
                }
            }
        }
        return choice.entry() != 0;
    }

    /** Any thread: whether policy still lets a host leave by a connection. */
    public boolean admits(int domain, int ca, int index) {
        long block = byTenant.get(domain & ~NAT64);
        int count = block == 0 ? 0 : Mem.i32(block);
        int first = firstMatch(block, count, domain, ca);
        int end = endOfPool(block, count, first);
        for (int i = first; i < end; i++) {
            if (Mem.i32(choice(block, i) + 8) == index) {
                return true;
            }
        }
        return false;
    }

    /** Any thread: the pool of a host in the choice of a connection it has already, so that it keeps that. */
    public boolean keep(int domain, int ca, long entry, NatChoice choice) {
        choice.clear();
        long block = byTenant.get(domain & ~NAT64);
        int count = block == 0 ? 0 : Mem.i32(block);
        int first = firstMatch(block, count, domain, ca);
        int end = endOfPool(block, count, first);
        long leader = first == end ? 0 : byIndex.get(Mem.i32(choice(block, first) + 8));
        if (leader == 0 || NatEntry.deterministicOrdinal(leader, ca) >= 0) {
            return false;
        }
        for (int i = first; i < end; i++) {
            if (Mem.i32(choice(block, i) + 8) == NatEntry.index(entry)) {
                choice.dynamic(
                        entry,
                        weight(ca, Mem.i32(choice(block, i) + 12)),
                        NatEntry.deterministicHosts(leader),
                        end - first);
                return true;
            }
        }
        return false;
    }

    private static int firstMatch(long block, int count, int domain, int ca) {
        int first = 0;
        while (first < count && !matches(choice(block, first), domain, ca)) {
            first++;
        }
        return first;
    }

    private static boolean matches(long choice, int domain, int ca) {
        int length = Mem.i32(choice + 4);
        return length == 0 || ((domain & NAT64) == 0 && Prefixes.contains(Mem.i32(choice), length, ca));
    }

    /** All of a pool have one prefix, one key of 64 bits. */
    private static int endOfPool(long block, int count, int first) {
        int end = first;
        while (end < count && Mem.i64(choice(block, end)) == Mem.i64(choice(block, first))) {
            end++;
        }
        return end;
    }

    private static long choice(long block, int i) {
        return block + CHOICES + (long) CHOICE * i;
    }

    /** Above 0. */
    private static long weight(int ca, int salt) {
        long h = ((long) ca << 32 | Integer.toUnsignedLong(salt)) * 0x9e37_79b9_7f4a_7c15L;
        h = (h ^ h >>> 32) * 0xff51_afd7_ed55_8ccdL;
        h = (h ^ h >>> 29) * 0xc4ce_b9fe_1a85_ec53L;
        return (h ^ h >>> 32) >>> 2 | 1;
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

    /** Writer: by which connections a tenant's hosts leave, longest prefix first; none = the tenant has no NAT. */
    public void setTenant(int rdid, List<Choice> choices) {
        long old = byTenant.get(rdid);
        long block = 0;
        if (!choices.isEmpty()) {
            block = blocks.allocate(CHOICES + (long) CHOICE * choices.size());
            Mem.i32(block, choices.size());
            for (int i = 0; i < choices.size(); i++) {
                long at = choice(block, i);
                Choice row = choices.get(i);
                Mem.i32(at, row.prefix().address());
                Mem.i32(at + 4, row.prefix().length());
                Mem.i32(at + 8, row.index());
                Mem.i32(at + 12, row.salt());
            }
        }
        if (block != 0 || old != 0) {
            byTenant.set(rdid, block);
        }
        if (old != 0) {
            blocks.retire(old, CHOICES + (long) CHOICE * Mem.i32(old));
        }
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

    /** Writer: by which connections a tenant's hosts leave. */
    public List<Choice> choicesOf(int rdid) {
        long block = byTenant.get(rdid);
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; block != 0 && i < Mem.i32(block); i++) {
            long at = choice(block, i);
            choices.add(new Choice(new Prefixes.Row(Mem.i32(at), Mem.i32(at + 4)), Mem.i32(at + 8), Mem.i32(at + 12)));
        }
        return choices;
    }

    /** Writer: every connection of every address, in no order. */
    public void forEach(Consumer<NatTable.Connection> action) {
        forEachAddress(address -> indexesAt(address).forEach(index -> action.accept(row(index))));
    }

    /** Writer: every external address, in no order. */
    public void forEachAddress(IntConsumer action) {
        byAddress.forEach(block -> action.accept((int) Mem.i64(block)));
    }

    /** Hosts of a prefix leave by the connection of an index, whose address and first port weigh it against others. */
    public record Choice(Prefixes.Row prefix, int index, int salt) {

        public Choice(Prefixes.Row prefix, NatTable.Connection connection) {
            this(prefix, connection.index(), connection.externalIp() ^ connection.portMin() << 8);
        }
    }
}
