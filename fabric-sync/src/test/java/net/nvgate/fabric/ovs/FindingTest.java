package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.stream.IntStream;
import net.nvgate.fabric.ovs.DriftKind.Finding;
import org.junit.jupiter.api.Test;

/** What is said of drift has an end, however much there is of it, and whoever wrote parts of it; the count is whole. */
class FindingTest {

    @Test
    void ofManyAFewAreNamed() {
        List<String> hops =
                IntStream.range(0, 4000).mapToObj(n -> "10.0.0." + n).toList();

        Finding many = Finding.of(DriftKind.NEIGHBOR, hops, "gone");
        assertThat(many.count()).isEqualTo(4000);
        assertThat(many.text()).isEqualTo("gone: 10.0.0.0, 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4 and 3995 more");
        assertThat(Finding.of(DriftKind.NEIGHBOR, hops.subList(0, 5), "gone").text())
                .endsWith("10.0.0.4");
    }

    @Test
    void whatOthersWroteIsCutOff() {
        DriftLog log = new DriftLog(new SimpleMeterRegistry());
        IntStream.range(0, 30)
                .forEach(n -> log.add(Finding.of(DriftKind.TUNNEL, n + " options " + "x".repeat(100_000))));

        assertThat(log.count(DriftKind.TUNNEL)).isEqualTo(30);
        assertThat(log.last())
                .hasSize(20)
                .allSatisfy(
                        entry -> assertThat(entry.finding().text()).hasSize(303).endsWith("xxx..."));
        assertThat(log.last().getLast().finding().text()).startsWith("29 options");
    }
}
