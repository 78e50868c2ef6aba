package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatchSlotsTest {

    private final WatchSlots slots = new WatchSlots();

    @Test
    void aTenantHasOneAtATime() {
        slots.take("a", 1);
        assertThat(slots.refusal(1)).contains("a trace or capture of this VM network runs already");
        assertThat(slots.refusal(2)).isEmpty();
        slots.free("a");
        assertThat(slots.refusal(1)).isEmpty();
    }

    @Test
    void tenantsLeaveSomeToThoseWhoRunTheGateway() {
        slots.take("a", 1);
        slots.take("b", 2);
        assertThat(slots.refusal(3)).isPresent();
        assertThat(slots.refusal(0)).isEmpty();
        slots.take("c", 0);
        assertThat(slots.refusal(0)).isEmpty();
        slots.take("d", 0);
        assertThat(slots.refusal(0)).isPresent();
        slots.free("b");
        assertThat(slots.refusal(0)).isEmpty();
        assertThat(slots.refusal(2)).isEmpty();
    }
}
