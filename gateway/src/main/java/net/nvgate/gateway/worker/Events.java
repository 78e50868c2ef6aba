package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * Rare events from a worker to the control thread. The worker counts every occurrence by kind; of one kind and domain it tells one
 * event per second at most, with the number of occurrences since the last one, so that a flood costs a counter and no more.
 *
 * <pre>
 *  0        occurrences, 8 bytes per EventKind; then events lost
 *  COUNTERS read position (i64, a cache line), written position (i64, a cache line)
 *  RING     records, 32 bytes: kind 8 | protocol 8 | 0 16 | domain 32 (i64)   inside | external (i64)   occurrences (i64)   0
 *  OPEN     kinds and domains told lately, sets of 4 slots of 32 bytes:
 *           0 kind + 1 | domain (i64), 0 = free   8 told at, ms (i64)   16 occurrences since (i32)   20 protocol (i32)
 *           24 inside (i32)   28 external (i32)
 * </pre>
 *
 * An event is lost, and counted as such, when the control thread is {@link #RECORDS} behind, or when all slots of its set hold
 * kinds and domains of this second.
 */
public final class Events {

    private static final int RECORDS = 256;
    private static final int RECORD_SHIFT = 5;
    private static final int SETS = 256;
    private static final int SET_SHIFT = 56;
    private static final int WAYS = 4;
    private static final int SLOTS = SETS * WAYS;
    private static final int SLOT_SHIFT = 5;
    private static final int SET_BYTES_SHIFT = 7;
    private static final int SLOTS_PER_TICK = 8;
    private static final long PERIOD_MS = 1_000;

    private static final long LOST = 8L * EventKind.COUNT;
    private static final long READ = (LOST + 8 + 63) & -64;
    private static final long WRITTEN = READ + 64;
    private static final long RING = WRITTEN + 64;
    private static final long OPEN = RING + ((long) RECORDS << RECORD_SHIFT);

    private final long memory;
    private final WorkerClock clock;
    private int tickSlot;
    private boolean muted;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    Events(long memory, WorkerClock clock) {
        this.memory = memory;
        this.clock = clock;
    }

    static long bytes() {
        return OPEN + ((long) SLOTS << SLOT_SHIFT);
    }

    /** Worker: nothing happens from now on, or it does again. */
    void mute(boolean on) {
        muted = on;
    }

    /** Worker: something happened. Parameters as in {@link Event}; what is not known is 0. */
    @SuppressWarnings("EnumOrdinal") // Labels, not ordinals, leave the process.
    void report(EventKind kind, int domain, int insideAddress, int externalAddress, int protocol) {
        if (muted) {
            return;
        }
        add(8L * kind.ordinal(), 1);
        long key = (kind.ordinal() + 1L) << 32 | Integer.toUnsignedLong(domain);
        long slot = slot(key);
        if (slot == 0) {
            add(LOST, 1);
            return;
        }
        boolean known = Mem.i64(slot) == key;
        Mem.i64(slot, key);
        Mem.i32(slot + 16, known ? Mem.i32(slot + 16) + 1 : 1);
        Mem.i32(slot + 20, protocol);
        Mem.i32(slot + 24, insideAddress);
        Mem.i32(slot + 28, externalAddress);
        if (!known || clock.ms() - Mem.i64(slot + 8) >= PERIOD_MS) {
            tell(slot);
        }
    }

    /** Worker, every millisecond or so: tells what was held back, also when nothing more happens. */
    void tick() {
        for (int i = 0; i < SLOTS_PER_TICK; i++) {
            long slot = memory + OPEN + ((long) tickSlot << SLOT_SHIFT);
            tickSlot = (tickSlot + 1) & (SLOTS - 1);
            if (Mem.i64(slot) != 0 && clock.ms() - Mem.i64(slot + 8) >= PERIOD_MS) {
                if (Mem.i32(slot + 16) > 0) {
                    tell(slot);
                } else {
                    Mem.i64(slot, 0);
                }
            }
        }
    }

    /** The slot of a kind and domain, or one to take for it; 0 when the set is full of others that are not done. */
    private long slot(long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        long set = memory + OPEN + ((hash >>> SET_SHIFT) << SET_BYTES_SHIFT);
        long free = 0;
        for (int i = 0; i < WAYS; i++) {
            long slot = set + ((long) i << SLOT_SHIFT);
            if (Mem.i64(slot) == key) {
                return slot;
            }
            boolean done = clock.ms() - Mem.i64(slot + 8) >= PERIOD_MS && Mem.i32(slot + 16) == 0;
            if (Mem.i64(slot) == 0 || done) {
                free = slot;
            }
        }
        return free;
    }

    private void tell(long slot) {
        long key = Mem.i64(slot);
        long occurrences = Integer.toUnsignedLong(Mem.i32(slot + 16));
        Mem.i64(slot + 8, clock.ms());
        Mem.i32(slot + 16, 0);
        long written = Mem.i64(memory + WRITTEN);
        if (written - Mem.i64Acquire(memory + READ) == RECORDS) {
            add(LOST, 1);
            return;
        }
        long record = record(written);
        long kind = (key >>> 32) - 1;
        Mem.i64(record, kind << 56 | (long) Mem.i32(slot + 20) << 48 | (key & 0xffffffffL));
        Mem.i64(record + 8, (long) Mem.i32(slot + 24) << 32 | Integer.toUnsignedLong(Mem.i32(slot + 28)));
        Mem.i64(record + 16, occurrences);
        Mem.i64Release(memory + WRITTEN, written + 1);
    }

    /** One other thread: takes the next event, null when there is none. */
    public @Nullable Event poll() {
        long read = Mem.i64(memory + READ);
        if (read == Mem.i64Acquire(memory + WRITTEN)) {
            return null;
        }
        long record = record(read);
        long word = Mem.i64(record);
        long addresses = Mem.i64(record + 8);
        Event event = new Event(
                EventKind.of((int) (word >>> 56)),
                (int) word,
                (int) (addresses >>> 32),
                (int) addresses,
                (int) (word >>> 48) & 0xff,
                Mem.i64(record + 16));
        Mem.i64Release(memory + READ, read + 1);
        return event;
    }

    /** Any thread: occurrences of a kind. */
    @SuppressWarnings("EnumOrdinal")
    public long count(EventKind kind) {
        return Mem.i64Opaque(memory + 8L * kind.ordinal());
    }

    /** Any thread: events that were counted but never told. */
    public long lost() {
        return Mem.i64Opaque(memory + LOST);
    }

    private long record(long position) {
        return memory + RING + ((position & (RECORDS - 1)) << RECORD_SHIFT);
    }

    private void add(long offset, long count) {
        Mem.i64Opaque(memory + offset, Mem.i64(memory + offset) + count);
    }
}
