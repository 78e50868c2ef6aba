package net.nvgate.gateway.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what comes by every connection to a port of this machine, each by itself. */
final class StreamCollector implements AutoCloseable {

    /** Bytes of the connections, in the order in which they came. */
    final List<ByteArrayOutputStream> received = new CopyOnWriteArrayList<>();
    /** Connections that ended by a fault, such as a handshake that failed. */
    final AtomicInteger faults = new AtomicInteger();

    final int port;
    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayRead = new CountDownLatch(1);

    StreamCollector() throws IOException {
        this(new ServerSocket());
    }

    /** @param unbound e.g. one of TLS */
    StreamCollector(ServerSocket unbound) throws IOException {
        server = unbound;
        server.setReceiveBufferSize(16 << 10);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = server.getLocalPort();
        Thread _ = Thread.ofVirtual().start(this::accept);
    }

    /** Until now nothing has been read. */
    StreamCollector read() {
        mayRead.countDown();
        return this;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                Thread _ = Thread.ofVirtual().start(() -> read(socket, bytes));
            }
        } catch (IOException e) {
            // It has been closed.
        }
    }

    private void read(Socket socket, ByteArrayOutputStream bytes) {
        try (InputStream in = socket.getInputStream()) {
            mayRead.await();
            received.add(bytes);
            in.transferTo(bytes);
        } catch (IOException e) {
            faults.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void cutConnections() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    /** Whole IPFIX messages of a connection (RFC 7011 section 10.4.2): each says its length. */
    List<ByteBuffer> messages(int connection) {
        List<ByteBuffer> messages = new ArrayList<>();
        if (connection >= received.size()) {
            return messages;
        }
        ByteBuffer all = ByteBuffer.wrap(received.get(connection).toByteArray());
        while (all.remaining() >= IpfixMessage.HEADER) {
            int length = Short.toUnsignedInt(all.getShort(all.position() + 2));
            if (all.getShort(all.position()) != 10 || length < IpfixMessage.HEADER) {
                throw new AssertionError("no IPFIX at byte " + all.position());
            }
            if (length > all.remaining()) {
                break;
            }
            messages.add(all.slice(all.position(), length));
            all.position(all.position() + length);
        }
        return messages;
    }

    /** Whole syslog messages of a connection, by their counts of octets (RFC 6587 section 3.4.1). */
    List<String> lines(int connection) {
        List<String> lines = new ArrayList<>();
        if (connection >= received.size()) {
            return lines;
        }
        byte[] all = received.get(connection).toByteArray();
        int at = 0;
        while (at < all.length) {
            int blank = at;
            while (blank < all.length && all[blank] != ' ') {
                blank++;
            }
            if (blank == all.length) {
                break;
            }
            int length = Integer.parseInt(new String(all, at, blank - at, StandardCharsets.US_ASCII));
            if (blank + 1 + length > all.length) {
                break;
            }
            lines.add(new String(all, blank + 1, length, StandardCharsets.UTF_8));
            at = blank + 1 + length;
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        server.close();
        read();
        cutConnections();
    }
}
