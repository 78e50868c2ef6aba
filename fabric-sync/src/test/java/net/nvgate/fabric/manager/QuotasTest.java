package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Quotas of plans and capacity of clouds. */
class QuotasTest extends SqliteFabric {

    private Host host;
    private Gateway gateway;
    private FabricObject cloud;
    private FabricObject plan;
    private FabricObject tenant;

    @BeforeEach
    void make() {
        host = fabric.host("host");
        gateway = fabric.gateway("gateway", 50);
        cloud = fabric.make(Kind.CLOUD, named("cloud"));
        plan = plan("plan", "");
        tenant = subscription("tenant", plan);
    }

    private FabricObject plan(String name, String limits) {
        return fabric.make(Kind.PLAN, named(name) + field("cloudId", cloud.id()) + ",\"limits\":{" + limits + "}");
    }

    private FabricObject subscription(String name, FabricObject of) {
        return fabric.make(Kind.SUBSCRIPTION, named(name) + field("planId", of.id()) + field("owner", name));
    }

    private void limit(String limits) {
        fabric.patch(plan, "\"limits\":{" + limits + "}");
    }

    private static String ownedBy(FabricObject subscription) {
        return field("subscriptionId", subscription.id());
    }

    private VmNetwork network(String name, FabricObject owner) {
        return (VmNetwork) fabric.make(
                Kind.VM_NETWORK, named(name) + field("logicalNetworkId", fabric.paNetwork.id()) + ownedBy(owner));
    }

    private FabricSpec<?> vmSpec(String name, FabricObject owner, String size) {
        return FabricJson.read(
                "{" + named(name) + field("hostId", host.id()) + ownedBy(owner) + size + "}", FabricSpec.type(Kind.VM));
    }

    private Vm vm(String name, FabricObject owner, String size) {
        return (Vm) fabric.manager.create(vmSpec(name, owner, size));
    }

    private long used(String limit) {
        SubscriptionUsage.Use use = fabric.manager.usage(tenant.id()).usage().get(limit);
        return use == null ? -1 : use.used();
    }

    @Test
    void aRefusalNamesLimitUseAndRequest() {
        limit("\"vms\":2,\"vcpus\":6");
        vm("a", tenant, ",\"vcpus\":4");
        FabricException refusal = refused(Code.QUOTA, "", () -> vm("b", tenant, ",\"vcpus\":3"));
        assertThat(refusal)
                .hasMessage("plan 'plan' allows 6 vcpus: subscription 'tenant' has 4, and 3 more are asked for");
        vm("b", tenant, ",\"vcpus\":2");
        assertThat(refused(Code.QUOTA, "", () -> vm("c", tenant, "")).object()).isEqualTo("vm");
        fabric.make(Kind.VM, named("free") + field("hostId", host.id()));
        assertThat(used("vms")).isEqualTo(2);
    }

    @Test
    void everySizeOfAVmCounts() {
        limit("\"memoryMb\":1000,\"storageGb\":100,\"customPoints\":5");
        Vm vm = vm("a", tenant, ",\"memoryMb\":1000,\"storageGb\":50,\"customPoints\":5");
        refused(Code.QUOTA, "", () -> vm("b", tenant, ",\"memoryMb\":1,\"customPoints\":0"));
        refused(Code.QUOTA, "", () -> vm("b", tenant, ",\"storageGb\":51,\"customPoints\":0"));
        refused(Code.QUOTA, "", () -> vm("b", tenant, ""));
        refused(Code.QUOTA, "", () -> fabric.patch(vm, "\"storageGb\":101"));
        Vm smaller = fabric.patch(vm, "\"memoryMb\":10,\"customPoints\":1");
        vm("b", tenant, ",\"memoryMb\":990");
        fabric.patch(smaller, "\"subscriptionId\":null");
        assertThat(used("memoryMb")).isEqualTo(990);
        assertThat(used("storageGb")).isZero();
        assertThat(used("customPoints")).isEqualTo(1);
    }

