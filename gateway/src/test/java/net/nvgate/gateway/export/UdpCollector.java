package net.nvgate.gateway.export;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps every datagram that comes to a port of this machine. */
final class UdpCollector implements AutoCloseable {

    final List<byte[]> datagrams = new CopyOnWriteArrayList<>();
    final int port;
    private final DatagramSocket socket;

    UdpCollector() throws IOException {
        this("127.0.0.1", 0);
    }

    UdpCollector(String address, int wanted) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), wanted));
        port = socket.getLocalPort();
        Thread _ = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        byte[] room = new byte[65_536];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                socket.receive(packet);
                datagrams.add(Arrays.copyOf(room, packet.getLength()));
            }
        } catch (IOException e) {
            // It has been closed.
        }
    }

    /** As text. */
    List<String> lines() {
        return datagrams.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    void awaitLine(String part) throws Exception {
        Wait.until(part, () -> lines().stream().anyMatch(line -> line.contains(part)));
    }

    /** A number of structured data. */
    static long number(String line, String name) {
        Matcher found = Pattern.compile(" " + name + "=\"(\\d+)\"").matcher(line);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + line);
        }
        return Long.parseLong(found.group(1));
    }

    @Override
    public void close() {
        socket.close();
    }
}
