package net.nvgate.fabric.ovs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * An Open vSwitch of its own in a temporary directory, with the dummy datapath: it translates and traces packets but
 * touches no interface of the machine, and needs no privilege.
 */
final class OvsSandbox implements AutoCloseable {

    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");

    private final Path directory;
    private final List<Process> daemons = new ArrayList<>();
    final Commands commands;

    static boolean isPossible() {
        return Files.isReadable(SCHEMA)
                && Stream.of("/usr/sbin/ovs-vswitchd", "/usr/sbin/ovsdb-server")
                        .map(Path::of)
                        .allMatch(Files::isExecutable);
    }

    OvsSandbox() throws Exception {
        directory = Files.createTempDirectory("nvge-ovs");
        commands = new Commands(
                Map.of("OVS_RUNDIR", directory.toString(), "OVS_LOGDIR", directory.toString()), Duration.ofSeconds(60));
        commands.run("ovsdb-tool", "create", file("conf.db"), SCHEMA.toString());
        start("ovsdb-server", file("conf.db"), "--remote=punix:" + file("db.sock"));
        commands.run("ovs-vsctl", "--db=unix:" + file("db.sock"), "--retry", "--no-wait", "init");
        start(
                "ovs-vswitchd",
                "unix:" + file("db.sock"),
                "--enable-dummy",
                "--disable-system",
                "--disable-system-route");
        // Returns when vswitchd has taken the configuration.
        commands.run(
                "ovs-vsctl", "--db=unix:" + file("db.sock"), "--timeout=60", "set", "open", ".", "external-ids:x=y");
    }

    private void start(String daemon, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(daemon));
        command.addAll(List.of(arguments));
        command.add("--pidfile=" + file(daemon + ".pid"));
        command.add("--unixctl=" + file(daemon + ".ctl"));
        command.add("--log-file=" + file(daemon + ".log"));
        command.add("-vconsole:off");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(daemon + ".out").toFile());
        builder.environment().put("OVS_RUNDIR", directory.toString());
        daemons.add(builder.start());
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    AgentSettings.Switch settings() {
        return new AgentSettings.Switch(
                directory.resolve("db.sock"),
                directory,
                file("ovs-vswitchd.ctl"),
                "br-vs",
                "br-prv",
                "",
                null,
                "nvgre0",
                64,
                "inherit",
                false,
                "dummy");
    }

    /** Answers of ovs-vsctl. */
    String vsctl(String... arguments) throws CommandException {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + file("db.sock"), "--timeout=60"));
        command.addAll(List.of(arguments));
        return commands.run(command);
    }

    String appctl(String... arguments) throws CommandException {
        List<String> command = new ArrayList<>(List.of("ovs-appctl", "-t", file("ovs-vswitchd.ctl")));
        command.addAll(List.of(arguments));
        return commands.run(command);
    }

    @Override
    public void close() throws IOException {
        for (Process daemon : daemons.reversed()) {
            daemon.destroy();
            try {
                daemon.onExit().get(60, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                daemon.destroyForcibly();
                throw new IOException("daemon " + daemon.pid() + " did not end", e);
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(OvsSandbox::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
