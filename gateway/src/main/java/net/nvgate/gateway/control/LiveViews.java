package net.nvgate.gateway.control;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.nvgate.fabric.model.Filtering;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.flow.SessionRow;
import net.nvgate.gateway.nat.MappingReader;
import net.nvgate.gateway.nat.TenantUsage;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.route.Lookup6Row;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.worker.MtuRow;
import net.nvgate.gateway.worker.Worker;

/** Views of what changes with traffic: sessions, neighbours, counters. */
final class LiveViews {

    static final Set<String> KINDS = Set.of("sessions", "nat-mappings", "neighbors", "counters", "mtu");

    private static final Set<String> SESSION_FIELDS = Set.of(
            "rdid",
            "vmNetwork",
            "vsid",
            "protocol",
            "insideAddress",
            "insidePort",
            "externalAddress",
            "externalPort",
            "remoteAddress",
            "remotePort",
            "state",
            "packetsOut",
            "bytesOut",
            "packetsIn",
            "bytesIn",
            "idleSeconds");
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
    private static final Set<String> MAPPING_FIELDS = Set.of(
            "rdid",
            "vmNetwork",
            "protocol",
            "insideAddress",
            "insidePort",
            "externalAddress",
            "externalPort",
            "sessions",
            "filtering",
            "secondsLeft");
    private static final Set<String> NEIGHBOR_FIELDS = Set.of("port", "address", "mac", "state");
    private static final Set<String> COUNTER_FIELDS = Set.of("name", "value");

    /** Sessions read per worker before a filter that the table cannot apply: bounds the time and memory of a query. */
    private static final int SESSIONS_READ_MAX = 100_000;

    private final DataPath path;

    LiveViews(DataPath path) {
        this.path = path;
    }

    QueryResult query(String kind, Map<String, String> filter, int limit) {
        return switch (kind) {
            case "sessions" -> sessions(filter, limit);
            case "nat-mappings" -> mappings(filter, limit);
            case "neighbors" -> neighbors(filter, limit);
            case "counters" -> counters(filter, limit);
            case "mtu" -> mtu(filter, limit);
            default -> throw new IllegalArgumentException("no view '" + kind + "'");
        };
    }

    private QueryResult sessions(Map<String, String> filter, int limit) {
        SessionFilter narrow = SessionFilters.of(filter, 0);
        Map<String, String> named = new LinkedHashMap<>(filter);
        named.computeIfPresent("protocol", (_, _) -> SessionFilters.protocolName(narrow.protocol()));
        Rows rows = new Rows("sessions", SESSION_FIELDS, named, limit);
        for (WorkerThread worker : path.workers()) {
            List<SessionRow> read = worker.sessions().list(narrow, SESSIONS_READ_MAX, Worker.nowMs());
            read.forEach(session -> rows.add(row(session)));
            if (read.size() == SESSIONS_READ_MAX) {
                rows.truncate();
            }
        }
        return rows.result();
    }

    private QueryResult mappings(Map<String, String> filter, int limit) {
        Rows rows = new Rows("nat-mappings", MAPPING_FIELDS, filter, limit);
        SessionFilter narrow = SessionFilters.of(filter, 0);
        int protocol = narrow.protocol();
        int inside = narrow.insideAddress();
        int external = narrow.externalAddress();
        for (WorkerThread worker : path.workers()) {
            List<MappingReader.Row> read = worker.nat()
                    .reader()
                    .list(
                            mapping -> (protocol == 0 || mapping.protocol() == protocol)
                                    && (inside == 0 || mapping.insideAddress() == inside)
                                    && (external == 0 || mapping.externalAddress() == external),
                            SESSIONS_READ_MAX,
                            Worker.nowMs());
            read.forEach(mapping -> rows.add(row(mapping)));
            if (read.size() == SESSIONS_READ_MAX) {
                rows.truncate();
            }
        }
        return rows.result();
    }

