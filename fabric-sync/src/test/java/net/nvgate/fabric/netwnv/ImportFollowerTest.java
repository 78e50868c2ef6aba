package net.nvgate.fabric.netwnv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.file.FilePlan;
import net.nvgate.fabric.file.FileStep;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.netwnv.ImportRun.Outcome;
import net.nvgate.fabric.netwnv.ImportRun.Result;
import net.nvgate.fabric.netwnv.NetWnvFiles.Format;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fabric that follows hosts' files: only differences are applied, and what is wrong changes nothing. */
@Timeout(300)
class ImportFollowerTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T19:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private Path files;
    private ImportFixture fabric;

    @BeforeEach
    void start() {
        files = directory.resolve("hosts");
        fabric = new ImportFixture(directory.resolve("fabric"));
        ImportFixture.write(files, SampleHosts.all(false), Format.JSON);
    }

    @AfterEach
    void stop() {
        fabric.close();
    }

    private final class Target implements ImportRun.Target {
        @Override
        public ImportRun.Pending plan(String file) {
            FilePlan plan = fabric.plan(file);
            return new ImportRun.Pending(
                    plan.steps().size(),
                    plan.steps().stream()
                            .filter(step -> step.kind() == Kind.HOST && step.action() == FileStep.Action.DELETE)
                            .map(FileStep::key)
                            .toList());
        }

        @Override
        public long apply(String file) {
            return fabric.apply(file).revision();
        }
    }

    private ImportRun run(boolean removeHosts) {
        return new ImportRun(
                new ImportRun.Settings(List.of(files), EnumNumbers.REFUSED, SampleHosts.options(), removeHosts),
                new Target(),
                CLOCK);
    }

    private Vm vm(String name) {
        return (Vm) fabric.manager.list(Kind.VM, name).getFirst();
    }

    @Test
    void onlyTheDifferenceIsApplied() {
        Outcome first = run(false).run();
        assertThat(first.result()).as(first.reason()).isEqualTo(Result.APPLIED);
        assertThat(first.hosts()).isEqualTo(3);
        assertThat(first.records()).isEqualTo(19 + 24 + 24);
        Vm web2 = vm("web2");
        Vm db = vm("db");
        assertThat(run(false).run().result()).isEqualTo(Result.UNCHANGED);

        ImportFixture.write(files, SampleHosts.later(), Format.JSON);
        Outcome second = run(false).run();
        assertThat(second.result()).as(second.reason()).isEqualTo(Result.APPLIED);
        assertThat(second.revision()).isEqualTo(first.revision() + 1);
        assertThat(vm("web2").id()).isEqualTo(web2.id());
        assertThat(vm("web2").hostId()).isNotEqualTo(web2.hostId());
        assertThat(vm("db")).isEqualTo(db);
        assertThat(vm("node").nics().getFirst().learnedAddresses()).hasToString("[10.0.2.100]");
        assertThat(fabric.manager.list(Kind.VM, "red1")).isEmpty();
        // HV3 has no VM of red any more, and HV2 none of blue.
        assertThat(second.findings())
                .filteredOn(finding -> finding.code() == FindingCode.NOT_NEEDED_ON_HOST)
                .extracting(Finding::toString)
                .containsExactlyInAnyOrder(
                        "INFO NOT_NEEDED_ON_HOST RDID " + SampleHosts.RED
                                + " [HV3]: has 3 records of ports, but no VM of it; here it does not get them",
                        "INFO NOT_NEEDED_ON_HOST RDID " + SampleHosts.BLUE
                                + " [HV2]: has 14 records of ports, but no VM of it; here it does not get them");
        assertThat(fabric.export("HV3").lookupRecords())
                .isEqualTo(SampleHosts.comparable(SampleHosts.later().get(2)).lookupRecords().stream()
                        .filter(record -> record.virtualSubnetId() != 7000)
                        .toList());
        assertThat(run(false).run().result()).isEqualTo(Result.UNCHANGED);
    }

    @Test
    void whatIsWrongChangesNothingAndSaysWhy() throws IOException {
        assertThat(run(false).run().result()).isEqualTo(Result.APPLIED);
        String good = Files.readString(files.resolve("HV2.json"));
        long revision = fabric.manager.revision();

        Files.writeString(files.resolve("HV2.json"), good.substring(0, good.length() / 2));
        assertRefused("HV2.json, line");
        Files.writeString(files.resolve("HV2.json"), good.replace("192.168.1.11", "192.168.1.31"));
        assertRefused("errors, first ERROR STALE_RECORD VSID 6000 10.0.0.5");
        Files.delete(files.resolve("HV2.json"));
        assertRefused("4 errors, first ERROR UNKNOWN_PA VSID 7000 0.0.0.0 00155D000009");
        assertThat(fabric.manager.revision()).isEqualTo(revision);
    }

    private void assertRefused(String reason) {
        Outcome outcome = run(false).run();
        assertThat(outcome.result()).isEqualTo(Result.REFUSED);
        assertThat(outcome.reason()).contains(reason);
    }

    @Test
    void aHostGoesOnlyIfThatIsAskedFor() {
        assertThat(run(false).run().result()).isEqualTo(Result.APPLIED);
        List<NetWnvHost> fewer = new ArrayList<>();
        for (NetWnvHost host : SampleHosts.all(false).subList(0, 2)) {
            fewer.add(SampleHosts.with(
                    host,
                    host.lookupRecords().stream()
                            .filter(record ->
                                    !record.providerAddress().toString().equals("192.168.1.31"))
                            .toList(),
                    host.customerRoutes().stream()
                            .filter(route -> !route.nextHop().toString().equals("10.0.2.5"))
                            .toList(),
                    host.providerAddresses()));
        }
        deleteAll();
        ImportFixture.write(files, fewer, Format.CSV);
        assertRefused("no file tells of HV3 any more; hosts are removed only if that is asked for");
        Outcome outcome = run(true).run();
        assertThat(outcome.result()).as(outcome.reason()).isEqualTo(Result.APPLIED);
        assertThat(fabric.manager.list(Kind.HOST)).hasSize(2);
        deleteAll();
        assertThat(run(true).run().reason()).startsWith("there is no host in");
    }

    private void deleteAll() {
        try (var all = Files.list(files)) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** At once, so that nobody reads a half of it. */
    private void putInPlace(String name, String text) throws IOException {
        Path beside = Files.writeString(directory.resolve(name), text);
        Files.move(beside, files.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void changesOfFilesAreFollowed() throws Exception {
        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        ImportMetrics metrics = new ImportMetrics();
        ImportFollower follower =
                new ImportFollower(run(false), Duration.ofHours(1), Duration.ofMillis(100), outcome -> {
                    metrics.add(outcome);
                    outcomes.add(outcome);
                });
        Thread thread = Thread.ofPlatform().name("import").start(() -> {
            try {
                follower.follow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(outcomes.poll(60, TimeUnit.SECONDS).result()).isEqualTo(Result.APPLIED);
        String good = Files.readString(files.resolve("HV1.json"));
        putInPlace("HV1.json", "{");
        assertThat(outcomes.poll(60, TimeUnit.SECONDS).result()).isEqualTo(Result.REFUSED);
        putInPlace("HV1.json", good);
        assertThat(outcomes.poll(60, TimeUnit.SECONDS).result()).isEqualTo(Result.UNCHANGED);
        thread.interrupt();
        thread.join(60_000);
        assertThat(thread.isAlive()).isFalse();
        Path text = directory.resolve("import.prom");
        metrics.write(text);
        assertThat(Files.readString(text))
                .contains(
                        "nvgate_import_runs_total{result=\"applied\"} 1\n",
                        "nvgate_import_runs_total{result=\"refused\"} 1\n",
                        "nvgate_import_last_success_timestamp_seconds 1795374000\n",
                        "nvgate_import_hosts 3\n",
                        "nvgate_import_findings{severity=\"warning\"} 1\n");
    }
}
