package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.nat64.HostReader;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.talkers.TrafficKeys;
import net.nvgate.gateway.talkers.TrafficSnapshot.Traffic;
import net.nvgate.gateway.talkers.TrafficWatch;
import net.nvgate.gateway.worker.DropReason;
import tools.jackson.databind.json.JsonMapper;

/** Who sends and receives most, and what is dropped of whom. */
final class TrafficViews {

    /** Who is compared. */
    enum By {
        VM,
        NETWORK,
        RULE
    }

    /** What rows are in order by, the most first. */
    enum Order {
        RATE,
        BYTES,
        PACKETS
    }

    private static final Set<String> TOP_FIELDS = Set.of("by", "sort", "rdid", "vmNetwork", "vsid");
    private static final Set<String> DROP_FIELDS = Set.of("rdid", "vmNetwork", "vsid", "reason");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final double BITS = 8;
    /** In place of the address of a VM that is not known any more. */
    private static final String GONE = "";

    private final DataPath path;
    private final BiFunction<Integer, IpAddress, Integer> vsids;

    /** @param vsids VSID of the VM of a domain that has an address, 0 if there is none */
    TrafficViews(DataPath path, BiFunction<Integer, IpAddress, Integer> vsids) {
        this.path = path;
        this.vsids = vsids;
    }

    /** Whose traffic it is: what its row says before the numbers. */
    record Row(Map<String, Object> who, Traffic now, Traffic before) {

        Row plus(Row other) {
            return new Row(who, now.plus(other.now), before.plus(other.before));
        }

        long rate(boolean out) {
            return Math.max(0, out ? now.bytesOut() - before.bytesOut() : now.bytesIn() - before.bytesIn());
        }
    }

    /** The top talkers as they were at the last snapshot, at most {@link TrafficThread#PERIOD_SECONDS} ago. */
    QueryResult top(Map<String, String> fields, int limit) {
        require("top", fields, TOP_FIELDS);
        By by = SessionAsk.constant(By.class, "by", fields.getOrDefault("by", "VM"));
        Order order = SessionAsk.constant(Order.class, "sort", fields.getOrDefault("sort", "RATE"));
        TrafficWatch.Pair pair = path.traffic().last();
        List<Row> rows = switch (by) {
            case VM -> vms(pair);
            case NETWORK -> networks(allVms(pair));
            case RULE -> rules(pair);
        };
        rows.removeIf(row -> differs(row.who, fields));
        rows.sort(Comparator.comparingLong((Row row) -> measure(row, order)).reversed());
        List<Map<String, Object>> shown =
                rows.stream().limit(limit).map(row -> json(row, pair.seconds())).toList();
        return new QueryResult(JSON.writeValueAsString(shown), rows.size() > limit);
    }

    private static long measure(Row row, Order order) {
        return switch (order) {
            case RATE -> row.rate(true) + row.rate(false);
            case BYTES -> row.now.bytes();
            case PACKETS -> row.now.packets();
        };
    }

    private static Map<String, Object> json(Row row, double seconds) {
        Map<String, Object> json = new LinkedHashMap<>(row.who);
        json.put("packetsOut", row.now.packetsOut());
        json.put("bytesOut", row.now.bytesOut());
        json.put("packetsIn", row.now.packetsIn());
        json.put("bytesIn", row.now.bytesIn());
        json.put("bytesMissedMax", row.now.missed());
        json.put("bitsPerSecondOut", seconds == 0 ? 0 : Math.round(BITS * row.rate(true) / seconds));
        json.put("bitsPerSecondIn", seconds == 0 ? 0 : Math.round(BITS * row.rate(false) / seconds));
        return json;
    }

    /** VMs that are there: a NAT64 host whose handle was given back is not shown any more. */
    List<Row> vms(TrafficWatch.Pair pair) {
        List<Row> rows = allVms(pair);
        rows.removeIf(row -> GONE.equals(row.who.get("customerAddress")));
        return rows;
    }

    private List<Row> allVms(TrafficWatch.Pair pair) {
        Map<List<Object>, Row> rows = new LinkedHashMap<>();
        List<Map<Long, Traffic>> byWorker = pair.now().vms();
        for (int worker = 0; worker < byWorker.size(); worker++) {
            HostReader hosts = path.workers().get(worker).hosts();
            Map<Long, Traffic> before =
                    worker < pair.before().vms().size() ? pair.before().vms().get(worker) : Map.of();
            for (Map.Entry<Long, Traffic> vm : byWorker.get(worker).entrySet()) {
                int domain = TrafficKeys.domain(vm.getKey());
                Optional<IpAddress> address = address(vm.getKey(), hosts);
                Map<String, Object> who = tenant(domain);
                who.put("vsid", address.map(there -> vsids.apply(domain, there)).orElse(0));
                who.put("customerAddress", address.map(IpAddress::toString).orElse(GONE));
                Row row = new Row(who, vm.getValue(), before.getOrDefault(vm.getKey(), Traffic.NONE));
                rows.merge(List.of(domain, address), row, Row::plus);
            }
        }
        return new ArrayList<>(rows.values());
    }

