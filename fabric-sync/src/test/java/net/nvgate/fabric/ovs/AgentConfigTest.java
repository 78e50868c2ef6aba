package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import net.nvgate.fabric.model.MacAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key of agent.yaml, every default, and errors that name the key and the line. */
class AgentConfigTest {

    @TempDir
    Path directory;

    private AgentSettings read(String yaml) throws IOException {
        return AgentConfig.read(Files.writeString(directory.resolve("agent.yaml"), yaml));
    }

    @Test
    void onlyTheNodeIsRequired() throws Exception {
        AgentSettings settings = read("node: kvm1\n");
        assertThat(settings)
                .isEqualTo(new AgentSettings(
                        "kvm1",
                        new ManagerEndpoint("127.0.0.1", 7250),
                        NodeIdentityConfig.DEFAULT,
                        Path.of("/var/lib/nvgate-host"),
                        new AgentSettings.HostPort("127.0.0.1", 9466),
                        new AgentSettings.Switch(
                                Path.of("/var/run/openvswitch/db.sock"),
                                Path.of("/var/run/openvswitch"),
                                "ovs-vswitchd",
                                "br-vs",
                                "br-prv",
                                "",
                                null,
                                "nvgre0",
                                64,
                                "inherit",
                                false,
                                "netdev"),
                        "",
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(30)));
    }

    @Test
    void everyKey() throws Exception {
        AgentSettings settings = read("""
                node: kvm1
                manager: {host: 192.0.2.1, port: 7000}
                state-directory: /tmp/state
                http: {address: 0.0.0.0, port: 9000}
                network-namespace: blue
                command-timeout-ms: 5000
                ovs:
                  database: /tmp/ovs/db.sock
                  rundir: /tmp/ovs
                  unixctl: /tmp/ovs/ctl
                  tenant-bridge: br-t
                  provider-bridge: br-p
                  provider-interface: eth1
                  provider-mac: 02:00:00:00:00:01
                  tunnel-port: gre9
                  tunnel-ttl: 32
                  tunnel-tos: 0x10
                  match-attached-mac: true
                drift-interval-seconds: 600
                """);
        assertThat(settings)
                .isEqualTo(new AgentSettings(
                        "kvm1",
                        new ManagerEndpoint("192.0.2.1", 7000),
                        NodeIdentityConfig.DEFAULT,
                        Path.of("/tmp/state"),
                        new AgentSettings.HostPort("0.0.0.0", 9000),
                        new AgentSettings.Switch(
                                Path.of("/tmp/ovs/db.sock"),
                                Path.of("/tmp/ovs"),
                                "/tmp/ovs/ctl",
                                "br-t",
                                "br-p",
                                "eth1",
                                MacAddress.parse("02:00:00:00:00:01"),
                                "gre9",
                                32,
                                "0x10",
                                true,
                                "netdev"),
                        "blue",
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(600)));
    }

    @Test
    void errorsNameTheKey() {
        refused("node: a\nstate-dir: /tmp\n", "line 2", "unknown key 'state-dir'");
        refused("node: a\novs:\n  bridge: x\n", "line 3", "unknown key 'ovs.bridge'");
        refused("manager: {port: 1}\nhttp: {port: 2, nope: 3}\nnode: a\n", "line 2", "unknown key 'http.nope'");
        refused("http: {port: 1}\n", "agent.yaml: line 1: ", "'node' is required");
        refused("node: a\nhttp: {port: 70000}\n", "line 2", "http.port must be 0..65535, not 70000");
        refused("node: a\novs: {tunnel-ttl: 0}\n", "ovs.tunnel-ttl must be 1..255");
        refused("node: a\novs: {tenant-bridge: much-too-long-name}\n", "ovs.tenant-bridge");
        refused("node: a\novs: {provider-mac: nonsense}\n", "agent.yaml: line 2: ", "nonsense");
        refused("node: a\nmanager: {address: 192.0.2.1}\n", "line 2", "unknown key 'manager.address'");
        refused("node: [a\n", "line");
        assertThatThrownBy(() -> AgentConfig.read(directory.resolve("absent.yaml")))
                .hasMessageContaining("absent.yaml");
    }

    private void refused(String yaml, String... parts) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigException.class).hasMessageContainingAll(parts);
    }
}
