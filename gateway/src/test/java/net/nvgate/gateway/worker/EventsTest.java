package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.api.Test;

class EventsTest {

    private final WorkerClock clock = new WorkerClock();
    private final Events events = new Events(TestMemory.allocate(Events.bytes(), 64), clock);

    private List<Event> told() {
        List<Event> told = new ArrayList<>();
        for (Event event = events.poll(); event != null; event = events.poll()) {
            told.add(event);
        }
        return told;
    }

    private void at(long ms) {
        clock.set(ms * 1_000_000);
    }

    @Test
    void firstOneIsToldAtOnce() {
        events.report(EventKind.NAT_PORTS_EXHAUSTED, 7, 0xc0a80103, 0xcb00710a, 17);
        assertThat(told()).containsExactly(new Event(EventKind.NAT_PORTS_EXHAUSTED, 7, 0xc0a80103, 0xcb00710a, 17, 1));
    }

    @Test
    void floodIsToldOncePerSecondWithItsSize() {
        for (int ms = 0; ms < 3500; ms++) {
            at(ms);
            events.report(EventKind.SYN_FLOOD, 1, ms, 2, 6);
            events.tick();
        }
        assertThat(told().stream().map(Event::count)).containsExactly(1L, 1000L, 1000L, 1000L);
        assertThat(events.count(EventKind.SYN_FLOOD)).isEqualTo(3500);
        assertThat(events.lost()).isZero();
    }

    @Test
    void whatWasHeldBackIsToldAlsoWhenNothingMoreHappens() {
        for (int i = 0; i < 5; i++) {
            events.report(EventKind.TENANT_QUOTA, 3, i, 0, 17);
        }
        for (int ms = 0; ms < 1200; ms++) {
            at(ms);
            events.tick();
        }
        assertThat(told())
                .containsExactly(
                        new Event(EventKind.TENANT_QUOTA, 3, 0, 0, 17, 1),
                        new Event(EventKind.TENANT_QUOTA, 3, 4, 0, 17, 4));
    }

    @Test
    void aFloodOfOneTenantHidesNoOtherTenantAndNoOtherKind() {
        for (int i = 0; i < 10_000; i++) {
            events.report(EventKind.TENANT_QUOTA, 1, i, 0, 17);
        }
        events.report(EventKind.TENANT_QUOTA, 2, 1, 0, 17);
        events.report(EventKind.HOST_QUOTA, 1, 1, 0, 17);
        assertThat(told()).hasSize(3);
    }

    @Test
    void whatTheControlThreadDoesNotTakeIsLostAndCounted() {
        int reported = 700;
        for (int i = 0; i < reported; i++) {
            events.report(EventKind.HOST_QUOTA, i, 1, 0, 17);
        }
        List<Event> told = told();
        assertThat(told).hasSize(256);
        assertThat(events.lost()).isEqualTo(reported - 256);
        assertThat(events.count(EventKind.HOST_QUOTA)).isEqualTo(reported);
    }
}
