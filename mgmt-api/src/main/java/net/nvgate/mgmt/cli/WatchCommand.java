package net.nvgate.mgmt.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes of the fabric as they happen; goes on without a gap when the manager was away. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Shows every change of the fabric as it happens, a line each.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:as many as were asked for", "1:refused, or the log does not go back so far"})
final class WatchCommand implements Callable<Integer> {

    private static final int TRIES_MAX = 60;
    private static final long PAUSE_MILLIS = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Option(
            names = "--from",
            paramLabel = "REVISION",
            description = "only changes after this one (default: from now on)")
    private @Nullable Long from;

    @Option(names = "--kinds", paramLabel = "KINDS", description = "only of these, with commas between: vms,vm-subnets")
    private @Nullable String kinds;

    @Option(names = "--count", paramLabel = "NUMBER", description = "ends after so many objects (default: never)")
    private long count = Long.MAX_VALUE;

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Option(
            names = "--json",
            description = "as -o json: each revision as a line of JSON, with objects before and after")
    private boolean json;

    private long seen;
    private int tries;

    @Override
    public Integer call() throws FilesClient.RefusedException, InterruptedException {
        PrintWriter out = spec.root().commandLine().getOut();
        if (json) {
            output.json();
        }
        Optional<String> last = Optional.ofNullable(from).map(String::valueOf);
        try (FilesClient client = target.client()) {
            while (seen < count) {
                try (BufferedReader lines = client.stream("watch" + (kinds == null ? "" : "?kinds=" + kinds), last)) {
                    last = read(lines, out, last);
                } catch (IOException e) {
                    spec.root().commandLine().getErr().println("watch: " + e.getMessage() + "; trying again");
                }
                if (seen < count && ++tries > TRIES_MAX) {
                    throw new FilesClient.RefusedException("the manager is away");
                }
                if (seen < count) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        }
        return 0;
    }

    /** Id of the last event, with which to go on. */
    private Optional<String> read(BufferedReader lines, PrintWriter out, Optional<String> from) throws IOException {
        Optional<String> last = from;
        String event = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                last = Optional.of(line.substring(4));
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
                tries = 0;
            } else if (line.startsWith("data: ")) {
                show(event, line.substring(6), out);
                if (seen >= count) {
                    return last;
                }
            }
        }
        return last;
    }

    private void show(String event, String data, PrintWriter out) {
        if (!event.equals("change")) {
            if (event.equals("resync") || event.equals("gone")) {
                if (output.isTable()) {
                    out.println(event + ": read lists again");
                } else {
                    ObjectNode told = Json.MAPPER.createObjectNode().put("event", event);
                    output.oneOfMany(
                            out, told.set("revision", Json.MAPPER.readTree(data).path("revision")));
                }
            }
            return;
        }
        JsonNode revision = Json.MAPPER.readTree(data);
        JsonNode changes = revision.path("changes");
        seen += changes.size();
        if (!output.isTable()) {
            output.oneOfMany(out, revision);
            return;
        }
        for (JsonNode change : changes) {
            out.println("%s %s %-8s %s/%s by %s%s"
                    .formatted(
                            revision.path("revision").asString(),
                            revision.path("at").asString(),
                            change.path("change").asString(),
                            change.path("kind").asString(),
                            change.path("name").asString(),
                            revision.path("actor").asString(),
                            revision.path("comment").asString("").isEmpty()
                                    ? ""
                                    : " (" + revision.path("comment").asString() + ")"));
        }
    }
}
