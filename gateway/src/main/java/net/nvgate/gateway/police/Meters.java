package net.nvgate.gateway.police;

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
 *  meter:  0 paid at, by bits   8 pace: price of a byte, 2^-20 ns, or ASK, NO_LIMIT (34 bits)   16 packets passed   24 bytes passed
 *                                 bytes passed, up to which it is granted (30 bits)
 *         32 paid at, by packets  40 price of a packet, 2^-10 ns, 0 = no limit                  48 packets passed, up to which it is granted
 *                                 these not of NICs, which bits alone limit
 *  beside: 0 packets dropped   8 delay of the last queued packet, ns   16 packets that wait   24 1: has a queue
 * </pre>
 *
 * <p>The pace is for packets that need not ask, see {@link #pace(int, long, long)}. Of these not each is paid by itself: while a bucket has at least
 * a {@link #GRANTS}th of what it holds, that much is granted, and packets within it are counted, no more. What has passed of a grant is
 * paid when the grant is used up or anybody asks, at the time then: later than it passed, so that in no time more passes than without grants; and after a
 * pause a bucket may hold a grant less. Rates of which so little would be granted that it is not worth it have none.
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

    public static final long NO_LIMIT = (1L << 34) - 1;

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
    /** Of a meter that does not limit packets. */
    private static final long ALL_PACKETS = 1L << 40;

    private static final int GRANT_BITS = 30;
    private static final int GRANT_MASK = (1 << GRANT_BITS) - 1;

    private static final int SHIFT = 6;
    private static final int NIC_SHIFT = 5;
    private static final int BESIDE_SHIFT = 5;
    private static final int PACE_AT = 8;
    private static final int PASSED = 16;
    private static final int PASSED_BYTES = 24;
    private static final int PAID_PACKETS = 32;
    private static final int PACKET_PRICE = 40;
    private static final int PACKETS_GRANTED = 48;
    private static final int DELAY = 8;
    private static final int WAITING = 16;
    private static final int QUEUED = 24;

    private final int tenantsMax;
    private final int connectionsMax;
    private final int nicsMax;
    private final int nicFirst;
    private final long memory;
    private final long nics;
    private final long nicsOutbound;
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
        this.nics = memory + ((long) nicFirst << SHIFT);
        this.nicsOutbound = nics + nicsBytes(nicsMax);
        this.beside = nics + (nicsBytes(nicsMax) << 1);
        this.beginNanos = nowNanos;
    }

    public static long bytes(int tenantsMax, int connectionsMax, int nicsMax) {
        long wide = 2L * (1 + tenantsMax + 1 + connectionsMax + 1);
        long narrow = 2L * (nicsMax + 1);
        return (wide << SHIFT) + (nicsBytes(nicsMax) << 1) + ((wide + narrow) << BESIDE_SHIFT);
    }

    /** Of one direction. */
    private static long nicsBytes(int nicsMax) {
        return (nicsMax + 2L) >>> 1 << (NIC_SHIFT + 1);
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

    public int nic(int index, int direction) {
        return 2 * (1 + tenantsMax + 1 + connectionsMax + 1 + Math.min(index, nicsMax)) + direction;
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

    /** Address of a tenant's meter, for {@link #pace(long)} and what goes with it. */
    public long tenantAt(int domain, int direction) {
        return memory + ((long) tenant(domain, direction) << SHIFT);
    }

    /** As {@link #tenantAt}, of a NIC below the most there are. */
    public long nicAt(int index, int direction) {
        return (direction == INBOUND ? nics : nicsOutbound) + ((long) index << NIC_SHIFT);
    }

    private long at(int meter) {
        return meter >= nicFirst ? nicAt((meter - nicFirst) >>> 1, direction(meter)) : memory + ((long) meter << SHIFT);
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
        boolean wide = isWide(meter);
        settle(at, wide, time);
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
        grantNothing(at, wide);
        return PASSES;
    }

    /** More is left than can be at this rate: it was a slower one's, or half a turn of all times ago. */
    private static void forgive(long paidAt, long time, long depth, long most) {
        if (left(paidAt, time) > most) {
            Mem.i64(paidAt, time + depth);
        }
    }

    /** Whether it has all words of a meter: a NIC's has half of them. */
    private boolean isWide(int meter) {
        return meter < nicFirst;
    }

    private static long quantum(long pace) {
        long bytes = (GRANT << PACE_SHIFT) / pace;
        return bytes < GRANT_BYTES_MIN ? 0 : Math.min(bytes, GRANT_MASK);
    }

    private static long packetQuantum(long price) {
        if (price == 0) {
            return ALL_PACKETS;
        }
        long packets = GRANT / price;
        return packets < GRANT_PACKETS_MIN ? 0 : packets;
    }

    /** Bytes that are still granted. */
    private static int grantedBytes(long at) {
        return (int) (Mem.i64(at + PACE_AT) - Mem.i64(at + PASSED_BYTES)) & GRANT_MASK;
    }

    private static long grantedPackets(long at) {
        return Mem.i64(at + PACKETS_GRANTED) - Mem.i64(at + PASSED);
    }

    private static void grantBytes(long at, long pace, long bytes) {
        Mem.i64(at + PACE_AT, pace << GRANT_BITS | ((Mem.i64(at + PASSED_BYTES) + bytes) & GRANT_MASK));
    }

    private static void grantPackets(long at, long packets) {
        Mem.i64(at + PACKETS_GRANTED, Mem.i64(at + PASSED) + packets);
    }

    private static void grantNothing(long at, boolean wide) {
        grantBytes(at, pace(at), 0);
        if (wide) {
            grantPackets(at, 0);
        }
    }

    /** Pays what has passed of what was granted; nothing is granted any more. */
    private static void settle(long at, boolean wide, long time) {
        settleBytes(at, time);
        if (wide) {
            settlePackets(at, time);
        }
    }

    private static void settleBytes(long at, long time) {
        int granted = grantedBytes(at);
        if (granted != 0) {
            long pace = pace(at);
            charge(at, price(pace, quantum(pace) - granted), time);
            grantBytes(at, pace, 0);
        }
    }

    private static void settlePackets(long at, long time) {
        long granted = grantedPackets(at);
        if (granted != 0) {
            long price = Mem.i64(at + PACKET_PRICE);
            charge(at + PAID_PACKETS, price * (packetQuantum(price) - granted), time);
            grantPackets(at, 0);
        }
    }

    private static void charge(long paidAt, long price, long time) {
        if (price != 0) {
            Mem.i64(paidAt, time + left(paidAt, time) + price);
        }
    }

    /** As {@link #settle}, where no time is known: as if it had passed before all else was paid. */
    private static void settle(long at, boolean wide) {
        settleBytes(at, Mem.i64(at));
        if (wide) {
            settlePackets(at, Mem.i64(at + PAID_PACKETS));
        }
    }

    /**
     * What holds for packets that take the short way: {@link #isGranted}, else {@link #settle(long, long)}, {@link #bits(long, long, int, long)}, {@link #pay}. Slow
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
        if (isWide(meter) && Mem.i64(at + PACKET_PRICE) != packet) {
            settle(at, true);
            Mem.i64(at + PACKET_PRICE, packet);
        }
        pace(meter, slow || isQueued(meter) ? ASK : bits);
    }

    /** Many sessions say the same: what is granted remains then. */
    private void pace(int meter, long pace) {
        long at = at(meter);
        if (pace(at) != pace) {
            settle(at, isWide(meter));
            grantBytes(at, pace, 0);
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

    /** Of the meter at an address: {@link #ASK}, {@link #NO_LIMIT}, or what {@link #bits(long, long, int, long)} wants. */
    public static long pace(long at) {
        return Mem.i64(at + PACE_AT) >>> GRANT_BITS;
    }

    /** Whether a packet is within what is granted by the meter at an address; not of a NIC. False: it may be that it passes all the same. */
    public static boolean isGranted(long at, int bytes) {
        return grantedBytes(at) > bytes && grantedPackets(at) > 1;
    }

    /** As {@link #isGranted}, of a NIC. */
    public static boolean isGrantedToNic(long at, int bytes) {
        return grantedBytes(at) > bytes;
    }

    /** A packet passes; by itself of those that are granted. */
    public static void count(long at, int bytes) {
        Mem.i64(at + PASSED, Mem.i64(at + PASSED) + 1);
        Mem.i64(at + PASSED_BYTES, Mem.i64(at + PASSED_BYTES) + bytes);
    }

    /** Before a packet is paid that is not granted; not of a NIC. */
    public static void settle(long at, long time) {
        settle(at, true, time);
    }

    /** As {@link #settle(long, long)}, of a NIC. */
    public static void settleNic(long at, long time) {
        settle(at, false, time);
    }

    /** What is left to be paid by bits with a packet, of the meter at an address; where it {@link #isThere}, {@link #take} would let it pass. */
    public static long bits(long at, long pace, int bytes, long time) {
        return left(at, time) + price(pace, bytes);
    }

    /** As {@link #bits}, by packets; not of a NIC. */
    public static long packet(long at, long time) {
        return left(at + PAID_PACKETS, time) + Mem.i64(at + PACKET_PRICE);
    }

    /** Whether a meter has what a packet costs for sure: so much is left to be paid with it. False: it may be that it has all the same. */
    public static boolean isThere(long toPay) {
        return toPay <= BURST;
    }

    /** Takes the {@link #bits} of a packet that are there and the {@link #packet} itself, counts it, and grants what is there then. */
    public static void pay(long at, long bits, long packet, int bytes, long time) {
        payNic(at, bits, bytes, time);
        Mem.i64(at + PAID_PACKETS, time + packet);
        grantPackets(at, packet <= BURST - GRANT ? packetQuantum(Mem.i64(at + PACKET_PRICE)) : 0);
    }

    /** As {@link #pay}, of a NIC. */
    public static void payNic(long at, long bits, int bytes, long time) {
        Mem.i64(at, time + bits);
        count(at, bytes);
        long pace = pace(at);
        grantBytes(at, pace, bits <= BURST - GRANT ? quantum(pace) : 0);
    }

    /** Undoes a {@link #take}: the packet goes no further. */
    public void giveBack(int meter, long kbps, long packetsPerSecond, int bytes) {
        long at = at(meter);
        if (kbps != 0) {
            Mem.i64(at, Mem.i64(at) - price(paceOf(kbps), bytes));
        }
        if (packetsPerSecond != 0) {
            Mem.i64(at + PAID_PACKETS, Mem.i64(at + PAID_PACKETS) - SECOND / packetsPerSecond);
        }
        int granted = grantedBytes(at);
        long grantedPackets = isWide(meter) ? grantedPackets(at) : 0;
        Mem.i64(at + PASSED, Mem.i64(at + PASSED) - 1);
        Mem.i64(at + PASSED_BYTES, Mem.i64(at + PASSED_BYTES) - bytes);
        grantBytes(at, pace(at), granted);
        if (isWide(meter)) {
            grantPackets(at, grantedPackets);
        }
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
        Mem.zero(at(meter), kind(meter) == NIC ? 1L << NIC_SHIFT : 1L << SHIFT);
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
        return Mem.i64(at(meter) + PASSED);
    }

    /** Any thread: bytes of packets that went on. */
    public long bytes(int meter) {
        return Mem.i64(at(meter) + PASSED_BYTES);
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
