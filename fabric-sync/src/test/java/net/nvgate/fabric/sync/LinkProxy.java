package net.nvgate.fabric.sync;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The link between followers and a manager: can be cut at any byte and healed, and can spoil a frame, or a record of TLS, on its way to a follower. */
final class LinkProxy implements AutoCloseable {

    /** What is damaged as a whole: reads the next one. */
    interface Unit {
        byte[] next(DataInputStream in) throws IOException;
    }

    /** Length (4 bytes) and message. */
    static final Unit FRAMES = in -> {
        int length = in.readInt();
        byte[] frame = new byte[Integer.BYTES + length];
        ByteBuffer.wrap(frame).putInt(length);
        in.readFully(frame, Integer.BYTES, length);
        return frame;
    };

    /** Type (1 byte), version (2), length (2) and content: RFC 8446 section 5.1. */
    static final Unit TLS_RECORDS = in -> {
        byte[] header = in.readNBytes(5);
        if (header.length < 5) {
            throw new EOFException();
        }
        int length = ByteBuffer.wrap(header).getShort(3) & 0xffff;
        byte[] record = Arrays.copyOf(header, header.length + length);
        in.readFully(record, header.length, length);
        return record;
    };

    private final ServerSocket listener;
    private final int managerPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable UnaryOperator<byte[]>> damage = new AtomicReference<>();
    private final AtomicInteger bytesUntilCut = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger connections = new AtomicInteger();
    private final Unit unit;
    private volatile boolean isCut;
    private int timesHealed;

    LinkProxy(int managerPort) throws IOException {
        this(managerPort, FRAMES);
    }

    LinkProxy(int managerPort, Unit unit) throws IOException {
        this.managerPort = managerPort;
        this.unit = unit;
        this.listener = new ServerSocket(0, 300, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Every connection breaks, and none comes to be until {@link #heal}. */
    synchronized void cut() {
        isCut = true;
        sockets.forEach(LinkProxy::close);
    }

    /** {@link #cut}, unless the link was healed since. */
    private synchronized void cut(int timesHealedThen) {
        if (timesHealed == timesHealedThen) {
            cut();
        }
    }

    private synchronized int timesHealed() {
        return timesHealed;
    }

    /** {@link #cut} when so many bytes more have gone to followers, in the middle of a frame or not. */
    void cutAfter(int bytes) {
        bytesUntilCut.set(bytes);
    }

    boolean isCut() {
        return isCut;
    }

    synchronized void heal() {
        timesHealed++;
        bytesUntilCut.set(Integer.MAX_VALUE);
        isCut = false;
    }

    /** The next frame to a follower, length and all, is replaced. */
    void damageNext(UnaryOperator<byte[]> replacement) {
        damage.set(replacement);
    }

    /** The frame to be replaced has not come yet. */
    boolean isDamagePending() {
        return damage.get() != null;
    }

    /** That came to be until now. */
    int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket follower = listener.accept();
                if (isCut) {
                    follower.close();
                } else {
                    connect(follower);
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void connect(Socket follower) {
        Socket manager = new Socket();
        try {
            manager.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), managerPort));
        } catch (IOException e) {
            close(follower);
            return;
        }
        sockets.add(follower);
        sockets.add(manager);
        connections.incrementAndGet();
        if (isCut) {
            close(follower);
            close(manager);
        }
        Thread.startVirtualThread(() -> pump(follower, manager, this::up));
        Thread.startVirtualThread(() -> pump(manager, follower, this::down));
    }

    private interface Copy {
        void copy(InputStream from, OutputStream to) throws IOException;
    }

    private void pump(Socket from, Socket to, Copy copy) {
        try {
            copy.copy(from.getInputStream(), to.getOutputStream());
        } catch (IOException e) {
            // One side went away, so the other does.
        } finally {
            close(from);
            close(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void up(InputStream from, OutputStream to) throws IOException {
        from.transferTo(to);
    }

    private void down(InputStream from, OutputStream to) throws IOException {
        DataInputStream in = new DataInputStream(from);
        DataOutputStream out = new DataOutputStream(to);
        while (true) {
            byte[] frame = unit.next(in);
            UnaryOperator<byte[]> replacement = damage.getAndSet(null);
            byte[] sent = replacement == null ? frame : replacement.apply(frame);
            int era = timesHealed();
            int left = bytesUntilCut.addAndGet(-sent.length);
            out.write(sent, 0, left < 0 ? Math.max(0, sent.length + left) : sent.length);
            out.flush();
            if (left < 0) {
                cut(era);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        cut();
        listener.close();
    }
}
