package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What belongs to a subscription is found without a look at what belongs to others. */
class SubscriptionListsTest extends SqliteFabric {

    private UUID red = new UUID(0, 0);
    private UUID blue = red;

    @BeforeEach
    void make() {
        FabricObject cloud =
                fabric.make(Kind.CLOUD, named("cloud") + ",\"logicalNetworkIds\":[\"" + fabric.paNetwork.id() + "\"]");
        FabricObject plan = fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud.id()));
        red = subscription("red", plan);
        blue = subscription("blue", plan);
    }

    private UUID subscription(String name, FabricObject plan) {
        return fabric.make(Kind.SUBSCRIPTION, named(name) + field("planId", plan.id()) + field("owner", name))
                .id();
    }

    private VmNetwork network(String name, UUID subscription) {
        return (VmNetwork) fabric.make(
                Kind.VM_NETWORK,
                named(name) + field("logicalNetworkId", fabric.paNetwork.id()) + field("subscriptionId", subscription));
    }

    /** Names of pools are made up. */
    private List<String> of(UUID subscription) {
        return Stream.of(Kind.values())
                .flatMap(kind -> fabric.manager.ofSubscription(kind, subscription).stream())
                .map(object -> object.kind() == Kind.IP_POOL
                        ? "ip-pool"
                        : object.kind().label() + " " + object.name())
                .toList();
    }

    /** By name, as they are now. */
    private void assertAreCurrent() {
        for (Kind kind : Kind.values()) {
            for (UUID subscription : List.of(red, blue)) {
                List<FabricObject> list = fabric.manager.ofSubscription(kind, subscription);
                assertThat(list).isSortedAccordingTo(FabricManager.BY_NAME);
                for (FabricObject object : list) {
                    assertThat(fabric.manager.find(object.id()).orElseThrow()).isSameAs(object);
                }
            }
        }
    }

    @Test
    void aNetworkTakesWhatIsInItAlong() {
        Host host = fabric.host("h1");
        Gateway gateway = fabric.gateway("gw", 100);
        VmNetwork network = network("n", red);
        VmSubnet subnet = fabric.vmSubnet("s", network, "10.0.0.0/24");
        VmNetworkGateway attached = fabric.attach("g", network, gateway);
        NatConnection nat = fabric.nat("nat", attached);
        fabric.rule("b", nat, 80, "10.0.0.10");
        fabric.rule("a", nat, 81, "10.0.0.10");
        fabric.make(Kind.PORT_ACL, named("own") + field("vmNetworkId", network.id()));
        fabric.make(Kind.PORT_ACL, named("ours") + field("vmNetworkId", network.id()) + ",\"provider\":true");
        VmNetwork other = network("other", blue);
        fabric.vmSubnet("s", other, "10.0.0.0/24");
        Vm nobodys = fabric.vm("vm", host, subnet);

        List<String> inside = List.of(
                "vm-subnet s",
                "vm-network-gateway g",
                "nat-connection nat",
                "nat-rule a",
                "nat-rule b",
                "port-acl own",
                "ip-pool");
        assertThat(of(red)).contains("vm-network n").containsAll(inside).hasSize(1 + inside.size());
        assertThat(of(blue)).containsExactlyInAnyOrder("vm-network other", "vm-subnet s", "ip-pool");
        assertAreCurrent();

        fabric.patch(nobodys, field("subscriptionId", red).substring(1));
        assertThat(of(red)).contains("vm vm");
        fabric.patch(nobodys, "\"subscriptionId\":null");
        assertThat(of(red)).doesNotContain("vm vm");

        fabric.patch(network, field("subscriptionId", blue).substring(1));
        assertThat(of(red)).isEmpty();
        assertThat(of(blue))
                .contains("vm-network n", "vm-network other")
                .containsAll(inside)
                .hasSize(4 + inside.size());
        assertAreCurrent();

        fabric.patch(network, "\"subscriptionId\":null");
        assertThat(of(blue)).containsExactlyInAnyOrder("vm-network other", "vm-subnet s", "ip-pool");
        fabric.patch(network, field("subscriptionId", red).substring(1));
        assertThat(of(red)).containsAll(inside);

        fabric.patch(nat, "\"name\":\"renamed\"");
        assertThat(of(red)).contains("nat-connection renamed").doesNotContain("nat-connection nat");
        assertAreCurrent();
    }

    @Test
    void whatIsMadeAndEndsAtOnceIsCounted() {
        VmNetwork network = network("n", red);
        for (int i = 0; i < 5; i++) {
            fabric.vmSubnet("s" + i, network, "10.0." + i + ".0/24");
        }
        assertThat(fabric.manager.ofSubscription(Kind.VM_SUBNET, red)).hasSize(5);
        Stream<Operation> ends = Stream.concat(
                fabric.manager.ofSubscription(Kind.VM_SUBNET, red).stream()
                        .map(subnet -> new Operation.Delete(Kind.VM_SUBNET, subnet.id(), Optional.empty())),
                Stream.of(new Operation.Delete(Kind.VM_NETWORK, network.id(), Optional.empty())));
        fabric.manager.run(ends.toList(), false);
        assertThat(of(red)).isEmpty();
    }
}
