package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import net.nvgate.fabric.config.Security;
import net.nvgate.mgmt.cli.NvgateMain;
import net.nvgate.mgmt.config.AuthConfig;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API as others reach it: TLS with a certificate of the manager's own CA, or of the user's, and logins. */
class ApiTlsTest {

    private static final String PASSWORD = "a long first password";

    @TempDir
    static Path directory;

    private static Manager manager;
    private static Path ca;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        Path state = directory.resolve("state");
        manager =
                Manager.start(config(state, HttpConfig.of(null, 0, Security.TLS, null, null, null, null, null, null)));
        ca = state.resolve(Manager.CA_FILE);
    }

    @AfterAll
    static void stop() {
        manager.close();
    }

    private static ManagerConfig config(Path state, HttpConfig http) {
        return ManagerConfig.of(
                http,
                ManagerConfig.Sync.of(null, 0, null, null),
                null,
                state,
                null,
                null,
                null,
                AuthConfig.of(AuthConfig.Mode.REQUIRED, directory.resolve("password"), null, null, null));
    }

    private static SSLContext trusting(Path pem) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca" + number++, each);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static HttpResponse<String> send(HttpClient client, String host, HttpRequest.Builder request, String path)
            throws Exception {
        return client.send(
                request.uri(URI.create("https://" + host + ":" + manager.httpPort() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void aBrowserThatTrustsTheCaLogsIn(String host) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trusting(ca)).build()) {
            HttpResponse<String> refused = send(client, host, HttpRequest.newBuilder(), "/api/v1/fabric");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("strict-transport-security"))
                    .contains("max-age=31536000");
            HttpResponse<String> page = send(client, host, HttpRequest.newBuilder(), "/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("strict-transport-security")).isPresent();
            HttpResponse<String> login = send(
                    client,
                    host,
                    HttpRequest.newBuilder()
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"user\":\"admin\",\"password\":\"" + PASSWORD + "\"}")),
                    "/api/v1/login");
            assertThat(login.statusCode()).as(login.body()).isEqualTo(200);
            assertThat(login.headers().firstValue("set-cookie").orElseThrow())
                    .startsWith("__Host-nvgate=")
                    .contains("; Secure", "; HTTPOnly", "SameSite=Strict");
        }
    }

    @Test
    void whoDoesNotTrustTheCaHearsNothing() {
        try (HttpClient stranger = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> send(stranger, "127.0.0.1", HttpRequest.newBuilder(), "/healthz"))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void plainHttpIsNotAnswered() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), manager.httpPort())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(answer(socket)).doesNotContain("HTTP/1.1");
        }
    }

    private static String answer(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void theCommandUsesTheCaFile() throws Exception {
        String url = "https://127.0.0.1:" + manager.httpPort();
        Path next = Files.writeString(directory.resolve("next"), "another long password\n");
        StringWriter said = new StringWriter();
        int code = NvgateMain.run(
                new String[] {
                    "login",
                    "--url",
                    url,
                    "--ca",
                    ca.toString(),
                    "--password-file",
                    directory.resolve("password").toString(),
                    "--new-password-file",
                    next.toString(),
                    "--config-dir",
                    directory.resolve("cli").toString()
                },
                new PrintWriter(said, true));
        assertThat(code).as(said.toString()).isZero();
        assertThat(said.toString()).contains("logged in to " + url + " as admin (ADMIN)");
        int asked = NvgateMain.run(
                new String[] {
                    "ca",
                    "show",
                    "--url",
                    url,
                    "--ca",
                    ca.toString(),
                    "--config-dir",
                    directory.resolve("cli").toString()
                },
                new PrintWriter(said, true));
        assertThat(asked).as(said.toString()).isZero();
    }

    /** Certificates of a CA are shown by all that come after the exchange, and the file for clients has both CAs. */
    @Test
    void aNewCaTakesOverWithoutARestart() throws Exception {
        Path state = directory.resolve("exchange");
        try (Manager own = Manager.start(ManagerConfig.of(
                HttpConfig.of(null, 0, Security.TLS, null, null, null, null, null, null),
                ManagerConfig.Sync.of(null, 0, null, null),
                null,
                state,
                null,
                null,
                null,
                AuthConfig.none()))) {
            Set<Certificate> before = authorities(state);
            X509Certificate first = shown(own.httpPort(), state.resolve(Manager.CA_FILE));
            int code = NvgateMain.run(
                    new String[] {
                        "ca",
                        "rotate",
                        "--url",
                        "https://127.0.0.1:" + own.httpPort(),
                        "--ca",
                        state.resolve(Manager.CA_FILE).toString()
                    },
                    new PrintWriter(new StringWriter()));
            assertThat(code).isZero();
            Await.until(
                    "the new certificate",
                    () -> !shown(own.httpPort(), state.resolve(Manager.CA_FILE)).equals(first)
                            && !authorities(state).equals(before));
            assertThat(authorities(state)).containsAll(before);
        }
    }

    private static Set<Certificate> authorities(Path state) throws Exception {
        return new HashSet<>(CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(state.resolve(Manager.CA_FILE)))));
    }

    /** @param authority PEM, who is trusted */
    private static X509Certificate shown(int port, Path authority) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) trusting(authority).getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void theUsersCertificateIsShown() throws Exception {
        Path store = directory.resolve("user.p12");
        int made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "k",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=nvgate.example",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "30",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(made).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        Path chain = pem("user.pem", "CERTIFICATE", keys.getCertificate("k").getEncoded());
        Path key = pem(
                "user.key",
                "PRIVATE KEY",
                keys.getKey("k", "changeit".toCharArray()).getEncoded());
        Path state = directory.resolve("with-users");
        try (Manager own = Manager.start(
                config(state, HttpConfig.of(null, 0, Security.TLS, null, chain, key, null, null, null)))) {
            assertThat(shown(own.httpPort(), chain)).isEqualTo(keys.getCertificate("k"));
        }
        Files.writeString(key, "not a key");
        assertThatThrownBy(() -> Manager.start(config(
                        directory.resolve("broken"),
                        HttpConfig.of(null, 0, Security.TLS, null, chain, key, null, null, null))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("user.pem");
    }

    private static Path pem(String file, String what, byte[] der) throws IOException {
        return Files.writeString(
                directory.resolve(file),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                        + "-----\n");
    }
}
