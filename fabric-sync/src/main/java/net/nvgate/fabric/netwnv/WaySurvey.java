package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.netwnv.RecordSurvey.Entry;

/** The ways out of routing domains: default routes, the records of the machines they lead to, and wildcards. */
final class WaySurvey {

    /**
     * A way out.
     *
     * @param gateway of this fabric
     * @param records with CAs
     * @param routes other routes by machines of the domain
     */
    record Way(
            String gateway,
            long vsid,
            MacAddress mac,
            IpAddress providerAddress,
            List<Entry> records,
            List<Entry> wildcards,
            List<NetWnvCustomerRoute> routes,
            boolean shared) {

        Optional<IpAddress> address(int bits) {
            return records.stream()
                    .map(Entry::customerAddress)
                    .filter(address -> address.bits() == bits)
                    .findFirst();
        }
    }

    private record Machine(long vsid, MacAddress mac) {}

    private final PaSurvey pas;
    private final DomainSurvey domains;
    private final RecordSurvey records;
    private final ImportOptions options;
    private final Findings findings;
    private final Map<UUID, Way> ways = new TreeMap<>();
    /** Records that are not VMs'. */
    private final Set<NetWnvLookupRecord.Key> taken = new HashSet<>();
    /** VSIDs that hold nothing but gateways which are left out. */
    private final Set<Long> dropped = new TreeSet<>();

    WaySurvey(PaSurvey pas, DomainSurvey domains, RecordSurvey records, ImportOptions options, Findings findings) {
        this.pas = pas;
        this.domains = domains;
        this.records = records;
        this.options = options;
        this.findings = findings;
        domains.domains().forEach(this::domain);
    }

    private void domain(UUID rdid) {
        Map<IpAddress, Entry> byAddress = new HashMap<>();
        List<Entry> wildcards = new ArrayList<>();
        for (Entry entry : records.ports(rdid)) {
            if (entry.isWildcard()) {
                wildcards.add(entry);
            } else if (!entry.isUnspecified()) {
                byAddress.put(entry.customerAddress(), entry);
            }
        }
        Map<Machine, List<NetWnvCustomerRoute>> defaults = new LinkedHashMap<>();
        List<NetWnvCustomerRoute> others = new ArrayList<>();
        for (NetWnvCustomerRoute route : domains.hops(rdid)) {
            Entry hop = byAddress.get(route.nextHop());
            if (hop == null) {
                findings.add(
                        FindingCode.NEXT_HOP_UNKNOWN,
                        route.key(),
                        domains.hosts(route),
                        "no record has the next hop's CA; the route is left out");
            } else if (route.isDefault()) {
                defaults.computeIfAbsent(machine(hop), _ -> new ArrayList<>()).add(route);
            } else {
                others.add(route);
            }
        }
        Set<Machine> machines = new LinkedHashSet<>(defaults.keySet());
        wildcards.forEach(entry -> machines.add(machine(entry)));
        machines.forEach(machine -> way(rdid, machine, defaults, wildcards, others));
        if (!ways.containsKey(rdid)) {
            others.forEach(route -> notHeld(route, "the VM network has no gateway here"));
        }
    }

    private static Machine machine(Entry entry) {
        return new Machine(entry.vsid(), entry.record().macAddress());
    }

    private void way(
            UUID rdid,
            Machine machine,
            Map<Machine, List<NetWnvCustomerRoute>> defaults,
            List<Entry> wildcards,
            List<NetWnvCustomerRoute> others) {
        List<Entry> own = records.ports(rdid).stream()
                .filter(entry -> machine(entry).equals(machine) && !entry.isWildcard() && !entry.isL2Only())
                .toList();
        List<Entry> matching = wildcards.stream()
                .filter(entry -> machine(entry).equals(machine))
                .toList();
        matching.forEach(entry -> taken.add(entry.record().key()));
        IpAddress pa = (own.isEmpty() ? matching : own).getFirst().record().providerAddress();
        Optional<String> gateway = options.gateway(pa);
        String subject = "RDID " + rdid + " gateway " + NetWnvText.mac(machine.mac()) + " in VSID " + machine.vsid();
        boolean shared = isShared(rdid, machine);
        boolean held = gateway.isPresent() && !own.isEmpty() && !ways.containsKey(rdid);
        if (!held) {
            if (ways.containsKey(rdid)) {
                findings.add(
                        FindingCode.SEVERAL_GATEWAYS,
                        subject,
                        hosts(own, matching),
                        "the VM network has the gateway at " + ways.get(rdid).providerAddress() + "; its records, PA "
                                + pa + ", are left out");
            } else if (own.isEmpty()) {
                findings.add(
                        FindingCode.NEXT_HOP_UNKNOWN,
                        subject,
                        hosts(own, matching),
                        "a wildcard record without a record of the gateway's CA; it is left out");
            } else {
                findings.add(
                        FindingCode.GATEWAY_NOT_NAMED,
                        subject,
                        hosts(own, matching),
                        "no gateway of this fabric is named for PA " + pa + "; the way out is left out");
            }
            // A machine on a host of ours is a VM like others.
            if (pas.hostOf(pa).isEmpty() || gateway.isPresent()) {
                own.forEach(entry -> taken.add(entry.record().key()));
                if (!shared) {
                    dropped.add(machine.vsid());
                }
            }
            return;
        }
        own.forEach(entry -> taken.add(entry.record().key()));
        tellRoutes(machine, defaults.getOrDefault(machine, List.of()));
        tellWildcards(subject, own, matching);
        ways.put(
                rdid,
                new Way(
                        gateway.orElseThrow(),
                        machine.vsid(),
                        machine.mac(),
                        pa,
                        own,
                        matching,
                        routes(own, others),
                        shared));
    }

