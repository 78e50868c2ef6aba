package net.nvgate.fabric.sync;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Delta;
import net.nvgate.fabric.sync.v1.Hello;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.sync.v1.SnapshotBegin;
import net.nvgate.fabric.sync.v1.SnapshotChunk;
import net.nvgate.fabric.sync.v1.SnapshotEnd;
import net.nvgate.fabric.sync.v1.Welcome;
import net.nvgate.fabric.testing.Await;

/** A manager made of a plain socket, that can misbehave. Serves one connection at a time. */
final class RawManager implements AutoCloseable {

    private final ServerSocket listener;
    private Socket socket = new Socket();

    RawManager() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        listener.setSoTimeout((int) (Await.TIMEOUT_SECONDS * 1000));
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Waits for the follower to connect, and welcomes it. */
    Hello welcome(String fabricId) throws IOException {
        accept();
        Hello hello = expect().getHello();
        send(ServerFrame.newBuilder()
                .setWelcome(Welcome.newBuilder().setSchema(Frames.SCHEMA).setFabricId(fabricId))
                .build());
        return hello;
    }

    /** Waits for the follower to connect, and says nothing. */
    void accept() throws IOException {
        socket.close();
        socket = listener.accept();
        socket.setSoTimeout((int) (Await.TIMEOUT_SECONDS * 1000));
    }

    /** The next frame that is no Status. */
    ClientFrame expect() throws IOException {
        ClientFrame frame;
        do {
            frame = read();
        } while (frame.hasStatus());
        return frame;
    }

    /** The next Status, if no other frame comes before. */
    ClientFrame expectStatus() throws IOException {
        ClientFrame frame = read();
        if (!frame.hasStatus()) {
            throw new AssertionError("a Status should come, not " + frame);
        }
        return frame;
    }

    private ClientFrame read() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return ClientFrame.parseFrom(bytes);
    }

    void send(ServerFrame frame) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        byte[] bytes = frame.toByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    void sendBytes(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Half-closes: closing with unread frames would reset the connection instead. */
    void endStream() throws IOException {
        socket.shutdownOutput();
    }

    void begin(long revision, long objects) throws IOException {
        send(ServerFrame.newBuilder()
                .setSnapshotBegin(
                        SnapshotBegin.newBuilder().setRevision(revision).setObjects(objects))
                .build());
    }

    void chunk(int from, int to) throws IOException {
        SnapshotChunk.Builder chunk = SnapshotChunk.newBuilder();
        for (var record : Samples.records(from, to)) {
            chunk.addObjects(PolicyCodec.encode(record));
        }
        send(ServerFrame.newBuilder().setSnapshotChunk(chunk).build());
    }

    void end(long revision) throws IOException {
        send(ServerFrame.newBuilder()
                .setSnapshotEnd(SnapshotEnd.newBuilder().setRevision(revision))
                .build());
    }

    /** A snapshot of ten records that is acknowledged. */
    void snapshot(long revision) throws IOException {
        begin(revision, 10);
        chunk(0, 10);
        end(revision);
        long acknowledged = expect().getAck().getRevision();
        if (acknowledged != revision) {
            throw new AssertionError("acknowledged " + acknowledged + ", not " + revision);
        }
    }

    void delta(Delta delta) throws IOException {
        send(ServerFrame.newBuilder().setDelta(delta).build());
    }

    @Override
    public void close() throws IOException {
        socket.close();
        listener.close();
    }
}
