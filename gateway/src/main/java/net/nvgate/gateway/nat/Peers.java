package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Slab;

/**
 * With which remote addresses an external port has sessions, for address-dependent filtering (RFC 4787 §5). When it is full, or where
 * another filtering was in force when a session began, less is let in and never more. Used by one worker.
 *
 * <pre>
 *  peer, 32 bytes:  0 remote address | external address (i64)   8 external port 16 | protocol 8 | generation 24 (i64)   16 sessions (i32)
 * </pre>
 */
public final class Peers {

    private static final int SHIFT = 5;

    private final FlowIndex index;
    private final Slab slab;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public Peers(long memory, int peersMax, long seed) {
        this.slab = new Slab(memory, SHIFT, peersMax);
        this.index = new FlowIndex(memory + lineBytes(peersMax), peersMax, memory, SHIFT, seed);
    }

    public static long bytes(int peersMax) {
        return lineBytes(peersMax) + FlowIndex.bytes(peersMax);
    }

    boolean has(int external, int port, int protocol, int generation, int remote) {
        return find(FlowKey.addresses(remote, external), key1(port, protocol, generation)) != 0;
    }

    /** One session more; nothing when there is no room. */
    void add(int external, int port, int protocol, int generation, int remote) {
        long key0 = FlowKey.addresses(remote, external);
        long key1 = key1(port, protocol, generation);
        long peer = find(key0, key1);
        if (peer == 0) {
            int item = slab.allocate();
            if (item < 0) {
                return;
            }
            if (!index.insert(index.hash(key0, key1), item)) {
                slab.free(item);
                return;
            }
            peer = slab.address(item);
            Mem.i64(peer, key0);
            Mem.i64(peer + 8, key1);
        }
        Mem.i32(peer + 16, Mem.i32(peer + 16) + 1);
    }

    /** One session fewer, if it was counted. */
    void remove(int external, int port, int protocol, int generation, int remote) {
        long key0 = FlowKey.addresses(remote, external);
        long key1 = key1(port, protocol, generation);
        long peer = find(key0, key1);
        if (peer == 0) {
            return;
        }
        int sessions = Mem.i32(peer + 16) - 1;
        Mem.i32(peer + 16, sessions);
        if (sessions == 0) {
            int item = (int) ((peer - slab.address(0)) >>> SHIFT);
            index.remove(index.hash(key0, key1), item);
            slab.free(item);
        }
    }

    /** External ports and remote addresses that are counted. */
    public int used() {
        return slab.used();
    }

    private long find(long key0, long key1) {
        return index.find(index.hash(key0, key1), key0, key1);
    }

    private static long key1(int port, int protocol, int generation) {
        return (long) port << 48 | (long) protocol << 40 | generation;
    }

    private static long lineBytes(int peersMax) {
        return Math.ceilDiv((long) peersMax << SHIFT, 64L) * 64;
    }
}
