package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Plans, applies and exports fabric files by a manager's API. */
@Command(
        name = "nvgate",
        mixinStandardHelpOptions = true,
        versionProvider = NvgateMain.Version.class,
        description = "The whole fabric as one file; hosts that are there already; who may follow.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing to do, or done", "1:refused, or no answer", "2:changes are pending (plan, diff)"})
public final class NvgateMain {

    static final int REFUSED = 1;
    static final int PENDING = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private NvgateMain() {}

    public static void main(String[] args) {
        System.exit(run(args, new PrintWriter(System.out, true, StandardCharsets.UTF_8)));
    }

    /** All commands with their options, for who runs them and for the reference. */
    public static CommandLine commandLine() {
        return Subcommands.line(new NvgateMain());
    }

    /** Exit code of a command line; what it prints goes to {@code out}, what is wrong to the standard error. */
    public static int run(String[] args, PrintWriter out) {
        CommandLine line = Subcommands.line(new NvgateMain(), args).setOut(out);
        line.getCommandSpec().exitCodeOnInvalidInput(REFUSED);
        line.getSubcommands().values().forEach(sub -> {
            sub.getCommandSpec().exitCodeOnInvalidInput(REFUSED);
            sub.getSubcommands()
                    .values()
                    .forEach(below -> below.getCommandSpec().exitCodeOnInvalidInput(REFUSED));
        });
        line.setExecutionExceptionHandler((e, command, _) -> {
            command.getErr().println(command.getCommandName() + ": " + e.getMessage());
            return REFUSED;
        });
        return line.execute(args);
    }

    /** The version that was built. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String built = NvgateMain.class.getPackage().getImplementationVersion();
            return new String[] {"nvgate " + (built == null ? "development" : built)};
        }
    }

    /** Where the manager is. */
    static final class Target {

        @Option(
                names = "--url",
                paramLabel = "URL",
                defaultValue = "${env:NVGATE_URL:-http://127.0.0.1:8080}",
                description = "of the manager (default: $NVGATE_URL, else http://127.0.0.1:8080)")
        private URI url = URI.create("http://127.0.0.1:8080");

        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "PEM, who signed the manager's certificate; default: $NVGATE_CA, else who the JDK trusts")
        private @Nullable Path ca;

        /** @throws FilesClient.RefusedException if it is none of a manager */
        URI url() throws FilesClient.RefusedException {
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (!http || url.getHost() == null) {
                throw new FilesClient.RefusedException("--url must be like http://127.0.0.1:8080, and is " + url);
            }
            return url;
        }

        @Option(
                names = "--config-dir",
                paramLabel = "DIRECTORY",
                description = "where login keeps tokens (default: $NVGATE_CONFIG_HOME, or ~/.config/nvgate)")
        private @Nullable Path configuration;

        Credentials credentials() {
            return Credentials.ofUser(Optional.ofNullable(configuration));
        }

        Optional<Path> ca() {
            return Optional.ofNullable(ca)
                    .or(() -> Optional.ofNullable(System.getenv("NVGATE_CA")).map(Path::of));
        }

        /** With the token of this user for this manager, if there is one. */
        FilesClient client() throws FilesClient.RefusedException {
            return new FilesClient(url(), ca(), credentials().token(url()));
        }

        /** Without. */
        FilesClient stranger() throws FilesClient.RefusedException {
            return new FilesClient(url(), ca(), Optional.empty());
        }
    }

    /** A file to compare the fabric with. */
    static final class Wanted {

        @Mixin
        private Target target = new Target();

        @Option(
                names = "-f",
                paramLabel = "FILE",
                required = true,
                description = "fabric file (YAML), - = standard input")
        private Path file = Path.of("-");

        @Option(names = "--prune", description = "delete what a file of this name made before, and no longer has")
        private boolean prune;

        @Option(names = "--replace", description = "delete and make again what differs in what cannot be changed")
        private boolean replace;

        JsonNode post(String verb) throws IOException, FilesClient.RefusedException {
            String yaml = file.toString().equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(file);
            try (FilesClient client = target.client()) {
                return client.post(verb + "?prune=" + prune + "&replace=" + replace, yaml);
            }
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(name = "plan", mixinStandardHelpOptions = true, description = "Shows what apply would do, down to policy.")
    int plan(@Mixin Wanted wanted, @Mixin OutputFormat output) throws IOException, FilesClient.RefusedException {
        JsonNode plan = wanted.post("plan");
        if (!output.isTable()) {
            output.document(out(), plan);
            return plan.get("changes").isEmpty()
                    ? CommandLine.ExitCode.OK
                    : plan.get("applicable").asBoolean() ? PENDING : REFUSED;
        }
        PlanPrinter printer = new PlanPrinter(out());
        printer.changes(plan);
        if (plan.get("changes").isEmpty()) {
            out().println("nothing to do: the fabric is as the file says");
            return CommandLine.ExitCode.OK;
        }
        printer.policy(plan);
        out().println("plan: "
                + PlanPrinter.summary(plan, " to create", " to change", " to replace", " to delete")
                + "; transactions: " + plan.get("transactions"));
        return plan.get("applicable").asBoolean() ? PENDING : REFUSED;
    }

    @Command(name = "diff", mixinStandardHelpOptions = true, description = "Shows only what differs.")
    int diff(@Mixin Wanted wanted, @Mixin OutputFormat output) throws IOException, FilesClient.RefusedException {
        JsonNode plan = wanted.post("plan");
        if (output.isTable()) {
            new PlanPrinter(out()).changes(plan);
        } else {
            ObjectNode differences = Json.MAPPER.createObjectNode();
            differences.set("changes", plan.get("changes"));
            output.document(out(), differences);
        }
        return plan.get("changes").isEmpty() ? CommandLine.ExitCode.OK : PENDING;
    }

    @Command(name = "apply", mixinStandardHelpOptions = true, description = "Makes the fabric what the file says.")
    int apply(@Mixin Wanted wanted, @Mixin OutputFormat output) throws IOException, FilesClient.RefusedException {
        JsonNode done = wanted.post("apply");
        if (!output.isTable()) {
            output.document(out(), done);
            return CommandLine.ExitCode.OK;
        }
        new PlanPrinter(out()).changes(done);
        out().println("applied " + done.get("file").asString() + ": "
                + PlanPrinter.summary(done, " created", " changed", " replaced", " deleted") + "; revision "
                + done.get("revision"));
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "export", mixinStandardHelpOptions = true, description = "Writes the fabric as a file.")
    int export(
            @Mixin Target target,
            @Option(
                            names = "-f",
                            paramLabel = "FILE",
                            defaultValue = "-",
                            description = "to write, - = standard output")
                    Path file,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "fabric",
                            description = "of the file, which labels what it makes (default: ${DEFAULT-VALUE})")
                    String name)
            throws IOException, FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            String yaml = client.get("export?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
            if (file.toString().equals("-")) {
                out().print(yaml);
                out().flush();
            } else {
                Files.writeString(file, yaml);
            }
        }
        return CommandLine.ExitCode.OK;
    }
}
