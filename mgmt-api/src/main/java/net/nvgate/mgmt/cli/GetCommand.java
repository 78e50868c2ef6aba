package net.nvgate.mgmt.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Objects of a kind, or one of them, or any other view of the API. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Shows objects of a kind, one of them by its id, or any other view of the API by its path.",
        footer = {
            "%nnvgate get vms --filter labels.tier=web --sort -changedRevision",
            "nvgate get vms --fields name,hostId -o yaml",
            "nvgate get gateways/ID/status"
        })
final class GetCommand implements Callable<Integer> {

    private static final String FIELDS_OF_TABLE = "name,id,description";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Target target = new Target();

    @Mixin
    private ListOptions list = new ListOptions();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Parameters(paramLabel = "PATH", description = "kind as in API paths (vms), kind/ID, or a path below /api/v1")
    private String path = "";

    @Option(names = "--fields", paramLabel = "FIELDS", description = "with commas between; objects have no others")
    private @Nullable String fields;

    @Override
    public Integer call() throws FilesClient.RefusedException {
        boolean kind = net.nvgate.fabric.model.Kind.ofPath(path).isPresent();
        String wanted = fields != null ? fields : kind && output.isTable() ? FIELDS_OF_TABLE : "";
        String asked = wanted.isEmpty()
                ? path + list.query(Map.of())
                : "select/" + path + list.query(Map.of("fields", wanted));
        var out = spec.root().commandLine().getOut();
        try (FilesClient client = target.client()) {
            var answer = Json.MAPPER.readTree(client.get(asked));
            if (answer.path("items").isArray()) {
                output.list(out, answer, wanted.isEmpty() ? List.of() : List.of(wanted.split(",", -1)));
            } else {
                output.document(out, answer);
            }
        }
        return 0;
    }
}
