package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.Lookup6Row;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidRow;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers queries about policy with what the data path really has: every value is read from the tables, so a row that is missing or
 * different there is missing or different here.
 */
final class PolicyViews {

    static final Set<String> KINDS = Set.of("lookup-records", "customer-routes", "provider-addresses");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "lookup-records",
            Set.of("rdid", "vsid", "customerAddress", "mac", "providerAddress", "type", "vmName"),
            "customer-routes",
            Set.of("rdid", "vsid", "destinationPrefix", "nextHop", "metric", "kind", "peerRdid", "side", "vlanId"),
            "provider-addresses",
            Set.of("providerAddress", "prefixLength", "vlanId"));

    private static final long WALK_GROWTH = 8;
    private static final long WALK_ROWS_MIN = 10_000;

    private final RouteTables tables;
    private final PolicyIndex index;
    private final TenantRouteView otherRoutes;

    PolicyViews(RouteTables tables, PolicyIndex index) {
        this.tables = tables;
        this.index = index;
        this.otherRoutes = new TenantRouteView(tables, index);
    }

    /** @throws IllegalArgumentException for a kind or filter field that does not exist */
    QueryResult query(String kind, Map<String, String> filter, int limit) {
        Set<String> fields = FIELDS.get(kind);
        if (fields == null) {
            throw new IllegalArgumentException("no view '" + kind + "'; there are "
                    + KINDS.stream().sorted().toList());
        }
        for (String field : filter.keySet()) {
            if (!fields.contains(field)) {
                throw new IllegalArgumentException("view " + kind + " has no field '" + field + "'");
            }
        }
        Rows rows = new Rows(filter, limit);
        switch (kind) {
            case "lookup-records" -> lookupRecords(rows);
            case "customer-routes" -> customerRoutes(rows);
            default -> providerAddresses(rows);
        }
        return new QueryResult(JSON.writeValueAsString(rows.kept), rows.truncated);
    }

    private void lookupRecords(Rows rows) {
        Map<Tenant, SortedMap<String, LookupRecord>> some = new LinkedHashMap<>();
        long expected = 0;
        long enough = rows.limit;
        for (Tenant tenant : index.tenants.values()) {
            if (rows.truncated) {
                return;
            }
            if (rows.excludes("rdid", tenant.rdid)) {
                continue;
            }
            some.put(tenant, new TreeMap<>(tenant.otherRecords));
            expected += tenant.recordCount + tenant.otherRecords.size();
            if (expected > enough) {
                lookupRecords(some, rows);
                some.clear();
                expected = 0;
                // Most rows do not pass the filter: fewer walks through the table from here on.
                enough = Math.max(enough * WALK_GROWTH, WALK_ROWS_MIN);
            }
        }
        lookupRecords(some, rows);
    }

    /** One walk through the table, which is in no order. */
    private void lookupRecords(Map<Tenant, SortedMap<String, LookupRecord>> some, Rows rows) {
        index.records.forEach(
                some::containsKey,
                (tenant, record) -> Objects.requireNonNull(some.get(tenant)).put(record.key(), record));
        some.forEach((tenant, ordered) -> ordered.values().forEach(record -> rows.add(lookupRecord(tenant, record))));
    }

    private @Nullable Map<String, Object> lookupRecord(Tenant tenant, LookupRecord record) {
        if (record.customerAddress().isUnspecified()) {
            return wildcard(tenant, record);
        }
        return switch (record.customerAddress()) {
            case Ipv4Address ca -> {
                LookupRow there = tables.records.row(tenant.index, ca.value());
                yield there == null
                        ? null
                        : row(tenant, record, there.vsid(), new MacAddress(there.mac()), pa(there.pa()));
            }
            case Ipv6Address ca -> {
                Lookup6Row there = tables.records6.row(tenant.index, ca);
                yield there == null
                        ? null
                        : row(tenant, record, there.vsid(), new MacAddress(there.mac()), pa(there.pa()));
            }
        };
    }

    /** A provider address of either family, as tables have it. */
    IpAddress pa(int providerAddress) {
        return ProviderAddresses6.isHandle(providerAddress)
                ? tables.providerAddresses6.address(providerAddress)
                : new Ipv4Address(providerAddress);
    }

    /** A wildcard of ours shows in the VSID's own row; those of other gateways have none. */
    private @Nullable Map<String, Object> wildcard(Tenant tenant, LookupRecord record) {
        VsidRow there = tables.vsids.row(record.vsid().value());
        return there == null ? null : row(tenant, record, there.vsid(), record.mac(), record.providerAddress());
    }

    private static Map<String, Object> row(
            Tenant tenant, LookupRecord record, int vsid, MacAddress mac, Object providerAddress) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("rdid", tenant.rdid.toString());
        row.put("vsid", vsid);
        row.put("customerAddress", record.customerAddress().toString());
        row.put("mac", mac.toString());
        row.put("providerAddress", providerAddress.toString());
        row.put("type", record.type().name());
        row.put("vmName", record.vmName());
        return row;
    }

    private void customerRoutes(Rows rows) {
        for (Tenant tenant : index.tenants.values()) {
            if (rows.truncated) {
                return;
            }
            if (!rows.excludes("rdid", tenant.rdid)) {
                new TreeMap<>(tenant.routes)
                        .values()
                        .forEach(candidates -> candidates.forEach(route -> rows.add(customerRoute(tenant, route))));
                otherRoutes.rows(tenant).forEach(rows::add);
            }
        }
    }

    /** Routes that lost to a better one of the same prefix are not in the table and not shown. */
    private @Nullable Map<String, Object> customerRoute(Tenant tenant, CustomerRoute route) {
        int vsid = route.vsid().value();
        int metric = route.metric();
        if (route.destinationPrefix().address() instanceof Ipv4Address destination
                && route.nextHop() instanceof Ipv4Address nextHop) {
            FibRow there = tables.tenantFib.row(
                    tenant.index, destination.value(), route.destinationPrefix().length());
            if (there == null || !isBy(there, nextHop.value())) {
                return null;
            }
            vsid = there.vsid();
            metric = there.metric();
        }
        if (route.destinationPrefix().address() instanceof Ipv6Address destination) {
            Fib6Row there = tables.tenantFib6.row(
                    tenant.index, destination, route.destinationPrefix().length());
            if (there == null || !isBy(there, route.nextHop())) {
                return null;
            }
            vsid = there.vsid();
            metric = there.metric();
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("rdid", tenant.rdid.toString());
        row.put("vsid", vsid);
        row.put("destinationPrefix", route.destinationPrefix().toString());
        row.put("nextHop", route.nextHop().toString());
        row.put("metric", metric);
        return row;
    }

    private static boolean isBy(Fib6Row row, IpAddress nextHop) {
        boolean same = row.nextHop().equals(nextHop);
        return isCustomer(row.kind()) && (same || row.hops().stream().anyMatch(hop -> hop.equals(nextHop)));
    }

    private static boolean isCustomer(int kind) {
        return kind != FibEntry.PROHIBITED && kind != FibEntry.PEER;
    }

    private static boolean isBy(FibRow row, int nextHop) {
        return isCustomer(row.kind()) && (row.nextHop() == nextHop || row.hops().contains(nextHop));
    }

    private void providerAddresses(Rows rows) {
        for (LinkIndex.Address own : index.provider.addresses.values()) {
            rows.add(providerAddress(own));
        }
    }

    private @Nullable Map<String, Object> providerAddress(LinkIndex.Address own) {
        int prefixLength = own.prefixLength();
        int vlan = own.vlan();
        if (own.address() instanceof Ipv4Address v4) {
            OwnAddresses.Row there = tables.ownAddresses.row(v4.value());
            if (there == null) {
                return null;
            }
            prefixLength = there.prefixLength();
            vlan = there.vlan();
        }
        if (own.address() instanceof Ipv6Address v6) {
            Own6Addresses.Row there = tables.ownAddresses6.row(v6);
            if (there == null) {
                return null;
            }
            prefixLength = there.prefixLength();
            vlan = there.vlan();
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("providerAddress", own.address().toString());
        row.put("prefixLength", prefixLength);
        row.put("vlanId", vlan);
        return row;
    }

    /** Keeps the rows a filter lets through, up to a limit. */
    private static final class Rows {
        private final Map<String, String> filter;
        private final int limit;
        private final List<Map<String, Object>> kept = new ArrayList<>();
        private boolean truncated;

        Rows(Map<String, String> filter, int limit) {
            this.filter = filter;
            this.limit = limit;
        }

        boolean excludes(String field, Object value) {
            return filter.containsKey(field) && !value.toString().equals(filter.get(field));
        }

        void add(@Nullable Map<String, Object> row) {
            if (row == null || truncated || filter.entrySet().stream().anyMatch(want -> differs(row, want))) {
                return;
            }
            if (kept.size() >= limit) {
                truncated = true;
            } else {
                kept.add(row);
            }
        }

        private static boolean differs(Map<String, Object> row, Map.Entry<String, String> want) {
            return !want.getValue().equals(Objects.toString(row.get(want.getKey())));
        }
    }
}
