package net.nvgate.gateway.nat;

import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.route.TableSpace;

/**
 * From a worker to the thread that exports: mappings made and ended (entries of the binding information base, RFC 6146 section 3.1), and
 * which external address a host is bound to while it has mappings. There is one only where somebody exports them. A full ring costs a
 * counter and no more.
 *
 * <pre>
 *  0 read position (i64, a cache line)   64 written position (i64)   72 not told (i64)
 *  128 records, 64 bytes: ordinal of the kind (i32), domain (i32)   CA (i32), external address (i32)
 *                         inside port << 16 | external port (i32), protocol (i32)   IPv6 address (2 x i64, 0 for an IPv4 host)   at, ms (i64)
 * </pre>
 */
public final class MappingEvents {

    public static final int RECORDS = 1 << 14;

    private static final int READ = 0;
    private static final int WRITTEN = 64;
    private static final int NOT_TOLD = 72;
    private static final int RING = 128;
    private static final int RECORD_SHIFT = 6;
    private static final int ALIGNMENT = 64;
    private static final Kind[] KINDS = Kind.values();

    /** What happened. */
    public enum Kind {
        /** An inside endpoint has got an external one. */
        MADE,
        ENDED,
        /** A host has got an external address: its mappings will be there. */
        BOUND,
        /** Its last mapping has ended. */
        UNBOUND
    }

    private final long memory;
    private final InsideHosts hosts;

    /** @param source of zeroed memory */
    public MappingEvents(TableSpace.Source source, InsideHosts hosts) {
        this.memory = source.allocate(RING + ((long) RECORDS << RECORD_SHIFT), ALIGNMENT);
        this.hosts = hosts;
    }

    /** Worker: something has happened to a mapping, which is there still. */
    @SuppressWarnings("EnumOrdinal") // Read back below.
    void tell(Kind kind, long mapping, long nowMs) {
        long written = Mem.i64(memory + WRITTEN);
        if (written - Mem.i64Acquire(memory + READ) == RECORDS) {
            Mem.i64Opaque(memory + NOT_TOLD, Mem.i64(memory + NOT_TOLD) + 1);
            return;
        }
        long record = record(written);
        int ca = Mappings.ca(mapping);
        Mem.i32(record, kind.ordinal());
        Mem.i32(record + 4, Mappings.domain(mapping));
        Mem.i32(record + 8, ca);
        Mem.i32(record + 12, Mappings.externalAddress(mapping));
        Mem.i32(record + 16, Mappings.port(mapping) << 16 | Mappings.externalPort(mapping));
        Mem.i32(record + 20, Mappings.protocol(mapping));
        Mem.i64(record + 24, hosts.highOf(ca));
        Mem.i64(record + 32, hosts.lowOf(ca));
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
        long high = Mem.i64(record + 24);
        long low = Mem.i64(record + 32);
        int ports = Mem.i32(record + 16);
        Event event = new Event(
                KINDS[Mem.i32(record)],
                Mem.i32(record + 4),
                Mem.i32(record + 20),
                (high | low) == 0 ? new Ipv4Address(Mem.i32(record + 8)) : new Ipv6Address(high, low),
                ports >>> 16,
                new Ipv4Address(Mem.i32(record + 12)),
                ports & 0xffff,
                Mem.i64(record + 40));
        Mem.i64Release(memory + READ, read + 1);
        return Optional.of(event);
    }

    /** Any thread: what nobody was told because the other thread was behind. */
    public long notTold() {
        return Mem.i64Opaque(memory + NOT_TOLD);
    }

    private long record(long position) {
        return memory + RING + ((position & (RECORDS - 1)) << RECORD_SHIFT);
    }

    /**
     * What happened to a mapping. Of a host that was bound or is no more, ports and protocol are those of the mapping by which.
     *
     * @param domain index of the routing domain
     * @param atMs on the worker's clock
     */
    public record Event(
            Kind kind,
            int domain,
            int protocol,
            IpAddress inside,
            int insidePort,
            Ipv4Address external,
            int externalPort,
            long atMs) {}
}
