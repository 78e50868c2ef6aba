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

/** How far gateways and hosts are, as a table. */
@Command(
        name = "followers",
        mixinStandardHelpOptions = true,
        description = "Shows how far every gateway and host is.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all are level", "1:no answer", "2:some are not"})
final class FollowersCommand implements Callable<Integer> {

    private static final List<String> HEAD =
            List.of("NODE", "STATE", "DESIRED", "APPLIED", "LAG", "SECONDS", "SEEN", "VERSION", "DRIFT", "ERROR");

    enum State {
        LEVEL,
        BEHIND,
        DISCONNECTED,
        ERROR
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Option(names = "--state", paramLabel = "STATE", description = "only these: ${COMPLETION-CANDIDATES}")
    private @Nullable State state;

    @Override
    public Integer call() throws FilesClient.RefusedException {
        JsonNode answer;
        try (FilesClient client = target.client()) {
            answer = Json.MAPPER.readTree(client.get(state == null ? "followers" : "followers?state=" + state));
        }
        if (output.isTable()) {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            answer.get("items").forEach(item -> rows.add(row(item)));
            TextTable.print(spec.root().commandLine().getOut(), rows);
        } else {
            output.document(spec.root().commandLine().getOut(), answer);
        }
        JsonNode states = answer.get("states");
        return states.get("BEHIND").asInt()
                                + states.get("DISCONNECTED").asInt()
                                + states.get("ERROR").asInt()
                        == 0
                ? 0
                : NvgateMain.PENDING;
    }

    /** {@code gateway/gw-1}, as elsewhere on the command line. */
    static String name(JsonNode node) {
        return node.get("kind").asString().replaceAll("s$", "") + "/"
                + node.get("name").asString();
    }

    private static List<String> row(JsonNode item) {
        JsonNode drift = item.path("drift");
        int differs = drift.path("missing").asInt(0)
                + drift.path("wrong").asInt(0)
                + drift.path("extra").asInt(0);
        return List.of(
                name(item),
                item.get("state").asString(),
                item.get("desiredRevision").asString(),
                item.get("appliedRevision").asString(),
                item.get("lagRevisions").asString(),
                String.format(Locale.ROOT, "%.1f", item.get("lagSeconds").asDouble()),
                item.path("connected").asBoolean()
                        ? "now"
                        : item.path("lastSeen").asString("never"),
                item.path("software").asString("-"),
                drift.isMissingNode() ? "-" : String.valueOf(differs),
                item.path("lastError").asString("-"));
    }
}
