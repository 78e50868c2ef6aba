package net.nvgate.fabric.netwnv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import net.nvgate.fabric.netwnv.NetWnvFiles.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts' files make a fabric that gives the same records back. */
@Timeout(300)
class ImportRoundTripTest {

    @TempDir
    private Path directory;

    private NetWnvImport imported(List<NetWnvHost> hosts, Format format) {
        Path files = directory.resolve("files-" + format);
        ImportFixture.write(files, hosts, format);
        return NetWnvImport.of(NetWnvFiles.read(List.of(files), EnumNumbers.REFUSED), SampleHosts.options());
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void recordsOfThreeHostsComeBack(Format format) {
        NetWnvImport imported = imported(SampleHosts.all(false), format);
        assertThat(imported.findings())
                .extracting(finding -> finding.code() + " " + finding.subject())
                .containsExactlyInAnyOrder(
                        "RULE_NOT_ENCAP VSID 7000 10.0.0.8 00155D000008",
                        "MISSING_WILDCARD RDID " + SampleHosts.RED + " gateway 001DD80000FE in VSID 7000");
        try (ImportFixture fabric = new ImportFixture(directory.resolve("fabric"))) {
            assertThat(fabric.apply(imported.file()).transactions()).isEqualTo(1);
            for (NetWnvHost host : SampleHosts.all(false)) {
                assertThat(fabric.export(host.name())).isEqualTo(SampleHosts.comparable(host));
            }
            assertThat(fabric.plan(imported.file()).steps()).isEmpty();
        }
    }

    /** The dummy PA of the sample of 2012 becomes the host's own, as in the guide of 2012 R2; nothing else differs. */
    @Test
    void defaultGatewaysGetTheHostsPa() {
        NetWnvImport imported = imported(SampleHosts.all(true), Format.JSON);
        assertThat(imported.findings())
                .filteredOn(finding -> finding.code() == FindingCode.DG_PA)
                .extracting(Finding::toString)
                .containsExactly(
                        "INFO DG_PA HV2 [HV2]: its records of default gateways have PA [169.254.254.254];"
                                + " here they have the host's own, 192.168.1.21",
                        "INFO DG_PA HV3 [HV3]: its records of default gateways have PA [169.254.254.254];"
                                + " here they have the host's own, 192.168.1.31");
        try (ImportFixture fabric = new ImportFixture(directory.resolve("fabric"))) {
            fabric.apply(imported.file());
            for (NetWnvHost host : SampleHosts.all(false)) {
                assertThat(fabric.export(host.name())).isEqualTo(SampleHosts.comparable(host));
            }
        }
    }
}