    private static Collection<String> hosts(List<Entry> some, List<Entry> more) {
        Set<String> hosts = new TreeSet<>();
        some.forEach(entry -> hosts.addAll(entry.hosts()));
        more.forEach(entry -> hosts.addAll(entry.hosts()));
        return hosts;
    }

    /** Other machines than gateways have the VSID. */
    private boolean isShared(UUID rdid, Machine machine) {
        return records.ports(rdid).stream()
                .anyMatch(entry -> entry.vsid() == machine.vsid()
                        && !entry.record().macAddress().equals(machine.mac()));
    }

    private void tellRoutes(Machine machine, List<NetWnvCustomerRoute> defaults) {
        for (NetWnvCustomerRoute route : defaults) {
            if (route.metric() != DomainSurvey.METRIC) {
                findings.add(
                        FindingCode.METRIC_NOT_HELD,
                        route.key(),
                        domains.hosts(route),
                        "has " + route.metric() + ", here " + DomainSurvey.METRIC);
            }
            if (route.virtualSubnetId() != machine.vsid()) {
                notHeld(route, "here it has the VSID of the gateway, " + machine.vsid());
            }
        }
    }

    private void tellWildcards(String subject, List<Entry> own, List<Entry> wildcards) {
        for (Entry entry : wildcards) {
            if (entry.record().type() != NetWnvLookupRecord.Type.GATEWAY_WILDCARD) {
                findings.add(
                        FindingCode.PLAIN_WILDCARD,
                        entry.record().key(),
                        entry.hosts(),
                        "here its type is GatewayWildcard");
            }
        }
        Set<String> with = new TreeSet<>();
        wildcards.forEach(entry -> with.addAll(entry.hosts()));
        Set<String> without = new TreeSet<>();
        own.forEach(entry -> without.addAll(entry.hosts()));
        without.removeAll(with);
        if (with.isEmpty()) {
            findings.add(
                    FindingCode.MISSING_WILDCARD,
                    subject,
                    without,
                    "no host shows its wildcard record; the gateway has it (guide of 2012 R2)");
        } else if (!without.isEmpty()) {
            findings.add(
                    FindingCode.WILDCARD_ON_SOME_HOSTS,
                    subject,
                    without,
                    "these lack the wildcard record that " + String.join(", ", with) + " have; all get it");
        }
    }

    /** Routes by VMs, which the gateway tells. */
    private List<NetWnvCustomerRoute> routes(List<Entry> own, List<NetWnvCustomerRoute> others) {
        List<NetWnvCustomerRoute> held = new ArrayList<>();
        for (NetWnvCustomerRoute route : others) {
            boolean byGateway =
                    own.stream().anyMatch(entry -> entry.customerAddress().equals(route.nextHop()));
            boolean inSubnet = domains.prefixes(route.virtualSubnetId())
                    .holding(route.nextHop())
                    .isPresent();
            if (byGateway) {
                notHeld(route, "it leads to the gateway, as the default route does");
            } else if (!inSubnet || route.metric() > Integer.MAX_VALUE) {
                notHeld(route, "its VSID is not that of the next hop, or its metric is above 2147483647");
            } else {
                held.add(route);
            }
        }
        return held;
    }

    private void notHeld(NetWnvCustomerRoute route, String why) {
        findings.add(FindingCode.ROUTE_NOT_HELD, route.key(), domains.hosts(route), why);
    }

    Optional<Way> way(UUID rdid) {
        return Optional.ofNullable(ways.get(rdid));
    }

    Collection<Way> all() {
        return ways.values();
    }

    /** The record belongs to a gateway, whether or not it is held. */
    boolean isGateways(Entry entry) {
        return taken.contains(entry.record().key());
    }

    /** The VSID is no VM subnet. */
    boolean isRoutingSubnet(UUID rdid, long vsid) {
        return dropped.contains(vsid)
                || way(rdid).filter(way -> way.vsid() == vsid && !way.shared()).isPresent();
    }
}
