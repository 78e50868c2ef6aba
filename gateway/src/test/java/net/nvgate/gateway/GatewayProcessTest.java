package net.nvgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.gateway.dpdk.Commands;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.dpdk.VethPair;
import net.nvgate.gateway.worker.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway's own process between two wires: policy from a real sync server,packets by hand.
 */
@ExtendWith(EalExtension.class)
class GatewayProcessTest {

    @TempDir
    Path directory;

    private TwoWires wires;

    @BeforeEach
    void makeWires() throws IOException {
        assumeTrue(VethPair.possible(), "NOT RUN: the gateway's ports need root");
        wires = new TwoWires("nvga", 20);
    }

    @AfterEach
    void removeWires() throws IOException {
        if (wires != null) {
            wires.close();
        }
    }

    @Test
    void forwardsByThePolicyOfTheManagerAndWithoutItByTheCachedOne() throws Exception {
        SyncServer manager = startManager();
        DatagramSocket collector = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        collector.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
        Path config = config(manager.address().getPort(), collector.getLocalPort());
        byte[] question;
        try (manager;
                collector;
                GatewayProcess gateway = new GatewayProcess(config, directory.resolve("first.log"))) {
            assertThat(gateway.get("/healthz").statusCode()).isEqualTo(200);
            gateway.awaitOk("/readyz");
            wires.exchange(41000);
            assertThat(gateway.metric("nvgate_vsid_packets_total{direction=\"tx\",vsid=\"6000\"}"))
                    .as(gateway.get("/metrics").body())
                    .isEqualTo(1);
            assertThat(gateway.metric("nvgate_sessions")).isEqualTo(1);
            assertThat(gateway.metric("nvgate_policy_revision")).isEqualTo(FixedPolicy.REVISION);
            assertThat(gateway.get("/nonesuch").statusCode()).isEqualTo(404);
            views(manager);
            sizes(manager);
            assertTold(collector, 41000);
            question = wires.exchange(41002);
            assertStopsCleanly(gateway);
        }
        assertThat(directory.resolve("state/sessions.kept")).exists();
        try (GatewayProcess gateway = new GatewayProcess(config, directory.resolve("second.log"))) {
            gateway.awaitOk("/readyz");
            // The server answers what the VM asked before the gateway was stopped.
            wires.answered(question, 41002);
            assertThat(gateway.metric("nvgate_kept_sessions_total{result=\"restored\"}"))
                    .as(gateway.log())
                    .isEqualTo(2);
            wires.exchange(41001);
            assertThat(gateway.metric("nvgate_sync_connected")).isZero();
            assertStopsCleanly(gateway);
        }
    }

    /** Idle for longer, it sleeps longer; whatever comes is forwarded all the same, new neighbours' packets too. */
    @Test
    void forwardsWhatComesAfterALongSilence() throws Exception {
        SyncServer manager = startManager();
        try (manager;
                GatewayProcess gateway =
                        new GatewayProcess(config(manager.address().getPort(), 9), directory.resolve("silence.log"))) {
            gateway.awaitOk("/readyz");
            awaitLongSleeps(gateway);
            wires.exchange(41000);
            awaitLongSleeps(gateway);
            wires.exchange(41001);
            assertStopsCleanly(gateway);
        }
    }

    private static SyncServer startManager() throws IOException {
        SyncServer manager = new SyncServer(
                SyncServerConfig.of("127.0.0.1", 0),
                new FixedPolicy(),
                UUID.randomUUID().toString(),
                new SimpleMeterRegistry());
        manager.start();
        return manager;
    }

