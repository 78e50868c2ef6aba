package net.nvgate.fabric.netwnv;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.nvgate.fabric.netwnv.RecordSurvey.Entry;

/** Distributed routers: their MACs, as the records of default gateways (DG) have them. */
final class Routers {

    private final RecordSurvey records;
    private final Findings findings;

    Routers(RecordSurvey records, Findings findings) {
        this.records = records;
        this.findings = findings;
    }

    /**
     * The MAC of a VSID's router; empty if there is none that can be held, so that one is allocated.
     *
     * @param taken MACs of the routing domain's other routers; this one is added
     */
    Optional<String> mac(long vsid, DomainSurvey.Prefixes prefixes, Set<String> taken) {
        List<Entry> found = Stream.concat(prefixes.v4().stream(), prefixes.v6().stream())
                .flatMap(prefix -> {
                    Optional<Entry> router = records.router(vsid, prefix);
                    if (router.isEmpty()) {
                        findings.add(
                                FindingCode.MISSING_DG,
                                "VSID " + vsid,
                                List.of(),
                                "no host has the record of the default gateway of " + prefix + "; it is made");
                    }
                    router.filter(entry -> !entry.customerAddress().equals(DomainSurvey.firstUsable(prefix)))
                            .ifPresent(entry -> findings.add(
                                    FindingCode.ROUTER_ADDRESS,
                                    entry.record().key(),
                                    entry.hosts(),
                                    "the default gateway is " + entry.customerAddress() + "; here it is "
                                            + DomainSurvey.firstUsable(prefix)));
                    return router.stream();
                })
                .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Entry first = found.getFirst();
        String mac = first.record().macAddress().toString();
        found.stream()
                .filter(entry ->
                        !entry.record().macAddress().equals(first.record().macAddress()))
                .forEach(entry ->
                        shared(entry, "the router of the other family has the MAC " + mac + ", which it gets"));
        if (!taken.add(mac)) {
            shared(first, "a router of another VSID of the RDID has the MAC; here it gets another");
            return Optional.empty();
        }
        return Optional.of(mac);
    }

    private void shared(Entry entry, String message) {
        findings.add(FindingCode.DG_MAC_SHARED, entry.record().key(), entry.hosts(), message);
    }
}
