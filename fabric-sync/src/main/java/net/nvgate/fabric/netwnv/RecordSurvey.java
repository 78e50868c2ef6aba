package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject;

/**
 * Lookup records as all hosts together show them: each once, told apart into those of default gateways (DG) and those of ports. What
 * cannot be placed is a finding, and is left out.
 */
final class RecordSurvey {

    /** A record, and the hosts that show it. */
    record Entry(NetWnvLookupRecord record, UUID rdid, List<String> hosts) {

        IpAddress customerAddress() {
            return record.customerAddress();
        }

        long vsid() {
            return record.virtualSubnetId();
        }

        boolean isUnspecified() {
            return customerAddress().isUnspecified();
        }

        boolean isL2Only() {
            return record.type() == NetWnvLookupRecord.Type.L2_ONLY;
        }

        boolean isWildcard() {
            return isUnspecified() && !isL2Only();
        }
    }

    private record Shown(NetWnvLookupRecord record, String host) {}

    private record DomainAddress(UUID rdid, IpAddress address) {}

    private final PaSurvey pas;
    private final DomainSurvey domains;
    private final Findings findings;
    private final Map<Long, List<Entry>> routers = new TreeMap<>();
    private final Map<UUID, List<Entry>> ports = new TreeMap<>();
    /** PAs of records of default gateways by host, with how many have them. */
    private final Map<String, Map<IpAddress, Integer>> routerAddresses = new HashMap<>();

    private final Map<String, Set<NetWnvLookupRecord.Key>> keysOf = new HashMap<>();

    RecordSurvey(List<NetWnvSource> sources, PaSurvey pas, DomainSurvey domains, Findings findings) {
        this.pas = pas;
        this.domains = domains;
        this.findings = findings;
        Map<NetWnvLookupRecord.Key, List<Shown>> shown =
                new TreeMap<>(Comparator.comparingLong(NetWnvLookupRecord.Key::virtualSubnetId)
                        .thenComparing(NetWnvLookupRecord.Key::customerAddress)
                        .thenComparing(NetWnvLookupRecord.Key::macAddress));
        for (NetWnvSource source : sources) {
            NetWnvHost host = source.host();
            Set<NetWnvLookupRecord.Key> keys = new HashSet<>();
            for (NetWnvLookupRecord record : host.lookupRecords()) {
                shown.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(new Shown(record, host.name()));
                keys.add(record.key());
            }
            keysOf.put(host.name(), keys);
        }
        shown.forEach(this::add);
        ports.values().forEach(this::checkUnique);
    }

    private void add(NetWnvLookupRecord.Key key, List<Shown> all) {
        Set<String> hosts = all.stream().map(Shown::host).collect(Collectors.toCollection(TreeSet::new));
        tellHealth(key, all);
        if (!isPlaced(key, hosts)) {
            return;
        }
        UUID rdid = domains.rdid(key.virtualSubnetId()).orElseThrow();
        if (isRouter(key, all)) {
            all.forEach(each -> routerAddresses
                    .computeIfAbsent(each.host(), _ -> new TreeMap<>())
                    .merge(each.record().providerAddress(), 1, Integer::sum));
            routers.computeIfAbsent(key.virtualSubnetId(), _ -> new ArrayList<>())
                    .add(new Entry(all.getFirst().record(), rdid, List.copyOf(hosts)));
            return;
        }
        NetWnvLookupRecord chosen = chosen(key, all, hosts);
        ports.computeIfAbsent(rdid, _ -> new ArrayList<>()).add(new Entry(chosen, rdid, List.copyOf(hosts)));
    }

    private void tellHealth(NetWnvLookupRecord.Key key, List<Shown> all) {
        for (Shown each : all) {
            if (each.record().unusable()) {
                findings.add(FindingCode.UNUSABLE, key, List.of(each.host()), "the host says that it cannot use it");
            }
            if (each.record().unsynchronized()) {
                findings.add(
                        FindingCode.UNSYNCHRONIZED,
                        key,
                        List.of(each.host()),
                        "the host says that it is not that of the central policy");
            }
        }
    }

    /** Its VSID is in a routing domain and has the prefix that its CA is in. */
    private boolean isPlaced(NetWnvLookupRecord.Key key, Set<String> hosts) {
        long vsid = key.virtualSubnetId();
        if (vsid < Vsid.MIN || vsid > Vsid.MAX) {
            domains.outOfRange(vsid, hosts);
            return false;
        }
        if (domains.rdid(vsid).isEmpty()) {
            findings.add(
                    FindingCode.VSID_WITHOUT_RDID,
                    "VSID " + vsid,
                    hosts,
                    "has records, but no customer route tells its RDID; its records are left out");
            return false;
        }
        DomainSurvey.Prefixes prefixes = domains.prefixes(vsid);
        if (prefixes.isEmpty()) {
            findings.add(
                    FindingCode.MISSING_ON_LINK_ROUTE,
                    "VSID " + vsid,
                    hosts,
                    "has no on-link route of which its prefix can be told; its records are left out");
            return false;
        }
        IpAddress ca = key.customerAddress();
        boolean usable = ca.isUnspecified()
                || prefixes.holding(ca).filter(prefix -> isUsable(ca, prefix)).isPresent();
        if (!usable) {
            findings.add(FindingCode.CA_OUTSIDE_PREFIX, key, hosts, "no address of its VSID; it is left out");
        }
        return usable;
    }

