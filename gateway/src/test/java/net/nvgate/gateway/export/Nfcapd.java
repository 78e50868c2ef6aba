package net.nvgate.gateway.export;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.nvgate.gateway.dpdk.Commands;

/** The collector of nfdump, on a free port of this machine. */
final class Nfcapd implements AutoCloseable {

    private static final String PROGRAM = "/usr/bin/nfcapd";

    private final Path directory;
    private final Process process;
    final int port;

    static boolean isThere() {
        return Files.isExecutable(Path.of(PROGRAM)) && Files.isExecutable(Path.of("/usr/bin/nfdump"));
    }

    Nfcapd(Path directory) throws Exception {
        this.directory = directory;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        process = new ProcessBuilder(
                        PROGRAM,
                        "-b",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-t",
                        "3600",
                        "-w",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nfcapd.log").toFile())
                .start();
        Wait.until("nfcapd listens", () -> waiting().isPresent());
    }

    /** Bytes in its socket that it has not read; empty when there is no socket. */
    private Optional<Long> waiting() throws IOException {
        String local = String.format("0100007F:%04X ", port);
        return Files.readAllLines(Path.of("/proc/net/udp")).stream()
                .filter(line -> line.contains(local))
                .map(line -> Long.parseLong(line.strip().split(" +", -1)[4].substring(9), 16))
                .findFirst();
    }

    /** Ends it when it has read all that was sent, and gives what it wrote, as nfdump shows it. */
    String stopAndRead(String format) throws Exception {
        Wait.until("nfcapd has read all", () -> waiting().orElse(0L) == 0);
        process.destroy();
        process.waitFor();
        try (var files = Files.list(directory)) {
            Path file = files.filter(path -> path.getFileName().toString().startsWith("nfcapd.2"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("nfcapd wrote nothing"));
            return Commands.run(List.of("/usr/bin/nfdump", "-r", file.toString(), "-o", format))
                    .output();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