    /** Until its worker is seen asleep for up to 10 ms; before 2 s without a packet it asks for 1 ms. */
    private static void awaitLongSleeps(GatewayProcess gateway) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!gateway.epollTimeout("worker-0").equals(OptionalInt.of(10))) {
            assertThat(System.nanoTime()).as("the worker sleeps long").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void errorsOfTheConfigurationEndItWithAClearLine() throws IOException {
        Path bad = Files.writeString(directory.resolve("bad.yaml"), "node: gw1\nprots: {}\n");
        Commands.Outcome outcome = Commands.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                GatewayMain.class.getName(),
                "--config",
                bad.toString()));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).contains(bad + ": line 2: unknown key 'prots'");
    }

    /** A file is there that is no library. */
    @Test
    void aDpdkThatCannotBeLoadedEndsItWithAClearLine() throws IOException {
        Path library = Files.createFile(directory.resolve("librte_eal.so.23"));
        Commands.Outcome outcome = Commands.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dnvgate.dpdk.library-path=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                GatewayMain.class.getName(),
                "--config",
                config(9, 9).toString()));
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("cannot start: cannot load " + library);
    }

    /** Waits for an IPFIX message (RFC 7011 section 3.1) that has a record of the VM's session: its address and port, the server's. */
    private static void assertTold(DatagramSocket collector, int vmPort) throws IOException {
        byte[] port = {(byte) (vmPort >>> 8), (byte) vmPort};
        byte[] vm = ByteBuffer.allocate(4).putInt(TwoWires.VM).array();
        byte[] external = ByteBuffer.allocate(4).putInt(TwoWires.NAT).array();
        DatagramPacket message = new DatagramPacket(new byte[65_536], 65_536);
        boolean told = false;
        while (!told) {
            collector.receive(message);
            byte[] bytes = Arrays.copyOf(message.getData(), message.getLength());
            assertThat(ByteBuffer.wrap(bytes).getShort()).as("version").isEqualTo((short) 10);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            told = Stream.of(vm, external, port)
                    .allMatch(part -> text.contains(new String(part, StandardCharsets.ISO_8859_1)));
        }
    }

    private Path config(int managerPort, int collectorPort) throws IOException {
        return Files.writeString(
                directory.resolve("gateway.yaml"),
                """
                    node: gw1
                    manager: {host: 127.0.0.1, port: %d, security: none}
                    state-directory: %s
                    http: {port: 0}
                    eal: {huge-pages: off, memory-mib: 128, file-prefix: nvga-gw, packet-buffers: 8191}
                    worker: {flows-max: 4096}
                    export:
                      collectors:
                        - {name: law, protocol: ipfix, address: 127.0.0.1, port: %d, what: [sessions]}
                    """.formatted(managerPort, directory.resolve("state"), collectorPort) + wires.ports());
    }

    /** What people see through the manager. */
    private static void views(SyncServer manager) throws Exception {
        assertThat(view(manager, "sessions", Map.of("insideAddress", FixedPolicy.VM_CA)))
                .contains("\"vmNetwork\":\"blue\"", "\"vsid\":6000", "\"protocol\":\"UDP\"", "\"insidePort\":41000");
        assertThat(view(manager, "sessions", Map.of("protocol", "TCP"))).isEqualTo("[]");
        assertThat(view(manager, "neighbors", Map.of("port", "ext")))
                .contains("\"address\":\"203.0.113.9\"", "\"mac\":\"02:00:00:00:00:99\"");
        assertThat(view(manager, "counters", Map.of("name", "nvgate_sessions"))).contains("\"value\":1.0");
        assertThat(view(manager, "lookup-records", Map.of("vsid", "6000"))).contains("192.168.1.3");
        Map<String, String> session = Map.of("insideAddress", FixedPolicy.VM_CA, "insidePort", "41000");
        assertThat(view(manager, "end-sessions", session)).isEqualTo("[{\"ended\":1}]");
        assertThat(view(manager, "sessions", Map.of())).isEqualTo("[]");
    }

    /** A VM that announces a segment size of Ethernet is seen. */
    private void sizes(SyncServer manager) throws Exception {
        byte[] tcp = Wire.tcp(TwoWires.VM, TwoWires.SERVER, 41000, 80, 2, new byte[] {2, 4, 5, (byte) 0xb4});
        tcp[12] = 0x60;
        wires.host.send(TwoWires.tunnelled(
                wires.host.resolve(TwoWires.GATEWAY), Wire.ipv4(TwoWires.VM, TwoWires.SERVER, Wire.TCP, tcp)));
        byte[] syn = wires.server.await("a SYN", frame -> TwoWires.isIpv4(frame) && Wire.u8(frame, 23) == Wire.TCP);
        assertThat(Wire.u16(syn, 14 + 42)).isLessThan(1460);
        assertThat(view(manager, "mtu", Map.of("vmNetwork", "blue")))
                .contains("\"customerAddress\":\"" + FixedPolicy.VM_CA, "\"mssAnnounced\":1460", "\"mssClamped\":1");
    }

    private static String view(SyncServer manager, String kind, Map<String, String> filter) throws Exception {
        QueryResult result = manager.query(FixedPolicy.NODE, kind, filter, 100).get(60, TimeUnit.SECONDS);
        assertThat(result.truncated()).isFalse();
        return result.json();
    }

    private static void assertStopsCleanly(GatewayProcess gateway) throws Exception {
        GatewayProcess.Stopped stopped = gateway.terminate();
        assertThat(stopped.exitCode()).as(gateway.log()).isEqualTo(143);
        assertThat(stopped.millis()).as(gateway.log()).isLessThan(20_000);
        assertThat(gateway.log()).contains("stopped").doesNotContain(" ERROR ");
        assertThat(Path.of("/var/run/dpdk/nvga-gw")).doesNotExist();
    }
}
