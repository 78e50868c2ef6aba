package net.nvgate.gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.EalOptions;
import org.HdrHistogram.Histogram;

/**
 * Measures the gateway's own process, between two veth pairs, from outside; needs root. {@code docs/performance-process.md} says what
 * and how.
 *
 * <pre>
 *   start RUNS        from the start of the process to the first translated packet, by a cached policy, with nobody to ask
 *   idle SECONDS      CPU while nothing comes, by thread, and how late single packets come out
 *   first PACKETS     how late single packets come out, so many 1 s apart, more that are less apart
 *   beside SECONDS    packets at a steady rate through a gateway that follows a manager elsewhere, which others load meanwhile: how many
 *                     came out, and what became of the rest
 *   stalls SECONDS    with traffic, 100 policy changes a second and a scrape a second; pauses are in the log of the JVM
 * </pre>
 *
 * What follows the two arguments is the command that starts a gateway, to which {@code --config FILE} is added.
 */
public final class LiveBench {

    private static final String MORE = System.getProperty("nvgate.live.worker", "flows-max: 65536");
    private static final String MORE_OF_PORTS = System.getProperty("nvgate.live.ports", "");
    private static final int VM_PORT = 41_000;
    /** Of {@code beside}: where the manager's stream is, and packets a second. */
    private static final int MANAGER_PORT = Integer.getInteger("nvgate.live.manager-port", 7250);

    /** Threads that take less of a core are not told, percent. */
    private static final double SHARE_TOLD = 0.02;

    private static final int PACKETS = Integer.getInteger("nvgate.live.packets", 2_000);

    private final Path directory;
    private final List<String> command;
    private final TwoWires wires;
    private final long gatewayMac;

    private LiveBench(Path directory, List<String> command, TwoWires wires) throws IOException {
        this.directory = directory;
        this.command = command;
        this.wires = wires;
        this.gatewayMac = wires.gatewayPaMac();
    }

