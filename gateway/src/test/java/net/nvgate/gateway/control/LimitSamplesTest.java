package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.LimitMode;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.worker.ViewedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Policy's limits in a real worker, and what metrics say of them. */
@ExtendWith(EalExtension.class)
class LimitSamplesTest {

    private static List<PolicyObject> policy(LimitMode mode) {
        Bandwidth limits = new Bandwidth(0, 0, 0, 1, mode);
        return List.of(
                new RoutingDomain(id(1), "blue"),
                new RoutingDomain(id(2), "red"),
                new TenantSettings(id(1), NatQuota.UNLIMITED, DscpMode.UNIFORM, 0, false, limits));
    }

    private static double value(List<Sample> samples, String name, String direction) {
        Map<String, String> labels = Map.of("rdid", id(1).toString(), "direction", direction);
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(labels))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + labels + " is not among " + samples))
                .value();
    }

    private static List<Sample> samples(ViewedGateway gateway) {
        List<Sample> samples = new ArrayList<>();
        LimitSamples.read(gateway.path(), samples);
        return samples;
    }

    @Test
    void whatPassedAndWhatItCost() throws PolicyRejectedException {
        try (ViewedGateway gateway = new ViewedGateway(policy(LimitMode.POLICE))) {
            for (int i = 0; i < 5; i++) {
                gateway.sendUdp(1, 4000, 53);
                gateway.sendUdp(2, 4000, 53);
            }
            List<Sample> samples = samples(gateway);
            assertThat(value(samples, "nvgate_tenant_limit_packets", "outbound"))
                    .isEqualTo(2);
            assertThat(value(samples, "nvgate_tenant_limit_bytes", "outbound")).isPositive();
            assertThat(value(samples, "nvgate_tenant_limit_drops", "outbound")).isEqualTo(3);
            assertThat(value(samples, "nvgate_tenant_limit_drops", "inbound")).isZero();
            assertThat(samples)
                    .as("tenants without limits")
                    .noneMatch(sample -> sample.labels().containsValue(id(2).toString()));
        }
    }

    @Test
    void whatWaitsAndHowLong() throws PolicyRejectedException {
        try (ViewedGateway gateway = new ViewedGateway(policy(LimitMode.SHAPE))) {
            for (int i = 0; i < 5; i++) {
                gateway.sendUdp(1, 4000, 53);
            }
            assertThat(value(samples(gateway), "nvgate_tenant_limit_queue_packets", "outbound"))
                    .isEqualTo(3);
            gateway.pass(2);
            List<Sample> samples = samples(gateway);
            assertThat(value(samples, "nvgate_tenant_limit_queue_packets", "outbound"))
                    .isEqualTo(1);
            assertThat(value(samples, "nvgate_tenant_limit_queue_delay_seconds", "outbound"))
                    .isEqualTo(2.0);
            assertThat(value(samples, "nvgate_tenant_limit_packets", "outbound"))
                    .isEqualTo(4);
        }
    }

    @Test
    void aNicWithAMaximumHasSeriesOfItsOwn() throws PolicyRejectedException {
        UUID nic = new UUID(7, 1);
        PortProfile.Bandwidth most = new PortProfile.Bandwidth(Optional.empty(), Optional.empty(), Optional.of(1));
        List<PolicyObject> policy = List.of(
                new RoutingDomain(id(1), "blue"),
                new NicBandwidth(nic, id(1), List.of(IpAddress.parse("192.168.1.3")), most));
        try (ViewedGateway gateway = new ViewedGateway(policy)) {
            for (int i = 0; i < 5; i++) {
                gateway.sendUdp(1, 4000, 53);
            }
            Map<String, String> labels =
                    Map.of("nic", nic.toString(), "rdid", id(1).toString(), "direction", "outbound");
            assertThat(samples(gateway))
                    .filteredOn(sample -> sample.labels().equals(labels))
                    .anySatisfy(sample -> {
                        assertThat(sample.name()).isEqualTo("nvgate_nic_limit_packets");
                        assertThat(sample.value()).isEqualTo(5);
                    });
        }
    }

    @Test
    void aPortsRateHasSeriesOfItsOwnIfThereIsOne() throws PolicyRejectedException {
        try (ViewedGateway gateway = new ViewedGateway(policy(LimitMode.POLICE))) {
            assertThat(samples(gateway)).noneMatch(sample -> sample.name().startsWith("nvgate_port_limit"));
            gateway.path().tables().rates.setPorts(new RateLimits.Row(0, 1_000, 0, 0, true, false));
            for (int i = 0; i < 5; i++) {
                gateway.sendUdp(2, 4000, 53);
            }
            assertThat(samples(gateway)).anySatisfy(sample -> {
                assertThat(sample.name()).isEqualTo("nvgate_port_limit_packets");
                assertThat(sample.labels()).isEqualTo(Map.of("port", "ext", "direction", "outbound"));
                assertThat(sample.value()).isEqualTo(5);
            });
        }
    }

    /** The counters of who had a number before are not those of who gets it. */
    @Test
    void whatIsCountedByANumberBeginsAnewWithItsNextOwner() throws PolicyRejectedException {
        try (ViewedGateway gateway = new ViewedGateway(policy(LimitMode.POLICE))) {
            gateway.sendUdp(1, 4000, 53);
            assertThat(value(samples(gateway), "nvgate_tenant_limit_packets", "outbound"))
                    .isEqualTo(1);
            new FreedCounters(gateway.path().workers()).tenant(1);
            assertThat(value(samples(gateway), "nvgate_tenant_limit_packets", "outbound"))
                    .isZero();
        }
    }
}
