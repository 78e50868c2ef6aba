package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.gateway.route.Fib6Row;
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
                putLink(row, route.link());
                add(ordered, row);
            });
        });
        rows6(tenant, ordered);
        return ordered.values().stream().flatMap(List::stream).toList();
    }

    private void rows6(Tenant tenant, Map<IpPrefix, List<Map<String, Object>>> ordered) {
        tables.tenantFib6.forEach(tenant.index, route -> {
            if (route.kind() == FibEntry.PROHIBITED) {
                add(ordered, row6(tenant, route, "blackhole", route.nextHop()));
            } else if (route.kind() == FibEntry.PEER) {
                Map<String, Object> row = row6(tenant, route, "peer", route.nextHop());
                row.put("peerRdid", rdid(route.peer()));
                add(ordered, row);
            }
        });
        tables.tenantLinkFib6.forEach(tenant.index, route -> {
            List<Ipv6Address> hops = route.hops().isEmpty() ? List.of(route.nextHop()) : route.hops();
            hops.forEach(hop -> {
                Map<String, Object> row = row6(tenant, route, "interface", hop);
                putLink(row, route.link());
                add(ordered, row);
            });
        });
    }

    private static void putLink(Map<String, Object> row, int link) {
        row.put("side", TenantLinks.isBackEnd(link) ? "BACK_END" : "FRONT_END");
        row.put("vlanId", TenantLinks.vlan(link));
    }

    private static void add(Map<IpPrefix, List<Map<String, Object>>> ordered, Map<String, Object> row) {
        IpPrefix prefix = IpPrefix.parse(String.valueOf(row.get("destinationPrefix")));
        ordered.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(row);
    }

    private static Map<String, Object> row(Tenant tenant, FibRow route, String kind, int nextHop) {
        IpPrefix prefix = IpPrefix.of(new Ipv4Address(route.prefix()), route.prefixLength());
        return row(tenant, prefix, new Ipv4Address(nextHop), route.metric(), kind);
    }

    private static Map<String, Object> row6(Tenant tenant, Fib6Row route, String kind, Ipv6Address nextHop) {
        return row(tenant, IpPrefix.of(route.prefix(), route.prefixLength()), nextHop, route.metric(), kind);
    }

    private static Map<String, Object> row(Tenant tenant, IpPrefix prefix, IpAddress nextHop, int metric, String kind) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("rdid", tenant.rdid.toString());
        row.put("vsid", gatewayVsid(tenant));
        row.put("destinationPrefix", prefix.toString());
        row.put("nextHop", nextHop.toString());
        row.put("metric", metric);
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
