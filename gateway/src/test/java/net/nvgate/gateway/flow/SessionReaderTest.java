package net.nvgate.gateway.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What another thread reads of sessions that a worker makes and ends at the same time. */
class SessionReaderTest {

    private static final int PLACES = 16;
    private static final int ROWS = 20_000;

    /**
     * Sessions come and go in the same few places, most of them with the same tuple as the one before: keys alone do not tell them apart.
     */
    @Test
    void aRowIsNeverAMixOfTwoSessions() throws InterruptedException {
        try (Arena arena = Arena.ofShared()) {
            FilledTable filled = new FilledTable(arena, PLACES);
            AtomicBoolean stopped = new AtomicBoolean();
            Thread worker = Thread.ofPlatform().start(() -> churn(filled, stopped));
            try {
                SessionReader reader = filled.reader();
                int[] rows = {0};
                while (rows[0] < ROWS) {
                    reader.look(0, PLACES, SessionMatch.ALL, 1, (item, _, stamp) -> {
                        SessionRow row = reader.row(item, stamp, 1);
                        if (row != null) {
                            rows[0]++;
                            assertThat(FilledTable.isWhole(row))
                                    .as(row.toString())
                                    .isTrue();
                        }
                        return true;
                    });
                }
            } finally {
                stopped.set(true);
                worker.join();
            }
        }
    }

    private static void churn(FilledTable filled, AtomicBoolean stopped) {
        long[] sessions = new long[PLACES];
        for (int number = 1; !stopped.get(); number++) {
            int place = number % PLACES;
            if (sessions[place] != 0) {
                filled.table.remove(sessions[place]);
            }
            sessions[place] = filled.add(place, number & 0xf_ffff, 1);
        }
    }

    @Test
    void aSessionIsSeenWhenItIsCompleteAndNoMoreWhenItHasEnded() {
        try (Arena arena = Arena.ofConfined()) {
            FilledTable filled = new FilledTable(arena, PLACES);
            SessionReader reader = filled.reader();
            long incomplete = filled.table.create(1, 2, 3, 4, SessionState.ACTIVE, 1000);
            assertThat(count(reader)).isZero();
            filled.table.completed(incomplete, 160);
            long stamp = filled.table.stampOf(0);
            assertThat(count(reader)).isEqualTo(1);
            assertThat(FlowTable.ageMs(stamp, 1000)).isBetween(840L - 16, 840L + 16);
            filled.table.remove(incomplete);
            assertThat(count(reader)).isZero();
            assertThat(reader.row(0, stamp, 1000)).isNull();
        }
    }

    private static int count(SessionReader reader) {
        int[] rows = {0};
        reader.look(0, reader.touched(), SessionMatch.ALL, 1000, (_, _, _) -> ++rows[0] > 0);
        return rows[0];
    }
}
