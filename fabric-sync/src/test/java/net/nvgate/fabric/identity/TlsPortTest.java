package net.nvgate.fabric.identity;

import static net.nvgate.fabric.identity.TestManager.GW1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.fabric.sync.TransportSecurity;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;

/** What else may come to the port: garbage, silence, plain text, TLS without a certificate. */
final class TlsPortTest extends IdentityFixture {

    private static final int FLOOD = 200;

    private Socket socket() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), manager.address().port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void expectEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            while (in.read() >= 0) {
                // an alert
            }
        } catch (SocketException e) {
            assertThat(e).isNotNull();
        }
    }

    @Test
    void garbageEndsTheConnection() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            try (Socket socket = socket()) {
                byte[] bytes = new byte[1 + random.nextInt(2000)];
                random.nextBytes(bytes);
                if (i % 2 == 0) {
                    bytes[0] = 22; // looks like a handshake
                }
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                expectEnd(socket);
            }
        }
        assertThat(manager.refused(Peer.Reason.PLAINTEXT) + manager.refused(Peer.Reason.HANDSHAKE))
                .isPositive();
    }

    @Test
    void aFloodOfSilentPeersKeepsNobodyOutAndIsCutOff() throws IOException {
        manager.close();
        manager = new TestManager(store, directory, clock, Duration.ofSeconds(1));
        List<Socket> flood = new ArrayList<>();
        try {
            for (int i = 0; i < FLOOD; i++) {
                Socket socket = socket();
                flood.add(socket);
                socket.getOutputStream().write(new byte[] {22, 3, 1}); // the beginning of a handshake
            }
            try (TestNode node = joined(GW1)) {
                for (Socket socket : flood) {
                    expectEnd(socket);
                }
                assertThat(node.client.state().connected()).isTrue();
            }
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    @Test
    void withoutACertificateThereIsOnlyTheReason() throws IOException {
        try (SSLSocket socket = (SSLSocket) Tls.client(Optional::empty, _ -> Optional.empty())
                .getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(), manager.address().port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {Tls.SYNC});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            ServerFrame answer = ServerFrame.parseFrom(frame);
            assertThat(answer.getRefusal().getCode()).isEqualTo("identity");
            assertThat(answer.getRefusal().getReason()).isEqualTo("it shows no certificate");
        }
        assertThat(manager.refused(Peer.Reason.NO_CERTIFICATE)).isEqualTo(1);
    }

    @Test
    void aPlainClientIsToldApartFromGarbage() throws IOException {
        try (SyncClient plain =
                TestNode.client(directory.resolve("plain"), GW1, manager.address(), TransportSecurity.none())) {
            plain.start();
            Await.until(
                    () -> "a clear word: " + plain.state(),
                    () -> plain.state().lastError().contains("speaks TLS"));
            Await.until(() -> "counted", () -> manager.refused(Peer.Reason.PLAINTEXT) > 0);
        }
    }

    @Test
    void aTlsClientAtAPlainPortSaysSo() throws Exception {
        joined(GW1).close();
        try (SyncServer plain = new SyncServer(
                SyncServerConfig.of("127.0.0.1", 0),
                new KnownNodes(Set.of(GW1)),
                store.fabricId().toString(),
                new SimpleMeterRegistry())) {
            plain.start();
            Address address = new Address("127.0.0.1", plain.address().getPort());
            try (TestNode node = new TestNode(directory.resolve("gw1"), GW1, address, Clock.systemUTC())) {
                node.awaitRefused("does not speak TLS");
            }
        }
    }
}
