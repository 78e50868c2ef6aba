package net.nvgate.mgmt.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.nvgate.fabric.config.ConfigException;
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
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/var/lib/nvgate/manager"));
        assertThat(config.store().type()).isEqualTo(ManagerConfig.Store.Type.SQLITE);
        assertThat(config.ui().enabled()).isTrue();
    }

    @Test
    void readsEveryKey() throws Exception {
        ManagerConfig config = read("""
                http:
                  address: 0.0.0.0
                  port: 80
                  allow-unauthenticated: true
                  allowed-hosts: [manager.example]
                sync: {address: 192.0.2.1, port: 0}
                state-directory: /tmp/x
                store: {type: sqlite, history-revisions: 5000}
                ui: {enabled: false}
                """);
        assertThat(config.http().loopback()).isFalse();
        assertThat(config.http().allowedHosts()).containsExactly("manager.example");
        assertThat(config.sync().address()).isEqualTo("192.0.2.1");
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/tmp/x"));
        assertThat(config.store().historyRevisions()).isEqualTo(5000);
        assertThat(config.ui().enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http: {prot: 1}            | unknown key 'http.prot'",
                "colour: red                | unknown key 'colour'",
                "ui: {enabled: maybe}       | key 'ui.enabled'",
                "http: {port: many}         | key 'http.port'",
                "http: {port: 65536}        | http.port must be 0..65535, not 65536",
                "http: {address: 0.0.0.0}   | http.allow-unauthenticated: true",
                "http: {address: '::'}      | http.allow-unauthenticated: true",
                "http: {port: 1, port: 2}   | uplicate",
                "store: {type: oracle}      | key 'store.type'",
                "store: {history-revisions: 5} | at least 1000",
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
