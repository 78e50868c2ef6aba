package net.nvgate.fabric.convergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.convergence.NodeConvergence.State;
import net.nvgate.fabric.policy.NodeId;
import org.junit.jupiter.api.Test;

class ConvergenceAlarmTest {

    private static final Instant SEEN = Instant.parse("2026-11-22T12:00:00Z");

    private final ConvergenceAlarm alarm = new ConvergenceAlarm(Duration.ofSeconds(30));

    private static NodeConvergence node(String name, State state, int lagSeconds) {
        Duration lag = Duration.ofSeconds(lagSeconds);
        return new NodeConvergence(
                new NodeId(NodeId.Kind.HOST, name),
                state,
                9,
                7,
                lagSeconds == 0 ? Optional.empty() : Optional.of(SEEN),
                lag,
                state != State.DISCONNECTED,
                Optional.empty(),
                true,
                "",
                "",
                Optional.of(SEEN),
                Optional.of(SEEN),
                state == State.ERROR ? "lookup-record/1: no room" : "",
                List.of(),
                Optional.empty());
    }

    private List<String> texts(NodeConvergence... nodes) {
        return alarm.check(List.of(nodes)).stream()
                .map(ConvergenceAlarm.Line::text)
                .toList();
    }

    @Test
    void saysSoOnceAndWhenItIsOver() {
        assertThat(texts(node("h1", State.BEHIND, 29))).isEmpty();
        assertThat(texts(node("h1", State.BEHIND, 30)))
                .containsExactly("host/h1 has not applied a change for 30 s: it should have revision 9 and has 7");
        assertThat(texts(node("h1", State.BEHIND, 31))).isEmpty();
        assertThat(texts(node("h1", State.BEHIND, 20))).isEmpty();
        assertThat(texts(node("h1", State.BEHIND, 31))).isEmpty();
        assertThat(texts(node("h1", State.LEVEL, 0))).containsExactly("host/h1 is level again, at revision 7");
        assertThat(texts(node("h1", State.LEVEL, 0))).isEmpty();
        assertThat(texts(node("h1", State.BEHIND, 30))).hasSize(1);
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(texts(node("h1", State.ERROR, 40), node("h2", State.DISCONNECTED, 40)))
                .satisfiesExactly(
                        error -> assertThat(error).endsWith("; it refused lookup-record/1: no room"),
                        gone -> assertThat(gone).endsWith("; it is not connected, last seen 2026-11-22T12:00:00Z"));
    }

    @Test
    void aNodeThatIsGoneOrLacksNothingIsNotNews() {
        assertThat(texts(node("h1", State.BEHIND, 40))).hasSize(1);
        assertThat(texts()).isEmpty();
        assertThat(texts(node("h2", State.DISCONNECTED, 0))).isEmpty();
    }

    @Test
    void manyAtOnceAreAFewLines() {
        List<NodeConvergence> late = new ArrayList<>();
        List<NodeConvergence> level = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            late.add(node("h" + n, State.BEHIND, 30));
            level.add(node("h" + n, State.LEVEL, 0));
        }
        assertThat(alarm.check(late))
                .hasSize(ConvergenceAlarm.LINES_MAX + 1)
                .allMatch(ConvergenceAlarm.Line::late)
                .last()
                .returns("190 more gateways and hosts are late", ConvergenceAlarm.Line::text);
        assertThat(alarm.check(level)).hasSize(ConvergenceAlarm.LINES_MAX + 1).noneMatch(ConvergenceAlarm.Line::late);
    }

    @Test
    void needsATime() {
        assertThatThrownBy(() -> new ConvergenceAlarm(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
