package net.nvgate.gateway.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.sync.QueryResult;

/** How often rules of port ACLs have decided, by rule for people and by list for metrics, which must stay few. */
final class AclViews {

    static final String KIND = "port-acls";

    /** Lists that have metrics of their own. */
    private static final int METRIC_LISTS_MAX = 1000;

    private static final Set<String> FIELDS = Set.of(
            "rdid", "vmNetwork", "portAclId", "portAcl", "provider", "direction", "priority", "rule", "action", "hits");

    private AclViews() {}

    static QueryResult query(DataPath path, Map<String, String> filter, int limit) {
        Rows rows = new Rows(KIND, FIELDS, filter, limit);
        String rdid = filter.get("rdid");
        List<TablePolicy.AclRow> rules =
                rdid == null ? path.policy().aclRows() : path.policy().aclRows(UUID.fromString(rdid));
        for (TablePolicy.AclRow rule : rules) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("rdid", rule.rdid().toString());
            row.put("vmNetwork", rule.vmNetwork());
            row.put("portAclId", rule.name().listId().toString());
            row.put("portAcl", rule.name().list());
            row.put("provider", rule.name().provider());
            row.put("direction", rule.name().direction().name());
            row.put("priority", rule.name().priority());
            row.put("rule", rule.name().rule());
            row.put("action", rule.name().action().name());
            row.put("hits", hits(path, rule.slot()));
            rows.add(row);
        }
        return rows.result();
    }

    private static long hits(DataPath path, int slot) {
        return slot == 0
                ? 0
                : path.workers().stream()
                        .mapToLong(worker -> worker.aclHits().get(slot))
                        .sum();
    }

    /** A list and what it decided. */
    private record Label(UUID rdid, String vmNetwork, String list, String action) {}

    static void samples(DataPath path, List<Sample> samples) {
        Map<Label, Long> sums = new LinkedHashMap<>();
        for (TablePolicy.AclRow rule : path.policy().aclRows()) {
            String action = rule.name().action() == AclAction.ALLOW ? "allow" : "deny";
            Label label = new Label(rule.rdid(), rule.vmNetwork(), rule.name().list(), action);
            if (sums.containsKey(label) || sums.size() < 2 * METRIC_LISTS_MAX) {
                sums.merge(label, hits(path, rule.slot()), Long::sum);
            }
        }
        sums.forEach((label, count) -> samples.add(Sample.counter(
                "nvgate_port_acl_hits",
                "Flows and packets without flow that a port ACL has decided on",
                Map.of(
                        "rdid",
                        label.rdid.toString(),
                        "vm_network",
                        label.vmNetwork,
                        "port_acl",
                        label.list,
                        "action",
                        label.action),
                count)));
    }
}
