package net.nvgate.mgmt;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.mgmt.cli.NvgateMain;
import picocli.CommandLine;

/**
 * Runs {@code nvgate} and {@code manager} in this JVM for scripts, which would wait half a second for each JVM of its own: a request
 * with an argument a line is answered by what the command says, with status 200 if it went well.
 */
final class CommandServer implements AutoCloseable {

    /** No node follows the manager, and none has joined. */
    private static final List<String> NOBODY = List.of("is not connected", "there is no identity of");

    private final HttpServer server;
    private final int manager;
    private final Path credentials;

    /**
     * @param manager its port
     * @param credentials where {@code nvgate} looks for the user's tokens
     */
    CommandServer(int manager, Path credentials) throws IOException {
        this.manager = manager;
        this.credentials = credentials;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * @param code of the command; 0 as well if something differs or a node is not there, as none is
     * @param said on both outputs
     */
    record Result(int code, String said) {}

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Result result = run(body.lines().toList());
            byte[] said = result.said().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(result.code() == 0 ? 200 : 400, said.length == 0 ? -1 : said.length);
            exchange.getResponseBody().write(said);
        }
    }

    /** One at a time: what is wrong goes to the standard error of this JVM. */
    synchronized Result run(List<String> command) {
        StringWriter out = new StringWriter();
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(wrong, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = command.getFirst().equals("manager") ? manager(command, out) : nvgate(command, out);
        } finally {
            System.setErr(before);
        }
        String error = wrong.toString(StandardCharsets.UTF_8);
        boolean well =
                code == 0 || (code == 2 && error.isEmpty()) || NOBODY.stream().anyMatch(error::contains);
        return new Result(well ? 0 : Math.max(code, 1), out + error);
    }

    private static int manager(List<String> command, StringWriter out) {
        return new CommandLine(new ManagerMain())
                .setOut(new PrintWriter(out, true))
                .execute(command.subList(1, command.size()).toArray(String[]::new));
    }

    private int nvgate(List<String> command, StringWriter out) {
        List<String> arguments = new ArrayList<>(command.subList(1, command.size()));
        if (!command.contains("completion")) {
            arguments.addAll(List.of("--url", "http://127.0.0.1:" + manager, "--config-dir", credentials.toString()));
        }
        return NvgateMain.run(arguments.toArray(String[]::new), new PrintWriter(out, true));
    }
}
