package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.all;
import static net.nvgate.gateway.control.PolicySamples.gateway;
import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.tenant;
import static net.nvgate.gateway.control.PolicySamples.tenantInterface;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.NeighborCounters;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.worker.ViewedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EalExtension.class)
class InterfaceSamplesTest {

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 1);
    private final List<Integer> freed = new ArrayList<>();
    private final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, freed::add);

    private int counters(int vlan) {
        return policy.interfaceNames().stream()
                .filter(name -> name.vlanId() == vlan)
                .findFirst()
                .orElseThrow()
                .countersIndex();
    }

    @Test
    void countersStayWithTheInterfaceAndAreNobodyElses() throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(
                1,
                all(
                        gateway(),
                        tenant(1),
                        List.of(
                                tenantInterface(1, 1, Side.FRONT_END, 101, "172.16.0.1"),
                                tenantInterface(2, 1, Side.BACK_END, 201, "192.168.9.1")))));
        int first = counters(101);
        assertThat(policy.vsidNames().stream().map(TablePolicy.VsidName::countersIndex))
                .doesNotContain(first, counters(201));
        assertThat(first).isNotEqualTo(counters(201));
        policy.replace(new PolicySnapshot(
                2, all(gateway(), tenant(1), List.of(tenantInterface(1, 1, Side.FRONT_END, 101, "172.16.0.2")))));
        assertThat(counters(101)).isEqualTo(first);
        assertThat(policy.interfaceNames()).hasSize(1);
        policy.replace(new PolicySnapshot(
                3,
                all(
                        gateway(),
                        tenant(1),
                        tenant(2),
                        List.of(tenantInterface(3, 2, Side.FRONT_END, 101, "172.16.0.2")))));
        assertThat(counters(101)).as("another tenant begins at 0").isNotEqualTo(first);
        policy.reclaim();
        assertThat(freed).contains(first);
    }

    @Test
    void interfacesTakeFromTheSubnetsLimit() throws PolicyRejectedException {
        TablePolicy small = new TablePolicy(
                new RouteTables(TestMemory::allocate, 1), new TableLimits(16, 2, 100, 100, 16, 16), _ -> {});
        small.replace(new PolicySnapshot(1, all(gateway(), tenant(1))));
        assertThatThrownBy(() -> small.replace(new PolicySnapshot(
                        2,
                        all(gateway(), tenant(1), List.of(tenantInterface(1, 1, Side.FRONT_END, 101, "172.16.0.1"))))))
                .hasMessageContaining("1 new virtual subnets and tenant interfaces at a time");
    }

    @Test
    void samplesNameTenantAndVlan() throws PolicyRejectedException {
        try (ViewedGateway gateway = new ViewedGateway(
                List.of(new RoutingDomain(id(1), "blue"), tenantInterface(1, 1, Side.BACK_END, 201, "192.168.9.1")))) {
            List<Sample> samples = new ArrayList<>();
            InterfaceSamples.read(gateway.path(), samples);
            assertThat(samples.stream().map(Sample::exposedName))
                    .containsOnly(
                            "nvgate_tenant_interface_packets_total",
                            "nvgate_tenant_interface_bytes_total",
                            "nvgate_tenant_interface_drops_total");
            assertThat(samples)
                    .first()
                    .satisfies(sample -> assertThat(sample.labels())
                            .isEqualTo(Map.of("rdid", id(1).toString(), "interface", "pa.201", "direction", "rx")));
            assertThat(samples).hasSize(5);
        }
    }

    @Test
    void neighborCountersAreThereToo() {
        NeighborCounters counters = new NeighborCounters();
        counters.duplicates.add(3);
        List<Sample> samples = new ArrayList<>();
        NeighborSamples.read(counters, samples);
        assertThat(samples)
                .anySatisfy(sample -> {
                    assertThat(sample.exposedName()).isEqualTo("nvgate_neighbor_duplicates_total");
                    assertThat(sample.value()).isEqualTo(3);
                })
                .hasSize(11);
    }
}
