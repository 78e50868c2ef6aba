package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.worker.ViewedGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What NAT of a real worker has in use, as metrics. */
@ExtendWith(EalExtension.class)
class NatGaugesTest {

    private ViewedGateway gateway;

    @BeforeEach
    void open() throws PolicyRejectedException {
        NatQuota quota = new NatQuota(2, 0, 0, 0, 0, 9);
        gateway = new ViewedGateway(List.of(
                new RoutingDomain(id(1), "blue"),
                new RoutingDomain(id(2), "red"),
                new TenantSettings(id(1), quota, DscpMode.UNIFORM, 0, false)));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private double value(String name, Map<String, String> labels) {
        return samples().stream()
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(labels))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + labels + " is not among " + samples()))
                .value();
    }

    private List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        NatGauges.read(gateway.path(), samples);
        return samples;
    }

    private static Map<String, String> rdid(int tenant) {
        return Map.of("rdid", id(tenant).toString());
    }

    @Test
    void addressesShowHowFullTheyAre() {
        gateway.sendUdp(1, 4000, 53);
        gateway.sendUdp(1, 4000, 54);
        gateway.sendUdp6(5000, 53);
        Map<String, String> address = Map.of("external_address", "203.0.113.10");
        assertThat(value("nvgate_nat_ports", address)).isEqualTo(3 * 64512);
        assertThat(value("nvgate_nat_ports_taken", address)).isEqualTo(2);
        assertThat(value("nvgate_nat_ports_taken", Map.of("external_address", "203.0.113.11")))
                .isZero();
    }

    @Test
    void tenantsShowWhatTheyHaveOfWhatTheyMay() {
        gateway.sendUdp(1, 4000, 53);
        gateway.sendUdp(1, 4000, 54);
        gateway.sendUdp6(5000, 53);
        assertThat(value("nvgate_tenant_sessions", rdid(1))).isEqualTo(3);
        assertThat(value("nvgate_tenant_ports", rdid(1))).isEqualTo(2);
        assertThat(value("nvgate_tenant_hosts", rdid(1))).isEqualTo(2);
        assertThat(value("nvgate_tenant_quota", Map.of("rdid", id(1).toString(), "resource", "ports")))
                .isEqualTo(2);
        assertThat(value(
                        "nvgate_tenant_quota",
                        Map.of("rdid", id(1).toString(), "resource", "host-sessions-per-second")))
                .isEqualTo(9);
        assertThat(samples().stream().filter(sample -> sample.labels().containsValue(id(2).toString())))
                .as("a tenant without sessions is not shown")
                .isEmpty();
    }

    @Test
    void refusalsAreCountedByReason() {
        for (int port = 4000; port < 4005; port++) {
            gateway.sendUdp(1, port, 53);
        }
        assertThat(value("nvgate_tenant_refusals", Map.of("rdid", id(1).toString(), "reason", "tenant-ports")))
                .isEqualTo(3);
    }
}
