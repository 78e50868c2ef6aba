package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class OvsdbMonitorTest {

    private static final String TABLES = """
            {"id": 1, "error": null, "result": {
              "Bridge": {"b": {"new": {"name": "br-vs", "ports": ["uuid", "p"]}}},
              "Port": {"p": {"new": {"interfaces": ["uuid", "i"]}}},
              "Interface": {"i": {"new": {"name": "vm1", "ofport": 7, "external_ids": ["map", []]}}}}}
            """;

    @TempDir
    private Path directory;

    /** Answers every connection with the same tables, and keeps it open. */
    private static void answer(ServerSocketChannel database) {
        try {
            while (true) {
                SocketChannel client = database.accept();
                client.write(ByteBuffer.wrap(TABLES.getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            assertThat(database.isOpen()).isFalse();
        }
    }

    @Test
    void aListenerThatFailsIsCalledAgain() throws Exception {
        Path socket = directory.resolve("db.sock");
        AtomicInteger calls = new AtomicInteger();
        List<OvsInterface> seen = new ArrayList<>();
        try (ServerSocketChannel database = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            database.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> answer(database));
            try (OvsdbMonitor monitor = new OvsdbMonitor(socket, "br-vs", "br-prv", view -> {
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalStateException("a listener that fails once");
                }
                seen.addAll(view.interfaces());
            })) {
                monitor.start();
                assertThat(monitor.awaitFirst(Duration.ofSeconds(60))).isTrue();
                assertThat(monitor.isConnected()).isTrue();
                assertThat(calls).hasValue(2);
                assertThat(seen).extracting(OvsInterface::name).containsExactly("vm1");
            }
        }
    }
}
