package net.nvgate.gateway.police;

import java.lang.invoke.VarHandle;
import net.nvgate.gateway.dpdk.Mem;

/**
 * What passes of tenants, NAT connections, virtual NICs and ports, per direction.
 *
 * <p>Of a rate that is limited a meter keeps one word: the time at which all that has passed is paid, if it had come at the rate. That is a
 * token bucket, seen from its other side (the virtual scheduling of ITU-T I.371's generic cell rate algorithm): what is left to be paid is
 * what the bucket lacks, and nothing has to be filled. A packet passes when with it no more than {@link #BURST_NANOS} are left to be paid, or {@link #BYTES_MIN}
 * bytes or {@link #PACKETS_MIN} packets if these take longer: in no second more than 102 % of the rate passes, from 600 kbit/s or 100 packets/s on. A packet
 * larger than that passes when nothing is left to be paid. Bytes are those of IP packets (RFC 2697 §1: "bytes of IP packets per second, i.e., it
 * includes the IP header, but not link specific headers"). Times are in 1024ths of a nanosecond, so that a packet's price is right to a
 * hundred-thousandth where a worker can be fast enough for the rate.
 *
 * <pre>
 *  left:   packets and bytes that are left of what is granted, see {@link #lessOne}: 8 bytes, and all that most packets read or write of a meter.
 *          Those of a direction lie together: of the port, of tenants, of connections, of who has no NIC, of NICs
 *  meter:   0 paid at, by bits   8 pace: price of a byte, 2^-20 ns, or ASK, NO_LIMIT   16 paid at, by packets   24 price of a packet, 2^-10 ns, 0 = no limit
 *          32 packets passed    40 bytes passed, both without those of what is granted   48 granted, as left; 0 = nothing, or all
 *          56 changes of 32..48 and of what is left, odd while one is under way
 *  beside:  0 packets dropped    8 delay of the last queued packet, ns   16 packets that wait   24 1: has a queue
 * </pre>
 *
 * <p>The pace is for packets that need not ask, see {@link #pace(int, long, long)}. Of these not each is paid by itself: while a bucket has at least
 * a {@link #GRANTS}th of what it holds, that much is granted, and packets within it are taken off what is left of that, no more. What has passed of a grant is
 * paid when the grant is used up or anybody asks, at the time then: later than it passed, so that in no time more passes than without grants; and after a
 * pause a bucket may hold a grant less. Rates of which so little would be granted that it is not worth it have none. Where nothing is limited all is granted,
 * and not counted.
 *
 * <p>The worker writes; other threads may read the counters.
 */
public final class Meters {

    /** Kinds of meters, in the order in which packets meet them. */
    public static final int NIC = 0;

    public static final int CONNECTION = 1;
    public static final int TENANT = 2;
    public static final int PORT = 3;

    /** Direction of a meter. */
    public static final int INBOUND = 0;

    public static final int OUTBOUND = 1;

    /** What a bucket holds, as a time. */
    public static final long BURST_NANOS = 20_000_000L;

    /** What a bucket holds at least: an Ethernet's largest packet. */
    public static final int BYTES_MIN = 1_500;

    public static final int PACKETS_MIN = 2;

    /** Verdicts of {@link #take}. */
    public static final int PASSES = 0;

    public static final int TOO_MANY_BITS = 1;
    public static final int TOO_MANY_PACKETS = 2;

    /** Paces of meters that packets must not pass without {@link #take}, and of those that they need not look at. */
    public static final long ASK = 0;

    public static final long NO_LIMIT = Long.MAX_VALUE;

    /** Grants in what a bucket holds. */
    public static final int GRANTS = 32;

    private static final int TIME_SHIFT = 10;
    private static final int PACE_SHIFT = 10;
    private static final long BURST = BURST_NANOS << TIME_SHIFT;
    /** Of a byte at 1 kbit/s. */
    private static final long PACE = 8_000_000L << (TIME_SHIFT + PACE_SHIFT);
    /** At slower ones, what a bucket holds is not {@link #BURST_NANOS}. */
    private static final long PACE_MAX = (BURST << PACE_SHIFT) / BYTES_MIN;

    private static final long PACKET_MAX = BURST / PACKETS_MIN;
    private static final long SECOND = 1_000_000_000L << TIME_SHIFT;
    private static final int LARGEST_PACKET = 65_535;

