package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdlingTest {

    private static final long NOTHING_DUE = Long.MAX_VALUE;
    private static final long MILLI = 1_000_000;

    @Test
    void housekeepingHasItsTurnsWhilePacketsComeNowAndThen() {
        assertThat(Idling.napMillis(0, NOTHING_DUE)).isEqualTo(1);
        assertThat(Idling.napMillis(Idling.QUIET_NANOS - 1, NOTHING_DUE)).isEqualTo(1);
    }

    @Test
    void whoIsIdleForLongerSleepsLonger() {
        assertThat(Idling.napMillis(Idling.QUIET_NANOS, NOTHING_DUE)).isEqualTo(10);
        assertThat(Idling.napMillis(Long.MAX_VALUE, NOTHING_DUE)).isEqualTo(10);
    }

    @Test
    void aLimitsQueueIsNotOverslept() {
        assertThat(Idling.napMillis(Idling.QUIET_NANOS, Worker.HOUSEKEEPING_NANOS))
                .isEqualTo(1);
        assertThat(Idling.napMillis(Idling.QUIET_NANOS, 7 * MILLI - 1)).isEqualTo(6);
        assertThat(Idling.napMillis(0, 7 * MILLI)).isEqualTo(1);
    }
}
