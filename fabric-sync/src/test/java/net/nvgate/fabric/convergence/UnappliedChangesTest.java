package net.nvgate.fabric.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class UnappliedChangesTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final UnappliedChanges changes = new UnappliedChanges();

    private static Instant at(double seconds) {
        return START.plusMillis((long) (seconds * 1000));
    }

    @Test
    void nothingTouchesIt() {
        assertThat(changes.oldest(0, START)).isEmpty();
        assertThat(changes.desired()).isZero();
        assertThat(changes.has(7, 0)).isTrue();
    }

    @Test
    void theOldestOneCounts() {
        changes.touched(5, at(0));
        changes.touched(9, at(10));
        assertThat(changes.oldest(4, at(20))).contains(at(0));
        assertThat(changes.oldest(5, at(20))).contains(at(10));
        assertThat(changes.oldest(8, at(20))).contains(at(10));
        assertThat(changes.oldest(9, at(20))).isEmpty();
        assertThat(changes.oldest(100, at(20))).isEmpty();
        assertThat(changes.desired()).isEqualTo(9);
    }

    @Test
    void hasARevisionThatDoesNotTouchIt() {
        changes.touched(5, at(0));
        changes.touched(9, at(10));
        assertThat(changes.has(4, 0)).isTrue();
        assertThat(changes.has(5, 4)).isFalse();
        assertThat(changes.has(8, 5)).isTrue();
        assertThat(changes.has(9, 8)).isFalse();
        assertThat(changes.has(9, 9)).isTrue();
    }

    @Test
    void oneThatLostItsPolicyLacksWhatItHad() {
        changes.touched(5, at(0));
        changes.touched(6, at(1));
        assertThat(changes.oldest(6, at(2))).isEmpty();
        assertThat(changes.has(6, 0)).isFalse();
        assertThat(changes.oldest(0, at(50))).contains(at(50));
        assertThat(changes.oldest(0, at(60))).contains(at(50));
        assertThat(changes.oldest(6, at(61))).isEmpty();
    }

    @Test
    void oneThatLostItsPolicyKeepsTheAgeOfWhatItLackedAnyway() {
        changes.touched(5, at(0));
        changes.touched(6, at(1));
        assertThat(changes.oldest(5, at(2))).contains(at(1));
        assertThat(changes.oldest(0, at(50))).contains(at(1));
    }

    @Test
    void aRevisionThatIsToldOfAgainIsNotNew() {
        changes.touched(5, at(0));
        changes.touched(5, at(10));
        changes.touched(4, at(11));
        assertThat(changes.oldest(0, at(20))).contains(at(0));
        assertThat(changes.oldest(5, at(20))).isEmpty();
    }

    /** Against a list of all of them: never younger, never level when it is not, and within the bounds of memory older by a span at most. */
    @Test
    void ofManyTheAgeIsNeverTooSmall() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        int count = 10_000;
        Instant[] times = new Instant[count + 1];
        Instant now = START;
        for (int revision = 1; revision <= count; revision++) {
            now = now.plus(Duration.ofMillis(random.nextInt(300)));
            times[revision] = now;
            changes.touched(revision, now);
        }
        Duration span = Duration.between(times[1], times[count]).dividedBy(16);
        for (int applied = 0; applied < count; applied += 7) {
            Instant oldest = changes.oldest(applied, now).orElseThrow();
            assertThat(oldest).isBeforeOrEqualTo(times[applied + 1]).isAfter(times[applied + 1].minus(span));
            assertThat(changes.has(applied + 1, applied)).isFalse();
        }
        assertThat(changes.oldest(count, now)).isEmpty();
    }
}
