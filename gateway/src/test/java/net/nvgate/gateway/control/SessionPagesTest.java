package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.nvgate.gateway.flow.FilledTable;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.flow.SessionReader;
import net.nvgate.gateway.flow.SessionRow;
import org.junit.jupiter.api.Test;

/** Pages of the sessions of workers, a million of them too. */
class SessionPagesTest {

    private static final long NOW = 5_000;
    private static final String START = "a1";

    /** Pages that take as long as they take. */
    private static SessionPages pages(List<SessionReader> readers) {
        return pages(readers, System.nanoTime() + Long.MAX_VALUE / 2);
    }

    private static SessionPages pages(List<SessionReader> readers, long deadline) {
        List<SessionMatch> all = Collections.nCopies(readers.size(), SessionMatch.ALL);
        return new SessionPages(readers, all, (_, _) -> true, START, NOW, deadline);
    }

    private static List<SessionRow> rows(SessionPages.Page page) {
        return page.rows().stream().map(SessionPages.Found::row).toList();
    }

    /** All pages, one after the other. */
    private static List<SessionRow> all(List<SessionReader> readers, Map<String, String> fields, int limit) {
        List<SessionRow> rows = new ArrayList<>();
        SessionPages.Page page = pages(readers).page(fields, limit);
        rows.addAll(rows(page));
        while (!page.next().isEmpty()) {
            Map<String, String> further = new java.util.HashMap<>(fields);
            further.put("after", page.next());
            page = pages(readers).page(further, limit);
            assertThat(page.rows()).isNotEmpty();
            rows.addAll(rows(page));
        }
        return rows;
    }

    private static List<SessionReader> two(Arena arena, int each) {
        List<SessionReader> readers = new ArrayList<>();
        for (int worker = 0; worker < 2; worker++) {
            FilledTable table = new FilledTable(arena, each);
            for (int i = 0; i < each; i++) {
                table.add(worker * each + i, i * 16L);
            }
            readers.add(table.reader());
        }
        return readers;
    }

    /** Workers have nothing to do with a listing: it leaves every byte of their tables as it is, so that not even a cache line moves. */
    @Test
    void aListingWritesNothingIntoAWorkersTable() {
        try (Arena arena = Arena.ofConfined()) {
            FilledTable table = new FilledTable(arena, 3 * SessionPages.SLICE);
            for (int i = 0; i < 2 * SessionPages.SLICE + 5; i++) {
                table.add(i, i % 7);
            }
            long before = table.checksum();
            List<SessionReader> readers = List.of(table.reader());
            assertThat(all(readers, Map.of(), 5_000)).hasSize(2 * SessionPages.SLICE + 5);
            assertThat(all(readers, Map.of("sort", "bytes"), 9_000)).hasSize(2 * SessionPages.SLICE + 5);
            assertThat(table.checksum()).isEqualTo(before);
            table.add(2 * SessionPages.SLICE + 5, 0);
            assertThat(table.checksum()).as("what the worker writes shows").isNotEqualTo(before);
        }
    }

    @Test
    void everySessionIsOnOnePage() {
        try (Arena arena = Arena.ofConfined()) {
            List<SessionReader> readers = two(arena, 50);
            for (int limit : new int[] {1, 7, 50, 99, 100, 101}) {
                List<SessionRow> rows = all(readers, Map.of(), limit);
                Set<Integer> inside = new HashSet<>();
                rows.forEach(row -> inside.add(row.insideAddress()));
                assertThat(rows).as("limit %d", limit).hasSize(100);
                assertThat(inside).hasSize(100);
            }
        }
    }

    @Test
    void pagesInAnOrderFitTogether() {
        try (Arena arena = Arena.ofConfined()) {
            List<SessionReader> readers = two(arena, 50);
            List<SessionRow> byBytes = all(readers, Map.of("sort", "bytes"), 7);
            assertThat(byBytes)
                    .hasSize(100)
                    .isSortedAccordingTo(
                            Comparator.comparingLong(SessionPagesTest::bytes).reversed());
            assertThat(all(readers, Map.of("sort", "bytes", "order", "asc"), 33))
                    .isSortedAccordingTo(Comparator.comparingLong(SessionPagesTest::bytes))
                    .hasSize(100);
            assertThat(all(readers, Map.of("sort", "age"), 9))
                    .isSortedAccordingTo(
                            Comparator.comparingLong(SessionRow::ageMs).reversed())
                    .hasSize(100);
            assertThat(all(readers, Map.of("sort", "packets"), 9)).hasSize(100); // all the same: by their places
            assertThat(all(readers, Map.of("sort", "IDLE"), 100)).hasSize(100);
        }
    }

    private static long bytes(SessionRow row) {
        return row.bytesOut() + row.bytesIn();
    }

    @Test
    void whatIsNoPageIsSaid() {
        try (Arena arena = Arena.ofConfined()) {
            List<SessionReader> readers = two(arena, 5);
            String next = pages(readers).page(Map.of(), 2).next();
            for (Map<String, String> wrong : List.of(
                    Map.of("sort", "colour"),
                    Map.of("order", "up"),
                    Map.of("after", "x"),
                    Map.of("after", next, "sort", "bytes"),
                    Map.of("after", next.replace(START, "b2")),
                    Map.of("after", START + "_-_0_0_-5"),
                    Map.of("after", START + "_-_0_zero_0"))) {
                assertThatThrownBy(() -> pages(readers).page(wrong, 2))
                        .as(wrong.toString())
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(pages(readers)
                            .page(Map.of("after", START + "_-_0_7_2147483647"), 2)
                            .rows())
                    .isEmpty();
        }
    }

    @Test
    void whenTimeIsUpAPageEndsAndAnOrderIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            List<SessionReader> readers = two(arena, 50);
            SessionPages late = pages(readers, System.nanoTime());
            SessionPages.Page first = late.page(Map.of(), 1000);
            assertThat(first.rows()).as("a slice").hasSize(50);
            assertThat(pages(readers).page(Map.of("after", first.next()), 1000).rows())
                    .as("and the rest")
                    .hasSize(50);
            assertThatThrownBy(() -> late.page(Map.of("sort", "bytes"), 10))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in time");
        }
    }

    /** The thread that looks makes no garbage to speak of: a row for each that is shown, and for some that nearly are. */
    @Test
    void aMillionSessionsTakeNoHeap() {
        int million = 1_000_000;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofConfined()) {
            FilledTable table = new FilledTable(arena, million);
            for (int i = 0; i < million; i++) {
                table.add(i, 0);
            }
            List<SessionReader> readers = List.of(table.reader());
            pages(readers).page(Map.of("sort", "packets"), 10);
            long before = threads.getCurrentThreadAllocatedBytes();
            SessionPages.Page page = pages(readers).page(Map.of("sort", "bytes"), 100);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(rows(page))
                    .hasSize(100)
                    .allSatisfy(row -> assertThat(row.bytesOut()).isEqualTo(1000));
            assertThat(allocated).isLessThan(8L << 20);
        }
    }
}
