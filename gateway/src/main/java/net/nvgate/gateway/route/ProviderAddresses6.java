package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;

/**
 * IPv6 provider addresses, each known by a handle of 32 bits, so that records, sessions and the check of an outer source treat
 * provider addresses of both families alike. Handles lie in 240.0.0.0/4, which no IPv4 provider address can be in. An address keeps
 * its handle for the life of the process: hosts come back, and there are not many.
 *
 * <pre>
 * entry:  0 high (i64)   8 low (i64)   16 handle (i32)
 * </pre>
 */
public final class ProviderAddresses6 {

    /** Bits that make a provider address a handle. */
    private static final int HANDLE = 0xf000_0000;

    private static final int COUNT_MAX = (1 << 24) - 1;
    private static final int BYTES = 32;

    private final HashIndex index;
    private final BlockPool pool;
    private final PointerArray byNumber;
    private int count;

    ProviderAddresses6(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 2);
        this.pool = new BlockPool(space, reclaimer, BYTES);
        this.byNumber = new PointerArray(space, reclaimer);
    }

    /** Whether a provider address is the handle of an IPv6 one. */
    public static boolean isHandle(int providerAddress) {
        return providerAddress >>> 28 == HANDLE >>> 28;
    }

    /** Any thread: the handle of an address, 0 = no record and none of ours has it. */
    public int find(long high, long low) {
        long entry = index.find(high, low);
        return entry == 0 ? 0 : Mem.i32(entry + 16);
    }

    /** Any thread: first half of the address of a handle. */
    public long high(int handle) {
        return Mem.i64(byNumber.get(handle & ~HANDLE));
    }

    /** Any thread: second half of the address of a handle. */
    public long low(int handle) {
        return Mem.i64(byNumber.get(handle & ~HANDLE) + 8);
    }

    /** Writer: the handle of an address, given to it now if it has none. */
    public int handle(Ipv6Address address) {
        int known = find(address.high(), address.low());
        if (known != 0) {
            return known;
        }
        if (count == COUNT_MAX) {
            throw new IllegalStateException("more than " + COUNT_MAX + " IPv6 provider addresses");
        }
        int number = ++count;
        long entry = pool.allocate();
        Mem.i64(entry, address.high());
        Mem.i64(entry + 8, address.low());
        Mem.i32(entry + 16, HANDLE | number);
        byNumber.set(number, entry);
        index.put(entry);
        return HANDLE | number;
    }

    /** Writer: the address of a handle. */
    public Ipv6Address address(int handle) {
        return new Ipv6Address(high(handle), low(handle));
    }
}
