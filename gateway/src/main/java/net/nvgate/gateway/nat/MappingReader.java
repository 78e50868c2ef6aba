package net.nvgate.gateway.nat;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Lists the mappings of a worker from another thread. It only reads, and the worker does not know: a row is read, then its keys are
 * read again, and if they differ the row was changing hands and is left out.
 */
public final class MappingReader {

    private final Mappings mappings;

    MappingReader(Mappings mappings) {
        this.mappings = mappings;
    }

    /** Up to {@code limit} rows in no order; {@code nowMs} is the worker's time. */
    public List<Row> list(Predicate<Row> filter, int limit, long nowMs) {
        List<Row> rows = new ArrayList<>();
        int end = mappings.touched();
        for (int i = 0; i < end && rows.size() < limit; i++) {
            long mapping = mappings.address(i);
            long key0 = Mem.i64(mapping);
            long key1 = Mem.i64(mapping + 8);
            if (Mappings.protocol(mapping) == 0) {
                continue;
            }
            VarHandle.acquireFence();
            long deadline = mappings.deadline(mapping);
            Row row = new Row(
                    Mappings.domain(mapping),
                    Mappings.protocol(mapping),
                    Mappings.ca(mapping),
                    Mappings.port(mapping),
                    Mappings.externalAddress(mapping),
                    Mappings.externalPort(mapping),
                    Mappings.sessions(mapping),
                    deadline == 0 ? 0 : Math.max(1, (deadline - nowMs) / 1000));
            VarHandle.acquireFence();
            if (Mem.i64(mapping) == key0
                    && Mappings.isSameKey(Mem.i64(mapping + 8), key1)
                    && key1 != 0
                    && filter.test(row)) {
                rows.add(row);
            }
        }
        return rows;
    }

    /**
     * A mapping.
     *
     * @param domain index of the routing domain
     * @param insideAddress CA, or the handle of a NAT64 host
     * @param secondsLeft of an explicit mapping, 0 = it lives by its sessions
     */
    public record Row(
            int domain,
            int protocol,
            int insideAddress,
            int insidePort,
            int externalAddress,
            int externalPort,
            int sessions,
            long secondsLeft) {}
}
