package net.nvgate.fabric.ovs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.QueryResult;
import tools.jackson.databind.json.JsonMapper;

/** What the host tells of itself: status, and rows of what it really has. Answers from memory. Thread-safe. */
final class HostFollower implements FollowerState {

    private static final int ROWS_MAX = 10_000;
    private static final int STRANGERS_MAX = 100;

    private final OvsHost host;
    private final HostCounters counters;
    private final PortCounters portCounters;
    private final DriftLog drift;
    private final BooleanSupplier switchConnected;
    private final Instant started = Instant.now();
    private final JsonMapper json = new JsonMapper();

    HostFollower(
            OvsHost host,
            HostCounters counters,
            PortCounters portCounters,
            DriftLog drift,
            BooleanSupplier switchConnected) {
        this.host = host;
        this.counters = counters;
        this.portCounters = portCounters;
        this.drift = drift;
        this.switchConnected = switchConnected;
    }

    @Override
    public boolean forwarding() {
        return host.state().policy().revision() > 0;
    }

    @Override
    public String statusJson() {
        HostState state = host.state();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("switchConnected", switchConnected.getAsBoolean());
        status.put("records", state.policy().records().size());
        status.put("routes", state.policy().routes().size());
        status.put("flows", state.flows());
        status.put("ports", ports(state));
        status.put("unknownPorts", strangers(state));
        status.put("neighbors", state.neighbors());
        Map<String, Long> packets = new LinkedHashMap<>();
        Map<String, Long> drops = new LinkedHashMap<>();
        for (FlowCounter counter : FlowCounter.values()) {
            if (counter != FlowCounter.NONE) {
                (counter.isDrop() ? drops : packets).put(counter.name(), counters.total(counter));
            }
        }
        status.put("packets", packets);
        status.put("drops", drops);
        status.put("drift", drift.counts());
        status.put("lastDrift", lastDrift());
        status.put("warnings", state.warnings());
        status.put("error", state.error());
        status.put("uptimeSeconds", Instant.now().getEpochSecond() - started.getEpochSecond());
        status.put("version", HostAgentMain.version());
        return json.writeValueAsString(status);
    }

    private List<Map<String, Object>> ports(HostState state) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (VirtualPort port : state.policy().ports()) {
            OvsInterface plugged = state.plugged().byNic().get(port.nicId());
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("nicId", port.nicId().toString());
            row.put("vmName", port.vmName());
            row.put("vsid", port.vsid().value());
            row.put("mac", port.mac().toString());
            row.put("addresses", port.addresses().stream().map(Object::toString).toList());
            row.put("plugged", plugged != null);
            row.put("interface", plugged == null ? "" : plugged.name());
            row.put("mtu", port.mtu());
            row.put("interfaceMtu", plugged == null ? 0 : plugged.mtu());
            row.put("drops", portCounters.drops(port.nicId()));
            rows.add(row);
        }
        return rows;
    }

    /** Interfaces that nothing passes, and what they say of themselves. */
    private static List<Map<String, Object>> strangers(HostState state) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (OvsInterface stranger : state.plugged().strangers()) {
            if (rows.size() == STRANGERS_MAX) {
                break;
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("interface", stranger.name());
            row.put("ifaceId", stranger.ifaceId());
            row.put("attachedMac", stranger.attachedMac());
            row.put("vmId", stranger.vmId());
            rows.add(row);
        }
        return rows;
    }

    private List<Map<String, Object>> lastDrift() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (DriftLog.Entry entry : drift.last()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("at", entry.at().truncatedTo(ChronoUnit.SECONDS).toString());
            row.put("kind", entry.finding().kind().label());
            row.put("text", entry.finding().text());
            rows.add(row);
        }
        return rows;
    }

    @Override
    public QueryResult query(String kind, Map<String, String> filter, int limit) {
        HostPolicy policy = host.state().policy();
        List<String> fields = fields(kind);
        for (String field : filter.keySet()) {
            if (!fields.contains(field)) {
                throw new IllegalArgumentException(kind + " has no field '" + field + "', only " + fields);
            }
        }
        Stream<Map<String, Object>> rows = switch (kind) {
            case "lookup-records" -> policy.records().stream().map(HostFollower::row);
            case "customer-routes" -> policy.routes().stream().map(HostFollower::row);
            default -> policy.providerAddresses().stream().map(HostFollower::row);
        };
        int rowsMax = limit <= 0 ? ROWS_MAX : Math.min(limit, ROWS_MAX);
        List<Map<String, Object>> found =
                rows.filter(row -> matches(row, filter)).limit(rowsMax + 1L).toList();
        boolean truncated = found.size() > rowsMax;
        return new QueryResult(json.writeValueAsString(truncated ? found.subList(0, rowsMax) : found), truncated);
    }

    private static List<String> fields(String kind) {
        return switch (kind) {
            case "lookup-records" ->
                List.of("rdid", "vsid", "customerAddress", "mac", "providerAddress", "type", "vmName");
            case "customer-routes" -> List.of("rdid", "vsid", "destinationPrefix", "nextHop", "metric");
            case "provider-addresses" -> List.of("providerAddress", "prefixLength", "vlanId");
            default ->
                throw new IllegalArgumentException("a host answers lookup-records, customer-routes and"
                        + " provider-addresses, not '" + kind + "'");
        };
    }

    private static boolean matches(Map<String, Object> row, Map<String, String> filter) {
        return filter.entrySet().stream()
                .allMatch(wanted -> String.valueOf(row.get(wanted.getKey())).equals(wanted.getValue()));
    }

    private static Map<String, Object> row(LookupRecord record) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("rdid", record.rdid().toString());
        row.put("vsid", record.vsid().value());
        row.put("customerAddress", record.customerAddress().toString());
        row.put("mac", record.mac().toString());
        row.put("providerAddress", record.providerAddress().toString());
        row.put("type", record.type().name());
        row.put("vmName", record.vmName());
        return row;
    }

    private static Map<String, Object> row(CustomerRoute route) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("rdid", route.rdid().toString());
        row.put("vsid", route.vsid().value());
        row.put("destinationPrefix", route.destinationPrefix().toString());
        row.put("nextHop", route.nextHop().toString());
        row.put("metric", route.metric());
        return row;
    }

    private static Map<String, Object> row(ProviderAddress address) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("providerAddress", address.providerAddress().toString());
        row.put("prefixLength", address.prefixLength());
        row.put("vlanId", address.vlanId());
        return row;
    }
}
