package net.nvgate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.gateway.config.CollectorSettings.Protocol;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import net.nvgate.gateway.config.CollectorSettings.What;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportSettingsTest {

    @TempDir
    Path directory;

    private ExportSettings read(String export) throws IOException {
        String file = """
            node: gw1
            ports:
              pa: {device: net_null0}
              ext: {device: net_null1}
            export:
            """ + export.indent(2);
        return GatewayConfig.read(Files.writeString(directory.resolve("gateway.yaml"), file))
                .export();
    }

    @Test
    void everyKeyIsRead() throws IOException {
        ExportSettings settings = read("""
            observation-domain: 42
            enterprise-number: 99
            active-timeout-seconds: 60
            collectors:
              - name: siem
                protocol: syslog
                transport: tls
                address: siem.example
                port: 7000
                what: [blocks, events]
                tenants: [blue]
                tls: {ca-file: /etc/ca.pem, certificate-file: /etc/gw.pem, key-file: /etc/gw.key, server-name: siem}
                template-seconds: 5
                message-bytes: 600
                queue-bytes: 100000
                facility: 4
            """);
        assertThat(settings.observationDomain()).isEqualTo(42);
        assertThat(settings.enterpriseNumber()).isEqualTo(99);
        assertThat(settings.activeTimeoutSeconds()).isEqualTo(60);
        CollectorSettings siem = settings.collectors().getFirst();
        assertThat(siem.what()).containsExactlyInAnyOrder(What.BLOCKS, What.EVENTS);
        assertThat(siem.tls().caFile()).contains(Path.of("/etc/ca.pem"));
        assertThat(siem.tls().serverName()).contains("siem");
        assertThat(siem.tenants()).containsExactly("blue");
        assertThat(List.of(
                        siem.port(), siem.templateSeconds(), siem.messageBytes(), siem.queueBytes(), siem.facility()))
                .containsExactly(7000, 5, 600, 100_000, 4);
        assertThat(settings.sends(What.SESSIONS)).isFalse();
    }

    @Test
    void theExampleOfTheDocumentationIsRead() throws IOException {
        String page = Files.readString(Path.of("docs/export.md"));
        String yaml = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("\n```\n"));
        ExportSettings settings = GatewayConfig.read(Files.writeString(directory.resolve("gateway.yaml"), yaml))
                .export();
        assertThat(settings.collectors().stream().map(CollectorSettings::name)).containsExactly("flows", "law", "blue");
        assertThat(settings.collectors().stream().map(CollectorSettings::port)).containsExactly(4739, 6514, 4739);
    }

    @Test
    void whatIsLeftOutHasDefaults() throws IOException {
        CollectorSettings one = read("collectors: [{name: a, protocol: ipfix, address: 192.0.2.1}]")
                .collectors()
                .getFirst();
        assertThat(one.transport()).isEqualTo(Transport.UDP);
        assertThat(one.protocol()).isEqualTo(Protocol.IPFIX);
        assertThat(one.port()).isEqualTo(4739);
        assertThat(one.what()).containsExactlyInAnyOrder(What.SESSIONS, What.BLOCKS, What.FLOWS, What.EVENTS);
        assertThat(List.of(one.templateSeconds(), one.messageBytes(), one.queueBytes(), one.facility()))
                .containsExactly(60, 1400, 8 << 20, 16);
        assertThat(read("collectors: []").activeTimeoutSeconds()).isEqualTo(300);
    }

    @Test
    void whatDoesNotHoldIsRefused() {
        assertRefused("collectors: [{name: a, protocol: ipfix}]", "key 'address' is required");
        assertRefused("collectors: [{name: a, protocol: ipfix, address: x, what: []}]", "at least one of sessions");
        assertRefused(
                "collectors: [{name: a, protocol: ipfix, address: x, tls: {ca-file: y}}]", "tls is for transport: tls");
        assertRefused(
                "collectors: [{name: a, protocol: ipfix, address: x, transport: tls, tls: {key-file: y}}]",
                "tls.certificate-file and tls.key-file go together");
        assertRefused(
                "collectors: [{name: a, protocol: ipfix, address: x}, {name: a, protocol: syslog, address: x}]",
                "two collectors have the same name");
    }

    private void assertRefused(String export, String message) {
        assertThatThrownBy(() -> read(export))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
