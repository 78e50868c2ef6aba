package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Packets as they pass a gateway, into a file. */
@Command(
        name = "capture",
        mixinStandardHelpOptions = true,
        description = {
            "Captures the next packets that fit vsid, protocol, insideAddress, insidePort, remoteAddress, remotePort, as pcapng:"
                    + " of a gateway on both sides of the NAT, of a VM network what is inside NVGRE."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:written", "1:refused, or no answer"})
final class CaptureCommand implements Callable<Integer> {

    private static final int ANSWER_SECONDS = 60;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Mixin
    private NodeOrNetwork of = new NodeOrNetwork();

    @Parameters(paramLabel = "FIELD=VALUE", arity = "0..*", description = "which packets")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "-w",
            required = true,
            paramLabel = "FILE",
            description = "where to write them; - = standard output")
    private Path file = Path.of("-");

    @Option(names = "--packets", paramLabel = "N", defaultValue = "10000", description = "at most")
    private int packets = 10_000;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10", description = "at most")
    private int seconds = 10;

    @Option(names = "--snap", paramLabel = "BYTES", defaultValue = "262", description = "of each packet")
    private int snap = 262;

    @Override
    public Integer call() throws FilesClient.RefusedException, IOException {
        try (FilesClient client = target.client()) {
            String path = of.path(client) + "/capture?packets=" + packets + "&seconds=" + seconds + "&snap=" + snap
                    + (fields.isEmpty() ? "" : "&" + TraceCommand.query(fields));
            Duration most = Duration.ofSeconds((long) seconds + ANSWER_SECONDS);
            if (file.toString().equals("-")) {
                client.download(path, System.out, most);
                System.out.flush();
            } else {
                write(client, path, most);
            }
        }
        return 0;
    }

    private void write(FilesClient client, String path, Duration most)
            throws FilesClient.RefusedException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            long bytes = client.download(path, out, most);
            spec.root().commandLine().getOut().println(bytes + " bytes");
            spec.root().commandLine().getOut().flush();
        }
    }
}
