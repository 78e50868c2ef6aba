package net.nvgate.gateway.control;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import net.nvgate.gateway.control.TrafficViews.Row;
import net.nvgate.gateway.talkers.TrafficSnapshot.Traffic;
import net.nvgate.gateway.talkers.TrafficWatch;
import net.nvgate.gateway.worker.DropReason;

/** The traffic of VMs and NAT rules as it was at the last look, and tenants' drops; only so many series as a collector of metrics can bear. */
final class TrafficSamples {

    /** VMs that are shown: those that have carried most. All are in the view {@code top}. */
    private static final int VMS_MAX = 256;

    private static final int RULES_MAX = 1024;
    /** Tenants whose drops are shown: those with the lowest VSIDs. */
    private static final int TENANTS_MAX = 1024;

    private TrafficSamples() {}

    static void read(DataPath path, List<Sample> samples) {
        TrafficViews views = new TrafficViews(path, new NatViews(path)::vsid);
        TrafficWatch.Pair pair = path.traffic().last();
        series("nvgate_vm", "a VM, by its sessions", most(views.vms(pair), VMS_MAX), TrafficSamples::vm, samples);
        series("nvgate_nat_rule", "a NAT rule", most(views.rules(pair), RULES_MAX), TrafficSamples::rule, samples);
        drops(path, samples);
    }

    private static List<Row> most(List<Row> rows, int max) {
        return rows.stream()
                .sorted(Comparator.comparingLong((Row row) -> row.now().bytes()).reversed())
                .limit(max)
                .toList();
    }

    private static Map<String, String> vm(Row row) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("rdid", String.valueOf(row.who().get("rdid")));
        labels.put("address", String.valueOf(row.who().get("customerAddress")));
        return labels;
    }

    private static Map<String, String> rule(Row row) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("rdid", String.valueOf(row.who().get("rdid")));
        labels.put("rule", String.valueOf(row.who().get("natRule")));
        return labels;
    }

    private static void series(
            String name, String of, List<Row> rows, Function<Row, Map<String, String>> labels, List<Sample> samples) {
        add(name + "_packets", "Packets of " + of, rows, labels, Traffic::packetsOut, Traffic::packetsIn, samples);
        add(name + "_bytes", "Bytes of " + of, rows, labels, Traffic::bytesOut, Traffic::bytesIn, samples);
    }

    private static void add(
            String name,
            String help,
            List<Row> rows,
            Function<Row, Map<String, String>> labels,
            ToLongFunction<Traffic> out,
            ToLongFunction<Traffic> in,
            List<Sample> samples) {
        for (Row row : rows) {
            for (boolean isOut : new boolean[] {true, false}) {
                Map<String, String> all = new LinkedHashMap<>(labels.apply(row));
                all.put("direction", isOut ? "out" : "in");
                samples.add(Sample.counter(
                        name, help + "; out is from the VM", all, (isOut ? out : in).applyAsLong(row.now())));
            }
        }
    }

    private static void drops(DataPath path, List<Sample> samples) {
        Map<UUID, Map<DropReason, Long>> tenants = new TreeMap<>();
        for (TablePolicy.VsidName vsid : path.policy().vsidNames()) {
            if (tenants.size() == TENANTS_MAX && !tenants.containsKey(vsid.rdid())) {
                continue;
            }
            Map<DropReason, Long> drops = tenants.computeIfAbsent(vsid.rdid(), _ -> new TreeMap<>());
            for (DropReason reason : DropReason.values()) {
                long count = path.workers().stream()
                        .mapToLong(worker -> worker.counters().vsidDrops(vsid.countersIndex(), reason))
                        .sum();
                if (count > 0) {
                    drops.merge(reason, count, Long::sum);
                }
            }
        }
        tenants.forEach((rdid, drops) -> drops.forEach((reason, count) -> {
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("rdid", rdid.toString());
            labels.put("reason", reason.label());
            samples.add(Sample.counter("nvgate_tenant_drops", "Packets of a tenant dropped, by reason", labels, count));
        }));
    }
}