    public static void main(String[] arguments) throws Exception {
        List<String> command = Arrays.asList(arguments).subList(2, arguments.length);
        int amount = Integer.parseInt(arguments[1]);
        Path directory = Files.createTempDirectory("nvgate-live");
        try (Eal _ = Eal.init(EalOptions.small("nvgate-live-peer", 128));
                TwoWires wires = new TwoWires("nvgl", 20)) {
            LiveBench bench = new LiveBench(directory, command, wires);
            switch (arguments[0]) {
                case "start" -> bench.start(amount);
                case "idle" -> bench.idle(amount);
                case "first" -> bench.first(amount);
                case "beside" -> bench.beside(amount);
                case "stalls" -> bench.stalls(amount);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
        // Left behind if anything failed: its logs say why.
        try (var files = Files.walk(directory)) {
            files.sorted(Collections.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        }
    }

    private SyncServer manager(ChurningPolicy policy) throws IOException {
        SyncServer manager = new SyncServer(
                SyncServerConfig.of("127.0.0.1", 0), policy, UUID.randomUUID().toString(), new SimpleMeterRegistry());
        manager.start();
        return manager;
    }

    private Path config(int managerPort) throws IOException {
        return Files.writeString(
                directory.resolve("gateway.yaml"),
                """
                node: gw1
                manager: {host: 127.0.0.1, port: %d, security: none}
                state-directory: %s
                http: {port: 0}
                eal: {huge-pages: off, memory-mib: 128, file-prefix: nvgl-gw, packet-buffers: 16383}
                worker: {%s}
                """.formatted(managerPort, directory.resolve("state"), MORE) + wires.ports(MORE_OF_PORTS));
    }

    private GatewayProcess gateway(Path config, String log) throws IOException, InterruptedException {
        return new GatewayProcess(command, config, directory.resolve(log));
    }

    private void start(int runs) throws Exception {
        Path config;
        try (SyncServer manager = manager(new ChurningPolicy())) {
            config = config(manager.address().getPort());
            try (GatewayProcess gateway = gateway(config, "first.log")) {
                gateway.awaitOk("/readyz");
                wires.exchange(VM_PORT);
                gateway.terminate();
            }
        }
        List<Double> times = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            wires.server.drain();
            long begun = System.nanoTime();
            try (GatewayProcess gateway = gateway(config, "run.log")) {
                long arrived = 0;
                while (arrived == 0) {
                    // Not busy: the gateway needs the CPUs.
                    pause(1_000_000);
                    wires.host.send(TwoWires.question(gatewayMac, VM_PORT));
                    if (wires.server.poll(0, TwoWires::isIpv4).isPresent()) {
                        arrived = System.nanoTime();
                    }
                }
                double cpu = cpuMillis(gateway);
                double warm = firstSecond(gateway);
                times.add((arrived - begun) / 1e6);
                gateway.awaitListening();
                System.out.printf(
                        Locale.ROOT,
                        "first packet after %.0f ms, CPU until then %.0f ms; busy %.1f us/packet in the next second; %s%n",
                        times.getLast(),
                        cpu,
                        warm,
                        gateway.log()
                                .lines()
                                .filter(line -> line.contains("ports are up, metrics"))
                                .findFirst()
                                .orElse(""));
                gateway.terminate();
            }
        }
        Collections.sort(times);
        System.out.printf(
                Locale.ROOT,
                "start to first translated packet: median %.0f ms, %.0f..%.0f%n",
                times.get(times.size() / 2),
                times.getFirst(),
                times.getLast());
    }

    /** What the worker takes for a packet in the second after its first one, us. */
    private double firstSecond(GatewayProcess gateway) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        for (int i = 0; System.nanoTime() < end; i++) {
            wires.host.send(TwoWires.question(gatewayMac, VM_PORT + (i & 1023)));
            pause(50_000);
            wires.server.drain();
        }
        gateway.awaitListening();
        return gateway.metric("nvgate_worker_busy_seconds_total{worker=\"0\"}")
                * 1e6
                / gateway.metric("nvgate_worker_pa_rx_packets_total{worker=\"0\"}");
    }

    private static double cpuMillis(GatewayProcess gateway) {
        return gateway.cpu().toNanos() / 1e6;
    }

    private void idle(int seconds) throws Exception {
        try (SyncServer manager = manager(new ChurningPolicy());
                GatewayProcess gateway = gateway(config(manager.address().getPort()), "idle.log")) {
            gateway.awaitOk("/readyz");
            wires.exchange(VM_PORT);
            warm(5_000, 20_000);
            pause(10_000_000_000L);
            double parks = gateway.metric("nvgate_worker_parks_total{worker=\"0\"}");
            // What answering that has cost is not idling.
            pause(2_000_000_000L);
            double cpu = cpuMillis(gateway);
            Map<String, Double> before = gateway.threadCpuMillis();
            long begun = System.nanoTime();
            pause(seconds * 1_000_000_000L);
            double percentPerMilli = 100e6 / (System.nanoTime() - begun);
            double total = (cpuMillis(gateway) - cpu) * percentPerMilli;
            Map<String, Double> after = gateway.threadCpuMillis();
            parks = gateway.metric("nvgate_worker_parks_total{worker=\"0\"}") - parks;
            System.out.printf(
                    Locale.ROOT,
                    "idle: %.2f %% of a core; it slept %.0f times a second%n",
                    total,
                    parks / (seconds + 2));
            after.forEach((thread, millis) -> {
                double percent = (millis - before.getOrDefault(thread, 0.0)) * percentPerMilli;
                if (percent >= SHARE_TOLD) {
                    System.out.printf(Locale.ROOT, "  %-16s %.2f %%%n", thread, percent);
                }
            });
            print("first packet after silence", latencies(200, 50_000_000L));
            print("packets 1 ms apart", latencies(2_000, 1_000_000L));
            gateway.terminate();
        }
    }

    private void first(int packets) throws Exception {
        try (SyncServer manager = manager(new ChurningPolicy());
                GatewayProcess gateway = gateway(config(manager.address().getPort()), "first.log")) {
            gateway.awaitOk("/readyz");
            wires.exchange(VM_PORT);
            warm(5_000, 200_000);
            print("packets 1 s apart", latencies(packets, 1_000_000_000L));
            print("packets 50 ms apart", latencies(10 * packets, 50_000_000L));
            print("packets 1 ms apart", latencies(50 * packets, 1_000_000L));
            gateway.terminate();
        }
    }

    /** How late packets come out that are sent so far apart, ns. Who measures stays awake: its own sleep would be in it. */
    private Histogram latencies(int packets, long apartNanos) {
        Histogram latencies = new Histogram(10_000_000_000L, 3);
        byte[] question = TwoWires.question(gatewayMac, VM_PORT);
        for (int i = 0; i < packets; i++) {
            var _ = wires.server.poll(apartNanos, _ -> false);
            long sent = System.nanoTime();
            wires.host.send(question);
            var _ = wires.server.await("the packet", TwoWires::isIpv4);
            latencies.recordValue(System.nanoTime() - sent);
        }
        return latencies;
    }

    private static void print(String what, Histogram nanos) {
        System.out.printf(
                Locale.ROOT,
                "%s: out after %.0f us (median), 90 %% %.0f, 99 %% %.0f, longest %.0f%n",
                what,
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(90) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getMaxValue() / 1e3);
    }

    private void warm(int packets, long apartNanos) {
        for (int i = 0; i < packets; i++) {
            wires.host.send(TwoWires.question(gatewayMac, VM_PORT + (i & 1023)));
            var _ = wires.server.poll(apartNanos, _ -> false);
        }
    }

    private void beside(int seconds) throws Exception {
        Path config = config(MANAGER_PORT);
        Files.writeString(config, Files.readString(config).replace("node: gw1", "node: gw0"));
        try (GatewayProcess gateway = gateway(config, "beside.log")) {
            gateway.awaitOk("/readyz");
            wires.exchange(VM_PORT);
            warm(2_000, 500_000);
            wires.server.drain();
            double taken = gateway.metric("nvgate_worker_pa_rx_packets_total{worker=\"0\"}");
            System.out.println("beside: forwarding");
            long begun = System.nanoTime();
            long sent = 0;
            long came = 0;
            while (System.nanoTime() - begun < seconds * 1_000_000_000L) {
                long due = (System.nanoTime() - begun) * PACKETS / 1_000_000_000L;
                for (; sent < due; sent++) {
                    wires.host.send(TwoWires.question(gatewayMac, VM_PORT + (int) (sent & 255)));
                }
                came += arrived(0);
                wires.host.drain();
                pause(500_000);
            }
            came += arrived(1_000_000_000L);
            double took = gateway.metric("nvgate_worker_pa_rx_packets_total{worker=\"0\"}") - taken;
            System.out.printf(
                    Locale.ROOT,
                    "beside: %d packets in %d s (%d per second), %.0f taken by the gateway, %d came out: lost %d%n",
                    sent,
                    seconds,
                    PACKETS,
                    took,
                    came,
                    sent - came);
            gateway.get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.matches("nvgate_(port_.*(missed|no_buffer|errors|full)|drops).*")
                            && !line.endsWith(" 0.0"))
                    .forEach(line -> System.out.println("beside: " + line));
            gateway.terminate();
        }
    }

