package net.nvgate.gateway.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.nvgate.gateway.control.StillRunningException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics}, {@code /healthz} (the workers run) and {@code /readyz} (packets are forwarded by some policy). The
 * JDK's own server does: three pages, a few requests per minute.
 */
public final class HealthServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final int BACKLOG = 16;
    private static final int THREADS = 2;
    private static final Duration STOP_MAX = Duration.ofSeconds(1);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    /** An answer of a health check: 200 if it holds, else 503. */
    public record Check(boolean holds, String text) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("http-", 0).daemon().factory());

    private record Page(int status, String type, String body) {}

    /**
     * @param port 0 = any free one
     * @throws IOException if it cannot listen there; the message names address and port
     */
    public HealthServer(
            String address, int port, Supplier<String> metrics, Supplier<Check> health, Supplier<Check> ready)
            throws IOException {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
        } catch (IOException e) {
            throw new IOException("cannot listen for HTTP on " + address + ":" + port + ": " + e.getMessage(), e);
        }
        Map<String, Supplier<Page>> pages = Map.of(
                "/metrics", () -> new Page(200, METRICS, metrics.get()),
                "/healthz", () -> page(health.get()),
                "/readyz", () -> page(ready.get()));
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange, pages);
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    private static Page page(Check check) {
        return new Page(check.holds() ? 200 : 503, TEXT, check.text() + "\n");
    }

    private static void answer(HttpExchange exchange, Map<String, Supplier<Page>> pages) throws IOException {
        Supplier<Page> found = pages.get(exchange.getRequestURI().getPath());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        Page page;
        if (found == null) {
            page = new Page(404, TEXT, "no such page; there are /metrics, /healthz, /readyz\n");
        } else if (!head && !exchange.getRequestMethod().equals("GET")) {
            page = new Page(405, TEXT, "only GET and HEAD\n");
        } else {
            page = make(found);
        }
        byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", page.type());
        exchange.sendResponseHeaders(page.status(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static Page make(Supplier<Page> page) {
        try {
            return page.get();
        } catch (RuntimeException e) {
            LOG.error("cannot make a page", e);
            return new Page(500, TEXT, "internal error, see the log\n");
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /**
     * Waits for a page in the making: it reads memory that may be gone after this.
     *
     * @throws StillRunningException if it takes longer than a second
     */
    @Override
    public void close() {
        close(STOP_MAX);
    }

    void close(Duration stopMax) {
        server.stop(0);
        threads.shutdown();
        boolean ended = false;
        try {
            ended = threads.awaitTermination(stopMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        if (!ended) {
            throw new StillRunningException("a page in the making");
        }
    }
}
