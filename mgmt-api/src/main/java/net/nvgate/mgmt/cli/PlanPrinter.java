package net.nvgate.mgmt.cli;

import java.io.PrintWriter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A plan for people.
 *
 * <pre>
 *  + host host3
 *      hostType: "LINUX_OVS"
 *  ~ vm-network-gateway blue-gateway
 *      nat64Prefix: - → "2001:db8:64::/96"
 * -+ network-site hnv-site
 *      mtu: 1500 → 9000
 *  - vm blue2
 * </pre>
 */
final class PlanPrinter {

    private static final Map<String, String> SIGNS =
            Map.of("CREATE", " + ", "UPDATE", " ~ ", "REPLACE", "-+ ", "DELETE", " - ");

    private final PrintWriter out;

    PlanPrinter(PrintWriter out) {
        this.out = out;
    }

    /** Each object with its fields before and after. */
    void changes(JsonNode plan) {
        for (JsonNode change : plan.get("changes")) {
            String action = change.get("action").asString();
            out.println(SIGNS.getOrDefault(action, " ? ") + change.get("kind").asString() + " "
                    + change.get("name").asString());
            for (JsonNode field : change.get("fields")) {
                String after = text(field, "after");
                String value = action.equals("CREATE") ? after : text(field, "before") + " → " + after;
                out.println("      " + field.get("field").asString() + ": " + value);
            }
            if (change.has("refused")) {
                out.println("      refused: " + change.get("refused").asString());
            }
        }
    }

    private static String text(JsonNode field, String member) {
        return field.has(member) ? field.get(member).asString() : "-";
    }

    /** One line for each node whose policy changes. */
    void policy(JsonNode plan) {
        if (!plan.has("policy")) {
            out.println("policy: not worked out, because a change is refused");
            return;
        }
        for (JsonNode node : plan.get("policy")) {
            out.println("policy of " + node.get("kind").asString() + " "
                    + node.get("name").asString() + ": +" + node.get("added") + " ~" + node.get("changed") + " -"
                    + node.get("removed"));
        }
    }

    /** How many of which, e.g. "3 to create, 1 to change, 0 to replace, 0 to delete". */
    static String summary(JsonNode plan, String create, String change, String replace, String delete) {
        return count(plan, "CREATE") + create + ", " + count(plan, "UPDATE") + change + ", " + count(plan, "REPLACE")
                + replace + ", " + count(plan, "DELETE") + delete;
    }

    private static long count(JsonNode plan, String action) {
        return plan.get("changes")
                .valueStream()
                .filter(change -> change.get("action").asString().equals(action))
                .count();
    }
}