    @Test
    void networksAndSubnetsCount() {
        limit("\"vmNetworks\":1,\"vmSubnets\":2");
        VmNetwork network = network("n", tenant);
        refused(Code.QUOTA, "", () -> network("m", tenant));
        VmSubnet web = fabric.vmSubnet("web", network, "192.168.1.0/24");
        fabric.vmSubnet("db", network, "192.168.2.0/24");
        refused(Code.QUOTA, "", () -> fabric.vmSubnet("app", network, "192.168.3.0/24"));
        fabric.manager.delete(Kind.VM_SUBNET, web.id());
        fabric.vmSubnet("app", network, "192.168.3.0/24");
        assertThat(used("vmSubnets")).isEqualTo(2);
        assertThat(used("vmNetworks")).isEqualTo(1);
    }

    @Test
    void aPublicAddressCountsOnceHoweverManyShareIt() {
        limit("\"publicAddresses\":1,\"natRules\":1");
        VmNetwork network = network("n", tenant);
        fabric.vmSubnet("web", network, "192.168.1.0/24");
        VmNetworkGateway attached = fabric.attach("gw", network, gateway);
        NatConnection low = fabric.nat("low", attached, ",\"portMax\":2000");
        String shared = field("externalAddress", low.externalAddress());
        NatConnection high = fabric.nat("high", attached, shared + ",\"portMin\":2001");
        assertThat(used("publicAddresses")).isEqualTo(1);
        refused(Code.QUOTA, "", () -> fabric.nat("other", attached));
        refused(
                Code.QUOTA,
                "",
                () -> fabric.make(
                        Kind.NAT_ONE_TO_ONE,
                        named("one")
                                + field("vmNetworkGatewayId", attached.id())
                                + field("internalAddress", "192.168.1.9")));
        NatRule rule = fabric.rule("http", low, 80, "192.168.1.9");
        refused(Code.QUOTA, "", () -> fabric.rule("https", low, 443, "192.168.1.9"));
        fabric.manager.delete(Kind.NAT_RULE, rule.id());
        fabric.manager.delete(Kind.NAT_CONNECTION, low.id());
        assertThat(used("publicAddresses")).isEqualTo(1);
        fabric.manager.delete(Kind.NAT_CONNECTION, high.id());
        assertThat(used("publicAddresses")).isZero();
        assertThat(used("natRules")).isZero();
        fabric.nat("other", attached);
    }

    @Test
    void aLimitBelowUseStandsAndAdmitsNothingNew() {
        Vm first = vm("a", tenant, "");
        vm("b", tenant, "");
        limit("\"vms\":1");
        refused(Code.QUOTA, "", () -> vm("c", tenant, ""));
        fabric.patch(first, "\"description\":\"still changed\"");
        fabric.manager.delete(Kind.VM, first.id());
        refused(Code.QUOTA, "", () -> vm("c", tenant, ""));
        limit("\"vms\":null");
        vm("c", tenant, "");
    }

    @Test
    void aSubscriptionMovesToAnotherPlanOfTheCloud() {
        vm("a", tenant, "");
        vm("b", tenant, "");
        FabricObject small = plan("small", "\"vms\":1");
        fabric.patch(tenant, "\"planId\":\"" + small.id() + "\"");
        refused(Code.QUOTA, "", () -> vm("c", tenant, ""));
        assertThat(fabric.manager.usage(tenant.id()).planId()).isEqualTo(small.id());

        FabricObject far = fabric.make(Kind.CLOUD, named("far"));
        FabricObject elsewhere = fabric.make(Kind.PLAN, named("elsewhere") + field("cloudId", far.id()));
        String there = "\"planId\":\"" + elsewhere.id() + "\"";
        refused(Code.INVALID, "planId", () -> fabric.patch(tenant, there));
        fabric.manager.list(Kind.VM).forEach(vm -> fabric.manager.delete(Kind.VM, vm.id()));
        fabric.patch(tenant, there);
        vm("c", tenant, "");
        assertThat(used("vms")).isEqualTo(1);
    }

    @Test
    void whoIsSuspendedGetsNothingNew() {
        Vm vm = vm("a", tenant, "");
        fabric.patch(tenant, "\"state\":\"SUSPENDED\"");
        assertThat(refused(Code.QUOTA, "subscriptionId", () -> vm("b", tenant, "")))
                .hasMessage("subscription 'tenant' is SUSPENDED and gets nothing new");
        refused(Code.QUOTA, "subscriptionId", () -> network("n", tenant));
        fabric.manager.delete(Kind.VM, vm.id());
        fabric.patch(tenant, "\"state\":\"ACTIVE\"");
        vm("b", tenant, "");
    }

