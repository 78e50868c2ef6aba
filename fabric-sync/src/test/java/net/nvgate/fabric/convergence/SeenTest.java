package net.nvgate.fabric.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.policy.NodeId;
import org.junit.jupiter.api.Test;

/** What managers tell each other changes when something has happened, and not because a node is alive. */
class SeenTest {

    private static final Instant SINCE = Instant.parse("2026-03-01T10:00:07Z");

    private static Seen seen(boolean connected, Instant last) {
        return new Seen(
                new NodeId(NodeId.Kind.HOST, "h1"),
                connected,
                42,
                true,
                "192.0.2.1:4000",
                "v7",
                SINCE,
                last,
                "",
                List.of(),
                Optional.empty());
    }

    @Test
    void signsOfLifeWithinHalfAMinuteAreToldAlike() {
        Seen told = seen(true, SINCE.plusSeconds(60)).told();
        assertThat(told.lastSeen()).isEqualTo(Instant.parse("2026-03-01T10:01:00Z"));
        assertThat(seen(true, SINCE.plusSeconds(82)).told()).isEqualTo(told);
        assertThat(seen(true, SINCE.plusSeconds(83)).told()).isNotEqualTo(told);
    }

    @Test
    void nobodyIsToldToHaveBeenSeenBeforeItCame() {
        assertThat(seen(true, SINCE.plusSeconds(3)).told().lastSeen()).isEqualTo(SINCE);
    }

    @Test
    void whenOneWasSeenLastThatHasGoneIsToldAsItIs() {
        Seen gone = seen(false, SINCE.plusSeconds(65));
        assertThat(gone.told()).isEqualTo(gone);
    }
}
