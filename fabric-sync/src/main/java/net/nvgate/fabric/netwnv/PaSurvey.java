package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;

/** The PA network as hosts show it: who has which PA, and in which subnets they are. */
final class PaSurvey {

    private static final Set<String> GOOD_STATES = Set.of("", "Preferred");

    /**
     * A subnet of PAs.
     *
     * @param routers with their metrics
     * @param routes besides those to the routers
     */
    record Subnet(
            IpPrefix prefix, int vlanId, Map<IpAddress, Long> routers, Map<NetWnvProviderRoute.Key, Long> routes) {}

    private final Findings findings;
    private final Map<IpAddress, String> hostOf = new LinkedHashMap<>();
    private final Map<String, List<NetWnvProviderAddress>> ofHost = new HashMap<>();
    private final Map<String, NetWnvHost> hosts = new TreeMap<>();
    private final Map<IpPrefix, Subnet> subnets = new TreeMap<>();

    PaSurvey(List<NetWnvSource> sources, Findings findings) {
        this.findings = findings;
        sources.stream().map(NetWnvSource::host).forEach(this::add);
        checkSubnets();
    }

    private void add(NetWnvHost host) {
        hosts.put(host.name(), host);
        List<NetWnvProviderAddress> own = new ArrayList<>();
        for (NetWnvProviderAddress pa : host.providerAddresses()) {
            String other = hostOf.putIfAbsent(pa.providerAddress(), host.name());
            if (other != null && !other.equals(host.name())) {
                findings.add(
                        FindingCode.PA_ON_TWO_HOSTS,
                        pa.providerAddress(),
                        List.of(other, host.name()),
                        "each PA is one host's; it is taken as that of " + other);
                continue;
            }
            if (!GOOD_STATES.contains(pa.addressState())) {
                findings.add(
                        FindingCode.PA_STATE,
                        pa.providerAddress(),
                        List.of(host.name()),
                        "the host calls its state " + pa.addressState());
            }
            own.add(pa);
            place(host, pa);
        }
        if (own.isEmpty() && !host.lookupRecords().isEmpty()) {
            findings.add(
                    FindingCode.HOST_WITHOUT_PA,
                    host.name(),
                    List.of(host.name()),
                    "no provider address of its own: what Get-NetVirtualizationProviderAddress shows is missing");
        }
        own.sort(Comparator.comparing(NetWnvProviderAddress::providerAddress));
        ofHost.put(host.name(), own);
    }

    private void place(NetWnvHost host, NetWnvProviderAddress pa) {
        if (pa.prefixLength() > pa.providerAddress().bits()) {
            findings.add(
                    FindingCode.PA_SUBNETS_OVERLAP,
                    pa.providerAddress(),
                    List.of(host.name()),
                    "prefix length " + pa.prefixLength() + " is none of its family");
            return;
        }
        IpPrefix prefix = IpPrefix.of(pa.providerAddress(), pa.prefixLength());
        Subnet subnet = subnets.computeIfAbsent(
                prefix, _ -> new Subnet(prefix, pa.vlanId(), new TreeMap<>(), new LinkedHashMap<>()));
        if (subnet.vlanId() != pa.vlanId()) {
            findings.add(
                    FindingCode.PA_SUBNETS_OVERLAP,
                    prefix,
                    List.of(host.name()),
                    "is on VLAN " + subnet.vlanId() + " and on VLAN " + pa.vlanId());
        }
        for (NetWnvProviderRoute route : host.providerRoutes()) {
            if (!prefix.contains(route.nextHop())) {
                continue;
            }
            if (route.destinationPrefix().length() == 0) {
                subnet.routers().merge(route.nextHop(), route.metric(), Math::min);
            } else {
                subnet.routes().merge(route.key(), route.metric(), Math::min);
            }
        }
    }

    private void checkSubnets() {
        List<IpPrefix> sorted = subnets.keySet().stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i - 1).overlaps(sorted.get(i))) {
                findings.add(
                        FindingCode.PA_SUBNETS_OVERLAP,
                        sorted.get(i),
                        hostsIn(sorted.get(i)),
                        "overlaps " + sorted.get(i - 1) + " of " + String.join(", ", hostsIn(sorted.get(i - 1))));
                subnets.remove(sorted.get(i));
            }
        }
        for (NetWnvHost host : hosts.values()) {
            for (NetWnvProviderRoute route : host.providerRoutes()) {
                boolean held = !route.nextHop().isUnspecified()
                        && subnets.keySet().stream().anyMatch(prefix -> prefix.contains(route.nextHop()));
                if (!held) {
                    findings.add(
                            FindingCode.ROUTE_NOT_HELD,
                            "provider route " + route.key(),
                            List.of(host.name()),
                            "its next hop is in no PA subnet");
                }
            }
        }
    }

    private List<String> hostsIn(IpPrefix prefix) {
        return hostOf.entrySet().stream()
                .filter(each -> prefix.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    Optional<String> hostOf(IpAddress providerAddress) {
        return Optional.ofNullable(hostOf.get(providerAddress));
    }

    /** In ascending order. */
    List<IpAddress> addresses(String host) {
        return ofHost.getOrDefault(host, List.of()).stream()
                .map(NetWnvProviderAddress::providerAddress)
                .toList();
    }

    boolean isOwn(String host, IpAddress address) {
        return host.equals(hostOf.get(address));
    }

    Collection<Subnet> subnets() {
        return subnets.values();
    }

    Optional<Subnet> subnet(IpAddress address) {
        return subnets.values().stream()
                .filter(subnet -> subnet.prefix().contains(address))
                .findFirst();
    }

    /** Whether the host knows a way to a PA. */
    boolean reaches(String host, IpAddress address) {
        boolean near = ofHost.getOrDefault(host, List.of()).stream()
                .anyMatch(pa -> pa.prefixLength() <= pa.providerAddress().bits()
                        && IpPrefix.of(pa.providerAddress(), pa.prefixLength()).contains(address));
        return near
                || Objects.requireNonNull(hosts.get(host)).providerRoutes().stream()
                        .anyMatch(route -> route.destinationPrefix().contains(address));
    }

    Set<String> names() {
        return hosts.keySet().stream().collect(Collectors.toCollection(TreeSet::new));
    }
}