    @Test
    void capacityIsOfAllSubscriptionsOfACloud() {
        FabricObject other = subscription("other", plan("second", ""));
        fabric.patch(cloud, "\"capacity\":{\"vcpus\":4}");
        vm("a", tenant, ",\"vcpus\":2");
        Vm b = vm("b", other, ",\"vcpus\":2");
        assertThat(refused(Code.QUOTA, "", () -> vm("c", tenant, "")))
                .hasMessage("cloud 'cloud' allows 4 vcpus: cloud 'cloud' has 4, and 1 more are asked for");
        fabric.patch(other, "\"description\":\"renamed ones are counted once\"");
        refused(Code.QUOTA, "", () -> vm("c", tenant, ""));
        fabric.manager.delete(Kind.VM, b.id());
        vm("c", tenant, "");
    }

    @Test
    void aBatchIsCountedAsItGoes() {
        limit("\"vms\":2");
        List<Operation> three = IntStream.range(0, 3)
                .<Operation>mapToObj(i -> new Operation.Create(vmSpec("vm" + i, tenant, "")))
                .toList();
        refused(Code.QUOTA, "", () -> fabric.manager.run(three, false));
        assertThat(used("vms")).isZero();
        fabric.manager.run(three.subList(0, 2), true);
        assertThat(used("vms")).isZero();
        fabric.manager.run(three.subList(0, 2), false);
        assertThat(used("vms")).isEqualTo(2);
    }

