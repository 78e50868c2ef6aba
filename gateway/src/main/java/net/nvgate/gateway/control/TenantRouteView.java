package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;

/**
 * A tenant's routes beside its customer routes, as rows of that view: blackholes, peerings, and what leads out of its interfaces. Each
 * says its {@code kind}, and has the VSID of the tenant's gateway, where its packets come. Read from the tables.
 */
final class TenantRouteView {

    private final RouteTables tables;
    private final PolicyIndex index;

    TenantRouteView(RouteTables tables, PolicyIndex index) {
        this.tables = tables;
        this.index = index;
    }

    /** Rows in the order of their prefixes. */
    List<Map<String, Object>> rows(Tenant tenant) {
        Map<IpPrefix, List<Map<String, Object>>> ordered = new TreeMap<>();
        tables.tenantFib.forEach(tenant.index, route -> {
            if (route.kind() == FibEntry.PROHIBITED) {
                add(ordered, row(tenant, route, "blackhole", 0));
            } else if (route.kind() == FibEntry.PEER) {
                Map<String, Object> row = row(tenant, route, "peer", 0);
                row.put("peerRdid", rdid(route.nextHop()));
                add(ordered, row);
            }
        });
        tables.tenantLinkFib.forEach(tenant.index, route -> {
            List<Integer> hops = route.hops().isEmpty() ? List.of(route.nextHop()) : route.hops();
            hops.forEach(hop -> {
                Map<String, Object> row = row(tenant, route, "interface", hop);
                row.put("side", TenantLinks.isBackEnd(route.link()) ? "BACK_END" : "FRONT_END");
                row.put("vlanId", TenantLinks.vlan(route.link()));
                add(ordered, row);
            });
        });
        return ordered.values().stream().flatMap(List::stream).toList();
    }

    private static void add(Map<IpPrefix, List<Map<String, Object>>> ordered, Map<String, Object> row) {
        IpPrefix prefix = IpPrefix.parse(String.valueOf(row.get("destinationPrefix")));
        ordered.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(row);
    }

    private static Map<String, Object> row(Tenant tenant, FibRow route, String kind, int nextHop) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("rdid", tenant.rdid.toString());
        row.put("vsid", gatewayVsid(tenant));
        row.put(
                "destinationPrefix",
                IpPrefix.of(new Ipv4Address(route.prefix()), route.prefixLength())
                        .toString());
        row.put("nextHop", new Ipv4Address(nextHop).toString());
        row.put("metric", route.metric());
        row.put("kind", kind);
        return row;
    }

    private String rdid(int number) {
        return index.tenants.values().stream()
                .filter(tenant -> tenant.index == number)
                .map(tenant -> tenant.rdid.toString())
                .findFirst()
                .orElse("");
    }

    /** Of its routing subnet, else its lowest; 0 for a tenant without NVGRE. */
    private static int gatewayVsid(Tenant tenant) {
        for (Subnet subnet : tenant.subnets.values()) {
            VirtualSubnet announced = subnet.announced();
            if (announced != null && announced.gatewaySubnet()) {
                return subnet.vsid;
            }
        }
        return tenant.subnets.isEmpty() ? 0 : tenant.subnets.firstKey();
    }
}
