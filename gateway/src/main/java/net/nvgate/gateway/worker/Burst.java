package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;

/**
 * The packets of one direction between the passes over them: those that a session may have, found well-formed. A record each, beside
 * the heap, where neither bounds nor references have to be checked; valid within the burst.
 *
 * <pre>
 *  0 mbuf   16 key0   32 hash   48 vsid     56 length        64 TCP flags   72 datagram   80 bucket, then candidate
 *  8 ip     24 key1   40 line               60 outer source  68 VLAN
 * </pre>
 */
final class Burst {

    static final int MAX = 64;

    private static final int SHIFT = 7;
    private static final int TOUCHED = 80;

    private final long memory;
    private final FlowIndex flows;
    private int count;
    private int unknown;
    private long touched;

    /** Memory of {@link #bytes} at a cache line. */
    Burst(long memory, FlowIndex flows) {
        this.memory = memory;
        this.flows = flows;
    }

    static long bytes() {
        return (long) MAX << SHIFT;
    }

    /** The packet's mbuf. */
    long mbuf(int i) {
        return Mem.i64(at(i));
    }

    /** Address of the IPv4 header that is routed: the inner one of NVGRE. */
    long ip(int i) {
        return Mem.i64(at(i) + 8);
    }

    long key0(int i) {
        return Mem.i64(at(i) + 16);
    }

    long key1(int i) {
        return Mem.i64(at(i) + 24);
    }

    long hash(int i) {
        return Mem.i64(at(i) + 32);
    }

    /** Line of the session with this key, 0 = none found. */
    long line(int i) {
        return Mem.i64(at(i) + 40);
    }

    /** From inside: address of the VsidEntry. */
    long vsid(int i) {
        return Mem.i64(at(i) + 48);
    }

    void vsid(int i, long value) {
        Mem.i64(at(i) + 48, value);
    }

    /** Bytes of the IPv4 packet, which the frame has. */
    int length(int i) {
        return Mem.i32(at(i) + 56);
    }

    /** From inside: source of the outer packet. */
    int outerSource(int i) {
        return Mem.i32(at(i) + 60);
    }

    void outerSource(int i, int value) {
        Mem.i32(at(i) + 60, value);
    }

    /** TCP flags; 0 for all else. */
    int tcpFlags(int i) {
        return Mem.i32(at(i) + 64);
    }

    /** From outside: 802.1Q VLAN id it came in. */
    int vlan(int i) {
        return Mem.i32(at(i) + 68);
    }

    void vlan(int i, int value) {
        Mem.i32(at(i) + 68, value);
    }

    /** Of a fragment: its datagram, for {@link Renaming}. */
    long fragment(int i) {
        return Mem.i64(at(i) + 72);
    }

    void fragment(int i, long value) {
        Mem.i64(at(i) + 72, value);
    }

    private long at(int i) {
        return memory + ((long) i << SHIFT);
    }

    int count() {
        return count;
    }

    /** Packets that had no session when they were looked up. */
    int unknown() {
        return unknown;
    }

    void clear() {
        count = 0;
    }

    /** Enters a packet; its arrays for VSID and outer source are set by the caller. */
    int add(long mbufAddress, long ipAddress, int ipLength, int ports, int domain, int protocol, int flags) {
        int i = count++;
        long at = at(i);
        long first = Mem.i64Be(ipAddress + 12);
        long second = FlowKey.rest(ports, domain, protocol);
        Mem.i64(at, mbufAddress);
        Mem.i64(at + 8, ipAddress);
        Mem.i64(at + 16, first);
        Mem.i64(at + 24, second);
        long hash = flows.hash(first, second);
        Mem.i64(at + 32, hash);
        Mem.i64(at + TOUCHED, flows.bucket(hash));
        Mem.i32(at + 56, ipLength);
        Mem.i32(at + 64, flags);
        return i;
    }

    /**
     * Second pass: reads a word of every line that will be needed, so that the cache misses overlap, and compares keys last. A core waits for at most
     * so many instructions behind a load that has missed: the loops that touch do nothing else.
     */
    void lookUp() {
        int packets = count;
        int none = 0;
        long sum = touch(packets);
        for (int i = 0; i < packets; i++) {
            long at = at(i);
            long candidate = flows.candidate(Mem.i64(at + 32));
            Mem.i64(at + 40, candidate);
            Mem.i64(at + TOUCHED, candidate == 0 ? at : candidate);
        }
        touched += sum + touch(packets);
        for (int i = 0; i < packets; i++) {
            long at = at(i);
            long candidate = Mem.i64(at + 40);
            long key0 = Mem.i64(at + 16);
            long key1 = Mem.i64(at + 24);
            if (candidate == 0 || !FlowIndex.hasKey(candidate, key0, key1)) {
                long line = flows.find(Mem.i64(at + 32), key0, key1);
                Mem.i64(at + 40, line);
                none += line == 0 ? 1 : 0;
            }
        }
        unknown = none;
    }

    private long touch(int packets) {
        long sum = 0;
        for (int i = 0; i < packets; i++) {
            sum += Mem.i64(Mem.i64(memory + TOUCHED + ((long) i << SHIFT)));
        }
        return sum;
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }
}
