package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.netwnv.RecordSurvey.Entry;
import net.nvgate.fabric.netwnv.WaySurvey.Way;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A VM network gateway in a fabric file. */
final class GatewayEntry {

    private final DomainSurvey domains;
    private final RecordSurvey records;
    private final Findings findings;

    GatewayEntry(DomainSurvey domains, RecordSurvey records, Findings findings) {
        this.domains = domains;
        this.records = records;
        this.findings = findings;
    }

    /**
     * @param subnets names of VM subnets by VSID
     * @param macs MACs of the domain's routers
     * @param entries makes an entry of a name
     */
    void write(
            Way way,
            String network,
            Map<Long, String> subnets,
            Set<String> macs,
            Function<String, ObjectNode> entries) {
        if (!way.shared() && !isAsHere(way)) {
            return;
        }
        ObjectNode entry = entries.apply(name(way, network))
                .put("vmNetwork", network)
                .put("gateway", way.gateway())
                .put("mac", way.mac().toString());
        if (way.shared()) {
            entry.put("vmSubnet", network + "/" + subnets.get(way.vsid()));
            DomainSurvey.Prefixes prefixes = domains.prefixes(way.vsid());
            way.address(prefixes.v4().isPresent() ? 32 : 128).ifPresent(ca -> entry.put("address", ca.toString()));
            if (prefixes.v4().isPresent() && prefixes.v6().isPresent()) {
                way.address(128).ifPresent(ca -> entry.put("address6", ca.toString()));
            }
        } else {
            own(way, macs, entry);
        }
        if (!way.wildcards().isEmpty() && way.wildcards().stream().anyMatch(this::isOnHosts)) {
            entry.put("wildcardRecords", "ALL_HOSTS");
        }
        routes(way, entry);
    }

    /** The names of gateways are unique, as are those of networks. */
    private static String name(Way way, String network) {
        String given = way.records().getFirst().record().vmName();
        String name = given.isBlank() ? network + " gateway" : given;
        return name.substring(0, Math.min(64, name.length())).strip();
    }

    private boolean isOnHosts(Entry wildcard) {
        return !wildcard.hosts().isEmpty();
    }

    /** A routing subnet has the router first and the gateway second. */
    private boolean isAsHere(Way way) {
        DomainSurvey.Prefixes prefixes = domains.prefixes(way.vsid());
        boolean held = prefixes.v4().isPresent();
        if (!held) {
            findings.add(
                    FindingCode.ROUTER_ADDRESS,
                    "VSID " + way.vsid(),
                    hosts(way),
                    "a gateway's virtual subnet has an IPv4 prefix here; the gateway is left out");
        }
        for (Entry entry : way.records()) {
            IpAddress ca = entry.customerAddress();
            Optional<IpPrefix> prefix = prefixes.holding(ca);
            IpAddress second =
                    prefix.map(each -> DomainSurvey.firstUsable(each).plus(1)).orElse(ca);
            if (!ca.equals(second)) {
                findings.add(
                        FindingCode.ROUTER_ADDRESS,
                        entry.record().key(),
                        entry.hosts(),
                        "a gateway in its own virtual subnet has its second address here, " + second
                                + "; the gateway is left out");
                held = false;
            }
        }
        return held;
    }

    private static List<String> hosts(Way way) {
        return way.records().stream().flatMap(entry -> entry.hosts().stream()).toList();
    }

    private void own(Way way, Set<String> macs, ObjectNode entry) {
        DomainSurvey.Prefixes prefixes = domains.prefixes(way.vsid());
        entry.put("vsid", way.vsid())
                .put("routingSubnet", prefixes.v4().orElseThrow().toString());
        prefixes.v6().ifPresent(prefix -> entry.put("routingSubnet6", prefix.toString()));
        new Routers(records, findings).mac(way.vsid(), prefixes, macs).ifPresent(mac -> entry.put("routerMac", mac));
    }

    private static void routes(Way way, ObjectNode entry) {
        Map<IpPrefix, List<NetWnvCustomerRoute>> byPrefix = new TreeMap<>();
        way.routes()
                .forEach(route -> byPrefix.computeIfAbsent(route.destinationPrefix(), _ -> new ArrayList<>())
                        .add(route));
        if (byPrefix.isEmpty()) {
            return;
        }
        ArrayNode routes = entry.putArray("routes");
        byPrefix.forEach((prefix, hops) -> {
            ObjectNode route = routes.addObject().put("destinationPrefix", prefix.toString());
            ArrayNode nextHops = route.putArray("nextHops");
            hops.forEach(hop -> nextHops.add(hop.nextHop().toString()));
            route.put("metric", hops.getFirst().metric());
        });
    }
}
