package net.nvgate.mgmt.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code --dry-run}: the manager says what a change would do, and does nothing. */
final class DryRun {

    @Option(names = "--dry-run", description = "show what would change, and change nothing")
    private boolean on;

    /** The path of a change, as it is to be asked for. */
    String path(String change) {
        return on ? change + "?dryRun=true" : change;
    }

    /** The answer to a change: as a document, or as what would change, or by {@code table} as what is now. */
    void print(OutputFormat output, PrintWriter out, JsonNode answer, Consumer<JsonNode> table) {
        if (!output.isTable()) {
            output.document(out, answer);
        } else if (on) {
            print(out, answer);
        } else {
            table.accept(answer);
        }
    }

    /** One line for each object, and for each node whose policy would change. */
    private static void print(PrintWriter out, JsonNode answer) {
        for (JsonNode change : answer.path("changes")) {
            out.printf(
                    "would be %s: %s %s%n",
                    change.path("change").asString("CHANGED"),
                    change.path("kind").asString("-"),
                    change.path("name").asString("-"));
        }
        for (JsonNode node : answer.path("policy")) {
            out.printf(
                    "policy of %s %s: +%s ~%s -%s%n",
                    node.path("kind").asString("-"),
                    node.path("name").asString("-"),
                    node.path("added"),
                    node.path("changed"),
                    node.path("removed"));
        }
        if (answer.path("changes").isEmpty()) {
            out.println("nothing would change");
        }
        out.flush();
    }
}
