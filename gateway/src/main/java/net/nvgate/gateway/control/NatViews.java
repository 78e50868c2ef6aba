package net.nvgate.gateway.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.nvgate.fabric.model.Filtering;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.flow.SessionRow;
import net.nvgate.gateway.nat.MappingReader;
import net.nvgate.gateway.nat64.HostReader;
import net.nvgate.gateway.route.Lookup6Row;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.worker.Worker;
import tools.jackson.databind.json.JsonMapper;

/** Views of sessions and mappings. Inside addresses of NAT64 hosts are their IPv6 addresses, in rows and in filters. */
final class NatViews {

    /** Of a page, besides {@link SessionAsk#FIELDS}. */
    private static final Set<String> PAGE_FIELDS = Set.of("sort", "order", "after");

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
    /** Mappings read per worker before a filter that the table cannot apply: bounds the time and memory of a query. */
    private static final int READ_MAX = 100_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DataPath path;

    NatViews(DataPath path) {
        this.path = path;
    }

    /** A page of sessions, see {@link SessionAsk} and {@link SessionPages#page}. */
    QueryResult sessions(Map<String, String> fields, int limit) {
        for (String field : fields.keySet()) {
            if (!SessionAsk.FIELDS.contains(field) && !PAGE_FIELDS.contains(field)) {
                throw new IllegalArgumentException("view sessions has no field '" + field + "'");
            }
        }
        List<WorkerThread> workers = path.workers();
        SessionAsk ask = new SessionAsk(fields, path.policy());
        SessionPages pages = new SessionPages(
                workers.stream().map(WorkerThread::sessions).toList(),
                workers.stream().map(worker -> ask.match(worker.hosts())).toList(),
                check(ask),
                Long.toHexString(path.startedNanos()),
                Worker.nowMs(),
                System.nanoTime() + SessionPages.NANOS_MAX);
        SessionPages.Page page = pages.page(fields, limit);
        List<Map<String, Object>> rows = page.rows().stream()
                .map(found -> row(found.row(), workers.get(found.worker()).hosts()))
                .toList();
        return new QueryResult(JSON.writeValueAsString(rows), !page.next().isEmpty(), page.next());
    }

    /** What of a question the tables of the workers do not know: the VSID. */
    SessionPages.Check check(SessionAsk ask) {
        return (worker, session) -> {
            if (ask.vsid == 0) {
                return true;
            }
            int domain = FlowKey.domain(Session.key1(session));
            int inside = FlowKey.source(Session.key0(session));
            return vsid(domain, inside(inside, path.workers().get(worker).hosts())) == ask.vsid;
        };
    }

    QueryResult mappings(Map<String, String> filter, int limit) {
        Rows rows = new Rows("nat-mappings", MAPPING_FIELDS, SessionFilters.named(filter), limit);
        for (WorkerThread worker : path.workers()) {
            for (SessionFilter narrow : SessionFilters.of(filter, 0, worker.hosts())) {
                List<MappingReader.Row> read =
                        worker.nat().reader().list(mapping -> isWanted(mapping, narrow), READ_MAX, Worker.nowMs());
                read.forEach(mapping -> rows.add(row(mapping, worker.hosts())));
                if (read.size() == READ_MAX) {
                    rows.truncate();
                }
            }
        }
        return rows.result();
    }

    private static boolean isWanted(MappingReader.Row mapping, SessionFilter narrow) {
        int protocol = narrow.protocol();
        int inside = narrow.insideAddress();
        int external = narrow.externalAddress();
        return (protocol == 0 || mapping.protocol() == protocol)
                && (inside == 0 || mapping.insideAddress() == inside)
                && (external == 0 || mapping.externalAddress() == external);
    }

    private Map<String, Object> row(MappingReader.Row mapping, HostReader hosts) {
        Map<String, Object> row = new LinkedHashMap<>();
        TablePolicy.TenantName tenant = path.policy().tenant(mapping.domain()).orElse(null);
        row.put("rdid", tenant == null ? "" : tenant.rdid().toString());
        row.put("vmNetwork", tenant == null ? "" : tenant.vmNetwork());
        row.put("protocol", SessionFilters.protocolName(mapping.protocol()));
        row.put("insideAddress", inside(mapping.insideAddress(), hosts).toString());
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

    private Map<String, Object> row(SessionRow session, HostReader hosts) {
        Map<String, Object> row = new LinkedHashMap<>();
        TablePolicy.TenantName tenant = path.policy().tenant(session.domain()).orElse(null);
        row.put("rdid", tenant == null ? "" : tenant.rdid().toString());
        row.put("vmNetwork", tenant == null ? "" : tenant.vmNetwork());
        IpAddress inside = inside(session.insideAddress(), hosts);
        row.put("vsid", vsid(session.domain(), inside));
        row.put("protocol", SessionFilters.protocolName(session.protocol()));
        row.put("insideAddress", inside.toString());
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
        row.put("ageSeconds", session.ageMs() / 1000);
        row.put("nat", session.nat().name());
        row.put("fromOutside", session.fromOutside());
        return row;
    }

    /** Of the VM that has an address; 0 if its record is gone. */
    int vsid(int domain, IpAddress address) {
        // The policy's lock keeps the row from being reused while it is read.
        synchronized (path.policy()) {
            return switch (address) {
                case Ipv4Address v4 -> {
                    LookupRow record = path.tables().records.row(domain, v4.value());
                    yield record == null ? 0 : record.vsid();
                }
                case Ipv6Address v6 -> {
                    Lookup6Row record = path.tables().records6.row(domain, v6);
                    yield record == null ? 0 : record.vsid();
                }
            };
        }
    }

    static IpAddress inside(int address, HostReader hosts) {
        return hosts.address(address).map(IpAddress.class::cast).orElse(new Ipv4Address(address));
    }

    private static String text(int address) {
        return new Ipv4Address(address).toString();
    }
}
