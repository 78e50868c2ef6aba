package net.nvgate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A collector by TLS is told only if it is who it should be. */
@ExtendWith(EalExtension.class)
class TlsTest {

    private static final String PASSWORD = "of-a-test";

    @TempDir
    Path directory;

    /** A collector whose certificate, in {@code ca.pem}, is for a name. */
    private StreamCollector collector(String name) throws Exception {
        Path store = directory.resolve("collector.p12");
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=dns:" + name, store);
        keytool("-exportcert", "-rfc", "-file", directory.resolve("ca.pem").toString(), store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        ServerSocket socket = context.getServerSocketFactory().createServerSocket();
        return new StreamCollector(socket).read();
    }

    private static void keytool(Object... arguments) throws Exception {
        Path store = (Path) arguments[arguments.length - 1];
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        for (int i = 0; i < arguments.length - 1; i++) {
            command.add((String) arguments[i]);
        }
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-alias", "collector"));
        Commands.Outcome outcome = Commands.run(command);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    private CollectorSettings settings(Protocol protocol, int port, String serverName) {
        CollectorTls tls = new CollectorTls(
                Optional.of(directory.resolve("ca.pem")), Optional.empty(), Optional.empty(), Optional.of(serverName));
        return Exporting.collector(protocol, Transport.TLS, port, tls, 1 << 20, List.of(), What.values());
    }

    @Test
    void syslogAndIpfix() throws Exception {
        try (StreamCollector collector = collector("siem.example");
                Exporting exporting = new Exporting(
                        settings(Protocol.SYSLOG, collector.port, "siem.example"),
                        settings(Protocol.IPFIX, collector.port, "siem.example"))) {
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
        try (StreamCollector collector = collector("siem.example");
                Exporting exporting = new Exporting(settings(Protocol.SYSLOG, collector.port, "other.example"))) {
            exporting.tell(EventKind.NAT_TABLE_FULL, 1);
            Wait.until("two handshakes have failed", () -> collector.faults.get() >= 2);
            assertThat(exporting.counted("nvgate.export.records")).isZero();
            assertThat(exporting.gauge("nvgate.export.connected")).isZero();
        }
    }
}
