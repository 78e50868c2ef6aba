package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.netwnv.NicSurvey.Machine;
import net.nvgate.fabric.netwnv.NicSurvey.Nic;
import net.nvgate.fabric.netwnv.WaySurvey.Way;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The fabric file that makes what the surveys found (fabric-sync/README.md, "The fabric as a file"). */
final class ImportFile {

    /** Label of a VM with NICs whose records are not NVGRE: names of NICs and their rules, {@code nic0=TranslationMethodNat}. */
    static final String RULES_LABEL = "nvgate/netwnv-rules";

    private static final int ROUTE_METRIC_MAX = 9999;

    private final PaSurvey pas;
    private final DomainSurvey domains;
    private final RecordSurvey records;
    private final WaySurvey ways;
    private final NicSurvey nics;
    private final ImportOptions options;
    private final Findings findings;
    private final ObjectNode file = FabricJson.mapper().createObjectNode();
    private final Map<UUID, String> networks = new HashMap<>();
    private final Map<Long, String> subnets = new HashMap<>();

    ImportFile(
            PaSurvey pas,
            DomainSurvey domains,
            RecordSurvey records,
            WaySurvey ways,
            NicSurvey nics,
            ImportOptions options,
            Findings findings) {
        this.pas = pas;
        this.domains = domains;
        this.records = records;
        this.ways = ways;
        this.nics = nics;
        this.options = options;
        this.findings = findings;
    }

    ObjectNode tree() {
        file.put("name", options.name());
        if (pas.subnets().isEmpty()) {
            return file;
        }
        physical();
        Set<String> held = hosts();
        gateways();
        new DomainNames(domains, records, ways, findings).name(networks, subnets);
        domains.domains().forEach(this::network);
        vms(held);
        providerAddresses(held);
        return file;
    }

    private ObjectNode add(Kind kind, String name) {
        ArrayNode list = file.get(kind.path()) instanceof ArrayNode present ? present : file.putArray(kind.path());
        return list.addObject().put("name", name);
    }

    private String paNetwork() {
        return options.name() + "-pa";
    }

    private String pool(IpPrefix prefix) {
        return options.name() + "-pa-" + prefix.address() + "-" + prefix.length();
    }

    private void physical() {
        ObjectNode network = add(Kind.LOGICAL_NETWORK, paNetwork()).put("networkVirtualization", true);
        if (isPerVsid()) {
            network.put("providerAddressing", "PER_HOST_AND_VSID");
        }
        for (PaSurvey.Subnet subnet : pas.subnets()) {
            String name = pool(subnet.prefix());
            ObjectNode site = add(Kind.NETWORK_SITE, name).put("logicalNetwork", paNetwork());
            site.putArray("subnets")
                    .addObject()
                    .put("prefix", subnet.prefix().toString())
                    .put("vlanId", subnet.vlanId());
            site.put("mtu", options.mtu());
            ObjectNode pool = add(Kind.IP_POOL, name)
                    .put("networkSite", name)
                    .put("prefix", subnet.prefix().toString());
            routers(subnet, pool);
            routes(subnet, pool);
        }
        if (nics.nics().anyMatch(Nic::learns)) {
            guests();
        }
    }

    private void routers(PaSurvey.Subnet subnet, ObjectNode pool) {
        if (subnet.routers().isEmpty()) {
            return;
        }
        ArrayNode routers = pool.putArray("defaultGateways");
        ArrayNode metrics = pool.putArray("gatewayMetrics");
        subnet.routers().forEach((router, metric) -> {
            routers.add(router.toString());
            if (metric >= 1 && metric <= ROUTE_METRIC_MAX) {
                metrics.addObject().put("address", router.toString()).put("metric", metric);
            } else {
                findings.add(
                        FindingCode.METRIC_NOT_HELD,
                        "provider route to " + router,
                        List.of(),
                        "has " + metric + ", here " + DomainSurvey.METRIC);
            }
        });
    }

    private void routes(PaSurvey.Subnet subnet, ObjectNode pool) {
        if (subnet.routes().isEmpty()) {
            return;
        }
        ArrayNode routes = pool.putArray("routes");
        subnet.routes().forEach((route, metric) -> {
            ObjectNode entry = routes.addObject()
                    .put("destinationPrefix", route.destinationPrefix().toString())
                    .put("nextHop", route.nextHop().toString());
            if (metric >= 1 && metric <= ROUTE_METRIC_MAX) {
                entry.put("metric", metric);
            } else {
                findings.add(
                        FindingCode.METRIC_NOT_HELD,
                        "provider route " + route,
                        List.of(),
                        "has " + metric + ", here 256");
            }
        });
    }