    private static final long GRANT = BURST / GRANTS;
    private static final int GRANT_BYTES_MIN = 4 * BYTES_MIN;
    private static final int GRANT_PACKETS_MIN = 4;

    /** What is left of a grant: bytes in the lower half, packets in the upper one; whichever is below 0 has its highest bit set. */
    private static final int PACKETS = 32;

    private static final long ONE_PACKET = 1L << PACKETS;
    private static final long HALF = Integer.MAX_VALUE;
    private static final long ALL = HALF << PACKETS | HALF;
    private static final long BELOW_ZERO = ~ALL;

    private static final int LEFT_SHIFT = 3;
    private static final int SHIFT = 6;
    private static final int BESIDE_SHIFT = 5;
    private static final int PACE_AT = 8;
    private static final int PAID_PACKETS = 16;
    private static final int PACKET_PRICE = 24;
    private static final int PASSED = 32;
    private static final int PASSED_BYTES = 40;
    private static final int GRANTED = 48;
    private static final int CHANGES = 56;
    private static final int DELAY = 8;
    private static final int WAITING = 16;
    private static final int QUEUED = 24;

    private final int tenantsMax;
    private final int connectionsMax;
    private final int nicsMax;
    private final int nicFirst;
    private final long left;
    private final long memory;
    private final long beside;
    private final long beginNanos;

    /**
     * Tenants, connections and NICs beyond these share the last meter of their kind.
     *
     * @param memory of {@link #bytes}, zeroed, at a cache line
     * @param nowNanos no time that is told later is before it
     */
    public Meters(long memory, int tenantsMax, int connectionsMax, int nicsMax, long nowNanos) {
        this.tenantsMax = tenantsMax;
        this.connectionsMax = connectionsMax;
        this.nicsMax = nicsMax;
        this.nicFirst = nic(0, INBOUND);
        this.memory = memory;
        this.beside = memory + ((long) count() << SHIFT);
        this.left = beside + ((long) count() << BESIDE_SHIFT);
        this.beginNanos = nowNanos;
    }

    public static long bytes(int tenantsMax, int connectionsMax, int nicsMax) {
        long meters = 2L * (1 + tenantsMax + 1 + connectionsMax + 1 + 1 + nicsMax + 1);
        return (meters << SHIFT) + (meters << BESIDE_SHIFT) + (meters << LEFT_SHIFT);
    }

    /** Meters in all: their numbers are below. */
    public int count() {
        return nic(nicsMax, OUTBOUND) + 1;
    }

    /** Of the external port outbound, of the PA port inbound. */
    public int port(int direction) {
        return direction;
    }

    public int tenant(int domain, int direction) {
        return 2 * (1 + Math.min(domain, tenantsMax)) + direction;
    }

    public int connection(int index, int direction) {
        return 2 * (1 + tenantsMax + 1 + Math.min(index, connectionsMax)) + direction;
    }

    /** Of who has no NIC that is limited: limits nothing. */
    public int nobody(int direction) {
        return 2 * (1 + tenantsMax + 1 + connectionsMax + 1) + direction;
    }

    public int nic(int index, int direction) {
        return nobody(direction) + 2 * (1 + Math.min(index, nicsMax));
    }

    /** {@link #NIC}, {@link #CONNECTION}, {@link #TENANT} or {@link #PORT}. */
    public int kind(int meter) {
        if (meter >= nicFirst) {
            return NIC;
        }
        if (meter >= connection(0, INBOUND)) {
            return CONNECTION;
        }
        return meter <= OUTBOUND ? PORT : TENANT;
    }

    /** The tenant, connection or NIC of a meter. */
    public int owner(int meter) {
        int first = switch (kind(meter)) {
            case TENANT -> tenant(0, INBOUND);
            case CONNECTION -> connection(0, INBOUND);
            case NIC -> nicFirst;
            default -> port(INBOUND);
        };
        return (meter - first) >>> 1;
    }

    public static int direction(int meter) {
        return meter & 1;
    }

    /** Address of what is left of what a meter has granted, for {@link #lessOne}. The next tenant's or NIC's of the same direction is 8 bytes behind it. */
    public long leftAt(int meter) {
        int place = (meter >>> 1) + (direction(meter) == INBOUND ? 0 : count() >>> 1);
        return left + ((long) place << LEFT_SHIFT);
    }

    private long at(int meter) {
        return memory + ((long) meter << SHIFT);
    }

    private long beside(int meter) {
        return beside + ((long) meter << BESIDE_SHIFT);
    }

