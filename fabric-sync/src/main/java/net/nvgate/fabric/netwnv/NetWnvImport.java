package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.file.FabricFiles;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.netwnv.RecordSurvey.Entry;

/**
 * Hosts' states as a fabric.
 *
 * @param file the fabric file that makes it (YAML)
 * @param findings what is inconsistent, cannot be held, or will differ; errors first
 */
public record NetWnvImport(String file, List<Finding> findings) {

    public NetWnvImport {
        findings = List.copyOf(findings);
    }

    public static NetWnvImport of(List<NetWnvSource> sources, ImportOptions options) {
        Findings findings = new Findings(sources, options.tolerated());
        PaSurvey pas = new PaSurvey(sources, findings);
        DomainSurvey domains = new DomainSurvey(sources, findings);
        RecordSurvey records = new RecordSurvey(sources, pas, domains, findings);
        WaySurvey ways = new WaySurvey(pas, domains, records, options, findings);
        NicSurvey nics = new NicSurvey(pas, domains, records, ways, findings);
        for (NetWnvSource source : sources) {
            NetWnvHost host = source.host();
            if (host.global().filter(NetWnvGlobal::useExternalRouter).isPresent()) {
                findings.add(
                        FindingCode.USE_EXTERNAL_ROUTER,
                        host.name(),
                        List.of(host.name()),
                        "UseExternalRouter is on; here the host routes between virtual subnets itself");
            }
        }
        domains.domains().forEach(rdid -> compare(rdid, pas, records, nics, findings));
        ImportFile file = new ImportFile(pas, domains, records, ways, nics, options, findings);
        return new NetWnvImport(FabricFiles.text(file.tree()), findings.all());
    }

    /** Hosts with VMs of a routing domain against what others know of it. */
    private static void compare(UUID rdid, PaSurvey pas, RecordSurvey records, NicSurvey nics, Findings findings) {
        Set<String> hosts = nics.hosts(rdid);
        Map<String, Integer> others = new TreeMap<>();
        for (Entry entry : records.ports(rdid)) {
            entry.hosts().stream()
                    .filter(host -> !hosts.contains(host))
                    .forEach(host -> others.merge(host, 1, Integer::sum));
        }
        others.forEach((host, count) -> findings.add(
                FindingCode.NOT_NEEDED_ON_HOST,
                "RDID " + rdid,
                List.of(host),
                "has " + count + " records of ports, but no VM of it; here it does not get them"));
        for (String host : hosts) {
            List<Entry> missing = new ArrayList<>();
            Set<IpAddress> unreached = new HashSet<>();
            for (Entry entry : records.ports(rdid)) {
                if (!entry.isUnspecified() && !records.has(host, entry.record().key())) {
                    missing.add(entry);
                }
                IpAddress pa = entry.record().providerAddress();
                if (!pas.reaches(host, pa)) {
                    unreached.add(pa);
                }
            }
            if (!missing.isEmpty()) {
                findings.add(
                        FindingCode.MISSING_ON_HOST,
                        "RDID " + rdid,
                        List.of(host),
                        "lacks " + missing.size() + " records that other hosts have, first "
                                + missing.getFirst().record().key());
            }
            if (!unreached.isEmpty()) {
                findings.add(
                        FindingCode.MISSING_PROVIDER_ROUTE,
                        "RDID " + rdid,
                        List.of(host),
                        "has no route to PA "
                                + unreached.stream().sorted().findFirst().orElseThrow() + " of its records");
            }
        }
    }

    /** Why it must not be applied; empty if it can be. */
    public Optional<String> refusal() {
        List<Finding> errors = findings.stream()
                .filter(finding -> finding.severity() == FindingCode.Severity.ERROR)
                .toList();
        return errors.isEmpty() ? Optional.empty() : Optional.of(errors.size() + " errors, first " + errors.getFirst());
    }
}
