package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every {@code curl} command of the gateway's documents against a real manager, each document in a tenant of its own.
 * What a reader puts in is put in here: the manager's address for {@code https://manager}, ids for variables, for
 * {@code ID} behind a kind, and for the ids of the contract's examples. Views of a node are refused in a known way, for no
 * gateway is connected.
 */
class DocsExamplesTest extends ManagerTestBase {

    private static final Path DOCS = Path.of("../gateway/docs");

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

    /** Stops at the first call that is refused, except by a node that is not there. */
    private static final String PRELUDE = """
            set -uo pipefail
            curl() {
                local arguments=() answer
                for argument in "$@"; do [ "$argument" = ... ] || arguments+=("$argument"); done
                answer=$(command curl -sS -w '\\n%{http_code}' -H 'Content-Type: application/json' "${arguments[@]}")
                echo "$answer"
                case "${answer##*$'\\n'}" in 2*) ;; *) [[ $answer == *node-not-connected* ]] || exit 1 ;; esac
            }
            """;

    private static Walk physical;
    private static String pool;
    private static String gateway;
    private static int tenants;

    @BeforeAll
    static void fill() {
        physical = new Walk(api).physical();
        pool = id("ip-pools", """
                {'name':'more','networkSiteId':'%s','prefix':'203.0.113.0/24','rangeStart':'203.0.113.13',
                 'rangeEnd':'203.0.113.199'}""".formatted(physical.id("ext-site")));
        gateway = id(
                "gateways",
                "{'name':'gw-docs','paPoolId':'%s','externalPoolId':'%s'}".formatted(physical.id("pa-pool"), pool));
    }

    @TestFactory
    Stream<DynamicTest> examplesWork() throws IOException {
        try (Stream<Path> files = Files.list(DOCS)) {
            List<Path> documents = files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            assertThat(documents).isNotEmpty();
            return documents.stream()
                    .filter(file -> !commands(file).isEmpty())
                    .map(file -> dynamicTest(file.getFileName().toString(), () -> run(file)));
        }
    }

    /** Each goes from a line that begins with curl to the end of its last quoted argument. */
    private static List<String> commands(Path file) {
        List<String> commands = new ArrayList<>();
        StringBuilder command = new StringBuilder();
        for (String line : lines(file)) {
            if (!command.isEmpty() || line.startsWith("curl ")) {
                command.append(line).append('\n');
            }
            boolean open = line.endsWith("\\")
                    || command.chars().filter(c -> c == '\'').count() % 2 == 1;
            if (!command.isEmpty() && !open) {
                commands.add(command.toString());
                command.setLength(0);
            }
        }
        return commands;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    private static void run(Path file) throws IOException, InterruptedException {
        String name = file.getFileName().toString().replace(".md", "");
        Map<String, String> ids = tenant(name);
        StringBuilder script = new StringBuilder(PRELUDE);
        commands(file).forEach(command -> script.append(filledIn(command, ids)));
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", script.toString()).redirectErrorStream(true);
        bash.environment().put("API", "http://127.0.0.1:" + manager.httpPort() + "/api/v1");
        bash.environment().putAll(Map.of("TOKEN", "none", "T", "none"));
        bash.environment().putAll(ids);
        Process process = bash.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(script + said).isZero();
    }

    private static String filledIn(String command, Map<String, String> ids) {
        String filled = command.replace("https://manager", "http://127.0.0.1:" + manager.httpPort());
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
        String provider = physical.id("provider");
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
                                .formatted(name, ids.get("VM_GATEWAY"), 150 + tenants++)));
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

    private static String id(String kind, String json) {
        return api.create(kind, json).getString("id");
    }
}