    /** A time of the worker's clock, as meters keep it. It may wrap: times are compared by their difference. */
    public long time(long nanos) {
        return (nanos - beginNanos) << TIME_SHIFT;
    }

    /** What is left to be paid of what a word says is paid at a time. */
    private static long left(long paidAt, long time) {
        return Math.max(Mem.i64(paidAt) - time, 0);
    }

    private static long paceOf(long kbps) {
        return PACE / kbps;
    }

    private static long price(long pace, long bytes) {
        return (pace * bytes) >> PACE_SHIFT;
    }

    /** What may be left to be paid by bits. */
    private static long depth(long pace) {
        return Math.max(BURST, price(pace, BYTES_MIN));
    }

    /**
     * Takes what a packet costs, if it is there.
     *
     * @param kbps 0 = no limit, likewise {@code packetsPerSecond}, which a NIC cannot have
     * @param bytes of the IP packet
     * @return {@link #PASSES}, or which of the limits it would exceed; then nothing is taken
     */
    public int take(int meter, long kbps, long packetsPerSecond, int bytes, long nowNanos) {
        long at = at(meter);
        long time = time(nowNanos);
        settle(meter, time);
        long bits = 0;
        if (kbps != 0) {
            long pace = paceOf(kbps);
            long left = left(at, time);
            bits = left + price(pace, bytes);
            if (bits > depth(pace) && left != 0) {
                forgive(at, time, depth(pace), Math.max(depth(pace), price(pace, LARGEST_PACKET)));
                return TOO_MANY_BITS;
            }
        }
        if (packetsPerSecond != 0) {
            long price = SECOND / packetsPerSecond;
            long depth = Math.max(BURST, PACKETS_MIN * price);
            long packets = left(at + PAID_PACKETS, time) + price;
            if (packets > depth) {
                forgive(at + PAID_PACKETS, time, depth, depth);
                return TOO_MANY_PACKETS;
            }
            Mem.i64(at + PAID_PACKETS, time + packets);
        }
        if (kbps != 0) {
            Mem.i64(at, time + bits);
        }
        count(at, bytes);
        return PASSES;
    }

    /** More is left than can be at this rate: it was a slower one's, or half a turn of all times ago. */
    private static void forgive(long paidAt, long time, long depth, long most) {
        if (left(paidAt, time) > most) {
            Mem.i64(paidAt, time + depth);
        }
    }

    /** A packet has passed by itself. */
    private static void count(long at, int bytes) {
        Mem.i64(at + PASSED, Mem.i64(at + PASSED) + 1);
        Mem.i64(at + PASSED_BYTES, Mem.i64(at + PASSED_BYTES) + bytes);
    }

    /** What is granted at a time of a meter, as {@link #lessOne} wants it; 0 = nothing. */
    private static long quantum(long pace, long packetPrice) {
        long bytes = Math.min((GRANT << PACE_SHIFT) / pace, HALF);
        long packets = packetPrice == 0 ? HALF : Math.min(GRANT / packetPrice, HALF);
        return bytes < GRANT_BYTES_MIN || packets < GRANT_PACKETS_MIN ? 0 : packets << PACKETS | bytes;
    }

    /** Of the grant that there is, as what is left of one. */
    private long used(int meter) {
        long granted = Mem.i64(at(meter) + GRANTED);
        return granted == 0 ? 0 : granted - Mem.i64(leftAt(meter));
    }

    /** What other threads read together, see {@link #passed}. */
    private void change(int meter, long passed, long granted, long left) {
        long at = at(meter);
        long changes = Mem.i64(at + CHANGES);
        Mem.i64(at + CHANGES, changes + 1);
        VarHandle.storeStoreFence();
        Mem.i64(at + PASSED, Mem.i64(at + PASSED) + (passed >>> PACKETS));
        Mem.i64(at + PASSED_BYTES, Mem.i64(at + PASSED_BYTES) + (passed & HALF));
        Mem.i64(at + GRANTED, granted);
        Mem.i64(leftAt(meter), left);
        VarHandle.storeStoreFence();
        Mem.i64(at + CHANGES, changes + 2);
    }

    /** Pays what has passed of what was granted, before a packet is paid by itself; nothing is granted any more. */
    private void settle(int meter, long time) {
        if (Mem.i64(leftAt(meter)) != 0 || Mem.i64(at(meter) + GRANTED) != 0) {
            settle(meter, time, time);
        }
    }

