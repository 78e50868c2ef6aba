package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Ipv4;

/**
 * Lets later fragments follow their first one through the NAT without reassembly: remembers the ports of a first fragment by
 * (domain, source, destination, protocol, id). Fragments must come in order; a table of fixed size in which a newer datagram
 * displaces an older one, so that a flood of fragments harms only fragments (RFC 4787 REQ-14).
 *
 * <pre>
 *  32 bytes:  0 source | destination (i64)   8 id 16 | domain 24 | protocol 8 (i64)   16 ports (i32)   20 time, ms (i32)
 * </pre>
 */
final class FragmentTracker {

    /** RFC 791 §3.2 suggests 15 s for reassembly; a NAT needs no longer. */
    private static final int LIFETIME_MS = 15_000;

    private static final int SHIFT = 5;

    private final long memory;
    private final int mask;
    private final WorkerClock clock;

    /** Zeroed memory of {@link #bytes}; a power of two of datagrams. */
    FragmentTracker(long memory, int datagrams, WorkerClock clock) {
        this.memory = memory;
        this.mask = datagrams - 1;
        this.clock = clock;
    }

    static long bytes(int datagrams) {
        return (long) datagrams << SHIFT;
    }

    /** A first fragment. */
    void enter(long ip, int domain, int ports) {
        long entry = entry(ip, domain);
        Mem.i64(entry, Ipv4.addresses(ip));
        Mem.i64(entry + 8, rest(ip, domain));
        Mem.i32(entry + 16, ports);
        Mem.i32(entry + 20, (int) clock.ms());
    }

    /** The ports of a later fragment as 32 bits, or -1 when its first fragment is not known. */
    long find(long ip, int domain) {
        long entry = entry(ip, domain);
        boolean known = Mem.i64(entry) == Ipv4.addresses(ip)
                && Mem.i64(entry + 8) == rest(ip, domain)
                && (int) clock.ms() - Mem.i32(entry + 20) < LIFETIME_MS;
        return known ? Mem.i32(entry + 16) & 0xffffffffL : -1;
    }

    private long entry(long ip, int domain) {
        long h = (Ipv4.addresses(ip) ^ rest(ip, domain) * 0x9E3779B97F4A7C15L) * 0xC2B2AE3D27D4EB4FL;
        return memory + ((h >>> 40 & mask) << SHIFT);
    }

    private static long rest(long ip, int domain) {
        return (long) Ipv4.id(ip) << 32 | (long) domain << 8 | Ipv4.protocol(ip);
    }
}
