package net.nvgate.fabric.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.convergence.Arrivals.Arrival;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.testing.MovableClock;
import org.junit.jupiter.api.Test;

/** What is told of changes that arrive: only what this manager can know. */
class ArrivalsTest {

    private static final NodeId NODE = new NodeId(NodeId.Kind.GATEWAY, "gw-1");

    private final MovableClock clock = MovableClock.still();
    private final List<Arrival> heard = new ArrayList<>();
    private final Arrivals arrivals = new Arrivals(clock, heard::add);

    private void published(long... revisions) {
        for (long revision : revisions) {
            arrivals.onRevision(revision, Set.of(NODE));
        }
    }

    private void sentAndApplied(long revision) {
        arrivals.sent(NODE, revision);
        clock.jump(Duration.ofMillis(3));
        arrivals.applied(NODE, revision);
    }

    private List<Long> told() {
        return heard.stream().map(Arrival::revision).toList();
    }

    @Test
    void eachChangeHasItsTimes() {
        arrivals.connected(NODE, 6);
        Instant start = clock.instant();
        published(7);
        clock.jump(Duration.ofMillis(1));
        published(8, 11);
        clock.jump(Duration.ofMillis(1));
        sentAndApplied(8);
        assertThat(heard)
                .containsExactly(
                        new Arrival(7, NODE, start, start.plusMillis(2), start.plusMillis(5)),
                        new Arrival(8, NODE, start.plusMillis(1), start.plusMillis(2), start.plusMillis(5)));
        sentAndApplied(11);
        assertThat(told()).containsExactly(7L, 8L, 11L);
    }

    @Test
    void whatANodeHasFromAnotherManagerIsNotTold() {
        arrivals.connected(NODE, 6);
        published(7);
        sentAndApplied(7);
        heard.clear();
        published(8);
        arrivals.sent(NODE, 8); // and the connection breaks
        published(9, 10);
        clock.jump(Duration.ofHours(1));
        arrivals.connected(NODE, 9);
        published(11);
        sentAndApplied(11);
        assertThat(told()).as("it lacked 10 indeed").containsExactly(10L, 11L);
    }

    @Test
    void whoComesWithNothingMayHaveHadItAll() {
        arrivals.connected(NODE, 6);
        published(7, 8);
        clock.jump(Duration.ofHours(1));
        arrivals.connected(NODE, 0);
        published(9);
        sentAndApplied(9);
        assertThat(told()).containsExactly(9L);
    }

    @Test
    void whatWasNotSentIsNotTold() {
        arrivals.connected(NODE, 6);
        published(7);
        arrivals.applied(NODE, 7);
        assertThat(heard).isEmpty();
    }

    /** The node was faster than who tells listeners of a revision. */
    @Test
    void appliedBeforeItIsPublishedDoesNotStayOpen() {
        arrivals.connected(NODE, 6);
        arrivals.sent(NODE, 7);
        published(7);
        arrivals.applied(NODE, 7);
        assertThat(told()).containsExactly(7L);
        sentAndApplied(8);
        published(8);
        clock.jump(Duration.ofHours(1));
        published(9);
        sentAndApplied(9);
        assertThat(told()).containsExactly(7L, 9L);
    }

    @Test
    void nothingIsKeptOfNodesThatNeverCameOrLeftTheFabric() {
        published(7);
        sentAndApplied(7);
        arrivals.connected(NODE, 7);
        published(8);
        arrivals.forgotten(NODE);
        sentAndApplied(8);
        assertThat(heard).isEmpty();
    }

    @Test
    void ofANodeThatIsAwayTheNewestAreKept() {
        arrivals.connected(NODE, 1);
        for (long revision = 2; revision < 2 + Arrivals.OPEN_MAX + 5; revision++) {
            published(revision);
        }
        sentAndApplied(2 + Arrivals.OPEN_MAX + 4);
        assertThat(told()).hasSize(Arrivals.OPEN_MAX).startsWith(7L);
    }
}
