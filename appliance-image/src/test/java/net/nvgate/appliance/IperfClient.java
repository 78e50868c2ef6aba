package net.nvgate.appliance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An iperf3 in a VM that sends until it is closed: by TCP, as much as it can, unless options say otherwise. */
final class IperfClient implements AutoCloseable {

    /** Longer than any test waits. */
    private static final String SECONDS = "3600";

    private final Process process;
    private final Path output;

    private IperfClient(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param port where a server listens, see {@link Demo#startIperf(int)} */
    static IperfClient start(String vm, int port, String... options) {
        try {
            Path output = Files.createTempFile("nvgate-e2e", ".out");
            List<String> command = new ArrayList<>(
                    List.of(Demo.in(vm, "iperf3", "-c", Demo.SERVER, "-p", String.valueOf(port), "-t", SECONDS)));
            command.addAll(List.of(options));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            return new IperfClient(builder.redirectOutput(output.toFile()).start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By UDP iperf3 asks its server with one datagram, once, and ends when no answer has come for 30 s. */
    boolean lostItsFirstDatagram() {
        return !process.isAlive() && text().contains("unable to read from stream socket");
    }

    /** It must not end by itself. */
    void requireRunning() {
        if (!process.isAlive()) {
            throw new AssertionError("iperf3 ended: " + text());
        }
    }

    private String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it, and so its server. */
    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(Demo.SHORT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
