package net.nvgate.mgmt.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sessions as a table, or their end. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = {
            "Shows sessions of a gateway or a VM network, or ends them (--clear).",
            "FIELD=VALUE, all of which must fit: vsid, protocol, insideAddress, externalAddress, remoteAddress (or prefixes), insidePort,"
                    + " externalPort, remotePort (or ranges: 1024-2047), state, nat, natRule, ageMin, ageMax, idleMin, idleMax, bytesMin,"
                    + " bytesMax, packetsMin, packetsMax; with --gateway also rdid, vmNetwork."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown, or ended", "1:refused, no answer, not confirmed, or not all ended"})
final class SessionsCommand implements Callable<Integer> {

    private static final List<String> HEAD = List.of(
            "NETWORK", "PROTO", "INSIDE", "EXTERNAL", "REMOTE", "STATE", "NAT", "BYTES-OUT", "BYTES-IN", "AGE", "IDLE");
    private static final int PAGE_MAX = 1000;
    private static final int CLEARED_AT_ONCE = 1_000_000;

    enum Sort {
        bytes,
        packets,
        age,
        idle
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Mixin
    private NodeOrNetwork of = new NodeOrNetwork();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Parameters(paramLabel = "FIELD=VALUE", arity = "0..*", description = "which sessions")
    private Map<String, String> filter = new LinkedHashMap<>();

    @Option(names = "--sort", paramLabel = "BY", description = "the most first: ${COMPLETION-CANDIDATES}")
    private @Nullable Sort sort;

    @Option(names = "--least", description = "with --sort: the least first")
    private boolean least;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "50",
            description = "at most (default: ${DEFAULT-VALUE})")
    private int limit = 50;

    @Option(names = "--clear", description = "count them, ask, and end them; without FIELD=VALUE: all")
    private boolean clear;

    @Option(names = "--yes", description = "with --clear: do not ask")
    private boolean yes;

    @Override
    public Integer call() throws FilesClient.RefusedException, IOException {
        try (FilesClient client = target.client()) {
            String path = of.path(client) + "/sessions?";
            return clear ? clear(client, path) : show(client, path);
        }
    }

    private PrintWriter out() {
        return spec.root().commandLine().getOut();
    }

    private String asked() {
        return filter.entrySet().stream()
                .map(field -> NodeOrNetwork.query(field.getKey()) + "=" + NodeOrNetwork.query(field.getValue()) + "&")
                .collect(Collectors.joining());
    }

    private int show(FilesClient client, String path) throws FilesClient.RefusedException {
        ArrayNode items = Json.MAPPER.createArrayNode();
        String order = sort == null ? "" : "sort=" + sort + "&order=" + (least ? "asc" : "desc") + "&";
        String next = "";
        do {
            int left = limit - items.size();
            String after = next.isEmpty() ? "" : "&after=" + NodeOrNetwork.query(next);
            JsonNode page = Json.MAPPER.readTree(
                    client.get(path + asked() + order + "limit=" + Math.clamp(left, 1, PAGE_MAX) + after));
            page.get("items").forEach(items::add);
            next = page.path("next").asString("");
        } while (!next.isEmpty() && items.size() < limit);
        if (!output.isTable()) {
            ObjectNode answer = Json.MAPPER.createObjectNode();
            answer.set("items", items);
            output.document(out(), answer.put("truncated", !next.isEmpty()));
            return 0;
        }
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        items.forEach(item -> rows.add(row(item)));
        TextTable.print(out(), rows);
        if (!next.isEmpty()) {
            out().println("there are more than these " + items.size());
        }
        return 0;
    }

    private int clear(FilesClient client, String path) throws FilesClient.RefusedException, IOException {
        String which = filter.isEmpty() ? "all=true&" : asked();
        JsonNode count = Json.MAPPER.readTree(client.call("DELETE", path + which + "dryRun=true", ""));
        boolean counted = !count.get("truncated").asBoolean();
        long matched = count.get("matched").asLong();
        if (output.isTable()) {
            out().println((counted ? "" : "more than ") + matched + " sessions");
        }
        if (matched == 0 || !(yes || confirmed(matched))) {
            told(matched, 0, false);
            return matched == 0 ? 0 : NvgateMain.REFUSED;
        }
        long ended = 0;
        while (true) {
            JsonNode answer =
                    Json.MAPPER.readTree(client.call("DELETE", path + which + "limit=" + CLEARED_AT_ONCE, ""));
            long now = answer.get("ended").asLong();
            ended += now;
            // What was counted ends; what came meanwhile, for which there is no end, does not keep us here.
            if (!answer.get("truncated").asBoolean() || ended >= matched) {
                told(matched, ended, false);
                return 0;
            }
            // The next time would begin where this one did, and get no further.
            if (now == 0) {
                told(matched, ended, true);
                return NvgateMain.REFUSED;
            }
        }
    }

    /** @param more there may be some that were not ended */
    private void told(long matched, long ended, boolean more) {
        if (!output.isTable()) {
            output.document(
                    out(),
                    Json.MAPPER
                            .createObjectNode()
                            .put("matched", matched)
                            .put("ended", ended)
                            .put("truncated", more));
        } else if (ended > 0 || more) {
            out().println(ended + " ended" + (more ? "; there may be more, say more precisely which" : ""));
        }
    }

    private boolean confirmed(long matched) throws IOException {
        // What is asked is no part of a document.
        PrintWriter screen =
                output.isTable() ? out() : spec.root().commandLine().getErr();
        screen.print(output.isTable() ? "end them? [yes/no] " : "end " + matched + " sessions? [yes/no] ");
        screen.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        return "yes".equals(in.readLine());
    }

    private static List<String> row(JsonNode session) {
        return List.of(
                session.path("vmNetwork").asString("-"),
                session.path("protocol").asString("-"),
                endpoint(session, "inside"),
                endpoint(session, "external"),
                endpoint(session, "remote"),
                session.path("state").asString("-"),
                session.path("nat").asString("-").toLowerCase(Locale.ROOT),
                session.path("bytesOut").asString("-"),
                session.path("bytesIn").asString("-"),
                session.path("ageSeconds").asString("-"),
                session.path("idleSeconds").asString("-"));
    }

    private static String endpoint(JsonNode session, String side) {
        String address = session.path(side + "Address").asString("-");
        String shown = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return shown + ":" + session.path(side + "Port").asString("-");
    }
}
