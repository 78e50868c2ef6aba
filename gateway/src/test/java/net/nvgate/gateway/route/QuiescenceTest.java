package net.nvgate.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuiescenceTest {

    private final Quiescence quiescence = new Quiescence(2);

    @Test
    void withoutWorkersEverythingHasPassed() {
        assertThat(quiescence.passed(quiescence.start())).isTrue();
    }

    @Test
    void waitsForEveryRunningWorkerToPass() {
        int first = quiescence.register();
        int second = quiescence.register();
        quiescence.unpark(first);
        quiescence.unpark(second);
        long token = quiescence.start();
        assertThat(quiescence.passed(token)).isFalse();
        quiescence.pass(first);
        assertThat(quiescence.passed(token)).isFalse();
        quiescence.pass(second);
        assertThat(quiescence.passed(token)).isTrue();
        assertThat(quiescence.passed(quiescence.start())).isFalse();
    }

    @Test
    void parkedAndGoneWorkersAreNotWaitedFor() {
        int parked = quiescence.register();
        int gone = quiescence.register();
        quiescence.unpark(parked);
        quiescence.unpark(gone);
        long token = quiescence.start();
        quiescence.park(parked);
        assertThat(quiescence.passed(token)).isFalse();
        quiescence.unregister(gone);
        assertThat(quiescence.passed(token)).isTrue();
        quiescence.unpark(parked);
        assertThat(quiescence.passed(token)).as("has seen the token as it woke").isTrue();
    }

    @Test
    void aSlotIsReusedAndTheirNumberIsLimited() {
        quiescence.register();
        int second = quiescence.register();
        assertThatThrownBy(quiescence::register).hasMessageContaining("2 workers");
        quiescence.unregister(second);
        assertThat(quiescence.register()).isEqualTo(second);
    }

    @Test
    void reclaimerGivesBackInBatchesAfterTheirGracePeriod() {
        int worker = quiescence.register();
        quiescence.unpark(worker);
        Reclaimer reclaimer = new Reclaimer(quiescence);
        List<Long> back = new ArrayList<>();
        reclaimer.retire((what, _) -> back.add(what), 1, 0);
        reclaimer.seal();
        quiescence.pass(worker);
        reclaimer.retire((what, _) -> back.add(what), 2, 0);
        reclaimer.seal();
        assertThat(back).containsExactly(1L);
        assertThat(reclaimer.pending()).isEqualTo(1);
        quiescence.pass(worker);
        reclaimer.poll();
        assertThat(back).containsExactly(1L, 2L);
        assertThat(reclaimer.pending()).isZero();
    }
}
