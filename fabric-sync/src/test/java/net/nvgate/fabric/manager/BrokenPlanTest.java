package net.nvgate.fabric.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plans work on the live index and trials on live policy: what breaks off half way leaves nothing behind. */
@Timeout(300)
class BrokenPlanTest {

    @TempDir
    private Path directory;

    @Test
    void aBrokenIndexIsReadAgainAndGoesOn() {
        try (FabricStore store = SqliteStore.open(directory);
                TestFabric fabric = new TestFabric(store, 1);
                ModelFollower model = new ModelFollower(store)) {
            VmNetwork blue = fabric.vmNetwork("blue");
            model.await(store.head());
            assertThatThrownBy(() -> model.plan(index -> {
                        index.change(List.of(new ObjectChange(Optional.of(blue), Optional.empty())));
                        throw new ModelFollower.IndexBrokenException(new IllegalStateException("half way"));
                    }))
                    .isInstanceOf(ModelFollower.IndexBrokenException.class)
                    .hasMessageContaining("half way");
            assertThat(model.<Boolean>read(index -> index.find(blue.id()).isPresent()))
                    .isTrue();
            VmNetwork red = fabric.vmNetwork("red");
            model.await(store.head());
            assertThat(model.<Boolean>read(index -> index.find(red.id()).isPresent()))
                    .isTrue();
        }
    }

    @Test
    void policyIsComputedAgainWhenATrialFails() {
        try (FabricStore store = SqliteStore.open(directory);
                TestFabric fabric = new TestFabric(store, 1);
                PolicyProjection policy = new PolicyProjection(store, 100, new SimpleMeterRegistry())) {
            Host host = fabric.host("h1");
            fabric.vm("vm1", host, fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24"));
            NodeId node = new NodeId(NodeId.Kind.HOST, "h1");
            long head = store.head();
            policy.preview(head, List.of());
            List<PolicyObject> before = policy.snapshot(node).objects();
            // The subnet goes although there is a VM in it; no plan does that.
            FabricObject subnet = fabric.manager.list(Kind.VM_SUBNET).getFirst();
            FabricObject vm = fabric.manager.list(Kind.VM).getFirst();
            List<ObjectChange> impossible = List.of(
                    new ObjectChange(Optional.of(vm), Optional.of(vm)),
                    new ObjectChange(Optional.of(subnet), Optional.empty()));
            assertThatThrownBy(() -> policy.preview(head, impossible)).isInstanceOf(IllegalStateException.class);
            assertThat(policy.snapshot(node).objects()).containsExactlyInAnyOrderElementsOf(before);
            fabric.host("h2");
            policy.preview(store.head(), List.of());
            assertThat(policy.snapshot(new NodeId(NodeId.Kind.HOST, "h2")).objects())
                    .isNotEmpty();
        }
    }
}
