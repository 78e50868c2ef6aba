package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.mgmt.docs.DocsBlocks;
import net.nvgate.mgmt.docs.DocsBlocks.Block;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every command of the documents (blocks {@code ```sh} without a note) against one manager with the demo's fabric: each
 * document in a directory of its own, those of the gateway with a tenant of their own. What a reader puts in is put in here: the manager's address for
 * {@code https://manager}, ids for variables, for {@code ID} behind a kind, and for the ids of the contract's examples. Blocks of
 * YAML that begin with {@code # NAME.yaml} are files. Views of a node are refused in a known way, for no gateway is connected.
 */
class DocsExamplesTest extends ManagerTestBase {

    /** Ids in the contract's examples end in these. */
    private static final Map<String, String> EXAMPLE_IDS =
            Map.of("1005", "GATEWAY", "1006", "VM_NETWORK", "1007", "VM_SUBNET", "1008", "VM_GATEWAY", "100a", "NAT");

    /** Names that documents use for the same thing. */
    private static final Map<String, String> SYNONYMS = Map.of(
            "GW",
            "VM_GATEWAY",
            "VNG",
            "VM_GATEWAY",
            "ID",
            "NAT",
            "A",
            "VM_NETWORK",
            "B",
            "PEER_NETWORK",
            "SUBNET",
            "VM_SUBNET");

    private static final Map<String, String> KINDS = Map.of(
            "gateways",
            "GATEWAY",
            "nat-connections",
            "NAT",
            "vm-network-gateways",
            "VM_GATEWAY",
            "vm-subnets",
            "VM_SUBNET");

    /**
     * Stops at the first command that is refused, except by a node that is not there. {@code nvgate} and {@code manager} run in
     * the test's JVM, whose working directory is another one: files get their whole path. Exit code 2 of {@code nvgate} says that
     * something differs or is behind, and is none of a failure.
     */
    private static final String PRELUDE = """
            set -euo pipefail
            curl() {
                local arguments=() answer
                for argument in "$@"; do [ "$argument" = ... ] || arguments+=("$argument"); done
                if [[ " $* " == *' --fail-with-body '* ]]; then command curl "${arguments[@]}"; return; fi
                [[ " $* " == *' Content-Type: '* ]] || arguments+=(-H 'Content-Type: application/json')
                answer=$(command curl -sS -w '\\n%{http_code}' "${arguments[@]}")
                echo "$answer"
                case "${answer##*$'\\n'}" in 2*) ;; *) [[ $answer == *node-not-connected* || $answer == *'there is no identity'* ]] || exit 1 ;; esac
            }
            in_jvm() {
                local arguments=() before='' answer
                for argument in "$@"; do
                    case $before in -f | -w | --out | --dir | --config) [ "$argument" = - ] || argument=$PWD/$argument ;; esac
                    case $argument in netwnv/ | *.zip | *.backup) [[ $argument == /* ]] || argument=$PWD/$argument ;; esac
                    arguments+=("$argument") before=$argument
                done
                answer=$(printf '%s\\n' "${arguments[@]}" | command curl -sS --data-binary @- -w '\\n%{http_code}' "$COMMANDS")
                head -n -1 <<<"$answer"
                [ "${answer##*$'\\n'}" = 200 ]
            }
            nvgate() { in_jvm nvgate "$@"; }
            manager() { in_jvm manager "$@"; }
            """;

    private static CommandServer commands;
    private static String pool;
    private static String gateway;
    private static String provider;
    private static String host;
    private static int tenants;

    @BeforeAll
    static void fill() throws IOException {
        commands = new CommandServer(manager.httpPort(), state.resolve("nvgate"));
        apply(DocsBlocks.repository().resolve("appliance-image/demo/fabric.yaml"));
        pool = named("ip-pools", "external-pool");
        gateway = named("gateways", "gw1");
        provider = named("logical-networks", "hnv");
        // What other pages build on.
        applyFileOf("mgmt-api/docs/migration.md", "front-end.yaml");
        applyFileOf("mgmt-api/docs/how-to/add-a-host.md", "hosts.yaml");
        applyFileOf("mgmt-api/docs/how-to/add-a-gateway.md", "gateways.yaml");
        host = named("hosts", "hv1");
    }

    @AfterAll
    static void stopCommands() {
        if (commands != null) {
            commands.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> examplesWork() throws IOException {
        Map<String, List<Block>> pages = DocsBlocks.all().stream()
                .collect(Collectors.groupingBy(Block::page, LinkedHashMap::new, Collectors.toList()));
        assertThat(pages).hasSizeGreaterThan(20);
        return pages.entrySet().stream()
                .filter(page -> page.getValue().stream().anyMatch(Block::isRun))
                .map(page -> dynamicTest(page.getKey(), () -> run(page.getKey(), page.getValue())));
    }

    private static void run(String page, List<Block> blocks) throws IOException, InterruptedException {
        Map<String, String> ids = page.startsWith("gateway/") ? tenant("docs-" + ++tenants) : Map.of();
        Path directory = Files.createDirectories(state.resolve("docs").resolve(page));
        files(directory, blocks);
        StringBuilder script = new StringBuilder(PRELUDE);
        blocks.stream().filter(Block::isRun).forEach(block -> script.append(filledIn(block.text(), ids)));
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true);
        bash.environment().put("API", "http://127.0.0.1:" + manager.httpPort() + "/api/v1");
        bash.environment().put("COMMANDS", commands.url());
        bash.environment().putAll(Map.of("TOKEN", "none", "T", "none", "HOST", host));
        bash.environment().putAll(ids);
        Process process = bash.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s%n%s%n%s", page, script, said).isZero();
    }

    /** What the commands of a page find where they run. */
    private static void files(Path directory, List<Block> blocks) throws IOException {
        Files.copy(
                DocsBlocks.repository().resolve("appliance-image/demo/fabric.yaml"), directory.resolve("fabric.yaml"));
        Files.copy(
                Path.of("src/test/resources/docs/netwnv/HV1.json"),
                Files.createDirectories(directory.resolve("netwnv")).resolve("HV1.json"));
        Files.writeString(directory.resolve("manager.yaml"), """
                http: {port: %d}
                sync: {security: none}
                state-directory: %s
                """.formatted(manager.httpPort(), state));
        for (Block block : blocks) {
            if (block.file().isPresent()) {
                Files.writeString(directory.resolve(block.file().get()), block.text());
            }
        }
    }

    private static String filledIn(String command, Map<String, String> ids) {
        String filled = command.replace("https://manager", "http://127.0.0.1:" + manager.httpPort())
                // Nobody is there to be waited for.
                .replace("--timeout 60", "--timeout 0")
                .replace("--wait 60", "--wait 0")
                .replace("waitSeconds=30", "waitSeconds=0")
                .replace("wait 42", "wait 3")
                .replace("revisions/42", "revisions/3");
        if (ids.isEmpty()) {
            return filled;
        }
        for (Map.Entry<String, String> example : EXAMPLE_IDS.entrySet()) {
            filled = filled.replaceAll("[0-9a-f-]{32}" + example.getKey() + "\\b", ids.get(example.getValue()));
        }
        for (Map.Entry<String, String> kind : KINDS.entrySet()) {
            filled = filled.replaceAll("(?<=/" + kind.getKey() + "/)(?:[A-Z]+-)*ID\\b", ids.get(kind.getValue()));
        }
        return filled;
    }

    /** Ids of a tenant made for one document, by all names that documents use. */
    private static Map<String, String> tenant(String name) {
        Map<String, String> ids = new HashMap<>();
        ids.put("GATEWAY", gateway);
        ids.put("EXTERNAL_POOL", pool);
        ids.put("VM_NETWORK", network(name, provider));
        ids.put("PEER_NETWORK", network(name + "-peer", provider));
        ids.put("VM_SUBNET", subnet(ids.get("VM_NETWORK"), "192.168.1.0/24"));
        subnet(ids.get("PEER_NETWORK"), "192.168.2.0/24");
        ids.put("VM_GATEWAY", attached(name, ids.get("VM_NETWORK")));
        attached(name + "-peer", ids.get("PEER_NETWORK"));
        ids.put(
                "NAT",
                id(
                        "nat-connections",
                        "{'name':'%s','vmNetworkGatewayId':'%s','externalAddress':'203.0.113.%s'}"
                                .formatted(name, ids.get("VM_GATEWAY"), 150 + tenants)));
        ids.put("PROFILE", id("port-profiles", "{'name':'%s'}".formatted(name)));
        SYNONYMS.forEach((synonym, of) -> ids.put(synonym, ids.get(of)));
        return ids;
    }

    private static String network(String name, String provider) {
        return id("vm-networks", "{'name':'%s','logicalNetworkId':'%s'}".formatted(name, provider));
    }

    private static String subnet(String network, String prefix) {
        return id("vm-subnets", "{'name':'web','vmNetworkId':'%s','prefix':'%s'}".formatted(network, prefix));
    }

    private static String attached(String name, String network) {
        return id(
                "vm-network-gateways",
                "{'name':'%s','vmNetworkId':'%s','gatewayId':'%s'}".formatted(name, network, gateway));
    }

    private static void applyFileOf(String page, String name) throws IOException {
        Block block = DocsBlocks.all().stream()
                .filter(b ->
                        b.page().equals(page) && b.file().filter(name::equals).isPresent())
                .findFirst()
                .orElseThrow();
        apply(Files.writeString(state.resolve(name), block.text()));
    }

    private static void apply(Path file) {
        CommandServer.Result result = commands.run(List.of("nvgate", "apply", "-f", file.toString()));
        assertThat(result.code()).as(result.said()).isZero();
    }

    private static String named(String kind, String name) {
        JsonObject list = api.get(ApiClient.API + kind + "?name=" + name).json();
        return list.getJsonArray("items").getJsonObject(0).getString("id");
    }

    private static String id(String kind, String json) {
        return api.create(kind, json).getString("id");
    }
}
