package net.nvgate.fabric.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import net.nvgate.fabric.convergence.NodeConvergence.Drift;
import net.nvgate.fabric.convergence.NodeConvergence.State;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.FollowerError;
import net.nvgate.fabric.sync.Followers.Follower;
import org.junit.jupiter.api.Test;

class HyperVStatusTest {

    private static final NodeId HOST = new NodeId(NodeId.Kind.HOST, "hv-1");
    private static final Instant SEEN = Instant.parse("2026-11-22T12:00:00Z");

    private static NodeConvergence view(String status, String lastError) {
        Follower follower = new Follower(HOST, true, "192.0.2.1", "agent", 42, 41, true, lastError, status, SEEN);
        return NodeViews.of(
                HOST,
                NodeViews.best(Optional.of(Seen.of(follower)), Optional.empty()),
                42,
                Optional.of(SEEN),
                SEEN.plusSeconds(3));
    }

    @Test
    void driftAndErrorsOfEachObject() {
        NodeConvergence view = view("""
                {"revision":42,"error":"","missing":{"count":2},"wrong":{"count":1},"extra":{"count":0},
                 "errors":{"count":1,"items":[{"object":"lookup-record/1","command":"New-X","message":"no adapter"}]}}
                """, "lookup-record/1: no adapter");
        assertThat(view.drift()).contains(new Drift(2, 1, 0));
        assertThat(view.state()).isEqualTo(State.ERROR);
        assertThat(view.errors()).containsExactly(new FollowerError("lookup-record/1", "no adapter", 42, SEEN, true));
        assertThat(view.standingErrors()).isEqualTo(1);
        assertThat(view.lagSeconds()).isEqualTo(3);
    }

    @Test
    void othersHaveNone() {
        assertThat(view("{\"records\":7}", "").drift()).isEmpty();
        assertThat(view("{\"missing\": 3, broken", "").drift()).isEmpty();
        assertThat(view("{\"missing\": 3}", "").drift()).contains(new Drift(0, 0, 0));
    }
}
