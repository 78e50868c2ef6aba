package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetwork.IsolationType;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What VM networks are like, and where subscriptions may have theirs and their VMs. */
class TenancyRulesTest extends SqliteFabric {

    private Host inside;
    private Host outside;
    private FabricObject cloud;
    private FabricObject blue;
    private FabricObject red;

    @BeforeEach
    void make() {
        inside = fabric.host("inside");
        outside = fabric.host("outside");
        cloud = fabric.make(Kind.CLOUD, named("cloud") + list("hostIds", inside));
        FabricObject plan = fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud.id()));
        blue = subscription("blue", plan);
        red = subscription("red", plan);
    }

    private FabricObject subscription(String name, FabricObject plan) {
        return fabric.make(Kind.SUBSCRIPTION, named(name) + field("planId", plan.id()) + field("owner", name));
    }

    private static String list(String name, FabricObject object) {
        return ",\"" + name + "\":[\"" + object.id() + "\"]";
    }

    private static String of(FabricObject subscription) {
        return field("subscriptionId", subscription.id());
    }

    private VmNetwork network(String name, LogicalNetwork network, String more) {
        return (VmNetwork) fabric.make(Kind.VM_NETWORK, named(name) + field("logicalNetworkId", network.id()) + more);
    }

    private Vm vm(String name, Host host, VmSubnet subnet, String nic, String more) {
        return (Vm) fabric.make(
                Kind.VM,
                named(name) + field("hostId", host.id()) + ",\"nics\":[{\"vmSubnetId\":\"" + subnet.id() + "\"" + nic
                        + "}]" + more);
    }

    @Test
    void isolationFitsTheLogicalNetwork() {
        LogicalNetwork plain = fabric.network("plain", false);
        refused(Code.INVALID, "logicalNetworkId", () -> network("n", plain, ""));
        refused(
                Code.INVALID,
                "logicalNetworkId",
                () -> network("n", fabric.paNetwork, field("isolationType", "EXTERNAL")));
        refused(Code.INVALID, "logicalNetworkId", () -> network("n", plain, field("isolationType", "VLAN")));
        FabricObject vlans = fabric.make(Kind.LOGICAL_NETWORK, named("vlans") + field("mode", "VLAN_INDEPENDENT"));
        network("vlan", (LogicalNetwork) vlans, field("isolationType", "VLAN"));
        VmNetwork open = network("open", plain, field("isolationType", "NO_ISOLATION"));
        assertThat(open.isolationType()).isEqualTo(IsolationType.NO_ISOLATION);
        refused(Code.CONFLICT, "logicalNetworkId", () -> network("m", plain, field("isolationType", "NO_ISOLATION")));
        refused(Code.INVALID, "vmNetworkId", () -> fabric.vmSubnet("web", open, "192.168.1.0/24"));
        refused(Code.INVALID, "vmNetworkId", () -> fabric.attach("gw", open, fabric.gateway("g", 2)));
    }

    @Test
    void familiesAreChecked() {
        VmNetwork four = network("four", fabric.paNetwork, field("caFamily", "IPV4"));
        refused(
                Code.INVALID,
                "prefix6",
                () -> fabric.vmSubnet("web", four, "192.168.1.0/24", field("prefix6", "fd00::/64")));
        VmNetwork six = network("six", fabric.paNetwork, field("caFamily", "IPV6") + field("paFamily", "IPV6"));
        refused(Code.INVALID, "prefix", () -> fabric.vmSubnet("web", six, "192.168.1.0/24"));
        VmSubnet web = fabric.vmSubnet("web", six, "fd00::/64");
        refused(Code.INVALID, "hostId", () -> fabric.vm("vm", inside, web));
    }

    @Test
    void aSubnetIsMadeWithTheNetworkIfWanted() {
        network("auto", fabric.paNetwork, ",\"autoCreateSubnet\":true");
        VmSubnet subnet = (VmSubnet) fabric.manager.list(Kind.VM_SUBNET, "auto").getFirst();
        assertThat(subnet.prefix()).isEqualTo(IpPrefix.parse("192.168.0.0/24"));
        assertThat(fabric.vm("vm", inside, subnet).nics().getFirst().address()).hasToString("192.168.0.2");
    }

    @Test
    void networksAreInTheCloud() {
        LogicalNetwork other = fabric.network("other", true);
        fabric.patch(cloud, "\"logicalNetworkIds\":[\"" + other.id() + "\"]");
        refused(Code.INVALID, "logicalNetworkId", () -> network("n", fabric.paNetwork, of(blue)));
        VmNetwork made = network("n", other, of(blue));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.SUBSCRIPTION, blue.id()));
        fabric.manager.delete(Kind.VM_NETWORK, made.id());
        fabric.manager.delete(Kind.SUBSCRIPTION, blue.id());
    }

    @Test
    void vmsAreInTheCloud() {
        VmSubnet web = fabric.vmSubnet("web", network("n", fabric.paNetwork, of(blue)), "192.168.1.0/24");
        refused(Code.INVALID, "hostId", () -> vm("vm", outside, web, "", of(blue)));
        Vm vm = vm("vm", inside, web, "", of(blue));
        refused(Code.INVALID, "hostId", () -> fabric.manager.moveVm(vm.id(), outside.id()));
        assertThat(fabric.manager
                        .moveVm(vm("free", inside, web, "", "").id(), outside.id())
                        .hostId())
                .isEqualTo(outside.id());
    }

    @Test
    void aCloudHasTheHostsOfItsGroups() {
        FabricObject europe = fabric.make(Kind.HOST_GROUP, named("europe"));
        FabricObject paris = fabric.make(Kind.HOST_GROUP, named("paris") + field("parentId", europe.id()));
        VmSubnet web = fabric.vmSubnet("web", network("n", fabric.paNetwork, of(blue)), "192.168.1.0/24");
        fabric.patch(cloud, "\"hostGroupIds\":[\"" + europe.id() + "\"]");
        Host there = fabric.host("there", field("hostGroupId", paris.id()));
        Vm vm = vm("vm", there, web, "", of(blue));
        assertThat(fabric.manager.moveVm(vm.id(), inside.id()).hostId()).isEqualTo(inside.id());
        refused(Code.INVALID, "hostId", () -> fabric.manager.moveVm(vm.id(), outside.id()));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.HOST_GROUP, europe.id()));
        refused(
                Code.REFERENCE_NOT_FOUND,
                "hostGroupIds",
                () -> fabric.patch(cloud, "\"hostGroupIds\":[\"" + blue.id() + "\"]"));
    }

    @Test
    void vmsAreOnNetworksThatAreOpenToThem() {
        VmNetwork network = network("n", fabric.paNetwork, of(blue));
        VmSubnet web = fabric.vmSubnet("web", network, "192.168.1.0/24");
        refused(Code.INVALID, "nics.vmSubnetId", () -> vm("vm", inside, web, "", of(red)));
        fabric.patch(network, "\"grantedTo\":[\"" + red.id() + "\"]");
        Vm guest = vm("vm", inside, web, "", of(red));
        assertThat(guest.subscriptionId()).contains(red.id());
        refused(
                Code.REFERENCE_NOT_FOUND,
                "grantedTo",
                () -> fabric.patch(network, "\"grantedTo\":[\"" + cloud.id() + "\"]"));
        assertThat(fabric.patch(guest, "\"subscriptionId\":null,\"vcpus\":4").vcpus())
                .isEqualTo(4);
    }

    @Test
    void classificationsAreInTheCloud() {
        FabricObject fast = fabric.make(Kind.PORT_CLASSIFICATION, named("fast"));
        FabricObject slow = fabric.make(Kind.PORT_CLASSIFICATION, named("slow"));
        fabric.patch(cloud, "\"portClassificationIds\":[\"" + slow.id() + "\"]");
        VmSubnet web = fabric.vmSubnet("web", network("n", fabric.paNetwork, of(blue)), "192.168.1.0/24");
        refused(
                Code.INVALID,
                "nics.portClassificationId",
                () -> vm("vm", inside, web, field("portClassificationId", fast.id()), of(blue)));
        Vm vm = vm("vm", inside, web, field("portClassificationId", slow.id()), of(blue));
        assertThat(vm.nics().getFirst().portClassificationId()).contains(slow.id());
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.PORT_CLASSIFICATION, slow.id()));
    }

    @Test
    void aStaticAddressNeedsAStaticMac() {
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("n"), "192.168.1.0/24");
        refused(Code.INVALID, "nics.macType", () -> vm("vm", inside, web, field("macType", "DYNAMIC"), ""));
        Vm vm = vm("vm", inside, web, field("macType", "DYNAMIC") + field("addressing", "DHCP"), "");
        assertThat(vm.nics().getFirst().macType()).isEqualTo(Vm.MacType.DYNAMIC);
        refused(
                Code.INVALID,
                "nics.addressing",
                () -> vm("guest", inside, web, field("addressing", "GUEST_SPECIFIED"), ""));
    }

    @Test
    void aVmNetworkIsGivenToAnotherSubscriptionOfWhichItsVmsMayBe() {
        VmNetwork network = network("n", fabric.paNetwork, of(blue));
        VmSubnet web = fabric.vmSubnet("web", network, "192.168.1.0/24");
        Vm mine = vm("mine", inside, web, "", of(blue));
        vm("nobodys", outside, web, "", "");
        FabricException inUse = refused(Code.IN_USE, "", () -> fabric.patch(network, of(red).substring(1)));
        assertThat(inUse).hasMessage("vm-network 'n' is in use by vms 'mine'");
        assertThat(inUse.users()).extracting(ObjectUser::name).containsExactly("mine");
        refused(Code.IN_USE, "", () -> fabric.patch(network, "\"subscriptionId\":null"));

        VmNetwork given = fabric.patch(network, of(red).substring(1) + list("grantedTo", blue));
        assertThat(given.subscriptionId()).hasValue(red.id());
        vm("second", inside, web, "", of(blue));
        vm("hers", inside, web, "", of(red));
        fabric.manager.delete(Kind.VM, mine.id());

        LogicalNetwork other = fabric.network("other", true);
        fabric.patch(cloud, list("logicalNetworkIds", other).substring(1));
        VmNetwork free = network("free", fabric.paNetwork, "");
        refused(Code.INVALID, "logicalNetworkId", () -> fabric.patch(free, of(red).substring(1)));
        refused(
                Code.REFERENCE_NOT_FOUND,
                "subscriptionId",
                () -> fabric.patch(free, field("subscriptionId", free.id()).substring(1)));
        // What is taken out of the cloud stays with its owner, and can be changed otherwise.
        fabric.patch(given, "\"description\":\"still hers\"");
    }
}