    /** A port classification that lets guests choose addresses. */
    private void guests() {
        String name = guestPorts();
        add(Kind.PORT_PROFILE, name).putObject("security").put("guestSpecifiedIp", true);
        add(Kind.PORT_CLASSIFICATION, name);
        add(Kind.UPLINK_PORT_PROFILE, name);
        ObjectNode logicalSwitch = add(Kind.LOGICAL_SWITCH, name);
        logicalSwitch.putArray("uplinkPortProfiles").add(name);
        logicalSwitch
                .putArray("virtualPorts")
                .addObject()
                .put("portClassification", name)
                .put("portProfile", name);
    }

    private String guestPorts() {
        return options.name() + "-guests";
    }

    /** The PA of a host's VSID is not the host's own. */
    private boolean isPerVsid() {
        return pas.names().stream()
                .anyMatch(host -> nics.providerAddresses(host).values().stream()
                        .anyMatch(address ->
                                ownAddress(host).filter(address::equals).isEmpty()));
    }

    /** The host's own PA: that of most of its default gateways, else of most of its VSIDs, else the first. */
    private Optional<IpAddress> ownAddress(String host) {
        Map<IpAddress, Integer> ofVsids = nics.providerAddresses(host).values().stream()
                .collect(Collectors.toMap(address -> address, _ -> 1, Integer::sum));
        return mostUsed(host, records.routerAddresses(host))
                .or(() -> mostUsed(host, ofVsids))
                .or(() -> pas.addresses(host).stream()
                        .filter(address -> pas.subnet(address).isPresent())
                        .findFirst());
    }

