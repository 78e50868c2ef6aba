package net.nvgate.mgmt.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagerConfigTest {

    @TempDir
    Path directory;

    private ManagerConfig read(String yaml) throws IOException {
        return ManagerConfig.read(Files.writeString(directory.resolve("manager.yaml"), yaml));
    }

    @Test
    void everyKeyHasADefault() throws Exception {
        ManagerConfig config = read("");
        assertThat(config.http().address()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.sync().port()).isEqualTo(7250);
        assertThat(config.sync().security()).isEqualTo(Security.TLS);
        assertThat(config.identity().certificateHours()).isEqualTo(90 * 24);
        assertThat(config.identity().outsideCa()).isEmpty();
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/var/lib/nvgate/manager"));
        assertThat(config.store().type()).isEqualTo(ManagerConfig.Store.Type.SQLITE);
        assertThat(config.ui().enabled()).isTrue();
        assertThat(config.telemetry()).isEmpty();
    }

    @Test
    void tracesGoToACollector() throws Exception {
        TelemetryConfig traces = read("""
                telemetry:
                  endpoint: https://collector.example.org/v1/traces
                  headers-file: /h
                  ca-file: /c
                  service-name: fabric
                  reads-percent: 0.5
                """).telemetry().orElseThrow();
        assertThat(traces.endpoint()).isEqualTo(URI.create("https://collector.example.org/v1/traces"));
        assertThat(traces.headersFile()).contains(Path.of("/h"));
        assertThat(traces.caFile()).contains(Path.of("/c"));
        assertThat(traces.serviceName()).isEqualTo("fabric");
        assertThat(traces.readsPercent()).isEqualTo(0.5);
        assertThat(read("telemetry: {endpoint: 'http://127.0.0.1:4318/v1/traces'}")
                        .telemetry()
                        .orElseThrow())
                .extracting(TelemetryConfig::serviceName, TelemetryConfig::readsPercent)
                .containsExactly("nvgate-manager", 0.0);
        assertThatThrownBy(() -> read("telemetry: {endpoint: 'ftp://collector'}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("telemetry.endpoint");
        assertThatThrownBy(() -> read("telemetry: {service-name: x}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("telemetry.endpoint is required");
        assertThatThrownBy(() -> read("telemetry: {endpoint: 'http://127.0.0.1/', reads-percent: 101}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("telemetry.reads-percent");
    }

    @Test
    void readsEveryKey() throws Exception {
        ManagerConfig config = read("""
                http:
                  address: 0.0.0.0
                  port: 80
                  security: tls
                  certificate-file: /s
                  key-file: /sk
                  allow-unauthenticated: true
                  allowed-hosts: [manager.example]
                sync: {address: 192.0.2.1, port: 0, security: none, allow-plain: true}
                identity:
                  name: m1
                  names: [m1.example.org]
                  seal-key-file: /etc/nvgate/seal.key
                  certificate-hours: 24
                  overlap-minutes: 5
                  outside-ca:
                    certificate-file: /c
                    key-file: /k
                    trusted-file: /t
                    crl-file: /r
                    names-by: dns
                    gateway-names: '*.gw.example.org'
                state-directory: /tmp/x
                store: {type: sqlite, history-revisions: 5000}
                ui: {enabled: false}
                """);
        assertThat(config.http().loopback()).isFalse();
        assertThat(config.http().certificateFile()).contains(Path.of("/s"));
        assertThat(config.http().keyFile()).contains(Path.of("/sk"));
        assertThat(config.http().allowedHosts()).containsExactly("manager.example");
        assertThat(config.sync().address()).isEqualTo("192.0.2.1");
        assertThat(config.sync().security()).isEqualTo(Security.NONE);
        assertThat(config.identity().sealKeyFile()).contains(Path.of("/etc/nvgate/seal.key"));
        assertThat(config.identity().outsideCa().orElseThrow().crlFile()).contains(Path.of("/r"));
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/tmp/x"));
        assertThat(config.store().historyRevisions()).isEqualTo(5000);
        assertThat(config.ui().enabled()).isFalse();
    }

    @Test
    void readsTheSettingsOfACluster() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "secret\n");
        ManagerConfig config = read("""
                store:
                  type: etcd
                  etcd:
                    endpoints: ["https://e1.example:2379", "https://e2.example:2379"]
                    prefix: /fabric-1/
                    user: nvgate
                    password-file: %s
                    ca-file: /etc/nvgate/ca.pem
                    certificate-file: /etc/nvgate/etcd.pem
                    key-file: /etc/nvgate/etcd.key
                    timeout-seconds: 5
                """.formatted(password));
        EtcdSettings settings = config.store().etcd().orElseThrow().settings();
        assertThat(settings.endpoints())
                .containsExactly(URI.create("https://e1.example:2379"), URI.create("https://e2.example:2379"));
        assertThat(settings.prefix()).isEqualTo("/fabric-1/");
        assertThat(settings.login()).contains(new EtcdSettings.Login("nvgate", "secret"));
        assertThat(settings.login().toString()).doesNotContain("secret");
        assertThat(settings.patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.tls().orElseThrow().own())
                .contains(new EtcdSettings.Tls.Own(Path.of("/etc/nvgate/etcd.pem"), Path.of("/etc/nvgate/etcd.key")));
    }

    @Test
    void whatOthersCanReachHasTlsAndLogins() throws Exception {
        ManagerConfig local = read("");
        assertThat(local.http().tls()).isFalse();
        assertThat(local.auth().required()).isFalse();
        ManagerConfig reachable = read("http: {address: 192.0.2.1}");
        assertThat(reachable.http().tls()).isTrue();
        assertThat(reachable.auth().required()).isTrue();
        ManagerConfig open =
                read("http: {address: 192.0.2.1, security: none, allow-plain: true, allow-unauthenticated: true}");
        assertThat(open.http().tls()).isFalse();
        assertThat(open.auth().required()).isFalse();
        ManagerConfig careful = read("{http: {security: tls}, auth: {mode: required}}");
        assertThat(careful.http().tls()).isTrue();
        assertThat(careful.auth().required()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http: {prot: 1}            | unknown key 'http.prot'",
                "colour: red                | unknown key 'colour'",
                "sync: {address: 0.0.0.0, security: none} | sync.allow-plain: true",
                "sync: {security: perhaps}  | key 'sync.security'",
                "identity: {certificate-hours: 0} | identity.certificate-hours must be 1..19800, not 0",
                "identity: {outside-ca: {key-file: /k}} | key 'certificate-file' is required",
                "identity: {outside-ca: {certificate-file: /c, key-file: /k, trusted-file: /t, names-by: dns}} | needs gateway-names or host-names",
                "ui: {enabled: maybe}       | key 'ui.enabled'",
                "http: {port: many}         | key 'http.port'",
                "http: {port: 65536}        | http.port must be 0..65535, not 65536",
                "{http: {address: 0.0.0.0}, auth: {mode: none}} | http.allow-unauthenticated: true",
                "{http: {address: '::'}, auth: {mode: none}} | http.allow-unauthenticated: true",
                "http: {address: 0.0.0.0, security: none} | http.allow-plain: true",
                "http: {certificate-file: /c} | http.certificate-file and http.key-file go together",
                "http: {certificate-file: /c, key-file: /k} | set http.security: tls",
                "http: {port: 1, port: 2}   | uplicate",
                "store: {type: oracle}      | key 'store.type'",
                "store: {history-revisions: 5} | at least 1000",
                "store: {type: etcd}        | store.type: etcd needs the endpoints below store.etcd",
                "store: {type: etcd, etcd: {prefix: /x/}} | key 'endpoints' is required",
                "store: {type: etcd, etcd: {endpoints: ['http://e'], colour: red}} | unknown key 'store.etcd.colour'",
                "store: {type: etcd, etcd: {endpoints: ['e:2379']}} | an endpoint is http://HOST:PORT",
                "store: {type: etcd, etcd: {endpoints: ['http://e:2379'], user: u}} | user and password-file go together",
                "store: {type: etcd, etcd: {endpoints: ['http://e:2379'], prefix: /x}} | ends with '/'",
                "auth: {oidc: {issuer: 'http://id.example', client-id: n, external-url: 'https://n', roles: {a: ADMIN}}} | must have https",
                "http: [                    | expected the node content",
                "http: 5                    | key 'http'",
            })
    void saysWhatIsWrong(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("manager.yaml: line 1: ")
                .hasMessageContaining(message);
    }
}
