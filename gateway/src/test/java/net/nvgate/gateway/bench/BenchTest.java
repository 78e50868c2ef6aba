package net.nvgate.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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
        ByTurns.measure(byTurns("3", "1", "off", "^(nat-out|route-in)/64t/1000$"), Scenario.all(), out());
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

    @Test
    void eachOfTheProcessesOfAScenarioIsTold() throws Exception {
        ByTurns.measure(byTurns("2", "2", "off", "^nat-(out|in)/64t/1000$"), Scenario.all(), out());
        assertThat(printed.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.replaceFirst(" +[0-9.]+ ns.*", "")))
                .containsExactly(
                        "nat-out/64t/1000 process 1",
                        "nat-out/64t/1000 process 2",
                        "nat-out/64t/1000",
                        "nat-in/64t/1000 process 1",
                        "nat-in/64t/1000 process 2",
                        "nat-in/64t/1000");
    }

    private static BenchOptions byTurns(String rounds, String processes, String hugePages, String scenarios) {
        return BenchOptions.parse(new String[] {
            "--scenario",
            scenarios,
            "--seconds",
            "0.004",
            "--warm-up",
            "0.004",
            "--by-turns",
            rounds,
            "--processes",
            processes,
            "--hugepages",
            hugePages
        });
    }

    private PrintStream out() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }

    private void assertRefused(BenchOptions options, String why) {
        assertThatThrownBy(() -> ByTurns.measure(options, Scenario.all(), out()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
        assertThat(printed.size()).isZero();
    }

    @Test
    void turnsThatCannotBeTakenAreRefused() {
        assertRefused(byTurns("1", "1", "auto", "^(nat-out|route-in)/64t/1000$"), "--hugepages on or off");
        assertRefused(byTurns("1", "1", "off", "^nat-out/64t/1000$"), "2 to 8 steady scenarios, not 1");
        assertRefused(
                byTurns("1", "6", "off", "^(nat-out|nat-in|route-in)/64t/1000$"),
                "16 processes at most, not 6 of each of 3");
        assertThatThrownBy(() -> BenchOptions.parse(new String[] {"--processes", "9"}))
                .hasMessage("--processes is 1..8, not 9");
        assertThatThrownBy(() -> BenchOptions.parse(new String[] {"--processes", "2"}))
                .hasMessageContaining("--processes is for --by-turns");
    }

    /** Not of one that needs long: it never answers. */
    @Test
    void aProcessThatDoesNotAnswerIsKilledAndNamed() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        Contestant contestant = new Contestant("nat-out process 2", process, Duration.ofMillis(100));
        assertThatThrownBy(contestant::awaitReady)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("nat-out process 2 has not answered within 0.1 s and was killed");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        contestant.end();
    }

    @Test
    void aProcessThatEndsIsNamed() throws Exception {
        Contestant silent = new Contestant("silent", new ProcessBuilder("true").start(), Duration.ofSeconds(60));
        assertThatThrownBy(silent::awaitReady).hasMessage("silent has ended by itself");
        silent.end();
        Contestant odd = new Contestant(
                "odd",
                new ProcessBuilder("sh", "-c", "echo found; read line; echo found it").start(),
                Duration.ofSeconds(60));
        odd.awaitReady();
        assertThatThrownBy(odd::run).hasMessage("odd has found ' it', which is no number");
        odd.end();
    }

    /** Of the first one's processes, 40 and 60 ns in the first round, 50 and 70 in the second one: 50 and 60 ns are what others are compared with. */
    @Test
    void ratiosAreToTheMedianOfTheFirstScenarioInTheSameRound() {
        Rounds first = new Rounds("first", Work.NAT_OUT, List.of(List.of(40.0, 50.0), List.of(60.0, 70.0)));
        Rounds other = new Rounds(
                "other", Work.NAT_OUT, List.of(List.of(55.0, 66.0), List.of(60.0, 72.0), List.of(100.0, 120.0)));
        assertThat(other.lines(first))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("other process 1 ")
                                .endsWith(" 60.5 ns/packet (57.8..63.3); +10.0 % (+10.0..+10.0) to first"),
                        line -> assertThat(line)
                                .startsWith("other process 2 ")
                                .endsWith(" 66.0 ns/packet (63.0..69.0); +20.0 % (+20.0..+20.0) to first"),
                        line -> assertThat(line)
                                .startsWith("other process 3 ")
                                .endsWith(" 110.0 ns/packet (105.0..115.0); +100.0 % (+100.0..+100.0) to first"),
                        line -> assertThat(line)
                                .startsWith("other   ")
                                .endsWith(
                                        " 66.0 ns/packet (60.5..110.0, medians of 3 processes); +20.0 % (+10.0..+100.0) to first"));
        assertThat(first.lines(first).getLast()).endsWith("; +0.0 % (-18.3..+18.3) to first");
    }
}
