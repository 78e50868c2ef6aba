package net.nvgate.fabric.ovs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /metrics}, {@code /healthz}, {@code /readyz} and {@code /status}. */
final class AgentHttp implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    /** @param at where to listen; port 0 = any free one */
    AgentHttp(AgentSettings.HostPort at) throws IOException {
        server = HttpServer.create(new InetSocketAddress(at.address(), at.port()), 16);
        server.setExecutor(workers);
    }

    void serve(String path, String contentType, Supplier<Answer> answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                boolean exact = exchange.getRequestURI().getPath().equals(path);
                send(exchange, contentType, exact ? answer.get() : new Answer(404, "not found\n"));
            }
        });
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void send(HttpExchange exchange, String contentType, Answer answer) throws IOException {
        if (!exchange.getRequestMethod().equals("GET")
                && !exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(405, -1);
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    record Answer(int status, String body) {}

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
