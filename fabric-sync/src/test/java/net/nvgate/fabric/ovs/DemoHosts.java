package net.nvgate.fabric.ovs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.nvgate.fabric.ovs.Policies.Tenant;

/** Real hosts and VMs in namespaces, made and removed by the demo's own scripts. */
final class DemoHosts implements AutoCloseable {

    static final String PREFIX = "nvge-";
    private static final Path SCRIPTS = Path.of("../appliance-image/demo").toAbsolutePath().normalize();

    private final Commands commands = new Commands(Map.of(), Duration.ofSeconds(60));

    /** Empty if such hosts can be made here, or else what is missing. */
    static String missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "not root";
        }
        return Stream.of(
                        "/usr/sbin/ovs-vswitchd",
                        "/usr/sbin/ovsdb-server",
                        "/usr/bin/tcpdump",
                        "/usr/sbin/ethtool",
                        "/dev/net/tun")
                .filter(file -> !Files.exists(Path.of(file)))
                .findFirst()
                .map(file -> "no " + file)
                .orElse("");
    }

    DemoHosts() throws CommandException {
        script("network.sh", "down", PREFIX);
        script("network.sh", "up", PREFIX);
    }

    String script(String name, String... arguments) throws CommandException {
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(name).toString()));
        command.addAll(List.of(arguments));
        return commands.run(command);
    }

    void host(String name) throws CommandException {
        script("host.sh", "up", name, "--prefix", PREFIX);
    }

    void vm(String host, Tenant tenant, int last, String name) throws CommandException {
        String gateway = last < 100 ? "192.168.1.1" : "192.168.2.1";
        script(
                "host.sh",
                "vm",
                host,
                name,
                tenant.nic(last).toString(),
                tenant.mac(last).toString(),
                tenant.vmAddress(last) + "/24",
                gateway,
                "--prefix",
                PREFIX);
    }

    void move(String vm, String host) throws CommandException {
        script("host.sh", "vm-move", vm, host, "--prefix", PREFIX);
    }

    AgentSettings settings(String host, Path state) {
        Path directory = Path.of("/tmp/nvgate-demo", PREFIX, "host-" + host);
        AgentSettings.Switch vswitch = new AgentSettings.Switch(
                directory.resolve("run/db.sock"),
                directory.resolve("run"),
                directory.resolve("run/ovs-vswitchd.ctl").toString(),
                "br-vs",
                "br-prv",
                "uplink",
                null,
                "nvgre0",
                64,
                "inherit",
                "netdev");
        return new AgentSettings(
                host,
                new AgentSettings.HostPort("127.0.0.1", 1),
                state.resolve(host),
                new AgentSettings.HostPort("127.0.0.1", 0),
                vswitch,
                PREFIX + host,
                Duration.ofSeconds(20));
    }

    /** Standard output of a command in a VM's namespace; fails unless its status is 0. */
    String inVm(String vm, String... command) throws CommandException {
        return commands.run(inNamespace(PREFIX + "vm-" + vm, command));
    }

    static List<String> inNamespace(String namespace, String... command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        words.addAll(List.of(command));
        return words;
    }

    /** Starts a program in a namespace, both outputs merged, and waits for a line that shows that it is ready. */
    static Running start(String namespace, Predicate<String> ready, String... command) throws IOException {
        Process process = new ProcessBuilder(inNamespace(namespace, command))
                .redirectErrorStream(true)
                .start();
        Running running = new Running(process, process.inputReader());
        running.awaitLine(ready);
        return running;
    }

    record Running(Process process, BufferedReader output) implements AutoCloseable {

        String awaitLine(Predicate<String> wanted) throws IOException {
            String line;
            while ((line = output.readLine()) != null) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            throw new IOException("ended before it said what was awaited");
        }

        @Override
        public void close() throws IOException {
            // Process.destroy() would close the output; the handle only signals.
            process.toHandle().destroy();
            // Read to the end, so that the process has ended and its files are complete.
            while (output.readLine() != null) {}
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }

    @Override
    public void close() throws CommandException {
        script("network.sh", "down", PREFIX);
    }
}
