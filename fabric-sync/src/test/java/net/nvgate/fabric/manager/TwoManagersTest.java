package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static net.nvgate.fabric.manager.TestFabric.vmSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.FaultyStore;
import net.nvgate.fabric.store.SqliteStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Races of two managers over one store, step by step: the first plans, the second commits, the first commits on what is no
 * longer so, and has to plan again.
 */
@Timeout(300)
class TwoManagersTest {

    @TempDir
    private Path directory;

    private FaultyStore store;
    private SimpleMeterRegistry metrics;
    private TestFabric fabric;
    private FabricManager first;
    private FabricManager second;
    private Host host;
    private VmSubnet subnet;

    @BeforeEach
    void open() {
        store = new FaultyStore(SqliteStore.open(directory));
        fabric = new TestFabric(store, 3);
        host = fabric.host("host");
        subnet = fabric.vmSubnet("subnet", fabric.vmNetwork("network"), "192.168.0.0/24");
        second = fabric.manager;
        metrics = new SimpleMeterRegistry();
        first = new FabricManager(store, new Random(4), metrics);
    }

    @AfterEach
    void close() {
        first.close();
        fabric.close();
        store.close();
    }

    /** The first manager plans {@code slow}, and the second one does {@code quick} before that is committed. */
    private <R> R race(Function<FabricManager, R> slow, Runnable quick) {
        TestFabric.awaitRevision(first, store.head());
        store.beforeNextCommit(quick);
        return slow.apply(first);
    }

    /** Two changes that are not in each other's way. */
    private <R> R side(Function<FabricManager, R> slow, Runnable quick) {
        R result = race(slow, quick);
        assertThat(races()).as("lost races").isZero();
        return result;
    }

    private static void refused(ThrowingCallable call, Code code, String field, String text) {
        assertThat(Refusals.refused(code, field, call)).hasMessageContaining(text);
    }

    private double races() {
        return metrics.get("nvgate.fabric.commit.races").counter().count();
    }

    private static FabricObject make(FabricManager manager, Kind kind, String members) {
        return manager.run(new Operation.Create(FabricJson.read("{" + members + "}", FabricSpec.type(kind))));
    }

    private static FabricObject patch(FabricManager manager, FabricObject object, String members) {
        return manager.patch(object.kind(), object.id(), Patch.read("{" + members + "}"));
    }

    private Vm vm(FabricManager manager, String name) {
        return manager.create(vmSpec(name, host, subnet, ""));
    }

    private IpPool pool() {
        LogicalNetwork network = fabric.network("more", true);
        NetworkSite site = fabric.site("more-site", network, "10.20.0.0/24");
        return (IpPool) fabric.make(
                Kind.IP_POOL, named("more") + field("networkSiteId", site.id()) + field("prefix", "10.20.0.0/24"));
    }

    private static Host host(FabricManager manager, String name, IpPool pool) {
        return (Host)
                make(manager, Kind.HOST, named(name) + field("hostType", "HYPER_V") + field("paPoolId", pool.id()));
    }

    @Test
    void anAddressIsNotTakenFromWhatIsCutOff() {
        IpPool pool = pool();
        Host late = race(
                manager -> host(manager, "late", pool), () -> patch(second, pool, "\"rangeStart\":\"10.20.0.100\""));
        assertThat(late.providerAddress()).isEqualTo(ip("10.20.0.100"));
        assertThat(races()).isEqualTo(1);
    }

    @Test
    void whatHasBeenTakenIsNotCutOff() {
        IpPool pool = pool();
        refused(
                () -> race(
                        manager -> patch(manager, pool, "\"rangeStart\":\"10.20.0.100\""),
                        () -> host(second, "quick", pool)),
                Code.IN_USE,
                "rangeStart",
                "10.20.0.1 of host 'quick'");
    }

    @Test
    void addressesOfOnePoolAreTakenSideBySide() {
        IpPool pool = pool();
        Host late = side(
                manager -> (Host) make(
                        manager,
                        Kind.HOST,
                        named("late")
                                + field("hostType", "HYPER_V")
                                + field("paPoolId", pool.id())
                                + field("providerAddress", "10.20.0.9")),
                () -> host(second, "quick", pool));
        assertThat(late.providerAddress()).isEqualTo(ip("10.20.0.9"));
    }

    @Test
    void noVmComesToAHostThatIsUnderMaintenanceMeanwhile() {
        refused(
                () -> race(manager -> vm(manager, "late"), () -> patch(second, host, "\"maintenance\":true")),
                Code.CONFLICT,
                "hostId",
                "not in maintenance");
        assertThat(first.count(Kind.VM)).isZero();
    }

    @Test
    void noVmMovesToAHostThatIsUnderMaintenanceMeanwhile() {
        Vm vm = vm(second, "vm");
        Host other = fabric.host("other");
        refused(
                () -> race(
                        manager -> manager.moveVm(vm.id(), other.id()),
                        () -> patch(second, other, "\"maintenance\":true")),
                Code.CONFLICT,
                "hostId",
                "not in maintenance");
    }