    @Test
    void ofManyWhoWantTheLastOnlyAsManyGetIt() throws Exception {
        limit("\"vms\":5");
        int clients = 20;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> creations = IntStream.range(0, clients)
                    .<Callable<Boolean>>mapToObj(i -> () -> made("vm" + i))
                    .toList();
            int made = 0;
            for (Future<Boolean> creation : threads.invokeAll(creations)) {
                made += creation.get() ? 1 : 0;
            }
            assertThat(made).isEqualTo(5);
        }
        assertThat(fabric.manager.count(Kind.VM)).isEqualTo(5);
        assertThat(used("vms")).isEqualTo(5);
    }

    private boolean made(String name) {
        try {
            vm(name, tenant, "");
            return true;
        } catch (FabricException e) {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(Code.QUOTA);
            return false;
        }
    }

    @Test
    void aManagerThatStartsCountsWhatIsThere() {
        VmNetwork network = network("n", tenant);
        fabric.vmSubnet("web", network, "192.168.1.0/24");
        fabric.nat("nat", fabric.attach("gw", network, gateway));
        vm("a", tenant, ",\"vcpus\":3");
        SubscriptionUsage before = fabric.manager.usage(tenant.id());
        try (FabricManager again = new FabricManager(store, new Random(1), new SimpleMeterRegistry())) {
            again.create(new TenancySpec.CloudSpec(
                    new SpecMeta("another", ""), List.of(), List.of(), List.of(), List.of(), Optional.empty()));
            assertThat(again.usage(tenant.id())).isEqualTo(before);
        }
        assertThat(before.usage().get("vcpus")).isEqualTo(new SubscriptionUsage.Use(3, Optional.empty()));
    }

    @Test
    void whatIsInAVmNetworkCountsForItsNewOwner() {
        FabricObject small = plan(
                "small",
                "\"vmNetworks\":1,\"vmSubnets\":2,\"publicAddresses\":1,\"natRules\":1,\"ports\":7,\"sessions\":9");
        FabricObject other = subscription("other", small);
        limit("\"ports\":100");
        VmNetwork blue = network("blue", tenant);
        fabric.vmSubnet("web", blue, "192.168.1.0/24");
        fabric.vmSubnet("db", blue, "192.168.2.0/24");
        VmNetworkGateway attached = fabric.attach("gw", blue, gateway);
        NatConnection nat = fabric.nat("nat", attached);
        NatRule rule = fabric.rule("http", nat, 80, "192.168.1.7");
        fabric.make(
                Kind.NAT_ONE_TO_ONE,
                named("mail") + field("vmNetworkGatewayId", attached.id()) + field("internalAddress", "192.168.1.8"));
        FabricException tooMuch = refused(Code.QUOTA, "", () -> give(blue, other));
        assertThat(tooMuch)
                .hasMessage(
                        "plan 'small' allows 1 publicAddresses: subscription 'other' has 0, and 2 more are asked for");
        assertThat(used("natRules")).isEqualTo(1);

        fabric.manager.delete(
                Kind.NAT_ONE_TO_ONE,
                fabric.manager.list(Kind.NAT_ONE_TO_ONE).getFirst().id());
        give(blue, other);
        assertThat(uses(tenant)).containsOnly(0L);
        assertThat(uses(other)).containsExactlyInAnyOrder(1L, 2L, 1L, 1L, 0L, 0L, 0L, 0L, 0L);
        VmNetworkGateway limited = fabric.manager.get(VmNetworkGateway.class, attached.id());
        assertThat(limited.planLimits().ports()).isEqualTo(7);
        assertThat(limited.planLimits().sessions()).isEqualTo(9);
        refused(Code.QUOTA, "", () -> fabric.vmSubnet("third", blue, "192.168.3.0/24"));
        refused(Code.QUOTA, "", () -> network("second", other));

        // In one batch with what is in it.
        fabric.manager.run(
                List.of(
                        new Operation.Delete(Kind.NAT_RULE, rule.id()),
                        new Operation.Update(Kind.VM_NETWORK, blue.id(), Patch.read("{\"subscriptionId\":null}")),
                        new Operation.Create(FabricJson.read(
                                "{" + named("third") + field("vmNetworkId", blue.id())
                                        + field("prefix", "192.168.3.0/24") + "}",
                                FabricSpec.type(Kind.VM_SUBNET)))),
                false);
        assertThat(uses(other)).containsOnly(0L);
        assertThat(fabric.manager.get(VmNetworkGateway.class, attached.id()).planLimits())
                .isEqualTo(net.nvgate.fabric.model.NetworkLimits.NONE);
        give(blue, tenant);
        assertThat(used("vmSubnets")).isEqualTo(3);
        assertThat(used("publicAddresses")).isEqualTo(1);
        TestFabric.awaitRevision(fabric.manager, store.head());
        ManagerInside.assertIndexIsAsFromScratch(fabric.manager, store.snapshot());
        fabric.patch(other, "\"state\":\"SUSPENDED\"");
        assertThat(refused(Code.QUOTA, "subscriptionId", () -> give(blue, other)))
                .hasMessageContaining("is SUSPENDED");
    }

    private void give(VmNetwork network, FabricObject owner) {
        fabric.patch(network, ownedBy(owner).substring(1));
    }

    private List<Long> uses(FabricObject subscription) {
        return fabric.manager.usage(subscription.id()).usage().values().stream()
                .map(SubscriptionUsage.Use::used)
                .toList();
    }

    /** Two managers: one gives the network away while the other puts something into it. */
    @Test
    void nothingIsAddedUnseenWhileTheOwnerChanges() throws Exception {
        FabricObject small = plan("small", "\"vmSubnets\":1");
        FabricObject other = subscription("other", small);
        try (FabricManager second = new FabricManager(store, new Random(3), new SimpleMeterRegistry());
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 20; i++) {
                VmNetwork network = network("n" + i, tenant);
                fabric.vmSubnet("a", network, "192.168.1.0/24");
                FabricSpec<?> spec = FabricJson.read(
                        "{" + named("b") + field("vmNetworkId", network.id()) + field("prefix", "192.168.2.0/24") + "}",
                        FabricSpec.type(Kind.VM_SUBNET));
                TestFabric.awaitRevision(second, store.head()); // or it does not know the network yet
                Future<Boolean> added = threads.submit(() -> succeeds(() -> second.create(spec)));
                Future<Boolean> given = threads.submit(() -> succeeds(() -> {
                    give(network, other);
                    return network;
                }));
                assertThat(added.get() && given.get()).as("round " + i).isFalse();
                Optional<FabricObject> now = fabric.manager.find(Kind.VM_NETWORK, network.id());
                if (now.map(object -> ((VmNetwork) object).subscriptionId())
                        .equals(Optional.of(Optional.of(other.id())))) {
                    fabric.patch(network, ownedBy(tenant).substring(1));
                }
            }
        }
        ManagerInside.assertIndexIsAsFromScratch(fabric.manager, store.snapshot());
    }

    private static boolean succeeds(Callable<?> call) throws Exception {
        try {
            call.call();
            return true;
        } catch (FabricException e) {
            assertThat(e.code()).isEqualTo(Code.QUOTA);
            return false;
        }
    }
}
