package net.nvgate.fabric.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine for servers that start later, or again. */
public final class FreePort {

    private static final Path OF_CLIENTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int FIRST = 10_000;

    private FreePort() {}

    /**
     * A port at which nobody listens. None of those that the kernel gives to clients: while the server is not there, one could get it by
     * chance, even the client that asks for this server again and again, which would then be connected to itself.
     */
    public static int take() throws IOException {
        int end = Integer.parseInt(Files.readString(OF_CLIENTS).split("\\s", 2)[0]);
        while (true) {
            // Of the kernel's choice only where it gives nearly all to clients.
            int port = end > 2 * FIRST ? ThreadLocalRandom.current().nextInt(FIRST, end) : 0;
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken.
            }
        }
    }
}
