package net.nvgate.fabric.ovs;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Watches the agent's bridges over OVSDB's JSON-RPC (RFC 7047), so that a VM is served as soon as it is plugged in, and what
 * others change is repaired at once. Connects again when the database goes away; what was last seen holds until then.
 */
final class OvsdbMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OvsdbMonitor.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final String MONITOR_ID = "nvgate-interfaces";

    private final Path socket;
    private final String tenantBridge;
    private final String providerBridge;
    private final Consumer<SwitchView> listener;
    // Messages follow one another without end: looking for more after one would wait for the next.
    private final JsonMapper mapper = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch firstSeen = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable SocketChannel channel;
    private volatile boolean connected;

    /** @param listener gets what both bridges are after each change, from one thread */
    OvsdbMonitor(Path socket, String tenantBridge, String providerBridge, Consumer<SwitchView> listener) {
        this.socket = socket;
        this.tenantBridge = tenantBridge;
        this.providerBridge = providerBridge;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("ovsdb-monitor").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Waits until the interfaces have been seen once; false if that did not happen in time. */
    boolean awaitFirst(Duration timeout) throws InterruptedException {
        return firstSeen.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isConnected() {
        return connected;
    }

    private void run() {
        do {
            try (SocketChannel open = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                channel = open;
                converse(open);
            } catch (IOException | JacksonException e) {
                if (closing.getCount() > 0) {
                    LOG.warn("OVSDB at {}: {}; trying again", socket, e.getMessage());
                }
            } catch (RuntimeException e) {
                // Without this thread no VM would be served any more; the next connection begins with every interface.
                LOG.error("interfaces of {} were not taken; connecting to OVSDB again", tenantBridge, e);
            } finally {
                connected = false;
            }
        } while (!closedWithin(RETRY_AFTER));
    }

    private boolean closedWithin(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return true;
        }
    }

    private void converse(SocketChannel open) throws IOException {
        send(open, request("monitor", List.of("Open_vSwitch", MONITOR_ID, OvsdbTables.requests()), 1));
        OvsdbTables tables = new OvsdbTables();
        InputStream input = Channels.newInputStream(open);
        try (JsonParser parser = mapper.createParser(input)) {
            JsonNode message;
            while ((message = mapper.readTree(parser)) != null && !message.isMissingNode()) {
                handle(open, tables, message);
            }
        }
        throw new IOException("closed by ovsdb-server");
    }

    private void handle(SocketChannel open, OvsdbTables tables, JsonNode message) throws IOException {
        String method = message.path("method").asString("");
        if (method.equals("echo")) {
            Map<String, Object> reply = new LinkedHashMap<>();
            reply.put("result", message.get("params"));
            reply.put("error", null);
            reply.put("id", message.get("id"));
            send(open, reply);
            return;
        }
        if (method.equals("update")) {
            tables.update(message.path("params").path(1));
        } else if (message.path("id").asInt(0) == 1) {
            if (!message.path("error").isNull()) {
                throw new IOException("monitor refused: " + message.path("error"));
            }
            tables.update(message.path("result"));
            connected = true;
        } else {
            return;
        }
        listener.accept(tables.view(tenantBridge, providerBridge));
        firstSeen.countDown();
    }

    private static Map<String, Object> request(String method, List<Object> params, int id) {
        return Map.of("method", method, "params", params, "id", id);
    }

    private void send(SocketChannel open, Map<String, Object> message) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(mapper.writeValueAsBytes(message));
        while (bytes.hasRemaining()) {
            open.write(bytes);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        SocketChannel open = channel;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing {}: {}", socket, e.getMessage());
            }
        }
    }
}
