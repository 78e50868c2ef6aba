package net.nvgate.gateway.watch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/** Reads what a worker has reported for a {@link Watch}. One thread at a time. */
public final class WatchReader {

    private final Watch watch;

    public WatchReader(Watch watch) {
        this.watch = watch;
    }

    /** The next packet, null when there is none yet. */
    public @Nullable WatchedPacket next() {
        List<WatchedPacket.Record> records = new ArrayList<>();
        for (long record = watch.next(); record != 0; record = watch.next()) {
            int kind = Mem.i32(record + 4);
            if (kind != Watch.END) {
                records.add(read(record, kind));
            }
            watch.taken(record);
            if (kind == Watch.END) {
                return new WatchedPacket(records);
            }
        }
        return null;
    }

    private static WatchedPacket.Record read(long record, int kind) {
        long nanos = Mem.i64(record + 8);
        int first = Mem.i32(record + 16);
        return switch (kind) {
            case Watch.FRAME ->
                new WatchedPacket.Frame(
                        nanos,
                        first == 0 ? Side.PA : Side.EXT,
                        Mem.i32(record + 20) != 0,
                        Mem.i32(record + 24),
                        bytes(record + Watch.FRAME_HEADER, Mem.i32(record + 28)));
            case Watch.STEP ->
                new WatchedPacket.Decision(
                        nanos,
                        Step.of(first),
                        Mem.i64(record + 24),
                        Mem.i64(record + 32),
                        Mem.i64(record + 40),
                        Mem.i64(record + 48));
            case Watch.DROP -> new WatchedPacket.Drop(nanos, first);
            default -> throw new IllegalStateException("record of kind " + kind);
        };
    }

    private static byte[] bytes(long address, int length) {
        return MemorySegment.ofAddress(address).reinterpret(length).toArray(ValueLayout.JAVA_BYTE);
    }
}