    /** Packets at the server until none has come for so long. */
    private long arrived(long quietNanos) {
        long count = 0;
        while (wires.server.poll(quietNanos, TwoWires::isIpv4).isPresent()) {
            count++;
        }
        return count;
    }

    private void stalls(int seconds) throws Exception {
        ChurningPolicy policy = new ChurningPolicy();
        try (SyncServer manager = manager(policy);
                GatewayProcess gateway = gateway(config(manager.address().getPort()), "stalls.log")) {
            gateway.awaitOk("/readyz");
            wires.exchange(VM_PORT);
            long begun = System.nanoTime();
            long ticks = 0;
            while (System.nanoTime() - begun < seconds * 1_000_000_000L) {
                // 10 ms: a change of policy, ten packets, a new session among them; a scrape a second.
                policy.change();
                for (int i = 0; i < 10; i++) {
                    long number = ticks * 10 + i;
                    int port = i == 0 ? 1024 + (int) (ticks % 60_000) : VM_PORT + (int) (number & 63);
                    wires.host.send(TwoWires.question(gatewayMac, port));
                }
                wires.server.drain();
                wires.host.drain();
                if (++ticks % 100 == 0) {
                    var _ = gateway.get("/metrics");
                }
                pause(begun + ticks * 10_000_000L - System.nanoTime());
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d changes asked for, revision %.0f; %.0f packets%n",
                    ticks,
                    gateway.metric("nvgate_policy_revision"),
                    gateway.metric("nvgate_worker_pa_rx_packets_total{worker=\"0\"}"));
            gateway.terminate();
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
