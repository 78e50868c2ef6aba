package net.nvgate.gateway.nat64;

import java.io.IOException;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.flow.TenantShares;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.kept.KeptWriter;

/**
 * Gives inside IPv6 hosts 32-bit handles, which stand in sessions, mappings and translated packets where an IPv4 CA would stand.
 * Handles lie in 240.0.0.0/4, which no packet on the wire may have for a source: whether an address is a handle is seen by itself.
 * A host is (tenant, address, NAT64 prefix it uses). Used by one worker.
 *
 * <p>Sessions and mappings hold references. A handle without any stays good for {@link #IDLE_MS}, since packets in flight (fragments
 * that wait) name it, then another host may get it.
 *
 * <pre>
 *  host, 64 bytes:   0 address (2 x i64)           32 domain (i32)            44 next of its bucket + 1 (i32)
 *                   16 prefix (2 x i64)            36 prefix length (i32)     48 next idle + 1 (i32)   52 previous idle + 1 (i32)
 *                                                  40 references (i32)        56 idle since, ms (i32)   60 hosts that had the handle (i32)
 * </pre>
 */
public final class InsideHosts {

    /** Longer than fragments wait for each other. */
    public static final int IDLE_MS = 60_000;

    /** What {@link #find} and {@link #intern} give for none: no handle is 0. */
    public static final int NONE = 0;

    private static final int FIRST = 0xf000_0000;
    private static final int SHIFT = 6;
    /** All but the broadcast address. */
    private static final int HOSTS_MAX = (1 << 28) - 1;

    private final Slab slab;
    private final TenantShares shares = new TenantShares();
    private final long buckets;
    private final int bucketMask;
    private final long seed;
    private int idleHead;
    private int idleTail;

    /** Zeroed memory of {@link #bytes}. */
    public InsideHosts(long memory, int hostsMax, long seed) {
        if (hostsMax < 1 || hostsMax > HOSTS_MAX) {
            throw new IllegalArgumentException("NAT64 hosts-max is " + hostsMax + ", must be 1.." + HOSTS_MAX);
        }
        this.slab = new Slab(memory, SHIFT, hostsMax);
        this.buckets = memory + ((long) hostsMax << SHIFT);
        this.bucketMask = buckets(hostsMax) - 1;
        this.seed = seed;
    }

    public static long bytes(int hostsMax) {
        return ((long) hostsMax << SHIFT) + 4L * buckets(hostsMax);
    }

    private static int buckets(int hostsMax) {
        return Integer.highestOneBit(Math.max(16, hostsMax));
    }

    /** Whether an address is a handle. */
    public static boolean isHandle(int address) {
        return address >>> 28 == 15;
    }

    /** The handle of a host, {@link #NONE} if it has none. */
    public int find(int domain, long high, long low, long prefixHigh, long prefixLow, int prefixLength) {
        int item = search(bucket(domain, high, low), domain, high, low, prefixHigh, prefixLow, prefixLength);
        return item < 0 ? NONE : FIRST | item;
    }

    /** The handle of a host, a new one if it has none; {@link #NONE} when there is no room, or none for this tenant. */
    public int intern(int domain, long high, long low, long prefixHigh, long prefixLow, int prefixLength, int nowMs) {
        return intern(domain, high, low, prefixHigh, prefixLow, prefixLength, nowMs, false);
    }

    private int intern(
            int domain,
            long high,
            long low,
            long prefixHigh,
            long prefixLow,
            int prefixLength,
            int nowMs,
            boolean whateverItHas) {
        long bucket = bucket(domain, high, low);
        int item = search(bucket, domain, high, low, prefixHigh, prefixLow, prefixLength);
        if (item >= 0) {
            if (references(item) == 0) {
                unlinkIdle(item);
                linkIdle(item, nowMs);
            }
            return FIRST | item;
        }
        reclaim(nowMs);
        boolean may = whateverItHas || shares.mayTake(domain, slab.capacity() - slab.used());
        item = may ? slab.allocate() : -1;
        if (item < 0) {
            return NONE;
        }
        shares.add(domain, 1);
        long host = slab.address(item);
        Mem.i64(host, high);
        Mem.i64(host + 8, low);
        Mem.i64(host + 16, prefixHigh);
        Mem.i64(host + 24, prefixLow);
        Mem.i32(host + 32, domain);
        Mem.i32(host + 36, prefixLength);
        Mem.i32(host + 44, Mem.i32(bucket));
        Mem.i32(bucket, item + 1);
        linkIdle(item, nowMs);
        return FIRST | item;
    }

    /** One session or mapping more has the handle. */
    public void acquire(int handle) {
        int item = item(handle);
        int references = references(item);
        if (references == 0) {
            unlinkIdle(item);
        }
        Mem.i32(slab.address(item) + 40, references + 1);
    }

    /** One session or mapping fewer has the handle. */
    public void release(int handle, int nowMs) {
        int item = item(handle);
        int references = references(item) - 1;
        Mem.i32(slab.address(item) + 40, references);
        if (references == 0) {
            linkIdle(item, nowMs);
        }
    }

    /** Writes those that sessions or mappings have. */
    public void save(KeptWriter out) throws IOException {
        for (int item = 0; item < slab.touched(); item++) {
            if (references(item) > 0) {
                long host = slab.address(item);
                long row = out.row(KeptKind.HOST);
                Mem.i32(row, handle(item));
                Mem.i32(row + 4, Mem.i32(host + 32));
                Mem.copy(host, row + 8, 32);
                Mem.i32(row + 40, Mem.i32(host + 36));
            }
        }
    }

