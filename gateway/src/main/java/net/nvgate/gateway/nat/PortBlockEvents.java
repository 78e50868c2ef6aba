package net.nvgate.gateway.nat;

import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.nat64.InsideHosts;

/**
 * From a worker to the thread that logs: which block of ports a host was given, and when it went back (RFC 6888 REQ-14, §4). The ring
 * holds a burst of {@link #RECORDS}; what comes while it is full is not told but counted, so that a flood of hosts cannot fill a disk,
 * and the log can say that it has a hole.
 *
 * <pre>
 *  0 assigned (i64)   8 released (i64)   16 not told (i64)
 *  64 read position (i64)   128 written position (i64)
 *  192 records, 64 bytes: domain | CA (i64)   IPv6 address (2 x i64, 0 for an IPv4 host)   external address | first port (i64)
 *                         order (i32), assigned (i32)   at, ms (i64)
 * </pre>
 */
public final class PortBlockEvents {

    public static final int RECORDS = 4_096;

    private static final int ASSIGNED = 0;
    private static final int RELEASED = 8;
    private static final int NOT_TOLD = 16;
    private static final int READ = 64;
    private static final int WRITTEN = 128;
    private static final int RING = 192;
    private static final int RECORD_SHIFT = 6;

    private final long memory;
    private final InsideHosts hosts;
    private boolean muted;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public PortBlockEvents(long memory, InsideHosts hosts) {
        this.memory = memory;
        this.hosts = hosts;
    }

    public static long bytes() {
        return RING + ((long) RECORDS << RECORD_SHIFT);
    }

    /** Worker: nobody is told of what happens from now on, or somebody is again. */
    void mute(boolean on) {
        muted = on;
    }

    /** Worker: a host has been given a block, or has lost it. */
    public void tell(boolean assigned, int domain, int ca, int external, int firstPort, int order, long nowMs) {
        if (muted) {
            return;
        }
        add(assigned ? ASSIGNED : RELEASED);
        long written = Mem.i64(memory + WRITTEN);
        if (written - Mem.i64Acquire(memory + READ) == RECORDS) {
            add(NOT_TOLD);
            return;
        }
        long record = record(written);
        Mem.i64(record, (long) domain << 32 | Integer.toUnsignedLong(ca));
        Mem.i64(record + 8, hosts.highOf(ca));
        Mem.i64(record + 16, hosts.lowOf(ca));
        Mem.i64(record + 24, (long) external << 32 | firstPort);
        Mem.i32(record + 32, order);
        Mem.i32(record + 36, assigned ? 1 : 0);
        Mem.i64(record + 40, nowMs);
        Mem.i64Release(memory + WRITTEN, written + 1);
    }

    /** One other thread: the next one. */
    public Optional<Event> poll() {
        long read = Mem.i64(memory + READ);
        if (read == Mem.i64Acquire(memory + WRITTEN)) {
            return Optional.empty();
        }
        long record = record(read);
        long high = Mem.i64(record + 8);
        long low = Mem.i64(record + 16);
        long outside = Mem.i64(record + 24);
        int first = (int) outside;
        Event event = new Event(
                Mem.i32(record + 36) != 0,
                (int) (Mem.i64(record) >>> 32),
                (high | low) == 0 ? new Ipv4Address((int) Mem.i64(record)) : new Ipv6Address(high, low),
                new Ipv4Address((int) (outside >>> 32)),
                first,
                first + (1 << Mem.i32(record + 32)) - 1,
                Mem.i64(record + 40),
                false);
        Mem.i64Release(memory + READ, read + 1);
        return Optional.of(event);
    }

    /** Any thread: blocks given to hosts. */
    public long assigned() {
        return Mem.i64Opaque(memory + ASSIGNED);
    }

    /** Any thread: blocks that went back. */
    public long released() {
        return Mem.i64Opaque(memory + RELEASED);
    }

    /** Any thread: of both, those that nobody was told about. */
    public long notTold() {
        return Mem.i64Opaque(memory + NOT_TOLD);
    }

    private long record(long position) {
        return memory + RING + ((position & (RECORDS - 1)) << RECORD_SHIFT);
    }

    private void add(long offset) {
        Mem.i64Opaque(memory + offset, Mem.i64(memory + offset) + 1);
    }

    /**
     * A block of all protocols' ports.
     *
     * @param assigned or released
     * @param domain index of the routing domain
     * @param atMs on the worker's clock
     * @param byRestart it was given by a process before this one, and has not outlived that one
     */
    public record Event(
            boolean assigned,
            int domain,
            IpAddress insideAddress,
            IpAddress externalAddress,
            int firstPort,
            int lastPort,
            long atMs,
            boolean byRestart) {}
}
