package net.nvgate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.gateway.dpdk.EalOptions;
import net.nvgate.gateway.dpdk.Offloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayConfigTest {

    @TempDir
    Path directory;

    private GatewayConfig read(String yaml) throws IOException {
        return GatewayConfig.read(Files.writeString(directory.resolve("gateway.yaml"), yaml));
    }

    private static final String PORTS = """
        ports:
          pa: {device: "net_af_packet0,iface=pa0"}
          ext: {device: "0000:00:10.0"}
        """;

    @Test
    void whatTheFileLeavesOutHasDefaults() throws Exception {
        GatewayConfig config = read("node: gw1\n" + PORTS);
        assertThat(config.node()).isEqualTo("gw1");
        assertThat(config.manager()).isEqualTo(new ManagerEndpoint("127.0.0.1", 7250));
        assertThat(config.http()).isEqualTo(new GatewayConfig.Http("127.0.0.1", 9465));
        assertThat(config.stateDirectory()).hasToString("/var/lib/nvgate/gateway");
        assertThat(config.eal().hugePages()).isEqualTo(EalOptions.HugePages.AUTO);
        assertThat(config.ports().pa().mtu()).isEqualTo(1500);
        assertThat(config.ports().ext().mtu()).isEqualTo(1500);
        assertThat(config.ports().pa().settings().rxOffloads()).isEqualTo(Offloads.RX_IPV4_CHECKSUM);
        assertThat(config.ports().hardware()).containsExactly("0000:00:10.0");
        assertThat(config.worker().cpu()).isEmpty();
        assertThat(config.worker().natTimeouts().udpSeconds()).isEqualTo(300);
        assertThat(config.worker().mtu().mssClamp()).isTrue();
    }

    @Test
    void everyKeyIsRead() throws Exception {
        GatewayConfig config = read("""
            node: gw2
            manager: {host: fabric.example, port: 7251}
            state-directory: /tmp/gw2
            http: {address: 0.0.0.0, port: 0}
            eal: {huge-pages: on, memory-mib: 1024, file-prefix: gw2, packet-buffers: 65535, arguments: [--log-level=8]}
            ports:
              pa: {device: net_tap0, mtu: 9000, mac: "02:00:00:00:00:01", promiscuous: true, rx-descriptors: 64, tx-descriptors: 128, rate-mbit: 1000}
              ext: {device: net_tap1}
            worker:
              cpu: 3
              flows-max: 2048
              nat-addresses-max: 2
              next-hops-max: 32
              vsids-max: 10
              fragmented-max: 64
              tcp-midstream: false
              mtu: {mss-clamp: false, fragments-held-max: 16, outer-reassembly: false, outer-fragments-held-max: 32, path-mtu-discovery: false}
              icmp-errors-per-second: 5
              idle: {polls: 7, sleep-micros-max: 0}
              nat-timeouts: {udp-seconds: 120, tcp-established-seconds: 8000, tcp-transitory-seconds: 241, tcp-opening-seconds: 31,
                             icmp-seconds: 61, other-seconds: 62}
              held-syns-max: 8
            restart: {keep-sessions-seconds: 61}
            """);
        assertThat(config.restart().keepSessions()).isEqualTo(Duration.ofSeconds(61));
        assertThat(config.manager().host()).isEqualTo("fabric.example");
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/tmp/gw2"));
        assertThat(config.eal().options(config.ports().hardware()))
                .isEqualTo(new EalOptions(
                        EalOptions.HugePages.ON, 1024, "gw2", java.util.List.of(), java.util.List.of("--log-level=8")));
        PortConfig pa = config.ports().pa();
        assertThat(pa.settings().mac()).contains(MacAddress.parse("02:00:00:00:00:01"));
        assertThat(pa.settings().rxDescriptors()).isEqualTo(64);
        assertThat(pa.settings().txDescriptors()).isEqualTo(128);
        assertThat(pa.rateMbit()).isEqualTo(1000);
        assertThat(pa.promiscuous()).isTrue();
        WorkerSettings worker = config.worker();
        assertThat(worker.cpu()).contains(3);
        assertThat(worker.tcpMidstream()).isFalse();
        assertThat(worker.mtu()).isEqualTo(new MtuSettings(false, 16, false, 32, false));
        assertThat(worker.idle()).isEqualTo(new WorkerSettings.Idle(7, 0));
        assertThat(worker.natTimeouts()).isEqualTo(new WorkerSettings.NatTimeouts(120, 8000, 241, 31, 61, 62));
        assertThat(worker.heldSynsMax()).isEqualTo(8);
    }

    @Test
    void errorsNameLineAndKey() {
        assertError(
                "node: gw1\nmanagr: {}\n" + PORTS,
                "line 2: unknown key 'managr', expected one of: eal, export, http, ");
        assertError("node: gw1\nhttp: {port: x}\n" + PORTS, "line 2: key 'http.port'");
        assertError("node: gw1\nnode: gw2\n" + PORTS, "line 2");
        assertError(
                "node: gw1\nmanager: {port: 99999}\n" + PORTS, "line 2: in 'manager': manager.port must be 1..65535");
        assertError(
                "node: gw1\nmanager: {host: 192.0.2.1, security: none}\n" + PORTS,
                "manager.security: none is for one machine, and 192.0.2.1 is not a loopback address");
        assertError("node: gw1\nports:\n  pa: {mtu: 1500}\n", "line 3: in 'ports.pa': key 'device' is required");
        assertError("node: gw1\nports:\n  pa: {device: x, mac: \"01:00:5e:00:00:01\"}\n", "must be a unicast address");
        assertError("node: gw1\neal: {huge-pages: maybe}\n" + PORTS, "line 2: key 'eal.huge-pages'");
    }

    @Test
    void requiredKeysAreRequired() {
        assertError("", "line 1: key 'node' is required");
        assertError("node: gw1", "line 1: key 'ports' is required");
        assertError("node: 'g w'\n" + PORTS, "node must be the name of a gateway object, not 'g w'");
        assertError("node: gw1\nports:\n  pa: {device: net_null0}\n", "key 'ports.ext' is required");
    }

    @Test
    void twoPortsNeedTwoDevices() {
        assertError("""
            node: gw1
            ports:
              pa: {device: "net_af_packet0,iface=a"}
              ext: {device: "net_af_packet0,iface=b"}
            """, "both device net_af_packet0");
    }

    @Test
    void natTimeoutsAreNotBelowTheRfcs() {
        assertError(
                "node: gw1\nworker: {nat-timeouts: {udp-seconds: 30}}\n" + PORTS,
                "line 2: in 'worker.nat-timeouts': worker.nat-timeouts.udp-seconds must be 120..86400, not 30");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> GatewayConfig.read(Path.of("/nonexistent/gateway.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot read configuration file /nonexistent/gateway.yaml");
    }

    private void assertError(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }
}
