package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged host agent with its own Java as an administrator uses it: joins a real manager by a token, programs a real Open vSwitch,
 * says how it is, stops. All in one network namespace.
 */
@Timeout(900)
@OwnMachinesTest
class HostAgentRunIT {

    private static final String NAMESPACE = "nvgt-pkg";
    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
    private static final int TERMINATED = 143;

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void machine() {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "NOT TESTED: network namespaces need root");
        Assumptions.assumeTrue(Files.isReadable(SCHEMA), "NOT TESTED: there is no Open vSwitch here");
        Shell.run(Demo.SHORT, "ip", "netns", "del", NAMESPACE);
        Shell.output(Demo.SHORT, "ip", "netns", "add", NAMESPACE);
        Shell.output(Demo.SHORT, "ip", "-n", NAMESPACE, "link", "set", "lo", "up");
    }

    @AfterEach
    void removeMachine() throws Exception {
        for (Process process : processes.reversed()) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        Shell.run(Demo.SHORT, "ip", "netns", "del", NAMESPACE);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private static List<String> inside(String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", NAMESPACE));
        whole.addAll(List.of(command));
        return whole;
    }

    private Process start(String name, String... command) throws IOException {
        Process process = new ProcessBuilder(inside(command))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static Shell.Result curl(String... arguments) {
        List<String> command = inside("curl", "-sS", "--fail-with-body", "--max-time", "20");
        command.addAll(List.of(arguments));
        return Shell.run(Demo.SHORT, "", command);
    }

    private void startSwitch() throws IOException {
        Shell.output(Demo.SHORT, "ovsdb-tool", "create", file("conf.db"), SCHEMA.toString());
        start(
                "ovsdb",
                "ovsdb-server",
                file("conf.db"),
                "--remote=punix:" + file("db.sock"),
                "--unixctl=" + file("ovsdb.ctl"));
        String database = "--db=unix:" + file("db.sock");
        Shell.await(
                Demo.SHORT,
                "ovsdb-server",
                () -> Shell.run(Demo.SHORT, "ovs-vsctl", database, "--no-wait", "init")
                        .ok());
        start(
                "vswitchd",
                "env",
                "OVS_RUNDIR=" + directory,
                "ovs-vswitchd",
                "unix:" + file("db.sock"),
                "--unixctl=" + file("vswitchd.ctl"));
        Shell.await(
                Demo.SHORT,
                "ovs-vswitchd",
                () -> Shell.run(Demo.SHORT, "ovs-appctl", "-t", file("vswitchd.ctl"), "version")
                        .ok());
    }

    private void startManager() throws IOException {
        Path config = Files.writeString(directory.resolve("manager.yaml"), """
                http: {port: 8080}
                sync: {port: 7250}
                state-directory: %s
                """.formatted(file("manager")));
        start("manager", java("net.nvgate.mgmt.ManagerMain", "--config", config.toString()));
        Shell.await(
                HostAgentPackage.LIMIT,
                "the manager",
                () -> curl("http://127.0.0.1:8080/readyz").ok());
    }

    private static String[] java(String main, String... arguments) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                Path.of("target", "lib").toAbsolutePath() + "/*",
                                main),
                        Stream.of(arguments))
                .toArray(String[]::new);
    }

    /** The fabric of the documentation's walk: a host and two VMs on it. */
    private void makeFabric() throws IOException {
        Path file = Files.writeString(directory.resolve("hosts.yaml"), HostAgentPackage.documented("```yaml", "```"));
        String[] apply = java(
                "net.nvgate.mgmt.cli.NvgateMain", "apply", "-f", file.toString(), "--url", "http://127.0.0.1:8080");
        Shell.Result applied = Shell.run(HostAgentPackage.LIMIT, "", inside(apply));
        assertThat(applied.ok()).as(applied.output()).isTrue();
    }

    /** Its answer has the token between quotes. */
    private static String token() {
        Shell.Result made = curl(
                "-H",
                "Content-Type: application/json",
                "-d",
                "{\"kind\": \"hosts\", \"name\": \"kvm1\"}",
                "http://127.0.0.1:8080/api/v1/join-tokens");
        assertThat(made.output()).contains("\"nvgate-join-");
        return made.output().replaceFirst("(?s).*\"(nvgate-join-[^\"]+)\".*", "$1");
    }

    private String log(String name) {
        try {
            return Files.readString(directory.resolve(name + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void joinsServesSaysHowItIsAndStops() throws Exception {
        HostAgentPackage built = HostAgentPackage.get();
        startSwitch();
        startManager();
        makeFabric();
        String config = Files.writeString(
                        directory.resolve("agent.conf"), """
                        node: kvm1
                        state-directory: %s
                        ovs: {rundir: %s, unixctl: %s}
                        """.formatted(file("agent"), directory, file("vswitchd.ctl")))
                .toString();
        Shell.Result joined = built.agent(token() + "\n", "join", "--config", config);
        assertThat(joined.output()).isEqualTo("token is in " + file("agent/join-token") + "\n");

        Process agent = start("agent", "env", "OVS_RUNDIR=" + directory, built.launcher(), "--config", config);
        Shell.await(HostAgentPackage.LIMIT, "the agent's certificate", () -> {
            assertThat(agent.isAlive()).as(log("agent")).isTrue();
            return Files.exists(directory.resolve("agent/identity/identity.pem"))
                    && !Files.exists(directory.resolve("agent/join-token"));
        });

        Shell.await(
                HostAgentPackage.LIMIT,
                "a policy in force",
                () -> curl("http://127.0.0.1:9466/metrics").output().contains("nvgate_host_policy_in_force 1.0"));
        Shell.Result status =
                Shell.run(HostAgentPackage.LIMIT, "", inside(built.launcher(), "status", "--config", config));
        assertThat(status.output())
                .startsWith("{")
                .contains("\"unknownPorts\"", "\"vmName\":\"green1\"", "\"vmName\":\"green2\"", "\"error\":\"\"");
        assertThat(Shell.output(Demo.SHORT, "ip", "-n", NAMESPACE, "address", "show", "dev", "br-prv"))
                .as("its provider address")
                .contains("10.20.10.9/24");
        assertThat(Shell.output(Demo.SHORT, "ovs-vsctl", "--db=unix:" + file("db.sock"), "list-br"))
                .isEqualTo("br-prv\nbr-vs\n");

        agent.destroy();
        assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).as(log("agent")).isEqualTo(TERMINATED);
        assertThat(log("agent"))
                .contains("the switch goes on by the last policy")
                .doesNotContain("NoClassDefFound");
    }
}