    @Test
    void aHostLeavesItsGroupWithTheVmsThatHaveComeMeanwhile() {
        FabricObject served = fabric.make(Kind.HOST_GROUP, named("served"));
        patch(second, host, "\"hostGroupId\":\"" + served.id() + "\"");
        fabric.attach(
                "attachment",
                second.get(VmNetwork.class, subnet.vmNetworkId()),
                fabric.gateway("gateway", ",\"hostGroupIds\":[\"" + served.id() + "\"]"));
        refused(
                () -> race(manager -> patch(manager, host, "\"hostGroupId\":null"), () -> vm(second, "quick")),
                Code.INVALID,
                "hostGroupId",
                "must be in the host-groups of gateway");
    }

    /** A gateway for the hosts of one group, which {@link #host} is in or not. */
    private Gateway gatewayOf(FabricObject group) {
        return fabric.gateway("gateway", ",\"hostGroupIds\":[\"" + group.id() + "\"]");
    }

    @Test
    void aGatewayComesOnlyWhereItServesTheVmsThatHaveComeMeanwhile() {
        Gateway gateway = gatewayOf(fabric.make(Kind.HOST_GROUP, named("served")));
        String attachment =
                named("late") + field("vmNetworkId", subnet.vmNetworkId()) + field("gatewayId", gateway.id());
        refused(
                () -> race(manager -> make(manager, Kind.VM_NETWORK_GATEWAY, attachment), () -> vm(second, "quick")),
                Code.INVALID,
                "gatewayId",
                "must be in the host-groups of gateway");
    }

    @Test
    void aVmComesOnlyWhereTheGatewayThatHasComeMeanwhileServes() {
        Gateway gateway = gatewayOf(fabric.make(Kind.HOST_GROUP, named("served")));
        VmNetwork network = second.get(VmNetwork.class, subnet.vmNetworkId());
        refused(
                () -> race(manager -> vm(manager, "late"), () -> fabric.attach("quick", network, gateway)),
                Code.INVALID,
                "hostId",
                "must be in the host-groups of gateway");
    }

    @Test
    void aVmDoesNotComeToAHostWhoseGroupLeavesMeanwhile() {
        FabricObject served = fabric.make(Kind.HOST_GROUP, named("served"));
        FabricObject below = fabric.make(Kind.HOST_GROUP, named("below") + field("parentId", served.id()));
        patch(second, host, "\"hostGroupId\":\"" + below.id() + "\"");
        fabric.attach("there", second.get(VmNetwork.class, subnet.vmNetworkId()), gatewayOf(served));
        refused(
                () -> race(manager -> vm(manager, "late"), () -> patch(second, below, "\"parentId\":null")),
                Code.INVALID,
                "hostId",
                "must be in the host-groups of gateway");
    }

    @Test
    void firstVmsOfANetworkAreOnHostsOfOneFamily() {
        NetworkSite site = fabric.site("pa6-site", fabric.paNetwork, "fd10::/64");
        IpPool six = (IpPool) fabric.make(
                Kind.IP_POOL, named("pa6") + field("networkSiteId", site.id()) + field("prefix", "fd10::/64"));
        Host other = host(second, "host6", six);
        refused(
                () -> race(manager -> vm(manager, "late"), () -> second.create(vmSpec("quick", other, subnet, ""))),
                Code.INVALID,
                "hostId",
                "an IPv6 provider address");
    }

    @Test
    void vmsOfANetworkComeSideBySide() {
        vm(second, "there");
        side(
                manager -> tenantVm(manager, "late", "192.168.0.20", "02:00:00:00:00:01"),
                () -> tenantVm(second, "quick", "192.168.0.30", "02:00:00:00:00:02"));
        assertThat(store.head()).isEqualTo(first.revision());
    }

