package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** PowerShell for Hyper-V hosts, by a manager's API. */
@Command(
        name = "host-script",
        mixinStandardHelpOptions = true,
        description =
                "Writes the PowerShell that makes a Hyper-V host what its policy says now, or installs its agent.")
final class HostScriptCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Parameters(paramLabel = "HOST", arity = "0..1", description = "name of the host")
    private String host = "";

    @Option(names = "--installer", description = "Install-NvgateAgent.ps1 instead, the same for all hosts")
    private boolean installer;

    @Option(names = "-f", paramLabel = "FILE", defaultValue = "-", description = "to write, - = standard output")
    private Path file = Path.of("-");

    @Override
    public Integer call() throws IOException, FilesClient.RefusedException {
        if (installer != host.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "say the name of a host, or --installer");
        }
        try (FilesClient client = target.client()) {
            String script = client.get(installer ? "powershell/Install-NvgateAgent.ps1" : path(client));
            if (file.toString().equals("-")) {
                PrintWriter out = spec.root().commandLine().getOut();
                out.print(script);
                out.flush();
            } else {
                Files.writeString(file, script);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private String path(FilesClient client) throws FilesClient.RefusedException {
        JsonNode page =
                Json.MAPPER.readTree(client.get("hosts?name=" + URLEncoder.encode(host, StandardCharsets.UTF_8)));
        for (JsonNode each : page.path("items")) {
            if (each.path("name").asString("").equals(host)) {
                return "hosts/" + each.path("id").asString("") + "/powershell";
            }
        }
        throw new FilesClient.RefusedException("there is no host " + host);
    }
}
