package net.nvgate.mgmt.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What becomes of packets, and why. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = {
            "Tells what would become of a packet: from, source, destination, protocol, sourcePort, destinationPort, size, ttl,"
                    + " tcpFlags, dontFragment, innerMac, vsid; with --gateway also rdid, vmNetwork, providerAddress.",
            "With --next: what becomes of the next packets that pass and fit vsid, protocol, insideAddress, insidePort, remoteAddress,"
                    + " remotePort."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown, and none was dropped", "1:refused, or no answer", "2:a packet was dropped"})
final class TraceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Mixin
    private NodeOrNetwork of = new NodeOrNetwork();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Parameters(paramLabel = "FIELD=VALUE", arity = "0..*", description = "the packet, or which packets")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(names = "--next", paramLabel = "PACKETS", description = "real packets, so many at most")
    private int next;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "with --next: how long to wait for them (default: ${DEFAULT-VALUE})")
    private int seconds = 10;

    @Override
    public Integer call() throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            String what = next == 0 ? "/trace?" : "/packet-traces?packets=" + next + "&seconds=" + seconds + "&";
            JsonNode answer = Json.MAPPER.readTree(client.get(of.path(client) + what + query(fields)));
            JsonNode items = answer.path("items");
            boolean dropped = false;
            for (JsonNode item : items) {
                if (output.isTable()) {
                    print(item);
                }
                dropped |= item.path("verdict").asString("").equals("DROPPED");
            }
            if (!output.isTable()) {
                output.document(out(), answer);
            } else if (items.isEmpty()) {
                out().println("no packet came that fits");
            }
            out().flush();
            return dropped ? NvgateMain.PENDING : 0;
        }
    }

    static String query(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> NodeOrNetwork.query(field.getKey()) + "=" + NodeOrNetwork.query(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private PrintWriter out() {
        return spec.root().commandLine().getOut();
    }

    private void print(JsonNode item) {
        out().println(item.path("packet").asString(""));
        for (JsonNode step : item.path("steps")) {
            out().printf(
                            "  %-18s %s%n",
                            step.path("step").asString(""), step.path("text").asString(""));
        }
        out().println("  => " + item.path("summary").asString(""));
    }
}