    /** As {@link #settle(int, long)}, where no time is known: as if it had passed before all else was paid. */
    private void settle(int meter) {
        settle(meter, Mem.i64(at(meter)), Mem.i64(at(meter) + PAID_PACKETS));
    }

    private void settle(int meter, long time, long packetsTime) {
        long used = used(meter);
        long at = at(meter);
        charge(at, price(Mem.i64(at + PACE_AT), used & HALF), time);
        charge(at + PAID_PACKETS, Mem.i64(at + PACKET_PRICE) * (used >>> PACKETS), packetsTime);
        change(meter, used, 0, 0);
    }

    private static void charge(long paidAt, long price, long time) {
        if (price != 0) {
            Mem.i64(paidAt, time + left(paidAt, time) + price);
        }
    }

    /**
     * What holds for packets that take the short way: {@link #lessOne}, else {@link #isThere}, {@link #pay}. Slow
     * rates have none, nor has a meter with a queue.
     *
     * @param kbps 0 = no limit, likewise {@code packetsPerSecond}
     */
    public void pace(int meter, long kbps, long packetsPerSecond) {
        if ((kbps | packetsPerSecond) == 0) {
            pace(meter, isQueued(meter) ? ASK : NO_LIMIT);
            return;
        }
        long bits = kbps == 0 ? 1 : paceOf(kbps);
        long packet = packetsPerSecond == 0 ? 0 : SECOND / packetsPerSecond;
        boolean slow = bits > PACE_MAX || packet > PACKET_MAX;
        long at = at(meter);
        if (Mem.i64(at + PACKET_PRICE) != packet) {
            settle(meter);
            Mem.i64(at + PACKET_PRICE, packet);
        }
        pace(meter, slow || isQueued(meter) ? ASK : bits);
    }

    /** Many sessions say the same: what is granted remains then. */
    private void pace(int meter, long pace) {
        if (pace(meter) != pace) {
            settle(meter);
            Mem.i64(at(meter) + PACE_AT, pace);
        }
    }

    /** All packets must ask. */
    public void ask(int meter) {
        pace(meter, ASK);
    }

    /** Packets wait for a meter from now on, or no more; then the caller says its pace. */
    public void queued(int meter, boolean queued) {
        Mem.i64(beside(meter) + QUEUED, queued ? 1 : 0);
        ask(meter);
    }

    private boolean isQueued(int meter) {
        return Mem.i64(beside(meter) + QUEUED) != 0;
    }

    /** {@link #ASK}, {@link #NO_LIMIT}, or what a byte costs. */
    public long pace(int meter) {
        return Mem.i64(at(meter) + PACE_AT);
    }

    /**
     * What is left of what a meter has granted when a packet has passed. Where that is not {@link #isTooMuch}, {@link #take} would let it pass, and the
     * caller writes it back.
     *
     * @param at see {@link #leftAt}
     */
    public static long lessOne(long at, int bytes) {
        return Mem.i64(at) - (ONE_PACKET | bytes);
    }

    /** Of what is left of several meters, joined by |: whether one of them has not granted as much. Then it may be that it passes all the same. */
    public static boolean isTooMuch(long left) {
        return (left & BELOW_ZERO) != 0;
    }

    /** Whether a meter has what a packet costs for sure: granted, or in its bucket. False: it may be that it has all the same. */
    public boolean isThere(int meter, int bytes, long time) {
        if (!isTooMuch(lessOne(leftAt(meter), bytes))) {
            return true;
        }
        long pace = pace(meter);
        if (pace == ASK || pace == NO_LIMIT) {
            return pace == NO_LIMIT;
        }
        settle(meter, time);
        return bits(at(meter), pace, bytes, time) <= BURST && packets(at(meter), time) <= BURST;
    }

    /** What is left to be paid by bits with a packet. */
    private static long bits(long at, long pace, int bytes, long time) {
        return left(at, time) + price(pace, bytes);
    }

    /** As {@link #bits}, by packets. */
    private static long packets(long at, long time) {
        return left(at + PAID_PACKETS, time) + Mem.i64(at + PACKET_PRICE);
    }

