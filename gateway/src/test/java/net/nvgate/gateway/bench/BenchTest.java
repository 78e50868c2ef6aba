package net.nvgate.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** That the bench runs and finds its packets forwarded as they should be; how fast is not asked. */
@ExtendWith(EalExtension.class)
class BenchTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private List<Result> run(String scenario) throws Exception {
        BenchOptions options = BenchOptions.parse(
                new String[] {"--scenario", scenario, "--seconds", "0.004", "--warm-up", "0.004", "--runs", "2"});
        return Bench.run(options, new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @Test
    void everyKindOfWorkForwardsAllItsPackets() throws Exception {
        List<Result> results = run("t/1000$|^imix");
        assertThat(results)
                .extracting(Result::name)
                .contains(
                        "nat-out/64t/1000",
                        "nat-in/64t/1000",
                        "nat-both/64t/1000",
                        "route-out/64t/1000",
                        "route-in/64t/1000",
                        "imix/64t/64000");
        assertThat(results).allSatisfy(result -> {
            assertThat(result.nanosPerPacket()).hasSize(2).allMatch(nanos -> nanos > 0);
            assertThat(result.generatorNanosPerPacket()).hasSize(2);
            assertThat(printed.toString(StandardCharsets.UTF_8)).contains(result.line());
        });
    }

    @Test
    void optionsThatItDoesNotKnowAreNamed() {
        assertThatThrownBy(() -> BenchOptions.parse(new String[] {"--nonesuch", "1"}))
                .hasMessageContaining("unknown option --nonesuch");
        assertThatThrownBy(() -> BenchOptions.parse(new String[] {"--runs"}))
                .hasMessageContaining("--runs needs a value");
    }
}
