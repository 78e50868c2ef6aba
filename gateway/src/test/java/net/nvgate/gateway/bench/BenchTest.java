package net.nvgate.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.IntUnaryOperator;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.dpdk.LcoreThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** That the bench runs and finds its packets forwarded as they should be; how fast is not asked. */
@ExtendWith(EalExtension.class)
class BenchTest {

    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private List<Result> run(List<Scenario> scenarios) throws Exception {
        BenchOptions options = BenchOptions.parse(
                new String[] {"--scenario", "[A-Z]", "--seconds", "0.004", "--warm-up", "0.004", "--runs", "2"});
        Report report = Bench.run(options, scenarios, false, new PrintStream(printed, true, StandardCharsets.UTF_8));
        Path file = directory.resolve("bench.json");
        report.write(file);
        assertThat(report.mergeInto(file)).isEqualTo(report);
        assertThat(JsonMapper.shared()
                        .readTree(Files.readString(file))
                        .get("results")
                        .size())
                .isEqualTo(scenarios.size());
        Plots.write(report, directory);
        assertThat(directory.resolve("turns.svg"))
                .content()
                .contains("a loop that does nothing")
                .endsWith("</svg>\n");
        assertThat(report.memory().bytesPerSession()).isPositive();
        assertThat(report.memory().bytesPerRecord()).isPositive();
        return report.results();
    }

    private static Scenario scenario(Scenario.Kind kind, Work work, IntUnaryOperator ipBytes) {
        String name = kind + " " + work + " " + ipBytes.applyAsInt(11);
        return new Scenario(name, kind, work, new BenchShape(3, 30, 300, 1_000), ipBytes);
    }

    @Test
    void everyKindOfWorkForwardsAllItsPackets() throws Exception {
        List<Scenario> scenarios = new ArrayList<>();
        for (Work work : Work.values()) {
            scenarios.add(scenario(Scenario.Kind.STEADY, work, Traffic.ALL_SMALL));
        }
        scenarios.add(scenario(Scenario.Kind.STEADY, Work.NAT_BOTH, Traffic.IMIX));
        scenarios.add(scenario(Scenario.Kind.CHURN, Work.NAT_OUT, Traffic.ALL_SMALL));
        scenarios.add(scenario(Scenario.Kind.RECORD_CHANGES, Work.NAT_OUT, Traffic.ALL_SMALL));
        scenarios.add(scenario(Scenario.Kind.NEW_SESSIONS, Work.NAT_OUT, Traffic.ALL_SMALL));
        List<Result> results = run(scenarios);
        assertThat(results)
                .extracting(Result::name)
                .isEqualTo(scenarios.stream().map(Scenario::name).toList());
        assertThat(results).allSatisfy(result -> {
            assertThat(result.nanosPerPacket()).hasSize(2).allMatch(nanos -> nanos > 0);
            assertThat(result.generatorNanosPerPacket()).hasSize(2);
            assertThat(printed.toString(StandardCharsets.UTF_8)).contains(result.line());
        });
        assertThat(results.getLast().sessionsMadePerSecond()).isPositive();
    }

    /** Each looks itself whether as many packets were handed over as its name says, and whether they came out right. */
    @Test
    void twoWorkersForwardWhatEitherHasReceived() {
        List<Integer> cpus = LcoreThreads.allowedCpus();
        BenchOptions options =
                BenchOptions.parse(new String[] {"--seconds", "0.02", "--warm-up", "0.01", "--runs", "2"});
        WorkersMeasurement measurement = new WorkersMeasurement(options, List.of(cpus.getLast(), cpus.getFirst()));
        // More than the rings behind a worker hold.
        BenchShape shape = new BenchShape(4, 40, 4_000, 0);
        for (WorkersScenario.Spread spread : WorkersScenario.Spread.values()) {
            for (Work work : List.of(Work.NAT_OUT, Work.NAT_IN)) {
                Result result = measurement.measure(new WorkersScenario(2, spread, work, shape));
                assertThat(result.nanosPerPacket()).as(result.line()).hasSize(2).allMatch(nanos -> nanos > 0);
                assertThat(result.generatorNanosPerPacket()).hasSize(2).allMatch(nanos -> nanos > 0);
            }
        }
    }

    @Test
    void workersGetCpusAsThoseOfAGatewayDo() {
        assertThat(WorkersMeasurement.cpus(2, List.of(0, 1, 2, 3), 3)).containsExactly(2, 1, 0);
        assertThat(WorkersMeasurement.cpus(1, List.of(1, 2, 3), 3)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> WorkersMeasurement.cpus(1, List.of(0, 1), 3))
                .hasMessageContaining("--workers 3 needs as many CPUs");
        assertThat(WorkersScenario.all(2))
                .extracting(WorkersScenario::name)
                .doesNotHaveDuplicates()
                .contains("workers-1-own/nat-out/64t/1000", "workers-2-other/nat-in/64t/64000");
    }

    /** That it ends, and gets packets back; how many and when is the machine's. */
    @Test
    void theLossFreeRateIsLookedForOnTwoThreads() throws Exception {
        FutureTask<LossFree.Found> task = new FutureTask<>(() -> {
            LcoreThreads.register();
            try (BenchMemory memory = new BenchMemory()) {
                List<Integer> cpus = LcoreThreads.allowedCpus();
                long arrays = memory.allocate(8L * 128, 64);
                return LossFree.measure(new BenchShape(3, 30, 300, 0), 0.004, cpus.getLast(), cpus, arrays);
            } finally {
                LcoreThreads.unregister();
            }
        });
        Thread.ofPlatform().start(task);
        LossFree.Found found = task.get();
        assertThat(found.lossFreeMpps()).isGreaterThanOrEqualTo(0);
        assertThat(found.line()).contains("loss-free nat-out/3t/300");
    }

    @Test
    void theNamesOfScenariosTellThemApart() {
        assertThat(Scenario.all())
                .extracting(Scenario::name)
                .doesNotHaveDuplicates()
                .contains("nat-out/64t/1000000");
    }

    @Test
    void aLineOfAPeerIsItsNameItsFlowsAndAFigureForEachRun() {
        assertThat(Peers.Result.parse("testpmd-io 1000 30.5 29 31.25"))
                .isEqualTo(new Peers.Result("testpmd-io", 1_000, 30.5, List.of(30.5, 29.0, 31.25)));
    }

    @Test
    void optionsThatItDoesNotKnowAreNamed() {
        assertThatThrownBy(() -> BenchOptions.parse(new String[] {"--nonesuch", "1"}))
                .hasMessageContaining("unknown option --nonesuch");
        assertThatThrownBy(() -> BenchOptions.parse(new String[] {"--runs"}))
                .hasMessageContaining("--runs needs a value");
    }

    @Test
    void scenariosTakeTurnsInAProcessEach() throws Exception {
        BenchOptions options = BenchOptions.parse(new String[] {
            "--scenario",
            "^(nat-out|route-in)/64t/1000$",
            "--seconds",
            "0.004",
            "--warm-up",
            "0.004",
            "--by-turns",
            "3",
            "--hugepages",
            "off"
        });
        ByTurns.measure(options, Scenario.all(), new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("nat-out/64t/1000 ")
                                .contains(" ns/packet (")
                                .endsWith("; +0.0 % (+0.0..+0.0) to nat-out/64t/1000"),
                        line -> assertThat(line)
                                .startsWith("route-in/64t/1000 ")
                                .contains(" ns/packet (")
                                .endsWith(" to route-in/64t/1000"));
    }
}
