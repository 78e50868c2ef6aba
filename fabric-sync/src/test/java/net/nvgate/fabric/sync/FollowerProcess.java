package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.policy.NodeId;

/** A follower in a process of its own, that can be stopped and continued like any process; says its policy when asked. */
final class FollowerProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader lines;

    FollowerProcess(int port, NodeId node, Path state, Duration idleTimeout) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FollowerProcess.class.getName(),
                        Integer.toString(port),
                        node.kind().name(),
                        node.name(),
                        state.toString(),
                        Long.toString(idleTimeout.toMillis()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Sends a signal by name. */
    void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " failed: " + status);
        }
    }

    /** Its policy, an object per line, and the number of snapshots it has had as the last line. */
    List<String> dump() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append("dump\n").flush();
        List<String> dump = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("snapshots ")) {
                dump.add(line);
                return dump;
            }
            if (line.startsWith("object ")) {
                dump.add(line.substring("object ".length()));
            }
        }
        throw new IOException("the follower's process ended");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] arguments) throws Exception {
        NodeId node = new NodeId(NodeId.Kind.valueOf(arguments[1]), arguments[2]);
        RecordingTarget target = new RecordingTarget();
        SyncClientConfig config = SyncClientConfig.of(
                        "127.0.0.1", Integer.parseInt(arguments[0]), node, Path.of(arguments[3]), "test")
                .withLimits(SyncFixture.quickClientLimits(
                        Duration.ofSeconds(30), Duration.ofMillis(Long.parseLong(arguments[4]))));
        SyncClient client = new SyncClient(config, target, new SyncFixture.FixedState(), new SimpleMeterRegistry());
        client.start();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            target.policy().forEach(object -> System.out.println("object " + object));
            System.out.println("snapshots " + target.snapshots);
        }
        client.close();
    }
}
