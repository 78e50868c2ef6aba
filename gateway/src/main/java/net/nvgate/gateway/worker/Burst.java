package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;

/**
 * The packets of one direction between the passes over them: those that a session may have, found well-formed. A record each, one cache line,
 * beside the heap, where neither bounds nor references have to be checked; valid within the burst.
 *
 * <pre>
 *  0 mbuf   16 key0   32 hash                                        48 vsid          58 TCP flags (u8)   60 from inside: outer source
 *  8 ip     24 key1   40 bucket, then candidate or itself, then line   56 length (u16)   59 1: a fragment     from outside: VLAN (i32)
 *                                                                                       2: counted for its VSID
 *
 *  behind them, of each: datagram of a fragment (i64)
 * </pre>
 */
final class Burst {

    static final int MAX = 64;

    private static final int SHIFT = 6;
    private static final int LINE = 40;
    private static final int REST = 56;
    private static final int FLAGS_SHIFT = 16;
    private static final int TCP_FLAGS = 58;
    private static final int BITS = 59;
    private static final int FRAGMENT = 1;

    /** Beside the TCP flags of {@link #add}: the packet, from inside, is counted for its VSID by who enters it. */
    static final int COUNTED = 2 << Byte.SIZE;

    private final long memory;
    private final long datagrams;
    private final FlowIndex flows;
    private int count;
    private int counted;
    private int unknown;
    private long touched;

    /** Memory of {@link #bytes} at a cache line. */
    Burst(long memory, FlowIndex flows) {
        this.memory = memory;
        this.datagrams = memory + ((long) MAX << SHIFT);
        this.flows = flows;
    }

    static long bytes() {
        return ((long) MAX << SHIFT) + 8L * MAX;
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
        return Mem.u16(at(i) + REST);
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
        return Mem.u8(at(i) + TCP_FLAGS);
    }

    /** From outside: 802.1Q VLAN id it came in. */
    int vlan(int i) {
        return Mem.i32(at(i) + 60);
    }

    void vlan(int i, int value) {
        Mem.i32(at(i) + 60, value);
    }

    /** Of a fragment: its datagram, for {@link Renaming}; 0 unless it has been set. */
    long fragment(int i) {
        return (Mem.u8(at(i) + BITS) & FRAGMENT) == 0 ? 0 : Mem.i64(datagrams + 8L * i);
    }

    void fragment(int i, long value) {
        Mem.u8(at(i) + BITS, Mem.u8(at(i) + BITS) | FRAGMENT);
        Mem.i64(datagrams + 8L * i, value);
    }

    /** Whether a packet from inside has been counted for its VSID. */
    boolean isCounted(int i) {
        return (Mem.u16(at(i) + TCP_FLAGS) & COUNTED) != 0;
    }

    /** How many are {@link #COUNTED}. */
    void counted(int packets) {
        counted = packets;
    }

    /** Packets that {@link #isCounted} is true of. */
    int counted() {
        return counted;
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
        counted = 0;
    }

    /** The packet that was entered last is none of this burst. */
    void removeLast() {
        count--;
    }

    /** Enters a packet; its VSID and outer source, or its VLAN, are set by the caller. */
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
        Mem.i64(at + LINE, flows.bucket(hash));
        Mem.i64(at + REST, ipLength | (long) flags << FLAGS_SHIFT);
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
            long candidate = flows.candidate(Mem.i64(at + LINE), Mem.i64(at + 32));
            Mem.i64(at + LINE, candidate == 0 ? at : candidate);
        }
        touched += sum + touch(packets);
        for (int i = 0; i < packets; i++) {
            long at = at(i);
            long candidate = Mem.i64(at + LINE);
            long key0 = Mem.i64(at + 16);
            long key1 = Mem.i64(at + 24);
            if (candidate == at || !FlowIndex.hasKey(candidate, key0, key1)) {
                long line = flows.find(Mem.i64(at + 32), key0, key1);
                Mem.i64(at + LINE, line);
                none += line == 0 ? 1 : 0;
            }
        }
        unknown = none;
    }

    private long touch(int packets) {
        long sum = 0;
        for (int i = 0; i < packets; i++) {
            sum += Mem.i64(Mem.i64(memory + LINE + ((long) i << SHIFT)));
        }
        return sum;
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }
}