    /**
     * The handle that the host of a row of {@link #save} has here, of a domain; {@link #NONE} if there is no room. Its tenant's share does
     * not matter: what all tenants had together they may have again, in whatever order it comes.
     */
    public int restore(long row, int domain, int nowMs) {
        return intern(
                domain,
                Mem.i64(row + 8),
                Mem.i64(row + 16),
                Mem.i64(row + 24),
                Mem.i64(row + 32),
                Mem.i32(row + 40),
                nowMs,
                true);
    }

    /** First half of the host's address. */
    public long high(int handle) {
        return Mem.i64(address(handle));
    }

    public long low(int handle) {
        return Mem.i64(address(handle) + 8);
    }

    /** First half of the address behind an inside address if that is a handle; 0, as the other half, for an IPv4 CA. */
    public long highOf(int inside) {
        return isHandle(inside) ? high(inside) : 0;
    }

    /** As {@link #highOf}. */
    public long lowOf(int inside) {
        return isHandle(inside) ? low(inside) : 0;
    }

    /** An inside endpoint as people write it, by the host's own address. */
    public String text(int inside, int port) {
        return isHandle(inside)
                ? "[" + new Ipv6Address(high(inside), low(inside)) + "]:" + port
                : new Ipv4Address(inside) + ":" + port;
    }

    /** Tenant of the host, 0 for a handle that nobody has. */
    public int domain(int handle) {
        return Mem.i32(address(handle) + 32);
    }

    /** Tells the handle's host from those that had it before, 0..255. */
    public int generation(int handle) {
        return Mem.i32(address(handle) + 60) & 0xff;
    }

    public long prefixHigh(int handle) {
        return Mem.i64(address(handle) + 16);
    }

    public long prefixLow(int handle) {
        return Mem.i64(address(handle) + 24);
    }

    public int prefixLength(int handle) {
        return Mem.i32(address(handle) + 36);
    }

    /** First half of the address by which the host knows an IPv4 address. */
    public long remoteHigh(int handle, int ipv4) {
        return EmbeddedAddress.high(prefixHigh(handle), prefixLength(handle), ipv4);
    }

    public long remoteLow(int handle, int ipv4) {
        return EmbeddedAddress.low(prefixLow(handle), prefixLength(handle), ipv4);
    }

    /** Handles given out, idle ones included. */
    public int used() {
        return slab.used();
    }

    private long address(int handle) {
        return slab.address(item(handle));
    }

    static int item(int handle) {
        return handle & HOSTS_MAX;
    }

    static int handle(int item) {
        return FIRST | item;
    }

    /** Items that were ever in use. */
    int touched() {
        return slab.touched();
    }

    private int references(int item) {
        return Mem.i32(slab.address(item) + 40);
    }

    private int search(
            long bucket, int domain, long high, long low, long prefixHigh, long prefixLow, int prefixLength) {
        for (int item = Mem.i32(bucket) - 1; item >= 0; item = Mem.i32(slab.address(item) + 44) - 1) {
            long host = slab.address(item);
            if (Mem.i64(host + 8) == low
                    && Mem.i64(host) == high
                    && Mem.i32(host + 32) == domain
                    && Mem.i64(host + 16) == prefixHigh
                    && Mem.i64(host + 24) == prefixLow
                    && Mem.i32(host + 36) == prefixLength) {
                return item;
            }
        }
        return -1;
    }

    private long bucket(int domain, long high, long low) {
        long h = (high ^ seed) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 32 ^ low) * 0xC2B2AE3D27D4EB4FL;
        h = (h ^ h >>> 29 ^ domain) * 0x165667B19E3779F9L;
        return buckets + 4L * ((int) (h >>> 32) & bucketMask);
    }

    /** Takes handles back that have been idle long enough: at most two for each new one, so that the time for one is bounded. */
    private void reclaim(int nowMs) {
        for (int i = 0; i < 2 && idleHead != 0; i++) {
            int item = idleHead - 1;
            long host = slab.address(item);
            if (Integer.compareUnsigned(nowMs - Mem.i32(host + 56), IDLE_MS) < 0) {
                return;
            }
            unlinkIdle(item);
            unlinkBucket(item, bucket(Mem.i32(host + 32), Mem.i64(host), Mem.i64(host + 8)));
            shares.add(Mem.i32(host + 32), -1);
            int hadIt = Mem.i32(host + 60);
            slab.free(item);
            // Stays while nobody has the place.
            Mem.i32(host + 60, hadIt + 1);
        }
    }

    private void unlinkBucket(int item, long bucket) {
        long link = bucket;
        while (Mem.i32(link) != item + 1) {
            link = slab.address(Mem.i32(link) - 1) + 44;
        }
        Mem.i32(link, Mem.i32(slab.address(item) + 44));
    }

    private void linkIdle(int item, int nowMs) {
        long host = slab.address(item);
        Mem.i32(host + 56, nowMs);
        Mem.i32(host + 48, 0);
        Mem.i32(host + 52, idleTail);
        if (idleTail == 0) {
            idleHead = item + 1;
        } else {
            Mem.i32(slab.address(idleTail - 1) + 48, item + 1);
        }
        idleTail = item + 1;
    }

    private void unlinkIdle(int item) {
        long host = slab.address(item);
        int next = Mem.i32(host + 48);
        int previous = Mem.i32(host + 52);
        if (previous == 0) {
            idleHead = next;
        } else {
            Mem.i32(slab.address(previous - 1) + 48, next);
        }
        if (next == 0) {
            idleTail = previous;
        } else {
            Mem.i32(slab.address(next - 1) + 52, previous);
        }
    }
}
