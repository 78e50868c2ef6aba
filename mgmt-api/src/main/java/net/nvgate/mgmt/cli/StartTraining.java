package net.nvgate.mgmt.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What commands load at their start, all at once, so that the JVM writes down these classes (packages/cli/archive): a manager
 * that knows one answer is asked by each output format, and every subcommand is looked through.
 */
public final class StartTraining {

    private static final byte[] ANSWER =
            "{\"items\":[{\"id\":\"1\",\"name\":\"a\",\"description\":\"\",\"labels\":{\"b\":\"c\"},\"n\":[1,2.5,true,null]}],\"total\":1}"
                    .getBytes(StandardCharsets.UTF_8);

    private StartTraining() {}

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", StartTraining::answer);
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            for (List<String> command : List.of(
                    List.of("--version"),
                    List.of("get", "vms", "--url", url),
                    List.of("get", "vms", "-o", "yaml", "--url", url),
                    List.of("get", "vms", "-o", "json", "--url", url),
                    List.of("gateways", "list", "--url", url),
                    List.of("logout", "--url", url, "--config-dir", "/nowhere"))) {
                run(command);
            }
            for (String name : Subcommands.CLASSES.keySet()) {
                run(List.of(name, "--help"));
            }
        } finally {
            server.stop(0);
        }
    }

    private static void run(List<String> command) {
        NvgateMain.run(new ArrayList<>(command).toArray(String[]::new), new PrintWriter(Writer.nullWriter()));
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
        }
    }
}
