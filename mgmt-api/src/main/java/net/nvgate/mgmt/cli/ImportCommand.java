package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.netwnv.CollectScript;
import net.nvgate.fabric.netwnv.EnumNumbers;
import net.nvgate.fabric.netwnv.Finding;
import net.nvgate.fabric.netwnv.FindingCode;
import net.nvgate.fabric.netwnv.ImportFollower;
import net.nvgate.fabric.netwnv.ImportMetrics;
import net.nvgate.fabric.netwnv.ImportOptions;
import net.nvgate.fabric.netwnv.ImportRun;
import net.nvgate.fabric.netwnv.NetWnvFiles;
import net.nvgate.fabric.netwnv.NetWnvImport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a fabric of what Hyper-V hosts show of their NetWNV, once or following their files. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Reads what the Get-NetVirtualization cmdlets of Hyper-V hosts showed, reports what is inconsistent, and makes it"
                        + " the fabric. Without --plan, --apply and --follow no manager is asked.")
final class ImportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private NvgateMain.Target target = new NvgateMain.Target();

    @Option(
            names = "--print-script",
            description = "print the PowerShell script that writes a host's file, and do nothing else")
    private boolean printScript;

    @Parameters(paramLabel = "DIR", arity = "0..*", description = "directories or files: .json, .csv, .xml, .clixml")
    private List<Path> places = List.of();

    @Option(names = "--plan", description = "show what applying would do, down to policy")
    private boolean plan;

    @Option(
            names = "--apply",
            description = "make the fabric what the hosts are; what an import made before, and is gone, is deleted")
    private boolean apply;

    @Option(
            names = "--follow",
            paramLabel = "SECONDS",
            description = "apply again whenever files change, and every so many seconds")
    private Optional<Integer> follow = Optional.empty();

    @Option(
            names = "--settle",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "with --follow: how long files must be quiet (default: ${DEFAULT-VALUE})")
    private int settle = 5;

    @Option(names = "--out", paramLabel = "FILE", description = "write the fabric file, - = standard output")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = ImportOptions.NAME_DEFAULT,
            description =
                    "of the import: label nvgate/applied-by, and begin of names it makes up (default: ${DEFAULT-VALUE})")
    private String name = ImportOptions.NAME_DEFAULT;

    @Option(
            names = "--gateway",
            paramLabel = "NAME[=PA]",
            description =
                    "gateway of this fabric that takes the tenants' ways out, of several with the PA that each has in the records")
    private List<String> gateways = List.of();

    @Option(
            names = "--external-pool",
            paramLabel = "POOL",
            description = "make these gateways, with this pool of the front end and the PAs of the records")
    private Optional<String> externalPool = Optional.empty();

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            defaultValue = "1500",
            description = "of the PA network (default: ${DEFAULT-VALUE})")
    private int mtu = ImportOptions.MTU_DEFAULT;

    @Option(
            names = "--enum-numbers",
            description =
                    "numbers where names of Rule and Type should be are those of OpenStack's os-win: 0, 1, 2... in documented order")
    private boolean enumNumbers;

    @Option(
            names = "--tolerate",
            paramLabel = "CODE",
            split = ",",
            description = "errors that do not stand in the way: ${COMPLETION-CANDIDATES}")
    private Set<FindingCode> tolerated = Set.of();

    @Option(names = "--remove-hosts", description = "hosts that no file tells of any more go, with their VMs")
    private boolean removeHosts;

    @Option(
            names = "--report",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "of findings: text or json (default: ${DEFAULT-VALUE})")
    private String report = "text";

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "with --follow: metrics for node_exporter's textfile collector")
    private Optional<Path> metrics = Optional.empty();

    @Override
    public Integer call() throws IOException, FilesClient.RefusedException {
        if (!Set.of("text", "json").contains(report)) {
            throw new IllegalArgumentException("--report is text or json, not " + report);
        }
        if (printScript) {
            print().print(CollectScript.text());
            print().flush();
            return CommandLine.ExitCode.OK;
        }
        if (places.isEmpty()) {
            throw new IllegalArgumentException("name the directories or files to read");
        }
        ImportRun.Settings settings = new ImportRun.Settings(
                places, enumNumbers ? EnumNumbers.OS_WIN : EnumNumbers.REFUSED, options(), removeHosts);
        if (follow.isPresent()) {
            follow(settings, follow.get());
            return CommandLine.ExitCode.OK;
        }
        NetWnvImport imported = NetWnvImport.of(NetWnvFiles.read(places, settings.numbers()), settings.options());
        if (out.isPresent()) {
            write(out.get(), imported.file());
        }
        if (apply) {
            return apply(settings);
        }
        report(imported.findings());
        if (imported.refusal().isPresent()) {
            return NvgateMain.REFUSED;
        }
        return plan ? plan(imported.file()) : CommandLine.ExitCode.OK;
    }

    private ImportOptions options() {
        Map<String, Optional<IpAddress>> named = new HashMap<>();
        for (String each : gateways) {
            int equals = each.lastIndexOf('=');
            named.put(equals < 0 ? each : each.substring(0, equals), equals < 0 ? Optional.empty() : pa(each, equals));
        }
        return new ImportOptions(name, named, externalPool, mtu, tolerated);
    }

    private static Optional<IpAddress> pa(String gateway, int equals) {
        try {
            return Optional.of(IpAddress.parse(gateway.substring(equals + 1)));
        } catch (ModelException e) {
            throw new IllegalArgumentException("--gateway " + gateway + ": " + e.getMessage(), e);
        }
    }

    private PrintWriter print() {
        return spec.commandLine().getOut();
    }

    private void write(Path file, String yaml) throws IOException {
        if (file.toString().equals("-")) {
            print().print(yaml);
            print().flush();
        } else {
            Files.writeString(file, yaml);
        }
    }

    private void report(List<Finding> findings) {
        if (report.equals("text")) {
            findings.forEach(print()::println);
            print().println("findings: " + findings.size());
            return;
        }
        ArrayNode array = FabricJson.mapper().createArrayNode();
        for (Finding finding : findings) {
            ObjectNode entry = array.addObject()
                    .put("code", finding.code().name())
                    .put("severity", finding.severity().name())
                    .put("subject", finding.subject())
                    .put("message", finding.message());
            finding.hosts().forEach(entry.putArray("hosts")::add);
            finding.files().forEach(entry.putArray("files")::add);
        }
        print().println(FabricJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(array));
    }

    private int plan(String yaml) throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            JsonNode plan = client.post(ManagerTarget.PLAN, yaml);
            PlanPrinter printer = new PlanPrinter(print());
            printer.changes(plan);
            if (plan.get("changes").isEmpty()) {
                print().println("nothing to do: the fabric is as the hosts are");
                return CommandLine.ExitCode.OK;
            }
            printer.policy(plan);
            print().println("plan: "
                    + PlanPrinter.summary(plan, " to create", " to change", " to replace", " to delete")
                    + "; transactions: " + plan.get("transactions"));
            return plan.get("applicable").asBoolean() ? NvgateMain.PENDING : NvgateMain.REFUSED;
        }
    }

    private int apply(ImportRun.Settings settings) throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            ImportRun.Outcome outcome = new ImportRun(settings, new ManagerTarget(client), Clock.systemUTC()).run();
            report(outcome.findings());
            tell(outcome);
            return outcome.result() == ImportRun.Result.REFUSED ? NvgateMain.REFUSED : CommandLine.ExitCode.OK;
        }
    }

    private void tell(ImportRun.Outcome outcome) {
        print().println(outcome.at() + " " + outcome.result() + ": " + outcome.hosts() + " hosts, " + outcome.records()
                + " records, " + outcome.findings().size() + " findings"
                + switch (outcome.result()) {
                    case APPLIED -> "; " + outcome.changes() + " objects changed, revision " + outcome.revision();
                    case UNCHANGED -> "; the fabric is as the hosts are";
                    case REFUSED -> "; nothing was changed: " + outcome.reason();
                });
    }

    /** Ends when the process does. */
    private void follow(ImportRun.Settings settings, int seconds) throws IOException, FilesClient.RefusedException {
        if (seconds < 1 || settle < 0) {
            throw new IllegalArgumentException("--follow must be 1 second at least, and --settle none at least");
        }
        ImportMetrics counted = new ImportMetrics();
        try (FilesClient client = target.client()) {
            ImportRun run = new ImportRun(settings, new ManagerTarget(client), Clock.systemUTC());
            new ImportFollower(run, Duration.ofSeconds(seconds), Duration.ofSeconds(settle), outcome -> {
                        counted.add(outcome);
                        if (outcome.result() != ImportRun.Result.UNCHANGED) {
                            report(outcome.findings());
                        }
                        tell(outcome);
                        metrics.ifPresent(file -> write(counted, file));
                    })
                    .follow();
        }
    }

    private void write(ImportMetrics counted, Path file) {
        try {
            counted.write(file);
        } catch (IOException e) {
            spec.commandLine().getErr().println("import: metrics cannot be written: " + e);
        }
    }
}
