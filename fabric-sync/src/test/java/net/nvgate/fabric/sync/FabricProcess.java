package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;

/**
 * A manager in a process of its own, to be killed: serves the fabric of a SQLite store, and makes, moves and deletes VMs at random as fast as
 * it can. Says "ready" when it serves. "stop" on its standard input ends the changes; then it says the head, and serves on.
 */
final class FabricProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader lines;

    private FabricProcess(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static FabricProcess start(Path store, int port, int seed) throws IOException {
        FabricProcess started = new FabricProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FabricProcess.class.getName(),
                        store.toString(),
                        Integer.toString(port),
                        Integer.toString(seed))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
        started.awaitLine("ready");
        return started;
    }

    private String awaitLine(String regex) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.matches(regex)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("the manager's process ended");
        }
        return line;
    }

    /** Ends the changes; returns the head of the store. */
    long stopChanges() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append("stop\n").flush();
        return Long.parseLong(awaitLine("[0-9]+"));
    }

    /** SIGKILL. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        lines.close();
    }

    private static volatile boolean stopped;

    public static void main(String[] arguments) throws Exception {
        FabricStore store = SqliteStore.open(Path.of(arguments[0]));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        FabricManager manager = new FabricManager(store, new Random(), meters);
        PolicyProjection policy = new PolicyProjection(store, 10_000, meters);
        SyncServer server = new SyncServer(
                new SyncServerConfig("127.0.0.1", Integer.parseInt(arguments[1]), SyncFixture.quickLimits()),
                policy,
                store.fabricId().toString(),
                meters);
        server.start();
        Random random = new Random(Integer.parseInt(arguments[2]));
        Thread changes = Thread.ofPlatform().start(() -> change(manager, random));
        System.out.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (commands.readLine() != null) {
            stopped = true;
            changes.join();
            System.out.println(store.head());
            // Serves until it is killed.
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    private static void change(FabricManager manager, Random random) {
        List<UUID> hosts = ids(manager, Kind.HOST);
        List<UUID> subnets = ids(manager, Kind.VM_SUBNET);
        List<UUID> vms = new ArrayList<>(ids(manager, Kind.VM));
        while (!stopped) {
            UUID host = hosts.get(random.nextInt(hosts.size()));
            try {
                int kind = random.nextInt(3);
                if (kind == 0 || vms.size() < 5) {
                    String members = TestFabric.named("vm" + random.nextLong())
                            + TestFabric.field("hostId", host)
                            + ",\"nics\":[{\"vmSubnetId\":\"" + subnets.get(random.nextInt(subnets.size())) + "\"}]";
                    FabricSpec<?> spec = FabricJson.read("{" + members + "}", FabricSpec.type(Kind.VM));
                    vms.add(manager.run(new Operation.Create(spec)).id());
                } else if (kind == 1) {
                    manager.run(new Operation.Move(vms.get(random.nextInt(vms.size())), host));
                } else {
                    manager.run(new Operation.Delete(Kind.VM, vms.remove(random.nextInt(vms.size()))));
                }
            } catch (FabricException e) {
                // A host that is there already, or a subnet that is full.
            }
        }
    }

    private static List<UUID> ids(FabricManager manager, Kind kind) {
        return manager.list(kind).stream().map(FabricObject::id).toList();
    }
}