    @Test
    void capacityThatIsSetForTheFirstTimeHolds() {
        FabricObject cloud = fabric.make(Kind.CLOUD, named("cloud"));
        FabricObject plan = fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud.id()));
        FabricObject tenant = fabric.make(
                Kind.SUBSCRIPTION, named("tenant") + field("planId", plan.id()) + field("owner", "a@example.org"));
        VmSubnet own = fabric.vmSubnet(
                "own",
                (VmNetwork) fabric.make(
                        Kind.VM_NETWORK,
                        named("own")
                                + field("logicalNetworkId", fabric.paNetwork.id())
                                + field("subscriptionId", tenant.id())),
                "192.168.1.0/24");
        String members = field("hostId", host.id()) + field("subscriptionId", tenant.id())
                + ",\"nics\":[{\"vmSubnetId\":\"" + own.id() + "\"}]";
        make(second, Kind.VM, named("one") + members);
        refused(
                () -> race(
                        manager -> make(manager, Kind.VM, named("two") + members),
                        () -> patch(second, cloud, "\"capacity\":{\"vms\":1}")),
                Code.QUOTA,
                "",
                "allows 1 vms");
    }

    /** What seed 107 of the simulation found. */
    @Test
    void aLimitThatIsLoweredMeanwhileHolds() {
        FabricObject cloud = fabric.make(Kind.CLOUD, named("cloud"));
        FabricObject plan =
                fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud.id()) + ",\"limits\":{\"vmSubnets\":5}");
        FabricObject tenant = fabric.make(
                Kind.SUBSCRIPTION, named("tenant") + field("planId", plan.id()) + field("owner", "a@example.org"));
        FabricObject network = fabric.make(
                Kind.VM_NETWORK,
                named("own") + field("logicalNetworkId", fabric.paNetwork.id()) + field("subscriptionId", tenant.id()));
        refused(
                () -> race(
                        manager -> make(
                                manager,
                                Kind.VM_SUBNET,
                                named("late") + field("vmNetworkId", network.id()) + field("prefix", "10.0.0.0/24")),
                        () -> patch(second, plan, "\"limits\":{\"vmSubnets\":0}")),
                Code.QUOTA,
                "",
                "allows 0 vmSubnets");
    }

    @Test
    void anAllocatedMacIsTheOnlyOneInTheFabric() {
        VmSubnet other = fabric.vmSubnet("other", fabric.vmNetwork("another"), "192.168.0.0/24");
        Vm[] quick = new Vm[1];
        Vm late =
                race(manager -> vm(manager, "late"), () -> quick[0] = second.create(vmSpec("quick", host, other, "")));
        MacAddress mac = quick[0].nics().getFirst().mac();
        assertThat(late.nics().getFirst().mac()).isEqualTo(mac.plus(1));
        assertThat(races()).isEqualTo(1);
    }

    @Test
    void aGrantedMacIsNotAllocatedMeanwhile() {
        second.makeDefaults();
        FabricObject pool = second.list(Kind.MAC_POOL).getFirst();
        Vm[] quick = new Vm[1];
        MacGrant grant = (MacGrant) race(
                manager -> make(manager, Kind.MAC_GRANT, named("late") + field("macPoolId", pool.id())),
                () -> quick[0] = vm(second, "quick"));
        assertThat(grant.mac()).isEqualTo(quick[0].nics().getFirst().mac().plus(1));
    }

    /** Not allocated by the book but asked for: the MAC that somebody gets at the same moment. */
    @Test
    void aMacThatIsAskedForIsGrantedOnlyIfNobodyGotItMeanwhile() {
        second.makeDefaults();
        FabricObject pool = second.list(Kind.MAC_POOL).getFirst();
        MacAddress next = vm(second, "before").nics().getFirst().mac().plus(1);
        Vm[] quick = new Vm[1];
        refused(
                () -> race(
                        manager -> make(
                                manager,
                                Kind.MAC_GRANT,
                                named("late") + field("macPoolId", pool.id()) + field("mac", next)),
                        () -> quick[0] = vm(second, "quick")),
                Code.CONFLICT,
                "mac",
                "must be free");
        assertThat(quick[0].nics().getFirst().mac()).isEqualTo(next);
    }

    @Test
    void twoSubnetsOfTwoRoutingDomainsGetTwoMacs() {
        VmNetwork one = fabric.vmNetwork("one");
        VmNetwork other = fabric.vmNetwork("two");
        VmSubnet[] quick = new VmSubnet[1];
        VmSubnet late = race(
                manager -> (VmSubnet) make(
                        manager,
                        Kind.VM_SUBNET,
                        named("late") + field("vmNetworkId", one.id()) + field("prefix", "10.1.0.0/24")),
                () -> quick[0] = (VmSubnet) make(
                        second,
                        Kind.VM_SUBNET,
                        named("quick") + field("vmNetworkId", other.id()) + field("prefix", "10.1.0.0/24")));
        assertThat(late.defaultGatewayMac()).isNotEqualTo(quick[0].defaultGatewayMac());
    }

    /** What a tenant brings is not the fabric's: the same MAC in two routing domains. */
    @Test
    void aMacOfATenantIsNotInTheWay() {
        VmSubnet other = fabric.vmSubnet("other", fabric.vmNetwork("another"), "192.168.0.0/24");
        side(manager -> tenantVm(manager, "late", subnet), () -> tenantVm(second, "quick", other));
        assertThat(store.head()).isEqualTo(first.revision());
    }

    private FabricObject tenantVm(FabricManager manager, String name, String address, String mac) {
        return make(
                manager,
                Kind.VM,
                named(name) + field("hostId", host.id()) + ",\"nics\":[{\"vmSubnetId\":\"" + subnet.id() + "\""
                        + field("address", address) + field("mac", mac) + "}]");
    }

    private FabricObject tenantVm(FabricManager manager, String name, VmSubnet to) {
        return make(
                manager,
                Kind.VM,
                named(name) + field("hostId", host.id()) + ",\"nics\":[{\"vmSubnetId\":\"" + to.id()
                        + "\",\"mac\":\"02:00:00:00:00:01\"}]");
    }
}