    private static Optional<IpAddress> address(long vm, HostReader hosts) {
        int address = TrafficKeys.address(vm);
        return InsideHosts.isHandle(address)
                ? hosts.address(address, TrafficKeys.generation(vm)).map(IpAddress.class::cast)
                : Optional.of(new Ipv4Address(address));
    }

    private static List<Row> networks(List<Row> vms) {
        Map<Object, Row> rows = new LinkedHashMap<>();
        for (Row vm : vms) {
            Map<String, Object> who = new LinkedHashMap<>(vm.who);
            who.remove("vsid");
            who.remove("customerAddress");
            rows.merge(who, new Row(who, vm.now, vm.before), Row::plus);
        }
        return new ArrayList<>(rows.values());
    }

    /** Rules that share an external port for different remote hosts count as one of them; one that is gone is not shown, nor what another tenant had at its port. */
    List<Row> rules(TrafficWatch.Pair pair) {
        Map<UUID, Row> rows = new LinkedHashMap<>();
        for (Map.Entry<Long, Traffic> port : pair.now().rules().entrySet()) {
            long key = port.getKey();
            Optional<NatRuleIndex.Part> rule = path.policy()
                    .natRuleAt(
                            TrafficKeys.externalAddress(key), TrafficKeys.protocol(key), TrafficKeys.externalPort(key));
            if (rule.isPresent() && isOf(rule.get().connection().rdid(), TrafficKeys.ruleDomain(key))) {
                Map<String, Object> who = new LinkedHashMap<>();
                UUID rdid = rule.get().connection().rdid();
                who.put("rdid", rdid.toString());
                who.put("vmNetwork", path.policy().tenantName(rdid));
                who.put("natRule", rule.get().rule().id().toString());
                who.put("externalAddress", new Ipv4Address(rule.get().external()).toString());
                who.put("externalPort", rule.get().rule().externalPort());
                who.put("protocol", rule.get().rule().protocol().name());
                Row row = new Row(who, port.getValue(), pair.before().rules().getOrDefault(key, Traffic.NONE));
                rows.merge(rule.get().rule().id(), row, Row::plus);
            }
        }
        return new ArrayList<>(rows.values());
    }

    private boolean isOf(UUID rdid, int domain) {
        return path.policy()
                .tenant(domain)
                .filter(tenant -> tenant.rdid().equals(rdid))
                .isPresent();
    }

    private Map<String, Object> tenant(int domain) {
        Map<String, Object> who = new LinkedHashMap<>();
        TablePolicy.TenantName tenant = path.policy().tenant(domain).orElse(null);
        who.put("rdid", tenant == null ? "" : tenant.rdid().toString());
        who.put("vmNetwork", tenant == null ? "" : tenant.vmNetwork());
        return who;
    }

    private record Drops(TablePolicy.VsidName vsid, DropReason reason, long packets) {

        Map<String, Object> json() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("rdid", vsid.rdid().toString());
            row.put("vmNetwork", vsid.vmNetwork());
            row.put("vsid", vsid.vsid());
            row.put("reason", reason.label());
            row.put("explanation", reason.explanation());
            row.put("packets", packets);
            return row;
        }
    }

    /** Drops of each virtual subnet for each reason, the most first. */
    QueryResult drops(Map<String, String> fields, int limit) {
        require("drops", fields, DROP_FIELDS);
        List<Drops> found = new ArrayList<>();
        for (TablePolicy.VsidName vsid : path.policy().vsidNames()) {
            for (DropReason reason : DropReason.values()) {
                long packets = path.workers().stream()
                        .mapToLong(worker -> worker.counters().vsidDrops(vsid.countersIndex(), reason))
                        .sum();
                if (packets > 0) {
                    found.add(new Drops(vsid, reason, packets));
                }
            }
        }
        found.sort(Comparator.comparingLong(Drops::packets).reversed());
        List<Map<String, Object>> rows = found.stream()
                .map(Drops::json)
                .filter(row -> !differs(row, fields))
                .toList();
        return new QueryResult(
                JSON.writeValueAsString(rows.stream().limit(limit).toList()), rows.size() > limit);
    }

    private static void require(String view, Map<String, String> fields, Set<String> known) {
        for (String field : fields.keySet()) {
            if (!known.contains(field)) {
                throw new IllegalArgumentException("view " + view + " has no field '" + field + "'");
            }
        }
    }

    private static boolean differs(Map<String, Object> row, Map<String, String> fields) {
        Map<String, String> wanted = new HashMap<>(fields);
        wanted.keySet().removeAll(Set.of("by", "sort"));
        return wanted.entrySet().stream()
                .anyMatch(want -> !want.getValue().equals(String.valueOf(row.get(want.getKey()))));
    }
}
