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
        return counted(TableMemory.allocate(size, align), size);
    }

    /** As {@link TableMemory#allocateTouched}. */
    long allocateTouched(long size, int align) {
        return counted(TableMemory.allocateTouched(size, align), size);
    }

    private long counted(long address, long size) {
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
