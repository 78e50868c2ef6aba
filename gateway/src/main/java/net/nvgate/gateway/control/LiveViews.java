package net.nvgate.gateway.control;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.worker.MtuRow;
import net.nvgate.gateway.worker.Worker;

/** Views of what changes with traffic: sessions, neighbours, counters. */
final class LiveViews {

    static final Set<String> KINDS =
            Set.of("sessions", "nat-mappings", "neighbors", "counters", "mtu", "top", "drops", AclViews.KIND);

    private static final Set<String> MTU_FIELDS = Set.of(
            "rdid",
            "vmNetwork",
            "vsid",
            "customerAddress",
            "refused",
            "fragmented",
            "tunnelFragmented",
            "lastSize",
            "mssClamped",
            "mssAnnounced",
            "mssLowered",
            "receivedTooBig",
            "idleSeconds");
    private static final Set<String> NEIGHBOR_FIELDS = Set.of("port", "address", "mac", "state");
    private static final Set<String> COUNTER_FIELDS = Set.of("name", "value");

    private final DataPath path;
    private final NatViews nat;
    private final TrafficViews traffic;

    LiveViews(DataPath path) {
        this.path = path;
        this.nat = new NatViews(path);
        this.traffic = new TrafficViews(path, nat::vsid);
    }

    NatViews nat() {
        return nat;
    }

    QueryResult query(String kind, Map<String, String> filter, int limit) {
        return switch (kind) {
            case "sessions" -> nat.sessions(filter, limit);
            case "nat-mappings" -> nat.mappings(filter, limit);
            case "neighbors" -> neighbors(filter, limit);
            case "counters" -> counters(filter, limit);
            case "mtu" -> mtu(filter, limit);
            case "top" -> traffic.top(filter, limit);
            case "drops" -> traffic.drops(filter, limit);
            case AclViews.KIND -> AclViews.query(path, filter, limit);
            default -> throw new IllegalArgumentException("no view '" + kind + "'");
        };
    }

    private QueryResult neighbors(Map<String, String> filter, int limit) {
        Rows rows = new Rows("neighbors", NEIGHBOR_FIELDS, filter, limit);
        path.neighbors().forEach(neighbor -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("port", portName(neighbor.port()));
            row.put("address", neighbor.address().toString());
            row.put("mac", neighbor.mac().toString());
            row.put("state", neighbor.state().name());
            rows.add(row);
        });
        return rows.result();
    }

    /** VMs whose packets do not fit, those heard of last first. */
    private QueryResult mtu(Map<String, String> filter, int limit) {
        Rows rows = new Rows("mtu", MTU_FIELDS, filter, limit);
        Map<List<Object>, MtuRow> vms = new LinkedHashMap<>();
        path.workers().stream()
                .flatMap(worker -> worker.mtuRows().stream())
                .forEach(vm -> vms.merge(List.of(vm.domain(), vm.customerAddress()), vm, MtuRow::plus));
        vms.values().stream()
                .sorted(Comparator.comparingLong(MtuRow::lastMs).reversed())
                .forEach(vm -> rows.add(row(vm)));
        return rows.result();
    }

    private Map<String, Object> row(MtuRow vm) {
        Map<String, Object> row = new LinkedHashMap<>();
        TablePolicy.TenantName tenant = path.policy().tenant(vm.domain()).orElse(null);
        row.put("rdid", tenant == null ? "" : tenant.rdid().toString());
        row.put("vmNetwork", tenant == null ? "" : tenant.vmNetwork());
        row.put("vsid", nat.vsid(vm.domain(), vm.customerAddress()));
        row.put("customerAddress", vm.customerAddress().toString());
        row.put("refused", vm.refused());
        row.put("fragmented", vm.fragmented());
        row.put("tunnelFragmented", vm.tunnelFragmented());
        row.put("lastSize", vm.lastSize());
        row.put("mssClamped", vm.mssClamped());
        row.put("mssAnnounced", vm.mssAnnounced());
        row.put("mssLowered", vm.mssLowered());
        row.put("receivedTooBig", vm.receivedTooBig());
        row.put("idleSeconds", Math.max(0, Worker.nowMs() - vm.lastMs()) / 1000);
        return row;
    }

    /** A tenant's VLAN is named like a sub-interface, e.g. {@code ext.101}. */
    private String portName(int port) {
        int vlan = NeighborEntry.tenantVlan(port);
        String name = physicalPortName(NeighborEntry.portId(port));
        return vlan == 0 ? name : name + "." + vlan;
    }

    private String physicalPortName(int id) {
        return path.ports().stream()
                .filter(port -> port.id() == id)
                .map(Port::name)
                .findFirst()
                .orElse(Integer.toString(id));
    }

    private QueryResult counters(Map<String, String> filter, int limit) {
        Rows rows = new Rows("counters", COUNTER_FIELDS, filter, limit);
        for (Sample sample : Samples.read(path)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", sample.exposedName());
            row.put("value", sample.value());
            row.put("labels", sample.labels());
            rows.add(row);
        }
        return rows.result();
    }
}
