package net.nvgate.mgmt.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How often rules of port ACLs have decided, as a table in their order. */
@Command(
        name = "acl-hits",
        mixinStandardHelpOptions = true,
        description = "Shows how often each rule of port ACLs has decided, on a gateway or in a VM network.")
final class AclHitsCommand implements Callable<Integer> {

    private static final int ROWS_MAX = 10_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Mixin
    private NodeOrNetwork of = new NodeOrNetwork();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Option(names = "--list", paramLabel = "NAME", description = "only this port ACL")
    private @Nullable String list;

    @Option(names = "--hit", description = "only rules that have decided")
    private boolean hit;

    @Override
    public Integer call() throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            String named = list == null ? "" : "portAcl=" + NodeOrNetwork.query(list) + "&";
            JsonNode answer =
                    Json.MAPPER.readTree(client.get(of.path(client) + "/port-acls?" + named + "limit=" + ROWS_MAX));
            if (!output.isTable()) {
                output.document(spec.root().commandLine().getOut(), hit ? hits(answer) : answer);
                return 0;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NETWORK", "LIST", "DIRECTION", "PRIORITY", "RULE", "ACTION", "HITS"));
            for (JsonNode item : answer.get("items")) {
                if (!hit || item.path("hits").asLong() > 0) {
                    rows.add(row(item));
                }
            }
            TextTable.print(spec.root().commandLine().getOut(), rows);
            if (answer.path("truncated").asBoolean()) {
                spec.root().commandLine().getOut().println("there are more than these, say --list");
            }
        }
        return 0;
    }

    /** The same without rules that have not decided. */
    private static JsonNode hits(JsonNode answer) {
        ObjectNode less = (ObjectNode) answer.deepCopy();
        ArrayNode items = less.putArray("items");
        for (JsonNode item : answer.get("items")) {
            if (item.path("hits").asLong() > 0) {
                items.add(item);
            }
        }
        return less;
    }

    private static List<String> row(JsonNode item) {
        boolean isDefault = item.path("priority").asInt() == 0;
        return List.of(
                item.path("vmNetwork").asString(""),
                item.path("portAcl").asString("") + (item.path("provider").asBoolean() ? " (provider's)" : ""),
                item.path("direction").asString("").toLowerCase(Locale.ROOT),
                isDefault ? "-" : item.path("priority").asString(""),
                isDefault ? "(default)" : item.path("rule").asString(""),
                item.path("action").asString("").toLowerCase(Locale.ROOT),
                item.path("hits").asString(""));
    }
}
