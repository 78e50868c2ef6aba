package net.nvgate.mgmt.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Who sends and receives most, or what is dropped of whom, as a table. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = "Shows who sends and receives most on a gateway or in a VM network, or what is dropped there.")
final class TopCommand implements Callable<Integer> {

    private static final double MEGA = 1e6;

    enum By {
        vm,
        network,
        rule
    }

    enum Sort {
        rate,
        bytes,
        packets
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Mixin
    private NodeOrNetwork of = new NodeOrNetwork();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "vm",
            description = "who is compared: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private By by = By.vm;

    @Option(
            names = "--sort",
            paramLabel = "BY",
            defaultValue = "rate",
            description = "the most first: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Sort sort = Sort.rate;

    @Option(names = "--drops", description = "packets that are dropped, by virtual subnet and reason, instead")
    private boolean drops;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "20",
            description = "at most (default: ${DEFAULT-VALUE})")
    private int limit = 20;

    @Override
    public Integer call() throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            String view = drops ? "/drops?" : "/top?by=" + by + "&sort=" + sort + "&";
            JsonNode answer = Json.MAPPER.readTree(client.get(of.path(client) + view + "limit=" + limit));
            if (!output.isTable()) {
                output.document(spec.root().commandLine().getOut(), answer);
                return 0;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(
                    drops
                            ? List.of("NETWORK", "VSID", "PACKETS", "REASON", "THE PACKET WAS")
                            : List.of(
                                    "NETWORK",
                                    by == By.rule ? "RULE" : "VM",
                                    "BIT/S-OUT",
                                    "BIT/S-IN",
                                    "BYTES-OUT",
                                    "BYTES-IN"));
            answer.get("items").forEach(item -> rows.add(drops ? dropped(item) : carried(item)));
            TextTable.print(spec.root().commandLine().getOut(), rows);
        }
        return 0;
    }

    private static List<String> dropped(JsonNode item) {
        return List.of(
                item.path("vmNetwork").asString(""),
                item.path("vsid").asString(""),
                item.path("packets").asString(""),
                item.path("reason").asString(""),
                item.path("explanation").asString(""));
    }

    private static List<String> carried(JsonNode item) {
        return List.of(
                item.path("vmNetwork").asString(""),
                item.path("natRule").asString(item.path("customerAddress").asString("-")),
                mega(item.path("bitsPerSecondOut")),
                mega(item.path("bitsPerSecondIn")),
                item.path("bytesOut").asString(""),
                item.path("bytesIn").asString(""));
    }

    private static String mega(JsonNode bits) {
        return String.format(Locale.ROOT, "%.1fM", bits.asDouble(0) / MEGA);
    }
}
