package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store and a policy cache written by the version before NAT settings, IPv6 routing subnets and tenant interfaces (commit
 * 418a81d): a gateway, two hosts, a VM network with an IPv4 and an IPv6 subnet, two VMs, a NAT connection and a rule.
 */
class UpgradeTest {

    private static final NodeId GATEWAY = new NodeId(NodeId.Kind.GATEWAY, "gw");

    @TempDir
    private Path directory;

    @BeforeEach
    void copyFixture() throws IOException {
        for (String name : List.of("fabric.db", "policy.cache")) {
            try (var in = UpgradeTest.class.getResourceAsStream("/upgrade/" + name)) {
                Files.write(directory.resolve(name), in.readAllBytes());
            }
        }
    }

    private static <T extends FabricObject> T only(FabricManager manager, Kind kind, Class<T> type) {
        assertThat(manager.list(kind)).hasSize(1);
        return type.cast(manager.list(kind).getFirst());
    }

    private static FabricObject make(FabricManager manager, Kind kind, String json) {
        FabricSpec<?> spec = FabricJson.read(json, FabricSpec.type(kind));
        return manager.create(spec);
    }

    @Test
    void objectsOfAnOlderStoreHaveTheDefaultsAndLiveOn() {
        try (SqliteStore store = SqliteStore.open(directory);
                FabricManager manager = new FabricManager(store, new Random(1), new SimpleMeterRegistry())) {
            NatConnection nat = only(manager, Kind.NAT_CONNECTION, NatConnection.class);
            assertThat(nat.settings()).isEqualTo(NatSettings.DEFAULT);
            assertThat(only(manager, Kind.NAT_RULE, NatRule.class).portCount()).isEqualTo(1);
            VmNetworkGateway attached = only(manager, Kind.VM_NETWORK_GATEWAY, VmNetworkGateway.class);
            assertThat(attached.quota()).isEqualTo(NatQuota.UNLIMITED);
            assertThat(attached.routingSubnet6()).isEmpty();
            assertThat(manager.list(Kind.VM))
                    .allSatisfy(vm ->
                            assertThat(((Vm) vm).nics().getFirst().address6()).isEmpty());

            String second = """
                    {"name":"second","vmNetworkGatewayId":"%s","externalAddress":"%s","portMin":40000}""".formatted(attached.id(), nat.externalAddress());
            assertThatThrownBy(() -> make(manager, Kind.NAT_CONNECTION, second))
                    .isInstanceOf(FabricException.class)
                    .hasMessageContaining("disjoint ports");
            manager.patch(Kind.NAT_CONNECTION, nat.id(), Patch.read("{\"portMax\":39999}"));
            make(manager, Kind.NAT_CONNECTION, second);
        }
    }

    /** Its VM network has an IPv6 subnet already. */
    @Test
    void anOlderGatewayGetsIpv6WithItsNextChange() {
        try (SqliteStore store = SqliteStore.open(directory);
                FabricManager manager = new FabricManager(store, new Random(1), new SimpleMeterRegistry())) {
            VmNetworkGateway attached = only(manager, Kind.VM_NETWORK_GATEWAY, VmNetworkGateway.class);
            VmNetworkGateway changed = (VmNetworkGateway) manager.patch(
                    Kind.VM_NETWORK_GATEWAY, attached.id(), Patch.read("{\"nat64Prefix\":\"64:ff9b::/96\"}"));
            assertThat(changed.routingSubnet6()).contains(VmNetworkGateway.ROUTING_SUBNET6_DEFAULT);
        }
    }

    /** What a gateway has in its cache is what the new manager computes from the old store: it need not start anew. */
    @Test
    void cachedPolicyIsThatOfTheStore() throws IOException {
        PolicyCache.Cached cached;
        try (PolicyCache cache =
                new PolicyCache(directory, GATEWAY, CacheLimits.defaults(), new SimpleMeterRegistry())) {
            cached = cache.load().orElseThrow();
        }
        try (SqliteStore store = SqliteStore.open(directory);
                PolicyProjection projection = new PolicyProjection(store, 1000, new SimpleMeterRegistry())) {
            assertThat(cached.fabricId()).isEqualTo(store.fabricId().toString());
            assertThat(cached.snapshot().revision()).isEqualTo(projection.revision());
            assertThat(cached.snapshot().objects())
                    .containsExactlyInAnyOrderElementsOf(
                            projection.snapshot(GATEWAY).objects())
                    .hasAtLeastOneElementOfType(PolicyObject.NatRule.class);
        }
    }
}
