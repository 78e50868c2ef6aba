package net.nvgate.gateway.worker;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.route.Epochs;

/**
 * VMs whose packets do not fit, and what was done: sets of eight, in which a new VM displaces the one of which nothing was heard
 * longest. The worker writes; one other thread may read at any time and leaves out what changes hands meanwhile.
 *
 * <pre>
 *  64 bytes:  0 domain + CA, or a hash of it (i64), 0 = not in use     24 fragmented (u32)   40 last size, bytes (i32)
 *             8 time of the last, ms (i64)            28 clamped (u32)      44 MSS announced, lowered to (2 x u16)
 *            16 refused (u32)                         32 tunnelled (u32)    48 IPv6 CA, 0 = IPv4 (2 x i64)
 *            20 received (u32)                       36 generation of the domain (i32)
 * </pre>
 *
 * Domain indexes are used again: what was counted in an earlier domain of the same index is forgotten, see {@link Epochs#generation}.
 */
final class MtuTable {

    static final int REFUSED = 16;
    static final int RECEIVED = 20;
    static final int FRAGMENTED = 24;
    static final int CLAMPED = 28;
    static final int TUNNELLED = 32;
    private static final int GENERATION = 36;

    private static final int SETS = 128;
    private static final int WAYS = 8;
    private static final int SHIFT = 6;

    private final long memory;
    private final Epochs epochs;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    MtuTable(long memory, Epochs epochs) {
        this.memory = memory;
        this.epochs = epochs;
    }

    static long bytes() {
        return (SETS * WAYS + 1L) << SHIFT;
    }

    /** The entry of a VM with an IPv4 CA, made if there is none. */
    long entry(int domain, int ca, long nowMs) {
        return entry((long) domain << 32 | Integer.toUnsignedLong(ca), 0, 0, nowMs);
    }

    /** An entry that is nobody's and never listed. */
    long nobody() {
        return memory + (((long) SETS * WAYS) << SHIFT);
    }

    /** The entry of a VM with an IPv6 CA, made if there is none. */
    long entry6(int domain, long high, long low, long nowMs) {
        int hash = (int) ((((high * 0x9E3779B97F4A7C15L) ^ low) * 0xC2B2AE3D27D4EB4FL) >>> 32);
        return entry((long) domain << 32 | Integer.toUnsignedLong(hash), high, low, nowMs);
    }

    private long entry(long key, long high, long low, long nowMs) {
        long set = memory + ((((key * 0x9E3779B97F4A7C15L) >>> 57) * WAYS) << SHIFT);
        long chosen = set;
        int generation = epochs.generation((int) (key >>> 32));
        for (int i = 0; i < WAYS; i++) {
            long at = set + ((long) i << SHIFT);
            if (Mem.i64(at) == key && Mem.i64(at + 48) == high && Mem.i64(at + 56) == low) {
                if (Mem.i32(at + GENERATION) == generation) {
                    Mem.i64(at + 8, nowMs);
                    return at;
                }
                chosen = at;
                break;
            }
            chosen = Mem.i64(at + 8) < Mem.i64(chosen + 8) ? at : chosen;
        }
        Mem.i64(chosen, 0);
        VarHandle.releaseFence();
        Mem.zero(chosen + 8, (1L << SHIFT) - 8);
        Mem.i64(chosen + 8, nowMs);
        Mem.i32(chosen + GENERATION, generation);
        Mem.i64(chosen + 48, high);
        Mem.i64(chosen + 56, low);
        Mem.i64Release(chosen, key);
        return chosen;
    }

    static void add(long entry, int counter) {
        Mem.i32(entry + counter, Mem.i32(entry + counter) + 1);
    }

    static void lastSize(long entry, int bytes) {
        Mem.i32(entry + 40, bytes);
    }

    static void mss(long entry, int announced, int lowered) {
        Mem.u16(entry + 44, announced);
        Mem.u16(entry + 46, lowered);
    }

    /** Another thread: every VM in the table. */
    List<MtuRow> list() {
        List<MtuRow> rows = new ArrayList<>();
        for (int i = 0; i < SETS * WAYS; i++) {
            long entry = memory + ((long) i << SHIFT);
            long key = Mem.i64Acquire(entry);
            if (key == 0 || Mem.i32(entry + GENERATION) != epochs.generation((int) (key >>> 32))) {
                continue;
            }
            MtuRow row = new MtuRow(
                    (int) (key >>> 32),
                    address(entry, (int) key),
                    count(entry, REFUSED),
                    count(entry, FRAGMENTED),
                    count(entry, TUNNELLED),
                    Mem.i32(entry + 40),
                    count(entry, CLAMPED),
                    Mem.u16(entry + 44),
                    Mem.u16(entry + 46),
                    count(entry, RECEIVED),
                    Mem.i64(entry + 8));
            VarHandle.acquireFence();
            if (Mem.i64(entry) == key) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static IpAddress address(long entry, int ca) {
        long high = Mem.i64(entry + 48);
        long low = Mem.i64(entry + 56);
        return (high | low) == 0 ? new Ipv4Address(ca) : new Ipv6Address(high, low);
    }

    private static long count(long entry, int counter) {
        return Integer.toUnsignedLong(Mem.i32(entry + counter));
    }
}