    /** Takes what a packet costs that {@link #isThere}, counts it, and grants what is there then. */
    public void pay(int meter, int bytes, long time) {
        long left = lessOne(leftAt(meter), bytes);
        if (!isTooMuch(left)) {
            Mem.i64(leftAt(meter), left);
            return;
        }
        long pace = pace(meter);
        if (pace == NO_LIMIT) {
            // Does not count.
            change(meter, 0, 0, ALL);
            return;
        }
        long at = at(meter);
        long bits = bits(at, pace, bytes, time);
        long packets = packets(at, time);
        Mem.i64(at, time + bits);
        Mem.i64(at + PAID_PACKETS, time + packets);
        count(at, bytes);
        long granted = quantum(pace, Mem.i64(at + PACKET_PRICE));
        if (granted != 0 && Math.max(bits, packets) <= BURST - GRANT) {
            // Counts as it is used.
            change(meter, 0, granted, granted);
        }
    }

    /** Undoes a {@link #take}: the packet goes no further. Who reads the counters in between sees it once. */
    public void giveBack(int meter, long kbps, long packetsPerSecond, int bytes) {
        long at = at(meter);
        if (kbps != 0) {
            Mem.i64(at, Mem.i64(at) - price(paceOf(kbps), bytes));
        }
        if (packetsPerSecond != 0) {
            Mem.i64(at + PAID_PACKETS, Mem.i64(at + PAID_PACKETS) - SECOND / packetsPerSecond);
        }
        Mem.i64(at + PASSED, Mem.i64(at + PASSED) - 1);
        Mem.i64(at + PASSED_BYTES, Mem.i64(at + PASSED_BYTES) - bytes);
    }

    /** Nanoseconds until a packet passes that {@link #take} has just refused, at the same rates. */
    public long waitNanos(int meter, long kbps, long packetsPerSecond, int bytes, long nowNanos) {
        long at = at(meter);
        long time = time(nowNanos);
        long wait = 0;
        if (kbps != 0) {
            long pace = paceOf(kbps);
            wait = left(at, time) + Math.min(price(pace, bytes), depth(pace)) - depth(pace);
        }
        if (packetsPerSecond != 0) {
            long price = SECOND / packetsPerSecond;
            wait = Math.max(wait, left(at + PAID_PACKETS, time) + price - Math.max(BURST, PACKETS_MIN * price));
        }
        return Math.max(1, Math.ceilDiv(wait, 1L << TIME_SHIFT));
    }

    /** Another tenant, connection or NIC gets a meter that no worker uses any more, see {@code FreedIndexes}. */
    public void reset(int meter) {
        Mem.zero(at(meter), 1L << SHIFT);
        Mem.i64(leftAt(meter), 0);
        Mem.zero(beside(meter), QUEUED);
    }

    /** The worker: the limit has cost a packet. */
    public void dropped(int meter) {
        Mem.i64(beside(meter), Mem.i64(beside(meter)) + 1);
    }

    /** The worker: so many packets wait now. */
    public void waiting(int meter, int packets) {
        Mem.i64(beside(meter) + WAITING, packets);
    }

    /** The worker: a packet has waited so long. */
    public void delayed(int meter, long nanos) {
        Mem.i64(beside(meter) + DELAY, nanos);
    }

    /** Any thread: packets that went on. */
    public long packets(int meter) {
        return passed(meter, PASSED);
    }

    /** Any thread: bytes of packets that went on. */
    public long bytes(int meter) {
        return passed(meter, PASSED_BYTES);
    }

    /** By themselves, and of what is granted: read while nobody changes what that is. */
    private long passed(int meter, int counter) {
        long at = at(meter);
        while (true) {
            long changes = Mem.i64Acquire(at + CHANGES);
            long passed = Mem.i64Acquire(at + counter);
            long granted = Mem.i64Acquire(at + GRANTED);
            long used = granted == 0 ? 0 : granted - Mem.i64Acquire(leftAt(meter));
            if ((changes & 1) == 0 && Mem.i64Acquire(at + CHANGES) == changes) {
                return passed + (counter == PASSED ? used >>> PACKETS : used & HALF);
            }
            Thread.onSpinWait();
        }
    }

    /** Any thread: packets that the limit has cost, dropped at once or in its queue. */
    public long drops(int meter) {
        return Mem.i64(beside(meter));
    }

    /** Any thread: packets that wait. */
    public long waiting(int meter) {
        return Mem.i64(beside(meter) + WAITING);
    }

    /** Any thread: how long the packet waited that left the queue last, ns. */
    public long delayNanos(int meter) {
        return Mem.i64(beside(meter) + DELAY);
    }
}