    private Optional<IpAddress> mostUsed(String host, Map<IpAddress, Integer> uses) {
        return uses.entrySet().stream()
                .filter(each -> pas.isOwn(host, each.getKey()))
                .max(Map.Entry.<IpAddress, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
    }

    /** Returns those that are made. */
    private Set<String> hosts() {
        Set<IpAddress> ofGateways =
                ways.all().stream().map(Way::providerAddress).collect(Collectors.toSet());
        Set<String> held = new HashSet<>();
        for (String host : pas.names()) {
            Optional<IpAddress> own = ownAddress(host);
            List<IpAddress> both =
                    pas.addresses(host).stream().filter(ofGateways::contains).toList();
            if (!both.isEmpty() && nics.providerAddresses(host).isEmpty()) {
                findings.add(
                        FindingCode.HOST_IS_GATEWAY,
                        host,
                        List.of(host),
                        "has the PA " + both.getFirst() + " that a gateway takes, and no VMs; it is left out");
                continue;
            }
            if (!both.isEmpty()) {
                findings.add(
                        FindingCode.GATEWAY_PA,
                        host,
                        List.of(host),
                        "has the PA " + both.getFirst() + " that a gateway takes, and VMs");
            }
            Optional<PaSurvey.Subnet> subnet = own.flatMap(pas::subnet);
            if (subnet.isEmpty()) {
                continue;
            }
            add(Kind.HOST, host)
                    .put("hostType", "HYPER_V")
                    .put("paPool", pool(subnet.get().prefix()))
                    .put("providerAddress", own.get().toString());
            held.add(host);
            tellAddresses(host, own.get());
        }
        return held;
    }

    private void tellAddresses(String host, IpAddress own) {
        Set<IpAddress> ofRouters = new TreeSet<>(records.routerAddresses(host).keySet());
        ofRouters.remove(own);
        if (!ofRouters.isEmpty()) {
            findings.add(
                    FindingCode.DG_PA,
                    host,
                    List.of(host),
                    "its records of default gateways have PA " + ofRouters + "; here they have the host's own, " + own);
        }
        Set<IpAddress> used = new HashSet<>(nics.providerAddresses(host).values());
        used.add(own);
        pas.addresses(host).stream()
                .filter(address -> !used.contains(address))
                .forEach(address -> findings.add(
                        FindingCode.PA_UNUSED,
                        address,
                        List.of(host),
                        "no record of a VM has it; the host does not have it here"));
    }

    /** Those that the import is to make, with the PAs of the records. */
    private void gateways() {
        if (options.externalPool().isEmpty()) {
            return;
        }
        Map<String, IpAddress> addresses = new TreeMap<>();
        for (Way way : ways.all()) {
            IpAddress other = addresses.putIfAbsent(way.gateway(), way.providerAddress());
            if (other != null && !other.equals(way.providerAddress())) {
                findings.add(
                        FindingCode.GATEWAY_PA,
                        way.providerAddress(),
                        List.of(),
                        "gateway '" + way.gateway() + "' has PA " + other
                                + " in other records; name one gateway for each PA");
            }
        }
        addresses.forEach((name, address) -> {
            Optional<PaSurvey.Subnet> subnet = pas.subnet(address);
            if (subnet.isEmpty()) {
                findings.add(FindingCode.GATEWAY_PA, address, List.of(), "is in no PA subnet of hosts");
                return;
            }
            add(Kind.GATEWAY, name)
                    .put("paPool", pool(subnet.get().prefix()))
                    .put("providerAddress", address.toString())
                    .put("externalPool", options.externalPool().get())
                    .put("maxVmNetworks", 4000);
        });
    }

    private void network(UUID rdid) {
        String name = Objects.requireNonNull(networks.get(rdid));
        add(Kind.VM_NETWORK, name).put("logicalNetwork", paNetwork()).put("rdid", rdid.toString());
        Set<String> macs = new HashSet<>();
        for (long vsid : domains.vsids(rdid)) {
            if (subnets.containsKey(vsid)) {
                subnet(rdid, vsid, macs);
            }
        }
        ways.way(rdid)
                .ifPresent(way -> new GatewayEntry(domains, records, findings)
                        .write(way, name, subnets, macs, entry -> add(Kind.VM_NETWORK_GATEWAY, entry)));
    }

    private void subnet(UUID rdid, long vsid, Set<String> macs) {
        DomainSurvey.Prefixes prefixes = domains.prefixes(vsid);
        IpPrefix prefix = prefixes.v4().or(prefixes::v6).orElseThrow();
        ObjectNode subnet = add(Kind.VM_SUBNET, Objects.requireNonNull(subnets.get(vsid)))
                .put("vmNetwork", Objects.requireNonNull(networks.get(rdid)))
                .put("prefix", prefix.toString())
                .put("vsid", vsid);
        if (prefixes.v4().isPresent()) {
            prefixes.v6().ifPresent(second -> subnet.put("prefix6", second.toString()));
        }
        new Routers(records, findings).mac(vsid, prefixes, macs).ifPresent(mac -> subnet.put("defaultGatewayMac", mac));
    }

    private String subnetName(Nic nic) {
        return networks.get(nic.rdid()) + "/" + subnets.get(nic.vsid());
    }

    private void vms(Set<String> held) {
        Namer<Machine> names = new Namer<>();
        nics.vms()
                .forEach((machine, list) -> names.want(
                        machine, machine.name(), NetWnvText.mac(list.getFirst().mac())));
        NicEntry entries = new NicEntry(domains, findings, guestPorts());
        nics.vms().forEach((machine, list) -> {
            List<Nic> placed = list.stream()
                    .filter(nic -> held.contains(nic.host()) && subnets.containsKey(nic.vsid()))
                    .toList();
            if (placed.isEmpty()) {
                return;
            }
            String name = names.name(machine);
            if (!name.equals(machine.name())) {
                findings.add(
                        FindingCode.TEXT_NOT_HELD,
                        "VM '" + machine.name() + "'",
                        List.of(machine.host()),
                        "others have the name, or it cannot be one; here it is '" + name + "'");
            }
            ObjectNode vm = add(Kind.VM, name).put("host", machine.host());
            ArrayNode array = vm.putArray("nics");
            List<String> rules = new ArrayList<>();
            for (int i = 0; i < placed.size(); i++) {
                Nic nic = placed.get(i);
                String nicName = "nic" + i;
                entries.write(nic, array.addObject().put("name", nicName), subnetName(nic));
                nic.otherRule().ifPresent(record -> rules.add(NetWnvRules.text(nicName, record)));
            }
            if (!rules.isEmpty()) {
                vm.putObject("labels").put(RULES_LABEL, String.join(",", rules));
            }
        });
    }

    /** Every VSID's PA on its host, if they are more than one somewhere. */
    private void providerAddresses(Set<String> held) {
        if (!isPerVsid()) {
            return;
        }
        for (String host : pas.names()) {
            if (!held.contains(host)) {
                continue;
            }
            nics.providerAddresses(host).forEach((vsid, address) -> {
                UUID rdid = domains.rdid(vsid).orElseThrow();
                add(Kind.PROVIDER_ADDRESS, host + " VSID " + vsid)
                        .put("host", host)
                        .put("vmSubnet", networks.get(rdid) + "/" + subnets.get(vsid))
                        .put("providerAddress", address.toString());
            });
        }
    }
}
