package net.nvgate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import net.nvgate.gateway.config.CollectorSettings;
import net.nvgate.gateway.config.CollectorSettings.Protocol;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.config.CollectorTls;
import net.nvgate.gateway.dpdk.Commands;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.worker.EventKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A collector by TLS is told only if it is who it should be. */
@ExtendWith(EalExtension.class)
class TlsTest {

    private static final String PASSWORD = "of-a-test";

    private static final String NAME = "siem.example";

    /** One pair of keys for all tests: making them takes a second of a processor. */
    @TempDir
    static Path directory;

    private static SSLContext context;

    @BeforeAll
    static void certificate() throws Exception {
        Path store = directory.resolve("collector.p12");
        Commands.succeed(
                Path.of(System.getProperty("java.home"), "bin", "keytool") + " -genkeypair -keyalg EC -dname CN=" + NAME
                        + " -ext san=dns:" + NAME + " -alias collector -storepass " + PASSWORD + " -keystore " + store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        String base64 = Base64.getMimeEncoder()
                .encodeToString(keys.getCertificate("collector").getEncoded());
        Files.writeString(
                directory.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, PASSWORD.toCharArray());
        context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
    }

    /** A collector whose certificate is in {@code ca.pem}. */
    private static StreamCollector collector() throws IOException {
        return new StreamCollector(context.getServerSocketFactory().createServerSocket()).read();
    }

    private static CollectorSettings settings(Protocol protocol, int port, String serverName) {
        CollectorTls tls = new CollectorTls(
                Optional.of(directory.resolve("ca.pem")), Optional.empty(), Optional.empty(), Optional.of(serverName));
        return Exporting.collector(protocol, Transport.TLS, port, tls, 1 << 20, List.of(), What.values());
    }

    @Test
    void syslogAndIpfix() throws Exception {
        try (StreamCollector collector = collector();
                Exporting exporting = new Exporting(
                        settings(Protocol.SYSLOG, collector.port, NAME),
                        settings(Protocol.IPFIX, collector.port, NAME))) {
            exporting.tell(EventKind.NAT_TABLE_FULL, 1);
            Wait.until("both connections", () -> collector.received.size() == 2);
            int first = 0;
            Wait.until("a first octet", () -> collector.received.get(first).size() > 0);
            int syslog = collector.received.get(first).toByteArray()[0] == 0 ? 1 : 0;
            Wait.until(
                    "the event as text",
                    () -> collector.lines(syslog).stream().anyMatch(line -> line.contains(" nat-table-full ")));
            Wait.until(
                    "the event as a record",
                    () -> collector.messages(1 - syslog).stream()
                            .anyMatch(message -> message.getShort(IpfixMessage.HEADER) >= Template.NAT44_SESSION.id));
        }
    }

    /** RFC 5425 section 5.2: the certificate must be for the name that was configured. */
    @Test
    void aCollectorOfAnotherNameIsToldNothing() throws Exception {
        try (StreamCollector collector = collector();
                Exporting exporting = new Exporting(settings(Protocol.SYSLOG, collector.port, "other.example"))) {
            exporting.tell(EventKind.NAT_TABLE_FULL, 1);
            Wait.until("two handshakes have failed", () -> collector.faults.get() >= 2);
            assertThat(exporting.counted("nvgate.export.records")).isZero();
            assertThat(exporting.gauge("nvgate.export.connected")).isZero();
        }
    }
}
