package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.mgmt.cli.NvgateMain;
import net.nvgate.mgmt.fuzz.FuzzGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every command that prints data prints it as a table, as JSON and as YAML; which do not, and why, is written down here. */
class CommandOutputTest extends ManagerTestBase {

    private static final Map<String, String> NO_DATA = Map.ofEntries(
            Map.entry("export", "writes a fabric file, which is YAML"),
            Map.entry("export-host", "writes files of its own formats, --format"),
            Map.entry("host-script", "writes a script"),
            Map.entry("completion", "writes a script"),
            Map.entry("capture", "writes a pcapng file"),
            Map.entry("support-bundle", "writes a file"),
            Map.entry(
                    "import", "writes a fabric file, of which plan -o shows what it would do, and findings, --report"),
            Map.entry("login", "asks for a password, and keeps a token"),
            Map.entry("logout", "prints nothing"),
            Map.entry("join-token delete", "prints nothing"),
            Map.entry("ca retire", "prints nothing"));

    private static final JsonMapper JSON = new JsonMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    private Path directory;

    private static List<CommandLine> leaves(CommandLine line) {
        List<CommandLine> leaves = new ArrayList<>();
        Set<CommandLine> below = new HashSet<>(line.getSubcommands().values());
        below.forEach(sub -> leaves.addAll(leaves(sub)));
        return below.isEmpty() ? List.of(line) : leaves;
    }

    private static String name(CommandLine line) {
        return line.getCommandSpec().qualifiedName(" ").substring("nvgate ".length());
    }

