package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import net.nvgate.fabric.ovs.Policies.Tenant;

/**
 * Real hosts and VMs in namespaces, made by the demo's topology (hosts.sh). What was made is written down in
 * {@code target/hosts}, so that a run that was killed is cleaned up after by the next one. Test classes run in two processes, and
 * these names are there once: the second waits for the first.
 */
final class DemoHosts implements AutoCloseable {

    static final String PREFIX = "nvgu-";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path IMAGE =
            Path.of("../appliance-image").toAbsolutePath().normalize();
    private static final Path SCRIPT = Path.of("src/test/resources/net/nvgate/fabric/ovs/hosts.sh");
    private static final Path STATE = Path.of("target/hosts").toAbsolutePath();

    private final FileChannel turn = turn();
    private final Commands commands = new Commands(
            Map.of("IMAGE", IMAGE.toString(), "STATE", STATE.toString(), "PREFIX", PREFIX), Duration.ofSeconds(60));

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
                        "/usr/sbin/nginx",
                        "/dev/net/tun")
                .filter(file -> !Files.exists(Path.of(file)))
                .findFirst()
                .map(file -> "no " + file)
                .orElse("");
    }

    /** Makes host1 and host2, or leaves nothing behind. */
    DemoHosts() throws CommandException {
        try {
            script("down");
            script("up");
        } catch (CommandException e) {
            try {
                close();
            } catch (CommandException notRemoved) {
                e.addSuppressed(notRemoved);
            }
            throw e;
        }
    }

    /** Waits until no other process has such hosts. */
    private static FileChannel turn() {
        try {
            Path file = Files.createDirectories(STATE.getParent()).resolve("hosts.turn");
            FileChannel turn = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            turn.lock();
            return turn;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void script(String... words) throws CommandException {
        List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
        command.addAll(List.of(words));
        commands.run(command);
    }

    void vm(String host, Tenant tenant, int last, String name) throws CommandException {
        script(
                "make_vm",
                name,
                host,
                tenant.nic(last).toString(),
                tenant.mac(last).toString(),
                tenant.vmAddress(last) + "/24",
                last < 100 ? "192.168.1.1" : "192.168.2.1");
    }

    /** Another address of a VM's eth0. */
    void address(String vm, String address, String router) throws CommandException {
        script("address", vm, address, router);
    }

    void move(Tenant tenant, int last, String name, String from, String to) throws CommandException {
        script("move_vm", name, from, to, tenant.nic(last).toString());
    }

    /** A web server in the VM that answers / by "this is NAME, you are ADDRESS". */
    void serve(String vm) throws CommandException {
        script("serve", vm);
    }

    AgentSettings settings(String host, Path state) {
        Path directory = STATE.resolve("ovs").resolve(host);
        AgentSettings.Switch vswitch = new AgentSettings.Switch(
                directory.resolve("db.sock"),
                directory,
                directory.resolve("vswitchd.ctl").toString(),
                "br-vs",
                "br-prv",
                "uplink",
                null,
                "nvgre0",
                64,
                "inherit",
                false,
                "netdev");
        return new AgentSettings(
                host,
                new ManagerEndpoint("127.0.0.1", 1),
                NodeIdentityConfig.DEFAULT,
                state.resolve(host),
                new AgentSettings.HostPort("127.0.0.1", 0),
                vswitch,
                PREFIX + host,
                Duration.ofSeconds(60),
                Duration.ofSeconds(2));
    }

    String vsctl(String host, String... arguments) throws CommandException {
        List<String> words = new ArrayList<>(List.of(
                "ovs-vsctl", "--db=unix:" + STATE.resolve("ovs").resolve(host).resolve("db.sock"), "--timeout=60"));
        words.addAll(List.of(arguments));
        return commands.run(words);
    }

    /** @param verb of ovs-ofctl, followed by what it takes after the bridge */
    void ofctl(String host, String bridge, String verb, String... arguments) throws CommandException {
        List<String> words = new ArrayList<>(List.of(
                "ovs-ofctl",
                "-O",
                "OpenFlow15",
                verb,
                STATE.resolve("ovs").resolve(host).resolve(bridge + ".mgmt").toString()));
        words.addAll(List.of(arguments));
        commands.run(words);
    }

    /** Standard output of a command in a VM's namespace; fails unless its status is 0. */
    String inVm(String vm, String... command) throws CommandException {
        return commands.run(inNamespace(PREFIX + vm, command));
    }

    /** One echo of a VM, or what the options say. */
    boolean ping(String vm, String destination, String... options) {
        List<String> words = new ArrayList<>(List.of("ping", "-c", "1", "-W", "1", destination));
        words.addAll(List.of(options)); // the last one of a kind counts
        try {
            inVm(vm, words.toArray(String[]::new));
            return true;
        } catch (CommandException _) {
            return false;
        }
    }

    /** Waits for a condition, as long as a slow machine may need. */
    static void eventually(Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        CountDownLatch never = new CountDownLatch(1);
        while (!condition.call()) {
            assertThat(Instant.now()).as("in time").isBefore(deadline);
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
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
        try (turn) {
            script("down");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
