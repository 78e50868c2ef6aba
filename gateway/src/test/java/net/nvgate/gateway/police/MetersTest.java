package net.nvgate.gateway.police;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.TableMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Token buckets by a clock of their own: what passes in any second, and in all. */
class MetersTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long BEGIN = 77 * SECOND;

    private final long memory = TableMemory.allocate(Meters.bytes(10, 10, 10), 64);
    private final Meters meters = new Meters(memory, 10, 10, 10, 0);
    private final int meter = meters.tenant(3, Meters.OUTBOUND);

    @AfterEach
    void free() {
        TableMemory.free(memory);
    }

    /** What passed, as it passed. */
    private static final class Passed {
        private final long[] at = new long[2_000_000];
        private final long[] sum = new long[2_000_001];
        private int count;

        void add(long time, long amount) {
            at[count] = time;
            sum[count + 1] = sum[count] + amount;
            count++;
        }

        long total() {
            return sum[count];
        }

        /** Most in any time of a second. */
        long mostInASecond() {
            long most = 0;
            int first = 0;
            for (int i = 0; i < count; i++) {
                while (at[i] - at[first] >= SECOND) {
                    first++;
                }
                most = Math.max(most, sum[i + 1] - sum[first]);
            }
            return most;
        }
    }

    /** Packets of all sizes, twice as fast as allowed, in bursts and gaps of a few ms. */
    private static Passed offer(Meters meters, int meter, long kbps, long seed, int seconds) {
        Random random = new Random(seed);
        Passed passed = new Passed();
        long now = BEGIN;
        while (now < BEGIN + seconds * SECOND) {
            long offered = 0;
            long gap = 1L + random.nextInt(4_000_000);
            while (offered < 2 * gap * kbps / 8_000_000 + 1500) {
                int bytes = 40 + random.nextInt(1461);
                offered += bytes;
                if (meters.take(meter, kbps, 0, bytes, now) == Meters.PASSES) {
                    passed.add(now, bytes);
                }
            }
            now += gap;
        }
        return passed;
    }

    @TestFactory
    Stream<DynamicTest> noSecondHasMoreThanTwoPercentTooMuchAndAllTogetherHaveWhatTheRateSays() {
        return Stream.of(1_000L, 1_001L, 10_000L, 99_999L, 100_000L, 1_000_000L).map(kbps -> {
            long seed = 4711 + kbps;
            return DynamicTest.dynamicTest(kbps + " kbit/s, seed " + seed, () -> {
                int seconds = kbps > 500_000 ? 2 : 5;
                int own = meters.tenant(1, Meters.INBOUND);
                meters.reset(own);
                Passed passed = offer(meters, own, kbps, seed, seconds);
                long perSecond = kbps * 125;
                assertThat(passed.mostInASecond()).isLessThanOrEqualTo(perSecond * 102 / 100);
                assertThat(passed.total())
                        .isBetween(seconds * perSecond * 98 / 100, seconds * perSecond + perSecond * 2 / 100);
                assertThat(meters.bytes(own)).isEqualTo(passed.total());
            });
        });
    }

    @Test
    void packetsPerSecondAreExactToo() {
        for (long rate : new long[] {1, 7, 50, 999, 123_457}) {
            Passed passed = new Passed();
            int meter = meters.connection((int) (rate % 7), Meters.INBOUND);
            for (long now = BEGIN + rate * 100 * SECOND, end = now + 3 * SECOND;
                    now < end;
                    now += SECOND / (3 * rate)) {
                if (meters.take(meter, 0, rate, 1500, now) == Meters.PASSES) {
                    passed.add(now, 1);
                }
            }
            assertThat(passed.mostInASecond()).as("%d/s", rate).isBetween(rate, rate + Math.max(2, rate * 2 / 100));
            // At the highest rate 142 days after the rate before, which is half a turn of all times: without a burst
            // then.
            assertThat(passed.total()).as("%d/s", rate).isBetween(3 * rate - 1, 3 * rate + Math.max(2, rate * 2 / 100));
        }
    }

    @Test
    void roundingOfAnOddRateIsAHundredThousandthAtMost() {
        // 3 packets of 64 bytes take 512 ns at 3 Gbit/s: 170.67 ns each.
        long kbps = 3_000_000;
        long count = 0;
        long now = BEGIN;
        while (meters.take(meter, kbps, 0, 64, now) == Meters.PASSES) {
            count++;
        }
        assertThat(count).as("the bucket: 20 ms").isEqualTo(20_000_000L * kbps / 1_000_000 / 8 / 64);
        count = 0;
        for (int i = 0; i < 1_000_000; i++) {
            now += 171;
            count += meters.take(meter, kbps, 0, 64, now) == Meters.PASSES ? 1 : 0;
        }
        assertThat(count).isEqualTo(1_000_000);
        for (int i = 0; i < 3_000_000; i++) {
            now += 128;
            count += meters.take(meter, kbps, 0, 64, now) == Meters.PASSES ? 1 : 0;
        }
        // What was left over of 171 ns beyond 170.67 adds 1953 packets.
        assertThat(count).isBetween(1_000_000L + 2_250_000, 1_000_000L + 2_250_000 + 1_954 + 30);
    }

    @Test
    void afterTheTimeItNamesAPacketPassesAndNotBefore() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            long kbps = 1L + random.nextInt(2_000_000);
            long packets = random.nextBoolean() ? 0 : 1 + random.nextInt(10_000);
            int bytes = 20 + random.nextInt(9_000);
            int tried = meters.connection(i % 10, Meters.OUTBOUND);
            long now = BEGIN + i * 50L * SECOND;
            while (meters.take(tried, kbps, packets, bytes, now) == Meters.PASSES) {
                now++;
            }
            long wait = meters.waitNanos(tried, kbps, packets, bytes, now);
            assertThat(meters.take(tried, kbps, packets, bytes, now + wait - 1)).isNotEqualTo(Meters.PASSES);
            assertThat(meters.take(tried, kbps, packets, bytes, now + wait)).isEqualTo(Meters.PASSES);
        }
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        while (meters.take(meter, 1_000, 100, 100, BEGIN) == Meters.PASSES) {}
        long before = meters.bytes(meter);
        meters.giveBack(meter, 1_000, 100, 100);
        assertThat(meters.take(meter, 1_000, 100, 100, BEGIN)).isEqualTo(Meters.PASSES);
        assertThat(meters.take(meter, 1_000, 100, 100, BEGIN)).isEqualTo(Meters.TOO_MANY_PACKETS);
        assertThat(meters.bytes(meter)).isEqualTo(before);
        assertThat(meters.take(meter, 1_000, 0, 2_400, BEGIN)).isEqualTo(Meters.TOO_MANY_BITS);
    }

    @Test
    void theHighestRatesDoNotOverflow() {
        long kbps = Integer.MAX_VALUE;
        assertThat(meters.take(meter, kbps, kbps, 65_535, BEGIN)).isEqualTo(Meters.PASSES);
        for (long now = BEGIN; now < BEGIN + 3600 * SECOND; now += 600 * SECOND) {
            assertThat(meters.take(meter, kbps, kbps, 65_535, now)).isEqualTo(Meters.PASSES);
        }
    }

    @Test
    void everyMeterIsFoundByItsNumber() {
        for (int direction : new int[] {Meters.INBOUND, Meters.OUTBOUND}) {
            for (int i = 0; i <= 10; i++) {
                assertThat(meters.kind(meters.tenant(i, direction))).isEqualTo(Meters.TENANT);
                assertThat(meters.owner(meters.tenant(i, direction))).isEqualTo(i);
                assertThat(meters.kind(meters.connection(i, direction))).isEqualTo(Meters.CONNECTION);
                assertThat(meters.owner(meters.connection(i, direction))).isEqualTo(i);
                assertThat(meters.kind(meters.nic(i, direction))).isEqualTo(Meters.NIC);
                assertThat(meters.owner(meters.nic(i, direction))).isEqualTo(i);
                assertThat(meters.kind(meters.port(direction))).isEqualTo(Meters.PORT);
                assertThat(Meters.direction(meters.connection(i, direction))).isEqualTo(direction);
            }
        }
        assertThat(meters.tenant(99, 1)).isEqualTo(meters.tenant(10, 1));
        assertThat(meters.connection(99, 1)).isEqualTo(meters.connection(10, 1));
        assertThat(meters.nic(99, 1)).isEqualTo(meters.nic(10, 1));
        assertThat(meters.nic(10, 1)).isEqualTo(meters.count() - 1);
    }

    /** A burst's packets have one time: the bucket fills once, and nothing is lost or won by it. */
    @Test
    void packetsAtOneTimeShareWhatHasCome() {
        long now = BEGIN;
        for (int ms = 0; ms < 100; ms++) {
            now += 20_000_000L;
            int bits = 0;
            while (meters.take(meter, 1_000, 1_000, 100, now) == Meters.PASSES) {
                bits++;
            }
            assertThat(bits).as("20 ms at 1000 packets/s and 1 Mbit/s").isEqualTo(20);
        }
        assertThat(meters.bytes(meter)).isEqualTo(100 * 20 * 100);
    }

    /** Takes a packet as FastLimiter does, and asks only when that does not let it pass. */
    private int takeShortWay(int quickly, long kbps, long packetsPerSecond, int bytes, long now) {
        if (passesByGrant(quickly, bytes)) {
            granted++;
            return Meters.PASSES;
        }
        long time = meters.time(now);
        if (!meters.isThere(quickly, bytes, time)) {
            return meters.take(quickly, kbps, packetsPerSecond, bytes, now);
        }
        meters.pay(quickly, bytes, time);
        quick++;
        return Meters.PASSES;
    }

    private boolean passesByGrant(int meter, int bytes) {
        long at = meters.leftAt(meter);
        long left = Meters.lessOne(at, bytes);
        if (Meters.isTooMuch(left)) {
            return false;
        }
        Mem.i64(at, left);
        return true;
    }

    private int quick;
    private int granted;

    /** Rates of which nothing is granted: packet by packet the same. */
    @Test
    void theShortWayLetsPassWhatTheLongOneDoesAndNoMore() {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            long kbps = random.nextInt(5) == 0 ? 0 : 100L + random.nextInt(70_000);
            long packets = kbps == 0 || random.nextBoolean() ? 50 + random.nextInt(6_000) : 0;
            int asking = meters.tenant(1, Meters.INBOUND);
            int quickly = meters.tenant(2, Meters.INBOUND);
            meters.reset(asking);
            meters.reset(quickly);
            meters.pace(quickly, kbps, packets);
            quick = 0;
            long now = BEGIN + i * SECOND;
            for (int packet = 0; packet < 2_000; packet++) {
                now += random.nextInt(300_000);
                int bytes = 40 + random.nextInt(1_461);
                int verdict = takeShortWay(quickly, kbps, packets, bytes, now);
                assertThat(verdict).isEqualTo(meters.take(asking, kbps, packets, bytes, now));
            }
            assertThat(meters.bytes(quickly)).isEqualTo(meters.bytes(asking));
            assertThat(quick > 0)
                    .as("%s kbit/s, %s packets/s", kbps, packets)
                    .isEqualTo((kbps == 0 || kbps >= 600) && (packets == 0 || packets >= 100));
        }
    }

    /**
     * All that passes by grants, an exact bucket that gets these packets alone lets pass, too: so there is no time in which more passes. And a packet that is
     * refused, a bucket would refuse that is smaller by a grant.
     */
    @Test
    void whatIsGrantedIsNoMoreThanABucketHolds() {
        Random random = new Random(12);
        for (int i = 0; i < 100; i++) {
            boolean both = random.nextBoolean();
            long kbps = !both && random.nextBoolean() ? 0 : 100_000L + random.nextInt(1_000_000);
            long packets = both || kbps == 0 ? 10_000 + random.nextInt(200_000) : 0;
            int exact = meters.tenant(1, Meters.INBOUND);
            int quickly = meters.tenant(2, Meters.INBOUND);
            meters.reset(exact);
            meters.reset(quickly);
            meters.pace(quickly, kbps, packets);
            granted = 0;
            int refused = 0;
            long now = BEGIN + i * SECOND;
            for (int burst = 0; burst < 300; burst++) {
                // Twice the rate for a while, or a pause in which some or all is paid.
                boolean pause = random.nextInt(100) == 0;
                int count = pause ? 0 : 1 + random.nextInt(400);
                for (int packet = 0; packet < count; packet++) {
                    int bytes = 40 + random.nextInt(1_461);
                    if (takeShortWay(quickly, kbps, packets, bytes, now) == Meters.PASSES) {
                        assertThat(meters.take(exact, kbps, packets, bytes, now))
                                .as("packet %s of burst %s of %s", packet, burst, i)
                                .isEqualTo(Meters.PASSES);
                    } else {
                        refused++;
                        assertIsNearlyEmpty(exact, kbps, packets, bytes, now);
                    }
                    if (random.nextInt(16) == 0) {
                        meters.pace(quickly, kbps, packets);
                    }
                }
                long perPacket = Math.max(packets == 0 ? 0 : SECOND / packets, kbps == 0 ? 0 : 770L * 8_000_000 / kbps);
                now += pause ? random.nextInt(30_000_000) : count * perPacket / 2;
            }
            assertThat(meters.bytes(quickly)).isEqualTo(meters.bytes(exact));
            assertThat(meters.packets(quickly)).isEqualTo(meters.packets(exact));
            assertThat(granted).as("%s kbit/s, %s packets/s", kbps, packets).isPositive();
            assertThat(refused).as("%s kbit/s, %s packets/s", kbps, packets).isPositive();
        }
    }

    /** A bucket that is smaller by a grant has nothing for a packet. */
    private void assertIsNearlyEmpty(int exact, long kbps, long packetsPerSecond, int bytes, long now) {
        long grant = Meters.BURST_NANOS / Meters.GRANTS;
        int bytesMore = (int) (grant * kbps / 8_000_000) + 1;
        boolean bits = kbps != 0 && meters.take(exact, kbps, 0, bytes + bytesMore, now) != Meters.PASSES;
        if (kbps != 0 && !bits) {
            meters.giveBack(exact, kbps, 0, bytes + bytesMore);
        }
        int taken = 0;
        long packetsMore = packetsPerSecond == 0 ? 0 : 1 + grant * packetsPerSecond / SECOND + 1;
        while (taken < packetsMore && meters.take(exact, 0, packetsPerSecond, 1, now) == Meters.PASSES) {
            taken++;
        }
        for (int i = 0; i < taken; i++) {
            meters.giveBack(exact, 0, packetsPerSecond, 1);
        }
        assertThat(bits || taken < packetsMore)
                .as("%s kbit/s, %s packets/s", kbps, packetsPerSecond)
                .isTrue();
    }

    /** What is granted and has passed is paid when the rate changes, and is given back by the word. */
    @Test
    void aGrantOutlivesNoChange() {
        int bytes = 1_500;
        meters.pace(meter, 1_000_000, 0);
        meters.pay(meter, bytes, meters.time(BEGIN));
        for (int i = 0; i < 10; i++) {
            assertThat(passesByGrant(meter, bytes)).isTrue();
        }
        meters.giveBack(meter, 1_000_000, 0, bytes);
        assertThat(meters.bytes(meter)).isEqualTo(10L * bytes);
        assertThat(meters.packets(meter)).isEqualTo(10);
        meters.pace(meter, 1_000_000, 0);
        assertThat(passesByGrant(meter, 0)).as("the same again").isTrue();
        assertThat(meters.isThere(meter, 0, meters.time(BEGIN))).isTrue();
        meters.pay(meter, 0, meters.time(BEGIN));
        assertThat(passesByGrant(meter, 0)).as("another meter had to be asked").isTrue();
        assertThat(meters.packets(meter)).isEqualTo(13);
        meters.pace(meter, 500_000, 0);
        assertThat(passesByGrant(meter, 0)).isFalse();
        assertThat(leftToPayNanos(meter, 500_000, bytes, BEGIN))
                .as("ten packets at 1 Gbit/s")
                .isBetween(119_980L, 120_000L);
        meters.ask(meter);
        assertThat(meters.take(meter, 500_000, 0, bytes, BEGIN)).isEqualTo(Meters.PASSES);
        assertThat(passesByGrant(meter, 0)).as("taken by the long way").isFalse();
    }

    /** What is left to be paid, from how much more passes than the bucket lacks; then the bucket is empty. */
    private long leftToPayNanos(int meter, long kbps, int bytes, long now) {
        long passed = 0;
        while (meters.take(meter, kbps, 0, bytes, now) == Meters.PASSES) {
            passed += bytes;
        }
        long wait = meters.waitNanos(meter, kbps, 0, bytes, now);
        meters.giveBack(meter, kbps, 0, (int) passed);
        return Meters.BURST_NANOS + wait - (passed + bytes) * 8_000_000 / kbps;
    }

    @Test
    void nothingOvertakesWhatWaits() {
        meters.pace(meter, 0, 0);
        assertThat(meters.pace(meter)).isEqualTo(Meters.NO_LIMIT);
        meters.pace(meter, 10_000, 0);
        assertThat(meters.pace(meter)).isPositive();
        meters.queued(meter, true);
        assertThat(meters.pace(meter)).isEqualTo(Meters.ASK);
        meters.pace(meter, 20_000, 0);
        assertThat(meters.pace(meter)).as("a session was resolved meanwhile").isEqualTo(Meters.ASK);
        meters.queued(meter, false);
        meters.pace(meter, 20_000, 0);
        assertThat(meters.pace(meter)).isPositive();
    }

    /** Also where 2 GB have passed, after which all is granted again; once something waits, nothing is. */
    @Test
    void whereNothingIsLimitedAllPassesAndDoesNotCount() {
        meters.pace(meter, 0, 0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(takeShortWay(meter, 0, 0, 65_535, BEGIN)).isEqualTo(Meters.PASSES);
        }
        assertThat(quick).isEqualTo(1 + 100_000 / (1 + Integer.MAX_VALUE / 65_535));
        assertThat(meters.bytes(meter)).isZero();
        assertThat(meters.packets(meter)).isZero();
        meters.queued(meter, true);
        assertThat(passesByGrant(meter, 0)).isFalse();
        assertThat(meters.bytes(meter)).isZero();
    }

    /** Each direction of each has a word of its own, where FastLimiter expects it. */
    @Test
    void whatIsLeftOfGrantsLiesByDirectionAndNumber() {
        Set<Long> places = new HashSet<>();
        for (int i = 0; i < meters.count(); i++) {
            assertThat(places.add(meters.leftAt(i))).isTrue();
            assertThat(meters.leftAt(i)).isBetween(memory, memory + Meters.bytes(10, 10, 10) - 8);
        }
        for (int direction : new int[] {Meters.INBOUND, Meters.OUTBOUND}) {
            for (int i = 0; i <= 10; i++) {
                assertThat(meters.leftAt(meters.tenant(i, direction)))
                        .isEqualTo(meters.leftAt(meters.tenant(0, direction)) + 8L * i);
                assertThat(meters.leftAt(meters.nic(i, direction)))
                        .isEqualTo(meters.leftAt(meters.nobody(direction)) + 8L * (i + 1));
            }
        }
    }

    /** A scraper reads while grants come and go: what it reads never goes back. */
    @Test
    void otherThreadsSeeCountersThatOnlyGrow() throws InterruptedException {
        meters.pace(meter, 10_000_000, 0);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong looks = new AtomicLong();
        AtomicReference<String> fault = new AtomicReference<>("");
        Thread reader = new Thread(() -> {
            long bytes = 0;
            long packets = 0;
            while (!done.get()) {
                long bytesNow = meters.bytes(meter);
                long packetsNow = meters.packets(meter);
                if (bytesNow < bytes || packetsNow < packets) {
                    fault.set(bytes + " bytes, then " + bytesNow + "; " + packets + " packets, then " + packetsNow);
                }
                bytes = bytesNow;
                packets = packetsNow;
                looks.incrementAndGet();
            }
        });
        reader.setDaemon(true);
        reader.start();
        long now = BEGIN;
        long passed = 0;
        for (int i = 0; i < 1_000_000 || (looks.get() < 1_000 && reader.isAlive()); i++) {
            now += 2_000;
            if (takeShortWay(meter, 10_000_000, 0, 1_500, now) == Meters.PASSES) {
                passed++;
            }
        }
        done.set(true);
        reader.join();
        assertThat(fault.get()).isEmpty();
        assertThat(looks.get()).isGreaterThanOrEqualTo(1_000);
        assertThat(granted).isPositive();
        assertThat(meters.packets(meter)).isEqualTo(passed);
        assertThat(meters.bytes(meter)).isEqualTo(1_500 * passed);
    }

    @Test
    void aFasterRateDoesNotWaitForWhatASlowOneIsStillOwed() {
        while (meters.take(meter, 1, 1, 1_500, BEGIN) == Meters.PASSES) {}
        assertThat(meters.take(meter, 1, 0, 1_500, BEGIN + SECOND))
                .as("1500 bytes in 12 s")
                .isNotEqualTo(Meters.PASSES);
        meters.take(meter, 100_000, 10_000, 1_500, BEGIN + SECOND);
        meters.take(meter, 100_000, 10_000, 1_500, BEGIN + SECOND);
        assertThat(meters.take(meter, 100_000, 10_000, 1_500, BEGIN + SECOND + Meters.BURST_NANOS))
                .isEqualTo(Meters.PASSES);
    }
}
