package net.nvgate.gateway.pcp;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Slab;

/**
 * What PCP clients said of their mappings beyond what the NAT keeps: the nonce that proves whose a mapping is, and who may come in
 * (RFC 6887 §11.2, §13.3). Used by one worker.
 *
 * <pre>
 *  entry, 64 bytes:  0 CA | 0 (i64)                           16 nonce (i64, i32)   32 filters: remote address (i32) x 4
 *                    8 port | 0 | domain | protocol (i64)     28 filters (i32)      48 remote port (u16) x 4   56 prefix length (u8) x 4
 * </pre>
 */
final class PcpTable {

    private static final int SHIFT = 6;

    private final FlowIndex index;
    private final Slab slab;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    PcpTable(long memory, int entriesMax, long seed) {
        this.slab = new Slab(memory, SHIFT, entriesMax);
        this.index = new FlowIndex(memory + ((long) entriesMax << SHIFT), entriesMax, memory, SHIFT, seed);
    }

    static long bytes(int entriesMax) {
        return ((long) entriesMax << SHIFT) + FlowIndex.bytes(entriesMax);
    }

    /** The entry of an inside endpoint, 0 = none. */
    long find(int domain, int ca, int port, int protocol) {
        long key0 = FlowKey.addresses(ca, 0);
        long key1 = FlowKey.rest(FlowKey.ports(port, 0), domain, protocol);
        return index.find(index.hash(key0, key1), key0, key1);
    }

    /** Makes an entry without filters; 0 when there is no room. */
    long create(int domain, int ca, int port, int protocol, long nonceHigh, int nonceLow) {
        int item = slab.allocate();
        if (item < 0) {
            return 0;
        }
        long key0 = FlowKey.addresses(ca, 0);
        long key1 = FlowKey.rest(FlowKey.ports(port, 0), domain, protocol);
        if (!index.insert(index.hash(key0, key1), item)) {
            slab.free(item);
            return 0;
        }
        long entry = slab.address(item);
        Mem.i64(entry, key0);
        Mem.i64(entry + 8, key1);
        Mem.i64(entry + 16, nonceHigh);
        Mem.i32(entry + 24, nonceLow);
        Mem.i32(entry + 28, 0);
        return entry;
    }

    void remove(long entry) {
        int item = (int) ((entry - slab.address(0)) >>> SHIFT);
        index.remove(index.hash(Mem.i64(entry), Mem.i64(entry + 8)), item);
        slab.free(item);
    }

    static boolean isOwner(long entry, PcpMapRequest request) {
        return Mem.i64(entry + 16) == request.nonceHigh && Mem.i32(entry + 24) == request.nonceLow;
    }

    static void filters(long entry, PcpMapRequest request) {
        Mem.i32(entry + 28, request.filters);
        for (int i = 0; i < request.filters; i++) {
            Mem.i32(entry + 32 + 4L * i, request.filterAddress[i]);
            Mem.u16(entry + 48 + 2L * i, request.filterPort[i]);
            Mem.u8(entry + 56 + i, request.filterLength[i]);
        }
    }

    /** Whether a remote endpoint may come in. */
    static boolean admits(long entry, int remote, int remotePort) {
        int filters = Mem.i32(entry + 28);
        for (int i = 0; i < filters; i++) {
            int length = Mem.u8(entry + 56 + i);
            int mask = length == 0 ? 0 : -1 << (32 - length);
            int port = Mem.u16(entry + 48 + 2L * i);
            if ((port == 0 || port == remotePort) && ((remote ^ Mem.i32(entry + 32 + 4L * i)) & mask) == 0) {
                return true;
            }
        }
        return filters == 0;
    }

    /** Copies what an entry says beyond whose endpoint it is: 48 bytes. */
    static void save(long entry, long to) {
        Mem.copy(entry + 16, to, 48);
    }

    /** Sets what {@link #save} gave. */
    static void restore(long entry, long from) {
        Mem.copy(from, entry + 16, 48);
    }

    static int ca(long entry) {
        return FlowKey.source(Mem.i64(entry));
    }

    static int domain(long entry) {
        return FlowKey.domain(Mem.i64(entry + 8));
    }

    static int port(long entry) {
        return FlowKey.sourcePort(Mem.i64(entry + 8));
    }

    static int protocol(long entry) {
        return FlowKey.protocol(Mem.i64(entry + 8));
    }

    static boolean isInUse(long entry) {
        return protocol(entry) != 0;
    }

    int capacity() {
        return slab.capacity();
    }

    /** Entries that were ever in use: all others are zero. */
    int touched() {
        return slab.touched();
    }

    long address(int item) {
        return slab.address(item);
    }

    int used() {
        return slab.used();
    }
}
