package net.nvgate.fabric.netwnv;

import static net.nvgate.fabric.netwnv.SampleHosts.BLUE;
import static net.nvgate.fabric.netwnv.SampleHosts.RED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import org.junit.jupiter.api.Test;

/** Findings of an import about gateways' PAs and wildcards, and about what is added. */
class GatewayFindingsTest {

    private static final NetWnvProviderAddress GATEWAYS = NetWnvProviderAddress.of(SampleHosts.GATEWAY, 24, 7);

    private final List<NetWnvHost> hosts = new ArrayList<>(SampleHosts.all(false));

    private void finds(FindingCode code, FindingCode.Severity severity, String subject, String message) {
        List<Finding> all = NetWnvImport.of(ImportFixture.sources(hosts), SampleHosts.options())
                .findings();
        assertThat(all).anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.subject()).isEqualTo(subject);
            assertThat(finding.message()).contains(message);
        });
    }

    private static NetWnvHost with(
            NetWnvHost host, List<NetWnvLookupRecord> records, List<NetWnvProviderAddress> addresses) {
        List<NetWnvLookupRecord> allRecords = new ArrayList<>(host.lookupRecords());
        allRecords.addAll(records);
        List<NetWnvProviderAddress> allAddresses = new ArrayList<>(host.providerAddresses());
        allAddresses.addAll(addresses);
        return SampleHosts.with(host, allRecords, host.customerRoutes(), allAddresses);
    }

    @Test
    void aHostThatHasTheGatewaysPaAndVms() {
        hosts.set(0, with(hosts.getFirst(), List.of(), List.of(GATEWAYS)));
        finds(
                FindingCode.GATEWAY_PA,
                FindingCode.Severity.ERROR,
                "HV1",
                "has the PA 192.168.1.103 that a gateway takes, and VMs");
    }

    @Test
    void aHostThatIsNothingButTheGateway() {
        hosts.add(new NetWnvHost("GW", List.of(), List.of(), List.of(GATEWAYS), List.of(), Optional.empty()));
        finds(
                FindingCode.HOST_IS_GATEWAY,
                FindingCode.Severity.INFO,
                "GW",
                "has the PA 192.168.1.103 that a gateway takes, and no VMs; it is left out");
    }

    @Test
    void aGatewayWhoseWildcardNoHostShows() {
        finds(
                FindingCode.MISSING_WILDCARD,
                FindingCode.Severity.INFO,
                "RDID " + RED + " gateway 001DD80000FE in VSID 7000",
                "no host shows its wildcard record");
    }

    @Test
    void aNicOfOneFamilyInASubnetOfBoth() {
        NetWnvLookupRecord single = SampleHosts.fixed(BLUE, 6000, "10.0.0.9", "00155D0000AA", "192.168.1.11", "single");
        hosts.replaceAll(host -> with(host, List.of(single), List.of()));
        finds(
                FindingCode.ADDED,
                FindingCode.Severity.INFO,
                "VSID 6000 00155D0000AA",
                "here it has the IPv6 address " + IpAddress.parse("fd00:60::215:5dff:fe00:aa"));
    }
}
