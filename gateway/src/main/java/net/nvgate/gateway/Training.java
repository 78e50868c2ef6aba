package net.nvgate.gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.gateway.bench.Bench;

/**
 * What the JVM learns from what classes a gateway needs and which methods are hot, for its AOT cache ({@code dist/train}): a gateway
 * starts, gets policy from a manager, is scraped, and forwards packets from memory. Needs no port, no huge pages and no network but the
 * loopback address. The argument is an empty directory for its state. Exit code 0 if all went well.
 */
public final class Training {

    private static final long READY_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);
    private static final int SCRAPES = 20;

    private Training() {}

    public static void main(String[] arguments) throws Exception {
        Path state = Path.of(arguments[0]);
        int httpPort = freePort();
        try (SyncServer manager = new SyncServer(
                SyncServerConfig.of("127.0.0.1", 0), new TrainingPolicy(), "training", new SimpleMeterRegistry())) {
            manager.start();
            Path config = Files.writeString(
                    state.resolve("gateway.yaml"),
                    configuration(state, manager.address().getPort(), httpPort));
            Thread.ofPlatform()
                    .name("gateway")
                    .daemon()
                    .start(() -> GatewayMain.main(new String[] {"--config", config.toString()}));
            awaitReady(httpPort);
            for (int i = 0; i < SCRAPES; i++) {
                var _ = status(httpPort, "/metrics");
            }
            Bench.train();
        }
        // The gateway stops by its own hook.
        System.exit(0);
    }

    private static String configuration(Path state, int managerPort, int httpPort) {
        return """
                node: %s
                manager: {host: 127.0.0.1, port: %d, security: none}
                state-directory: %s
                http: {port: %d}
                eal: {huge-pages: off, memory-mib: 256, file-prefix: nvgate-train-%d, packet-buffers: 8191}
                worker: {flows-max: 65536}
                ports:
                  pa: {device: "net_null0,no-rx=1"}
                  ext: {device: "net_null1,no-rx=1"}
                """.formatted(
                        TrainingPolicy.NODE.name(),
                        managerPort,
                        state.resolve("state"),
                        httpPort,
                        ProcessHandle.current().pid());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitReady(int httpPort) {
        long deadline = System.nanoTime() + READY_NANOS_MAX;
        while (status(httpPort, "/readyz") != HttpURLConnection.HTTP_OK) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the gateway does not become ready");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Status of a page, read to its end; -1 if nobody listens yet. */
    private static int status(int httpPort, String page) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + httpPort + page).toURL().openConnection();
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_OK) {
                try (InputStream body = connection.getInputStream()) {
                    var _ = body.readAllBytes();
                }
            }
            return status;
        } catch (IOException e) {
            return -1;
        }
    }
}
