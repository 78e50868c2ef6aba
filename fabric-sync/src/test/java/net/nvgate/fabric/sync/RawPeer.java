package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.v1.Ack;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Hello;
import net.nvgate.fabric.sync.v1.Refusal;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.testing.Await;

/** A follower made of a plain socket, that can misbehave. */
final class RawPeer implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    RawPeer(int port) throws IOException {
        this(port, 0);
    }

    /** @param receiveBufferBytes of the socket, 0 = the system's */
    RawPeer(int port, int receiveBufferBytes) throws IOException {
        socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setSoTimeout((int) (Await.TIMEOUT_SECONDS * 1000));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    int localPort() {
        return socket.getLocalPort();
    }

    void hello(NodeId node, long lastRevision, String fabricId) throws IOException {
        send(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder()
                        .setSchema(Frames.SCHEMA)
                        .setKind(PolicyCodec.encode(node.kind()))
                        .setName(node.name())
                        .setLastRevision(lastRevision)
                        .setFabricId(fabricId))
                .build());
    }

    void acknowledge(long revision) throws IOException {
        send(ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRevision(revision))
                .build());
    }

    void send(ClientFrame frame) throws IOException {
        byte[] bytes = frame.toByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    void sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** The next frame that is no Ping. */
    ServerFrame expect() throws IOException {
        ServerFrame frame;
        do {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            frame = ServerFrame.parseFrom(bytes);
        } while (frame.hasPing());
        return frame;
    }

    /** Skips policy until the server says why it ends the connection. */
    Refusal expectRefusal() throws IOException {
        ServerFrame frame = expect();
        while (!frame.hasRefusal()) {
            frame = expect();
        }
        return frame.getRefusal();
    }

    void expectEnd() throws IOException {
        try {
            assertThat(in.read()).isEqualTo(-1);
        } catch (EOFException | java.net.SocketException e) {
            assertThat(e).isNotNull();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
