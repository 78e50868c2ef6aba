package net.nvgate.mgmt.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Waits until gateways and hosts have applied a revision. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = "Waits until gateways and hosts have applied everything up to a revision.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all have it", "1:no such revision, or no answer", "2:some do not have it in time"})
final class WaitCommand implements Callable<Integer> {

    private static final long ASK_SECONDS_MAX = 30;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Parameters(paramLabel = "REVISION", description = "as the answer to a change says")
    private long revision;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how long (default: ${DEFAULT-VALUE})")
    private long timeoutSeconds;

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "gateway/NAME or host/NAME; may be repeated; default: all")
    private Set<String> nodes = Set.of();

    @Override
    public Integer call() throws FilesClient.RefusedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        try (FilesClient client = target.client()) {
            while (true) {
                long left = TimeUnit.NANOSECONDS.toSeconds(deadline - System.nanoTime());
                // The answer comes when all have it; of a few, ask again each second.
                long wait = Math.clamp(left, 0, nodes.isEmpty() ? ASK_SECONDS_MAX : 1);
                JsonNode answer =
                        Json.MAPPER.readTree(client.get("revisions/" + revision + "/convergence?waitSeconds=" + wait));
                requireKnown(answer);
                List<JsonNode> missing = answer.get("missing")
                        .valueStream()
                        .filter(node -> nodes.isEmpty() || nodes.contains(FollowersCommand.name(node)))
                        .toList();
                if (!missing.isEmpty() && left > 0) {
                    continue;
                }
                if (!output.isTable()) {
                    output.document(spec.root().commandLine().getOut(), answer);
                }
                if (missing.isEmpty()) {
                    return 0;
                } else {
                    if (output.isTable()) {
                        print(missing);
                    }
                    return NvgateMain.PENDING;
                }
            }
        }
    }

    /** A name that is mistyped must not count as a node that has it. */
    private void requireKnown(JsonNode answer) throws FilesClient.RefusedException {
        for (String node : nodes) {
            boolean known = answer.get("applied")
                            .valueStream()
                            .anyMatch(has -> FollowersCommand.name(has).equals(node))
                    || answer.get("missing")
                            .valueStream()
                            .anyMatch(has -> FollowersCommand.name(has).equals(node));
            if (!known) {
                throw new FilesClient.RefusedException("the fabric has no " + node);
            }
        }
    }

    private void print(List<JsonNode> missing) {
        PrintWriter out = spec.root().commandLine().getOut();
        for (JsonNode node : missing) {
            out.printf(
                    "%s does not have revision %d: %s at %s%s%n",
                    FollowersCommand.name(node),
                    revision,
                    node.get("state").asString(),
                    node.get("appliedRevision").asString(),
                    node.has("lastError") ? ", " + node.get("lastError").asString() : "");
        }
        out.flush();
    }
}
