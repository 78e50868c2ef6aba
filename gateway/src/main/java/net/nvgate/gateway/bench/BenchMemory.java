package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.route.TableSpace;

/** Table memory that is counted, and given back after a measurement. */
final class BenchMemory implements TableSpace.Source, AutoCloseable {

    private final List<Long> addresses = new ArrayList<>();
    private long bytes;

    @Override
    public long allocate(long size, int align) {
        long address = TableMemory.allocate(size, align);
        addresses.add(address);
        bytes += size;
        return address;
    }

    /** Bytes asked for so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        addresses.forEach(TableMemory::free);
        addresses.clear();
    }
}
