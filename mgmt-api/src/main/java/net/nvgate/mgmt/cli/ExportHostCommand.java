package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.netwnv.NetWnvFiles;
import net.nvgate.fabric.netwnv.NetWnvJson;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Writes what a host's NetWNV should be. */
@Command(
        name = "export-host",
        mixinStandardHelpOptions = true,
        description =
                "Writes a host's policy as the NetWNV cmdlets show it: one document in JSON, a file for each class in CSV and CLIXML.")
final class ExportHostCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private NvgateMain.Target target = new NvgateMain.Target();

    @Parameters(paramLabel = "HOST", description = "name of the host")
    private String host = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "json, csv or clixml (default: ${DEFAULT-VALUE})")
    private String format = "json";

    @Option(names = "--dir", paramLabel = "DIR", description = "to write files to; without, they are printed")
    private Optional<Path> directory = Optional.empty();

    @Override
    public Integer call() throws IOException, FilesClient.RefusedException {
        NetWnvFiles.Format wanted = format();
        try (FilesClient client = target.client()) {
            JsonNode found = FabricJson.mapper()
                    .readTree(client.get("hosts?name=" + URLEncoder.encode(host, StandardCharsets.UTF_8)))
                    .path("items");
            if (found.isEmpty()) {
                throw new FilesClient.RefusedException("there is no host '" + host + "'");
            }
            String id = found.get(0).get("id").asString();
            write(NetWnvFiles.write(NetWnvJson.read(client.get("hosts/" + id + "/netwnv")), wanted));
        }
        return CommandLine.ExitCode.OK;
    }

    private NetWnvFiles.Format format() {
        try {
            return NetWnvFiles.Format.valueOf(format.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--format is json, csv or clixml, not " + format, e);
        }
    }

    private void write(Iterable<NetWnvFiles.Written> files) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (NetWnvFiles.Written file : files) {
            if (directory.isPresent()) {
                Files.createDirectories(directory.get());
                Path path = directory.get().resolve(file.name().replaceAll("[/\\\\]", "_"));
                Files.writeString(path, file.text());
                out.println(path);
            } else {
                out.print(file.text());
            }
        }
        out.flush();
    }
}
