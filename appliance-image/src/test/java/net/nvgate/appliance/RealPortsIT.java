package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code run} on ports of the machine, and a second gateway on a machine of its own that joins with a token: what the README tells, with
 * TLS and certificates throughout, in two network namespaces.
 */
@Timeout(900)
@OwnMachinesTest
class RealPortsIT {

    private static final String FIRST = "nvgt-real1";
    private static final String SECOND = "nvgt-real2";
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String IMAGE = Path.of("").toAbsolutePath().toString();
    private static final String API = "http://127.0.0.1:8080/api/v1/";

    private static final String FABRIC = """
            name: real-ports
            logical-networks: [{name: provider, networkVirtualization: true}, {name: external}]
            network-sites:
              - {name: provider, logicalNetwork: provider, subnets: [{prefix: 10.10.0.0/24}]}
              - {name: external, logicalNetwork: external, subnets: [{prefix: 203.0.113.0/24}]}
            ip-pools:
              - {name: provider, networkSite: provider, prefix: 10.10.0.0/24}
              - {name: external, networkSite: external, prefix: 203.0.113.0/24}
            gateways:
              - {name: gw1, paPool: provider, externalPool: external}
              - {name: gw2, paPool: provider, externalPool: external}
            """;

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void machines() {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "NOT TESTED: network namespaces need root");
        for (String machine : List.of(FIRST, SECOND)) {
            Shell.run(Demo.SHORT, "ip", "netns", "del", machine);
            Shell.output(Demo.SHORT, "ip", "netns", "add", machine);
            ip(machine, "link", "set", "lo", "up");
            for (String port : List.of("pa", "ext")) {
                ip(machine, "link", "add", port, "type", "veth", "peer", "name", port + "-wire");
                ip(machine, "link", "set", port, "up");
                ip(machine, "link", "set", port + "-wire", "up");
            }
        }
        ip(FIRST, "link", "add", "mgmt", "type", "veth", "peer", "name", "mgmt", "netns", SECOND);
        ip(FIRST, "addr", "add", "10.99.0.1/24", "dev", "mgmt");
        ip(SECOND, "addr", "add", "10.99.0.2/24", "dev", "mgmt");
        ip(FIRST, "link", "set", "mgmt", "up");
        ip(SECOND, "link", "set", "mgmt", "up");
    }

    @AfterEach
    void removeMachines() throws Exception {
        for (Process process : processes.reversed()) {
            process.destroy();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        Shell.run(Demo.SHORT, "ip", "netns", "del", FIRST);
        Shell.run(Demo.SHORT, "ip", "netns", "del", SECOND);
    }

    private static void ip(String machine, String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "-n", machine));
        whole.addAll(List.of(command));
        Shell.output(Demo.SHORT, whole.toArray(String[]::new));
    }

    private static String in(String machine, String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", machine));
        whole.addAll(List.of(command));
        return Shell.output(LIMIT, whole.toArray(String[]::new));
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private String log(String name) {
        try {
            Path log = directory.resolve(name);
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** {@code appliance-image/run}, until it says that it runs. */
    private void run(String machine, String log, String... options) throws IOException {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", machine, IMAGE + "/run", "--no-setup"));
        whole.addAll(List.of(options));
        Process process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log).toFile())
                .start();
        processes.add(process);
        Shell.await(LIMIT, "run on " + machine, () -> {
            assertThat(process.isAlive()).as(log(log)).isTrue();
            return log(log).contains("Ctrl-C stops it");
        });
    }

    private static String api(String path, String... options) {
        List<String> curl = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60"));
        curl.addAll(List.of(options));
        curl.add(API + path);
        return in(FIRST, curl.toArray(String[]::new));
    }

    @Test
    void twoGatewaysFollowByTlsAndOneIsRevoked() throws IOException {
        Files.writeString(
                directory.resolve("manager.yaml"),
                "{http: {port: 8080}, sync: {address: 0.0.0.0}, state-directory: " + file("first/manager") + "}");
        run(
                FIRST,
                "first.log",
                "--pa",
                "pa",
                "--ext",
                "ext",
                "--manager-config",
                file("manager.yaml"),
                "--state",
                file("first"));
        Files.writeString(directory.resolve("fabric.yaml"), FABRIC);
        in(FIRST, IMAGE + "/nvgate", "apply", "-f", file("fabric.yaml"));
        Files.createDirectories(directory.resolve("gw2"));
        in(FIRST, IMAGE + "/nvgate", "join-token", "create", "gateway/gw2", "--out", file("gw2/join-token"));
        Files.writeString(directory.resolve("gateway.yaml"), """
                node: gw2
                manager: {host: 10.99.0.1}
                state-directory: %s
                ports:
                  pa: {device: "net_af_packet0,iface=pa"}
                  ext: {device: "net_af_packet1,iface=ext"}
                """.formatted(file("gw2")));
        run(SECOND, "second.log", "--config", file("gateway.yaml"), "--no-manager", "--state", file("second"));
        Shell.await(LIMIT, "both have their policy", () -> {
            String level = api("followers?state=LEVEL");
            return level.contains("\"gw1\"") && level.contains("\"gw2\"");
        });
        assertThat(directory.resolve("gw2/join-token")).doesNotExist();

        api("identities/gateways/gw2/revoke", "-f", "-X", "POST");
        Shell.await(
                LIMIT,
                "gw2 is cut off",
                () -> api("followers?state=DISCONNECTED").contains("\"gw2\""));
        Shell.await(
                LIMIT,
                "both logs say why",
                () -> log("first/log/manager.log")
                                .contains("is refused: revoked: the identity of gateway/gw2 was revoked")
                        && log("second/log/gateway.log")
                                .contains(
                                        "the manager refuses gateway/gw2: identity: the identity of gateway/gw2 was revoked"));
        assertThat(api("followers?state=LEVEL")).contains("\"gw1\"");
    }
}