    private Map<String, Object> row(MappingReader.Row mapping) {
        Map<String, Object> row = new LinkedHashMap<>();
        TablePolicy.TenantName tenant =
                path.policy().tenant(TenantUsage.tenant(mapping.domain())).orElse(null);
        row.put("rdid", tenant == null ? "" : tenant.rdid().toString());
        row.put("vmNetwork", tenant == null ? "" : tenant.vmNetwork());
        row.put("protocol", SessionFilters.protocolName(mapping.protocol()));
        row.put("insideAddress", text(mapping.insideAddress()));
        row.put("insidePort", mapping.insidePort());
        row.put("externalAddress", text(mapping.externalAddress()));
        row.put("externalPort", mapping.externalPort());
        row.put("sessions", mapping.sessions());
        row.put("filtering", filtering(mapping).name());
        row.put("secondsLeft", mapping.secondsLeft());
        return row;
    }

    /** Whom the mapping lets in now; one that was asked for lets in everybody. */
    private Filtering filtering(MappingReader.Row mapping) {
        // The policy's lock keeps the connection from being reused while it is read.
        synchronized (path.policy()) {
            long connection = path.tables().nat.connections.at(mapping.externalAddress(), mapping.externalPort());
            if (mapping.secondsLeft() > 0) {
                return Filtering.ENDPOINT_INDEPENDENT;
            }
            return connection == 0
                    ? Filtering.ADDRESS_AND_PORT_DEPENDENT
                    : switch (NatEntry.filtering(connection)) {
                        case NatEntry.ENDPOINT_INDEPENDENT -> Filtering.ENDPOINT_INDEPENDENT;
                        case NatEntry.ADDRESS_DEPENDENT -> Filtering.ADDRESS_DEPENDENT;
                        default -> Filtering.ADDRESS_AND_PORT_DEPENDENT;
                    };
        }
    }

    private Map<String, Object> row(SessionRow session) {
        Map<String, Object> row = new LinkedHashMap<>();
        TablePolicy.TenantName tenant = path.policy().tenant(session.domain()).orElse(null);
        row.put("rdid", tenant == null ? "" : tenant.rdid().toString());
        row.put("vmNetwork", tenant == null ? "" : tenant.vmNetwork());
        row.put("vsid", vsid(session.domain(), session.insideAddress()));
        row.put("protocol", SessionFilters.protocolName(session.protocol()));
        row.put("insideAddress", text(session.insideAddress()));
        row.put("insidePort", session.insidePort());
        row.put("externalAddress", text(session.externalAddress()));
        row.put("externalPort", session.externalPort());
        row.put("remoteAddress", text(session.remoteAddress()));
        row.put("remotePort", session.remotePort());
        row.put("state", session.state());
        row.put("packetsOut", session.packetsOut());
        row.put("bytesOut", session.bytesOut());
        row.put("packetsIn", session.packetsIn());
        row.put("bytesIn", session.bytesIn());
        row.put("idleSeconds", session.idleMs() / 1000);
        return row;
    }

    /** Of the VM that has an address; 0 if its record is gone. */
    private int vsid(int domain, int address) {
        // The policy's lock keeps the row from being reused while it is read.
        synchronized (path.policy()) {
            LookupRow record = path.tables().records.row(domain, address);
            return record == null ? 0 : record.vsid();
        }
    }

    private int vsid(MtuRow vm) {
        if (vm.customerAddress() instanceof Ipv4Address v4) {
            return vsid(vm.domain(), v4.value());
        }
        synchronized (path.policy()) {
            Lookup6Row record = path.tables().records6.row(vm.domain(), (Ipv6Address) vm.customerAddress());
            return record == null ? 0 : record.vsid();
        }
    }

    private static String text(int address) {
        return new Ipv4Address(address).toString();
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
        path.workers().stream()
                .flatMap(worker -> worker.mtuRows().stream())
                .sorted(Comparator.comparingLong(MtuRow::lastMs).reversed())
                .forEach(vm -> rows.add(row(vm)));
        return rows.result();
    }

    private Map<String, Object> row(MtuRow vm) {
        Map<String, Object> row = new LinkedHashMap<>();
        TablePolicy.TenantName tenant = path.policy().tenant(vm.domain()).orElse(null);
        row.put("rdid", tenant == null ? "" : tenant.rdid().toString());
        row.put("vmNetwork", tenant == null ? "" : tenant.vmNetwork());
        row.put("vsid", vsid(vm));
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
