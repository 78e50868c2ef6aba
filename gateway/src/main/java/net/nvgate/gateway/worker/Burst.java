package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;

/**
 * The packets of one direction between the passes over them: those that a session may have, found well-formed. Arrays side by
 * side instead of an object per packet; an entry is valid within the burst.
 */
final class Burst {

    static final int MAX = 32;

    /** The packet's mbuf. */
    final long[] mbuf = new long[MAX];
    /** Address of the IPv4 header that is routed: the inner one of NVGRE. */
    final long[] ip = new long[MAX];
    /** Bytes of the IPv4 packet, which the frame has. */
    final int[] length = new int[MAX];

    final long[] key0 = new long[MAX];
    final long[] key1 = new long[MAX];
    final long[] hash = new long[MAX];
    /** Line of the session with this key, 0 = none found. */
    final long[] line = new long[MAX];
    /** From inside: address of the VsidEntry. */
    final long[] vsid = new long[MAX];
    /** From inside: source of the outer packet. */
    final int[] outerSource = new int[MAX];
    /** From outside: 802.1Q VLAN id it came in. */
    final int[] vlan = new int[MAX];
    /** Of a fragment: its datagram, for {@link Renaming}. */
    final long[] fragment = new long[MAX];
    /** TCP flags; 0 for all else. */
    final int[] tcpFlags = new int[MAX];

    private final FlowIndex flows;
    private int count;
    private long touched;

    Burst(FlowIndex flows) {
        this.flows = flows;
    }

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    /** Enters a packet; its arrays for VSID and outer source are set by the caller. */
    int add(long mbufAddress, long ipAddress, int ipLength, int ports, int domain, int protocol, int flags) {
        int i = count++;
        mbuf[i] = mbufAddress;
        ip[i] = ipAddress;
        length[i] = ipLength;
        key0[i] = Mem.i64Be(ipAddress + 12);
        key1[i] = FlowKey.rest(ports, domain, protocol);
        hash[i] = flows.hash(key0[i], key1[i]);
        tcpFlags[i] = flags;
        return i;
    }

    /** Second pass: reads a word of every line that will be needed, so that the cache misses overlap, and compares keys last. */
    void lookUp() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Mem.i64(flows.bucket(hash[i]));
        }
        for (int i = 0; i < count; i++) {
            long candidate = flows.candidate(hash[i]);
            line[i] = candidate;
            sum += candidate == 0 ? 0 : Mem.i64(candidate);
        }
        touched += sum;
        for (int i = 0; i < count; i++) {
            if (line[i] == 0 || !FlowIndex.hasKey(line[i], key0[i], key1[i])) {
                line[i] = flows.find(hash[i], key0[i], key1[i]);
            }
        }
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }
}
