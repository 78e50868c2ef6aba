package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Vsid;

/** Routing domains as customer routes show them: which VSIDs are in which, with which prefixes, and the other routes. */
final class DomainSurvey {

    /** The metric of Microsoft's samples, and of all routes here that nobody chooses. */
    static final long METRIC = 255;

    /** Prefixes of a VSID. */
    record Prefixes(Optional<IpPrefix> v4, Optional<IpPrefix> v6) {

        Optional<IpPrefix> holding(IpAddress address) {
            return (address.bits() == 32 ? v4 : v6).filter(prefix -> prefix.contains(address));
        }

        boolean isEmpty() {
            return v4.isEmpty() && v6.isEmpty();
        }
    }

    private final Findings findings;
    private final Map<NetWnvCustomerRoute.Key, Set<String>> hostsOf = new HashMap<>();
    private final Map<NetWnvCustomerRoute.Key, NetWnvCustomerRoute> routes =
            new TreeMap<>(Comparator.<NetWnvCustomerRoute.Key, String>comparing(
                            key -> key.routingDomainId().toString())
                    .thenComparingLong(NetWnvCustomerRoute.Key::virtualSubnetId)
                    .thenComparing(NetWnvCustomerRoute.Key::destinationPrefix)
                    .thenComparing(NetWnvCustomerRoute.Key::nextHop));
    private final Map<Long, UUID> rdids = new TreeMap<>();
    private final Map<Long, Prefixes> prefixes = new TreeMap<>();

    DomainSurvey(List<NetWnvSource> sources, Findings findings) {
        this.findings = findings;
        for (NetWnvSource source : sources) {
            for (NetWnvCustomerRoute route : source.host().customerRoutes()) {
                hostsOf.computeIfAbsent(route.key(), _ -> new TreeSet<>())
                        .add(source.host().name());
                routes.putIfAbsent(route.key(), route);
            }
        }
        Map<Long, Map<UUID, Set<String>>> told = new TreeMap<>();
        for (NetWnvCustomerRoute route : routes.values()) {
            told.computeIfAbsent(route.virtualSubnetId(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(route.routingDomainId(), _ -> new TreeSet<>())
                    .addAll(hosts(route));
        }
        told.forEach(this::domain);
        routes.values().stream().filter(NetWnvCustomerRoute::isOnLink).forEach(this::prefix);
        checkOverlaps();
    }

    /** A VSID is in the routing domain in which most hosts have it. */
    private void domain(long vsid, Map<UUID, Set<String>> told) {
        Set<String> hosts = new TreeSet<>();
        told.values().forEach(hosts::addAll);
        if (vsid < Vsid.MIN || vsid > Vsid.MAX) {
            outOfRange(vsid, hosts);
            return;
        }
        UUID taken = told.entrySet().stream()
                .max(Comparator.comparingInt(each -> each.getValue().size()))
                .orElseThrow()
                .getKey();
        rdids.put(vsid, taken);
        if (told.size() > 1) {
            String all = told.entrySet().stream()
                    .map(each -> "RDID " + each.getKey() + " on " + String.join(", ", each.getValue()))
                    .collect(Collectors.joining("; "));
            findings.add(
                    FindingCode.VSID_IN_TWO_RDIDS, "VSID " + vsid, hosts, "is in " + all + "; " + taken + " is taken");
        }
    }

    void outOfRange(long vsid, Collection<String> hosts) {
        findings.add(
                FindingCode.VSID_OUT_OF_RANGE,
                "VSID " + vsid,
                hosts,
                "must be " + Vsid.MIN + ".." + Vsid.MAX + "; it is left out");
    }

    private void prefix(NetWnvCustomerRoute route) {
        if (!isTaken(route)) {
            return;
        }
        IpPrefix prefix = route.destinationPrefix();
        Set<String> hosts = hosts(route);
        boolean v4 = prefix.address().bits() == 32;
        if (prefix.length() == 0 || prefix.length() > prefix.address().bits() - 2) {
            findings.add(FindingCode.ROUTE_NOT_HELD, route.key(), hosts, "no prefix of a virtual subnet");
            return;
        }
        if (route.metric() != METRIC) {
            findings.add(FindingCode.METRIC_NOT_HELD, route.key(), hosts, "has " + route.metric() + ", here " + METRIC);
        }
        Prefixes now = prefixes.getOrDefault(route.virtualSubnetId(), new Prefixes(Optional.empty(), Optional.empty()));
        Optional<IpPrefix> present = v4 ? now.v4() : now.v6();
        if (present.isPresent() && !present.get().equals(prefix)) {
            findings.add(
                    FindingCode.SEVERAL_PREFIXES,
                    "VSID " + route.virtualSubnetId(),
                    hosts,
                    "has " + present.get() + " and " + prefix + "; the first is taken");
            return;
        }
        prefixes.put(
                route.virtualSubnetId(),
                v4 ? new Prefixes(Optional.of(prefix), now.v6()) : new Prefixes(now.v4(), Optional.of(prefix)));
    }

    /** Its VSID is in its routing domain. */
    private boolean isTaken(NetWnvCustomerRoute route) {
        return route.routingDomainId().equals(rdids.get(route.virtualSubnetId()));
    }

    private void checkOverlaps() {
        for (UUID rdid : domains()) {
            List<Map.Entry<IpPrefix, Long>> all = new ArrayList<>();
            for (long vsid : vsids(rdid)) {
                Prefixes of = prefixes(vsid);
                of.v4().ifPresent(prefix -> all.add(Map.entry(prefix, vsid)));
                of.v6().ifPresent(prefix -> all.add(Map.entry(prefix, vsid)));
            }
            all.sort(Map.Entry.comparingByKey());
            for (int i = 1; i < all.size(); i++) {
                if (all.get(i - 1).getKey().overlaps(all.get(i).getKey())) {
                    findings.add(
                            FindingCode.PREFIXES_OVERLAP,
                            "RDID " + rdid,
                            List.of(),
                            all.get(i).getKey() + " of VSID " + all.get(i).getValue() + " overlaps "
                                    + all.get(i - 1).getKey() + " of VSID "
                                    + all.get(i - 1).getValue() + "; the VSID is left out");
                    prefixes.remove(all.get(i).getValue());
                }
            }
        }
    }

    Set<UUID> domains() {
        return new TreeSet<>(rdids.values());
    }

    Optional<UUID> rdid(long vsid) {
        return Optional.ofNullable(rdids.get(vsid));
    }

    /** All VSIDs of a routing domain, in ascending order. */
    List<Long> vsids(UUID rdid) {
        return rdids.entrySet().stream()
                .filter(each -> each.getValue().equals(rdid))
                .map(Map.Entry::getKey)
                .toList();
    }

    Prefixes prefixes(long vsid) {
        return prefixes.getOrDefault(vsid, new Prefixes(Optional.empty(), Optional.empty()));
    }

    /** Routes of a domain that are not on-link. */
    List<NetWnvCustomerRoute> hops(UUID rdid) {
        return routes.values().stream()
                .filter(route -> route.routingDomainId().equals(rdid) && isTaken(route) && !route.isOnLink())
                .toList();
    }

    Set<String> hosts(NetWnvCustomerRoute route) {
        return hostsOf.getOrDefault(route.key(), Set.of());
    }

    /** What the first machine of a prefix can have: here the distributed router's. */
    static IpAddress firstUsable(IpPrefix prefix) {
        return prefix.address().plus(1);
    }
}
