package net.nvgate.fabric.netwnv;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.netwnv.RecordSurvey.Entry;

/**
 * Names of VM networks and subnets. A VM network is called as all records of its RDID say by their Context, if it is no VM's name; a
 * VM subnet as the record of its default gateway does by VMName ({@link HostProjection}).
 */
final class DomainNames {

    private final DomainSurvey domains;
    private final RecordSurvey records;
    private final WaySurvey ways;
    private final Findings findings;

    DomainNames(DomainSurvey domains, RecordSurvey records, WaySurvey ways, Findings findings) {
        this.domains = domains;
        this.records = records;
        this.ways = ways;
        this.findings = findings;
    }

    /**
     * @param networks gets the names of VM networks
     * @param subnets gets the names of VM subnets; VSIDs that are none are not in it
     */
    void name(Map<UUID, String> networks, Map<Long, String> subnets) {
        Namer<UUID> names = new Namer<>();
        for (UUID rdid : domains.domains()) {
            String id = rdid.toString();
            names.want(rdid, contextOf(rdid).orElse("rdid-" + id.substring(0, 8)), id.substring(24));
        }
        for (UUID rdid : domains.domains()) {
            String network = names.name(rdid);
            networks.put(rdid, network);
            tellTexts(rdid, network);
            subnets(rdid, subnets);
        }
    }

    private void subnets(UUID rdid, Map<Long, String> subnets) {
        Namer<Long> names = new Namer<>();
        List<Long> held = domains.vsids(rdid).stream()
                .filter(vsid -> !domains.prefixes(vsid).isEmpty() && !ways.isRoutingSubnet(rdid, vsid))
                .toList();
        for (long vsid : held) {
            String name = records.routers(vsid).stream()
                    .map(entry -> entry.record().vmName())
                    .filter(given -> !given.isBlank() && !given.contains("/"))
                    .findFirst()
                    .orElse("vsid-" + vsid);
            names.want(vsid, name, Long.toString(vsid));
        }
        held.forEach(vsid -> subnets.put(vsid, names.name(vsid)));
    }

    private Stream<Entry> all(UUID rdid) {
        return Stream.concat(
                records.ports(rdid).stream(),
                domains.vsids(rdid).stream().flatMap(vsid -> records.routers(vsid).stream()));
    }

    private Optional<String> contextOf(UUID rdid) {
        Set<String> contexts = new TreeSet<>();
        all(rdid)
                .map(entry -> entry.record().context())
                .filter(text -> !text.isBlank())
                .forEach(contexts::add);
        boolean name = contexts.size() == 1
                && all(rdid)
                        .noneMatch(entry -> entry.record().vmName().isBlank()
                                || contexts.contains(entry.record().vmName()));
        return name ? Optional.of(contexts.iterator().next()) : Optional.empty();
    }

    /** What stands in texts that are used otherwise here. */
    private void tellTexts(UUID rdid, String network) {
        Set<String> lost = new TreeSet<>();
        Set<String> hosts = new TreeSet<>();
        all(rdid).forEach(entry -> {
            NetWnvLookupRecord record = entry.record();
            boolean context = !record.context().isBlank() && !record.context().equals(network);
            boolean customer =
                    !record.customerId().isBlank() && !record.customerId().equalsIgnoreCase(NetWnvText.guid(rdid));
            if (context) {
                lost.add("Context '" + NetWnvRow.shortened(record.context()) + "'");
            }
            if (customer) {
                lost.add("CustomerID '" + NetWnvRow.shortened(record.customerId()) + "'");
            }
            if (context || customer) {
                hosts.addAll(entry.hosts());
            }
        });
        if (!lost.isEmpty()) {
            findings.add(
                    FindingCode.TEXT_NOT_HELD,
                    "RDID " + rdid,
                    hosts,
                    "here Context is the name of the VM network, '" + network + "', and CustomerID the RDID, not "
                            + String.join(", ", lost.stream().limit(10).toList())
                            + (lost.size() > 10 ? " and " + (lost.size() - 10) + " more" : ""));
        }
    }
}
