package net.nvgate.gateway.flow;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** A flow table whose sessions have what their numbers say, so that a mix of two shows. */
public final class FilledTable {

    final FlowTable table;
    private final MemorySegment memory;

    /** Memory of the arena for {@code capacity} sessions. */
    public FilledTable(Arena arena, int capacity) {
        this.memory = arena.allocate(FlowTable.bytes(capacity), 128);
        this.table = new FlowTable(memory.address(), capacity, 1, 0);
    }

    /** All that the table has in memory, as a checksum. */
    public long checksum() {
        CRC32C sum = new CRC32C();
        sum.update(memory.asByteBuffer());
        return sum.getValue();
    }

    public SessionReader reader() {
        return new SessionReader(table);
    }

    /** Session {@code number}: CA, external address, counters of both ways and flags follow from it. */
    public long add(int number, long nowMs) {
        return add(number, number, nowMs);
    }

    /** @param inside what the outbound key is made of; sessions that have it one after the other differ in all else */
    long add(int inside, int number, long nowMs) {
        long out1 = FlowKey.rest(FlowKey.ports(inside & 0xffff, 53), 1 + inside % 4, 17);
        long in1 = FlowKey.rest(FlowKey.ports(53, number & 0xffff), FlowKey.OUTSIDE, 17);
        long session = table.create(
                FlowKey.addresses(inside, 7),
                out1,
                FlowKey.addresses(7, number),
                in1,
                1 + number % 9,
                nowMs + 1_000_000);
        Session.flags(session, number % 2 == 0 ? Session.STATIC : 0);
        count(session, 1 + number % 1000, nowMs);
        count(Session.other(session), 2 + number % 1000, nowMs);
        table.completed(session, nowMs);
        return session;
    }

    private static void count(long line, int bytes, long nowMs) {
        Session.count(line, bytes, (int) nowMs);
    }

    /** Whether all of a row is of one session. */
    static boolean isWhole(SessionRow row) {
        int number = row.externalAddress();
        return row.externalPort() == (number & 0xffff)
                && row.state().equals(SessionState.label(1 + number % 9))
                && row.bytesOut() == 1 + number % 1000
                && row.bytesIn() == 2 + number % 1000
                && row.packetsOut() == 1
                && row.packetsIn() == 1
                && row.nat() == (number % 2 == 0 ? SessionNat.RULE : SessionNat.MAPPING)
                && row.insidePort() == (row.insideAddress() & 0xffff);
    }
}
