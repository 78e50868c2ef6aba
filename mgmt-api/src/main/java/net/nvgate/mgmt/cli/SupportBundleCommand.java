package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What somebody who helps from afar needs to see, in one file. No secrets: the API never shows any. */
@Command(
        name = "support-bundle",
        mixinStandardHelpOptions = true,
        description = "Writes what the manager knows of itself, of gateways and hosts into a ZIP file, for who helps.",
        footer =
                "%nIt has names and addresses of the fabric, but no passwords, tokens or keys. --no-fabric leaves the fabric out.")
final class SupportBundleCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Parameters(paramLabel = "FILE", description = "to be written, e.g. support.zip; must not exist")
    private Path file = Path.of("support.zip");

    @Option(
            names = "--no-fabric",
            description = "without the fabric's objects, its nodes, metrics, and who changed what")
    private boolean noFabric;

    private static final Map<String, String> VIEWS = new LinkedHashMap<>(Map.ofEntries(
            Map.entry("readyz.json", "../../readyz"),
            Map.entry("fabric.json", "fabric"),
            Map.entry("store.json", "store"),
            Map.entry("certificate-authorities.json", "certificate-authorities")));

    /** With names and addresses: of the fabric, of its nodes, of people. */
    private static final Map<String, String> FABRIC = new LinkedHashMap<>(Map.ofEntries(
            Map.entry("metrics.txt", "../../metrics"),
            Map.entry("followers.json", "followers"),
            Map.entry("session.json", "session"),
            Map.entry("identities.json", "identities"),
            Map.entry("export.yaml", "export"),
            Map.entry("revisions.json", "revisions?limit=200"),
            Map.entry("audit.json", "audit?limit=1000")));

    @Override
    public Integer call() throws FilesClient.RefusedException, IOException {
        List<String> missing = new ArrayList<>();
        try (FilesClient client = target.client();
                OutputStream to = create();
                ZipOutputStream zip = new ZipOutputStream(to, StandardCharsets.UTF_8)) {
            add(zip, client, VIEWS, missing);
            if (!noFabric) {
                add(zip, client, FABRIC, missing);
            }
            write(zip, "missing.txt", String.join("\n", missing));
        }
        spec.root()
                .commandLine()
                .getOut()
                .println(file + " written" + (missing.isEmpty() ? "" : ", without " + String.join("; ", missing)));
        return 0;
    }

    /** Readable by its owner only. */
    private OutputStream create() throws IOException {
        return Channels.newOutputStream(Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }

    private static void add(ZipOutputStream zip, FilesClient client, Map<String, String> views, List<String> missing)
            throws IOException {
        for (Map.Entry<String, String> view : views.entrySet()) {
            try {
                write(zip, view.getKey(), client.get(view.getValue()));
            } catch (FilesClient.RefusedException e) {
                missing.add(view.getKey() + ": " + e.getMessage());
            }
        }
    }

    private static void write(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
