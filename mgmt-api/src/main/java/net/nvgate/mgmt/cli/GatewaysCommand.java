package net.nvgate.mgmt.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Gateways: which there are, and taking one out of use. */
@Command(
        name = "gateways",
        mixinStandardHelpOptions = true,
        description = "Shows gateways, and takes one out of use and back.",
        footer = {
            "%nnvgate gateways drain gw-1 --dry-run",
            "nvgate gateways drain gw-1 --wait 60",
            "nvgate gateways undrain gw-1"
        })
final class GatewaysCommand {

    private static final List<String> COLUMNS =
            List.of("name", "draining", "maxVmNetworks", "providerAddress", "externalAddress", "id");
    private static final String EXIT_CODES = "%nExit codes:%n";
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private PrintWriter out() {
        return spec.root().commandLine().getOut();
    }

    private static String path(FilesClient client, String name) throws FilesClient.RefusedException {
        return NodeOrNetwork.path(client, "gateways", name);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows gateways.")
    int list(@Mixin Target target, @Mixin ListOptions list, @Mixin OutputFormat output)
            throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            String path = output.isTable()
                    ? "select/gateways" + list.query(Map.of("fields", String.join(",", COLUMNS)))
                    : "gateways" + list.query(Map.of());
            output.list(out(), Json.MAPPER.readTree(client.get(path)), COLUMNS);
        }
        return 0;
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows what is left on a gateway, and what could not leave it.")
    int status(
            @Mixin Target target,
            @Mixin OutputFormat output,
            @Parameters(paramLabel = "NAME", description = "of the gateway") String name)
            throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            print(output, Json.MAPPER.readTree(client.get(path(client, name) + "/drain")));
        }
        return 0;
    }

    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description =
                    "No VM network comes to the gateway any more; those that it serves move to others that can take them."
                            + " Their sessions end.",
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:nothing is left on it", "1:refused, or no answer", "2:something is left"})
    int drain(
            @Mixin Target target,
            @Mixin OutputFormat output,
            @Parameters(paramLabel = "NAME", description = "of the gateway") String name,
            @Option(names = "--keep-networks", description = "only keep others from coming") boolean keep,
            @Option(names = "--dry-run", description = "show what would become of each VM network") boolean dryRun,
            @Option(
                            names = "--wait",
                            paramLabel = "SECONDS",
                            defaultValue = "0",
                            description = "until the gateway says that nothing is left (default: ${DEFAULT-VALUE})")
                    long seconds)
            throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            String gateway = path(client, name);
            if (dryRun) {
                print(output, Json.MAPPER.readTree(client.get(gateway + "/drain")));
                return 0;
            }
            JsonNode answer = Json.MAPPER.readTree(
                    client.call("POST", gateway + "/drain" + (keep ? "?keepNetworks=true" : ""), ""));
            print(output, answer);
            return drained(client, gateway, answer, seconds) ? 0 : NvgateMain.PENDING;
        }
    }

    /** Waits as long as waiting helps: what no other gateway takes stays. */
    private static boolean drained(FilesClient client, String gateway, JsonNode first, long seconds)
            throws FilesClient.RefusedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        JsonNode answer = first;
        while (!answer.path("state").asString("").equals("DRAINED")) {
            if (answer.path("leftNetworks").asInt() > 0 || System.nanoTime() >= deadline) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
            answer = Json.MAPPER.readTree(client.get(gateway + "/drain"));
        }
        return true;
    }

    @Command(
            name = "undrain",
            mixinStandardHelpOptions = true,
            description = "VM networks may come to the gateway again. Those that have moved stay where they are.")
    int undrain(
            @Mixin Target target,
            @Mixin OutputFormat output,
            @Mixin DryRun dryRun,
            @Parameters(paramLabel = "NAME", description = "of the gateway") String name)
            throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            JsonNode answer =
                    Json.MAPPER.readTree(client.call("POST", dryRun.path(path(client, name) + "/undrain"), ""));
            dryRun.print(output, out(), answer, now -> print(output, now));
        }
        return 0;
    }

    private void print(OutputFormat output, JsonNode answer) {
        if (!output.isTable()) {
            output.document(out(), answer);
            return;
        }
        out().printf(
                        "%s is %s: %d VM networks moved, %d left, %s sessions%n",
                        answer.path("gateway").asString(""),
                        answer.path("state").asString(""),
                        answer.path("movedNetworks").asInt(),
                        answer.path("leftNetworks").asInt(),
                        answer.path("sessions").asString("unknown"));
        answer.path("moved")
                .forEach(each -> out().printf(
                                "moved  %s to %s%n",
                                each.path("vmNetwork").asString(""),
                                each.path("gateway").asString("")));
        answer.path("left")
                .forEach(each -> out().printf(
                                "left   %s: %s%n",
                                each.path("vmNetwork").asString(""),
                                each.path("stays").asString("can move")));
        out().flush();
    }
}