    @Test
    void everyCommandThatPrintsDataSaysInWhichForm() {
        List<String> wrong = new ArrayList<>();
        Set<String> without = new TreeSet<>();
        for (CommandLine leaf : leaves(NvgateMain.commandLine())) {
            if (name(leaf).equals("help")) {
                continue;
            }
            CommandLine.Model.OptionSpec output = leaf.getCommandSpec().findOption("-o");
            if (output == null) {
                without.add(name(leaf));
                continue;
            }
            List<String> forms = new ArrayList<>();
            output.completionCandidates().forEach(forms::add);
            if (!forms.equals(List.of("table", "json", "yaml"))) {
                wrong.add(name(leaf) + ": " + forms);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(without).isEqualTo(new TreeSet<>(NO_DATA.keySet()));
    }

    private String run(String... arguments) {
        StringWriter printed = new StringWriter();
        Stream<String> where =
                Stream.of("--url", "http://127.0.0.1:" + manager.httpPort(), "--config-dir", directory.toString());
        int code = NvgateMain.run(
                Stream.concat(Stream.of(arguments), where).toArray(String[]::new), new PrintWriter(printed, true));
        assertThat(code).as(String.join(" ", arguments) + ": " + printed).isIn(0, 2);
        return printed.toString();
    }

    /** The same document in both forms, and a table that is none. */
    private JsonNode document(String... arguments) {
        String json =
                run(Stream.concat(Stream.of(arguments), Stream.of("-o", "json")).toArray(String[]::new));
        String yaml =
                run(Stream.concat(Stream.of(arguments), Stream.of("-o", "yaml")).toArray(String[]::new));
        JsonNode read = JSON.readTree(json);
        assertThat(YAML.readTree(yaml).propertyNames())
                .as(String.join(" ", arguments))
                .isEqualTo(read.propertyNames());
        assertThat(yaml).doesNotStartWith("{");
        assertThat(run(arguments)).doesNotStartWith("{").doesNotStartWith("---");
        return read;
    }

    @Test
    void documentsAreWhatTheApiAnswers() throws Exception {
        Walk walk = new Walk(api).physical().tenant("blue");
        Path file = Files.writeString(directory.resolve("fabric.yaml"), "name: f\nlogical-networks: [{name: more}]\n");
        try (SyncClient _ = new FuzzGateway().follow(manager, directory.resolve("cache"), "test")) {
            Await.until(
                    "the gateway answers",
                    () -> api.get("/api/v1/gateways/" + walk.id("gw-1") + "/sessions")
                                    .status()
                            == 200);
            assertThat(document("plan", "-f", file.toString()).get("changes")).hasSize(1);
            assertThat(document("diff", "-f", file.toString()).get("changes")).hasSize(1);
            assertThat(JSON.readTree(run("apply", "-f", file.toString(), "-o", "json"))
                            .get("changes"))
                    .hasSize(1);
            assertThat(document("get", "hosts").get("items")).hasSize(2);
            assertThat(document("gateways", "list").get("items")).hasSize(1);
            assertThat(document("gateways", "status", "gw-1").get("state").asString())
                    .isNotEmpty();
            assertThat(document("followers").get("items")).hasSize(3);
            String revision = String.valueOf(api.get("/api/v1/fabric").json().getLong("revision"));
            JsonNode waited = document("wait", revision, "--timeout", "1");
            assertThat(waited.get("missing").size() + waited.get("applied").size())
                    .isEqualTo(3);
            for (String live : List.of("sessions", "top", "acl-hits")) {
                assertThat(document(live, "--gateway", "gw-1").get("items").isArray())
                        .as(live)
                        .isTrue();
            }
            assertThat(document("trace", "--gateway", "gw-1", "--next", "1", "--seconds", "1")
                            .has("items"))
                    .isTrue();
            assertThat(document("sessions", "--gateway", "gw-1", "--clear", "--yes")
                            .get("ended")
                            .asInt())
                    .isZero();
        }
        drains();
        JsonNode token = JSON.readTree(run("join-token", "create", "host/host-1", "-o", "json"));
        assertThat(token.get("token").asString()).startsWith("nvgate-join-");
        assertThat(document("join-token", "list").get("items")).hasSize(1);
        assertThat(document("identity", "list").get("items")).isEmpty();
    }

    /** The gateway is not connected any more: 2 says that it has not told that nothing is left. */
    private void drains() {
        assertThat(document("gateways", "drain", "gw-1", "--dry-run")
                        .get("state")
                        .asString())
                .isEqualTo("SERVING");
        assertThat(api.get("/api/v1/gateways").json().getJsonArray("items").encode())
                .doesNotContain("\"draining\":true");
        JsonNode drained = document("gateways", "drain", "gw-1", "--keep-networks");
        assertThat(drained.get("gateway").asString()).isEqualTo("gw-1");
        assertThat(drained.get("state").asString()).isNotEqualTo("SERVING");
        JsonNode tried = document("gateways", "undrain", "gw-1", "--dry-run");
        assertThat(tried.get("dryRun").asBoolean()).isTrue();
        assertThat(tried.get("changes").get(0).get("name").asString()).isEqualTo("gw-1");
        assertThat(run("gateways", "undrain", "gw-1", "--dry-run")).contains("would be CHANGED: gateways gw-1");
        assertThat(document("gateways", "status", "gw-1").get("state").asString())
                .isNotEqualTo("SERVING");
        assertThat(document("gateways", "undrain", "gw-1").get("state").asString())
                .isEqualTo("SERVING");
    }

    @Test
    void changesAreDocumentsOneAfterTheOther() {
        long from = api.get("/api/v1/fabric").json().getLong("revision");
        api.create("host-groups", "{'name':'rack-1'}");
        api.create("host-groups", "{'name':'rack-2'}");
        String[] watch = {"watch", "--from", String.valueOf(from), "--kinds", "host-groups", "--count", "2", "-o"};
        List<String> lines = run(with(watch, "json")).lines().toList();
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            assertThat(JSON.readTree(line).get("changes")).hasSize(1);
        }
        String yaml = run(with(watch, "yaml"));
        assertThat(yaml.split("(?m)^---$", -1)).hasSize(3);
        assertThat(yaml).contains("rack-1", "rack-2");
    }

    private static String[] with(String[] arguments, String last) {
        return Stream.concat(Stream.of(arguments), Stream.of(last)).toArray(String[]::new);
    }
}
