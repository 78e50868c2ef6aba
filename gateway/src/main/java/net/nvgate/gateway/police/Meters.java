package net.nvgate.gateway.police;

/**
 * Token buckets of tenants and NAT connections, one per direction, in whole numbers: n kbit/s bring n millionths of a bit each
 * nanosecond, n packets/s n billionths of a packet. So nothing is rounded, whatever the rate.
 *
 * <p>A bucket holds what comes in {@link #BURST_NANOS}, and {@link #BYTES_MIN} bytes or {@link #PACKETS_MIN} packets at least: in no
 * second more than 102 % of the rate passes, from 600 kbit/s or 100 packets/s on. A packet larger than the bucket passes when it is full, and is paid later. Bytes
 * are those of IP packets (RFC 2697 §1: "bytes of IP packets per second, i.e., it includes the IP header, but not link specific
 * headers").
 *
 * <pre>
 *  meter, 64 bytes:  0 time of the last look, ns; 0 = never   1 millionths of a bit   2 billionths of a packet
 *                    3 packets passed   4 bytes passed   5 packets dropped            6 delay of the last queued packet, ns
 *                    7 packets that wait
 * </pre>
 *
 * The worker writes; other threads may read the counters.
 */
public final class Meters {

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

    private static final long SECOND = 1_000_000_000L;
    private static final long ONE_PACKET = SECOND;
    private static final long ONE_BYTE = 8_000_000L;
    /** Longest time that is looked back to: 4 s at 2^31 kbit/s fit a long. */
    private static final long LOOK_BACK_NANOS = 4 * SECOND;

    private static final int WORDS_SHIFT = 3;
    private static final int BITS = 1;
    private static final int PACKETS = 2;
    private static final int PASSED = 3;
    private static final int PASSED_BYTES = 4;
    private static final int DROPPED = 5;
    private static final int DELAY = 6;
    private static final int WAITING = 7;

    private final int tenantsMax;
    private final int connectionsMax;
    private final long[] words;

    /** Tenants and connections beyond these share the last meter. */
    public Meters(int tenantsMax, int connectionsMax) {
        this.tenantsMax = tenantsMax;
        this.connectionsMax = connectionsMax;
        this.words = new long[count() << WORDS_SHIFT];
    }

    /** Meters in all: their numbers are below. */
    public int count() {
        return 2 * (tenantsMax + 1 + connectionsMax + 1);
    }

    public int tenant(int domain, int direction) {
        return 2 * Math.min(domain, tenantsMax) + direction;
    }

    public int connection(int index, int direction) {
        return 2 * (tenantsMax + 1 + Math.min(index, connectionsMax)) + direction;
    }

    /** Whether a meter is a tenant's; otherwise it is a connection's. */
    public boolean isTenant(int meter) {
        return meter < 2 * (tenantsMax + 1);
    }

    /** The tenant or connection of a meter. */
    public int owner(int meter) {
        return (isTenant(meter) ? meter : meter - 2 * (tenantsMax + 1)) >>> 1;
    }

    public static int direction(int meter) {
        return meter & 1;
    }

    /**
     * Takes what a packet costs, if it is there.
     *
     * @param kbps 0 = no limit, likewise {@code packetsPerSecond}
     * @param bytes of the IP packet
     * @return {@link #PASSES}, or which of the limits it would exceed; then nothing is taken
     */
    public int take(int meter, long kbps, long packetsPerSecond, int bytes, long nowNanos) {
        int at = meter << WORDS_SHIFT;
        fill(at, kbps, packetsPerSecond, nowNanos);
        if (kbps != 0 && words[at + BITS] < needed(kbps, bytes)) {
            return TOO_MANY_BITS;
        }
        if (packetsPerSecond != 0 && words[at + PACKETS] < ONE_PACKET) {
            return TOO_MANY_PACKETS;
        }
        words[at + BITS] -= kbps == 0 ? 0 : bytes * ONE_BYTE;
        words[at + PACKETS] -= packetsPerSecond == 0 ? 0 : ONE_PACKET;
        words[at + PASSED]++;
        words[at + PASSED_BYTES] += bytes;
        return PASSES;
    }

    /** Undoes a {@link #take}: the packet goes no further. */
    public void giveBack(int meter, long kbps, long packetsPerSecond, int bytes) {
        int at = meter << WORDS_SHIFT;
        words[at + BITS] += kbps == 0 ? 0 : bytes * ONE_BYTE;
        words[at + PACKETS] += packetsPerSecond == 0 ? 0 : ONE_PACKET;
        words[at + PASSED]--;
        words[at + PASSED_BYTES] -= bytes;
    }

    /** Nanoseconds until a packet passes that {@link #take} has just refused, at the same rates. */
    public long waitNanos(int meter, long kbps, long packetsPerSecond, int bytes) {
        int at = meter << WORDS_SHIFT;
        long bits = kbps == 0 ? 0 : Math.ceilDiv(needed(kbps, bytes) - words[at + BITS], kbps);
        long packets = packetsPerSecond == 0 ? 0 : Math.ceilDiv(ONE_PACKET - words[at + PACKETS], packetsPerSecond);
        return Math.max(1, Math.max(bits, packets));
    }

    private void fill(int at, long kbps, long packetsPerSecond, long nowNanos) {
        long passed = Math.min(nowNanos - words[at], LOOK_BACK_NANOS);
        if (words[at] == 0) {
            words[at + BITS] = depth(kbps);
        }
        words[at] = nowNanos == 0 ? 1 : nowNanos;
        words[at + BITS] = Math.min(words[at + BITS] + passed * kbps, depth(kbps));
        words[at + PACKETS] = Math.min(
                words[at + PACKETS] + passed * packetsPerSecond,
                Math.max(BURST_NANOS * packetsPerSecond, PACKETS_MIN * ONE_PACKET));
    }

    private static long needed(long kbps, int bytes) {
        return Math.min(bytes * ONE_BYTE, depth(kbps));
    }

    /** Of a bucket, millionths of a bit. */
    private static long depth(long kbps) {
        return Math.max(BURST_NANOS * kbps, BYTES_MIN * ONE_BYTE);
    }

    /** The worker: the limit has cost a packet. */
    public void dropped(int meter) {
        words[(meter << WORDS_SHIFT) + DROPPED]++;
    }

    /** The worker: so many packets wait now. */
    public void waiting(int meter, int packets) {
        words[(meter << WORDS_SHIFT) + WAITING] = packets;
    }

    /** The worker: a packet has waited so long. */
    public void delayed(int meter, long nanos) {
        words[(meter << WORDS_SHIFT) + DELAY] = nanos;
    }

    /** Any thread: packets that went on. */
    public long packets(int meter) {
        return words[(meter << WORDS_SHIFT) + PASSED];
    }

    /** Any thread: bytes of packets that went on. */
    public long bytes(int meter) {
        return words[(meter << WORDS_SHIFT) + PASSED_BYTES];
    }

    /** Any thread: packets that the limit has cost, dropped at once or in its queue. */
    public long drops(int meter) {
        return words[(meter << WORDS_SHIFT) + DROPPED];
    }

    /** Any thread: packets that wait. */
    public long waiting(int meter) {
        return words[(meter << WORDS_SHIFT) + WAITING];
    }

    /** Any thread: how long the packet waited that left the queue last, ns. */
    public long delayNanos(int meter) {
        return words[(meter << WORDS_SHIFT) + DELAY];
    }
}