    private static boolean isUsable(IpAddress address, IpPrefix prefix) {
        return !address.equals(prefix.address()) && (address.bits() != 32 || !address.equals(prefix.last()));
    }

    /** A default gateway's: with the dummy PA of the sample of 2012, or with the PA of whichever host has it (2012 R2). */
    private boolean isRouter(NetWnvLookupRecord.Key key, List<Shown> all) {
        if (all.stream().anyMatch(each -> isDummy(each.record().providerAddress()))) {
            return true;
        }
        IpAddress ca = key.customerAddress();
        boolean first = domains.prefixes(key.virtualSubnetId())
                .holding(ca)
                .filter(prefix -> DomainSurvey.firstUsable(prefix).equals(ca))
                .isPresent();
        boolean everyOwn = all.stream()
                .allMatch(each -> pas.isOwn(each.host(), each.record().providerAddress()));
        boolean several = all.stream()
                        .map(each -> each.record().providerAddress())
                        .distinct()
                        .count()
                > 1;
        return !ca.isUnspecified() && everyOwn && (first || several);
    }

    private static boolean isDummy(IpAddress pa) {
        return pa.equals(PolicyObject.LookupRecord.DISTRIBUTED_ROUTER_PA);
    }

    /** Of several versions that of the host whose PA it is. */
    private NetWnvLookupRecord chosen(NetWnvLookupRecord.Key key, List<Shown> all, Set<String> hosts) {
        NetWnvLookupRecord chosen = all.stream()
                .filter(each -> pas.isOwn(each.host(), each.record().providerAddress()))
                .findFirst()
                .orElse(all.getFirst())
                .record();
        Map<IpAddress, List<String>> places = new LinkedHashMap<>();
        all.forEach(each -> places.computeIfAbsent(each.record().providerAddress(), _ -> new ArrayList<>())
                .add(each.host()));
        if (places.size() > 1) {
            findings.add(
                    FindingCode.STALE_RECORD,
                    key,
                    hosts,
                    places.entrySet().stream()
                                    .map(each -> "PA " + each.getKey() + " on " + String.join(", ", each.getValue()))
                                    .collect(Collectors.joining("; "))
                            + "; " + chosen.providerAddress() + " is taken");
        }
        boolean alike = all.stream()
                .allMatch(each -> each.record().type() == chosen.type()
                        && each.record().rule() == chosen.rule()
                        && Objects.equals(each.record().vmName(), chosen.vmName()));
        if (!alike) {
            findings.add(
                    FindingCode.TEXT_NOT_HELD,
                    key,
                    hosts,
                    "hosts have it with different types, rules or VM names; "
                            + chosen.type().text() + ", " + chosen.rule().text() + ", '" + chosen.vmName()
                            + "' is taken");
        }
        return chosen;
    }

    /** Drops what a routing domain has twice. */
    private void checkUnique(List<Entry> entries) {
        Map<DomainAddress, Entry> addresses = new HashMap<>();
        Map<Long, Entry> macs = new HashMap<>();
        entries.removeIf(entry -> {
            Entry sameMac = macs.putIfAbsent(entry.record().macAddress().value(), entry);
            if (sameMac != null && sameMac.vsid() != entry.vsid()) {
                findings.add(
                        FindingCode.DUPLICATE_MAC,
                        entry.record().key(),
                        entry.hosts(),
                        "the MAC is that of " + sameMac.record().key() + ", too; it is left out");
                return true;
            }
            if (entry.isUnspecified()) {
                return false;
            }
            Entry same = addresses.putIfAbsent(new DomainAddress(entry.rdid(), entry.customerAddress()), entry);
            if (same != null) {
                findings.add(
                        FindingCode.DUPLICATE_CA,
                        entry.record().key(),
                        entry.hosts(),
                        "RDID " + entry.rdid() + " has the CA as "
                                + same.record().key() + ", too; it is left out");
            }
            return same != null;
        });
    }

    /** Records that are not default gateways', of a routing domain. */
    List<Entry> ports(UUID rdid) {
        return ports.getOrDefault(rdid, List.of());
    }

    /** The record of a VSID's default gateway. */
    Optional<Entry> router(long vsid, IpPrefix prefix) {
        return routers.getOrDefault(vsid, List.of()).stream()
                .filter(entry -> prefix.contains(entry.customerAddress()))
                .findFirst();
    }

    /** PAs of the records of default gateways that a host has, with how many have them. */
    Map<IpAddress, Integer> routerAddresses(String host) {
        return routerAddresses.getOrDefault(host, Map.of());
    }

    List<Entry> routers(long vsid) {
        return routers.getOrDefault(vsid, List.of());
    }

    boolean has(String host, NetWnvLookupRecord.Key key) {
        return keysOf.getOrDefault(host, Set.of()).contains(key);
    }
}
