package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logical switches on hosts, and what they offer to VMs. */
class HostSwitchesTest extends SqliteFabric {

    private FabricObject uplink;
    private FabricObject guests;
    private FabricObject plain;
    private FabricObject logicalSwitch;
    private VmSubnet web;

    @BeforeEach
    void make() {
        uplink = fabric.make(Kind.UPLINK_PORT_PROFILE, named("uplink"));
        guests = fabric.make(Kind.PORT_CLASSIFICATION, named("guests"));
        plain = fabric.make(Kind.PORT_CLASSIFICATION, named("plain"));
        FabricObject free = fabric.make(Kind.PORT_PROFILE, named("free") + ",\"security\":{\"guestSpecifiedIp\":true}");
        FabricObject strict = fabric.make(Kind.PORT_PROFILE, named("strict"));
        logicalSwitch = logicalSwitch("switch", port(guests, free) + "," + port(plain, strict));
        web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
    }

    private static String port(FabricObject classification, FabricObject profile) {
        return "{\"portClassificationId\":\"" + classification.id() + "\",\"portProfileId\":\"" + profile.id() + "\"}";
    }

    private FabricObject logicalSwitch(String name, String ports) {
        return fabric.make(
                Kind.LOGICAL_SWITCH,
                named(name) + ",\"uplinkPortProfileIds\":[\"" + uplink.id() + "\"],\"virtualPorts\":[" + ports + "]");
    }

    private static String on(FabricObject logicalSwitch, FabricObject uplink, String adapters) {
        return "{\"logicalSwitchId\":\"" + logicalSwitch.id() + "\",\"uplinkPortProfileId\":\"" + uplink.id()
                + "\",\"adapters\":[" + adapters + "]}";
    }

    private Host host(String name, String switches) {
        return fabric.host(name, ",\"switches\":[" + switches + "]");
    }

    private Vm vm(String name, Host host, String nic) {
        return (Vm) fabric.make(
                Kind.VM,
                named(name) + field("hostId", host.id()) + ",\"nics\":[{\"vmSubnetId\":\"" + web.id() + "\"" + nic
                        + "}]");
    }

    private static String of(FabricObject classification) {
        return field("portClassificationId", classification.id());
    }

    @Test
    void aHostHasEachSwitchAndEachAdapterOnce() {
        FabricObject other = logicalSwitch("other", "");
        String first = on(logicalSwitch, uplink, "\"eth0\",\"eth1\"");
        assertThat(host("h1", first).switches()).hasSize(1);
        refused(Code.INVALID, "switches.adapters", () -> host("h", first + "," + on(other, uplink, "\"eth1\"")));
        refused(
                Code.INVALID,
                "switches.logicalSwitchId",
                () -> host("h", first + "," + on(logicalSwitch, uplink, "\"eth2\"")));
        assertThatThrownBy(() -> host("h", on(other, uplink, ""))).hasMessageContaining("one entry at least");
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.LOGICAL_SWITCH, logicalSwitch.id()));
    }

    @Test
    void theUplinkIsOneOfTheSwitch() {
        FabricObject another = fabric.make(Kind.UPLINK_PORT_PROFILE, named("another"));
        refused(Code.INVALID, "switches.uplinkPortProfileId", () -> host("h", on(logicalSwitch, another, "\"eth0\"")));
        Host host = host("h", on(logicalSwitch, uplink, "\"eth0\""));
        String only = "\"uplinkPortProfileIds\":[\"" + another.id() + "\"]";
        refused(Code.INVALID, "uplinkPortProfileIds", () -> fabric.patch(logicalSwitch, only));
        fabric.patch(host, "\"switches\":[]");
        fabric.patch(logicalSwitch, only);
    }

    @Test
    void sitesOfTheUplinkServeTheHost() {
        FabricObject europe = fabric.make(Kind.HOST_GROUP, named("europe"));
        FabricObject asia = fabric.make(Kind.HOST_GROUP, named("asia"));
        UUID inEurope = site("s1", europe);
        UUID inAsia = site("s2", asia);
        Host host = fabric.host(
                "h",
                field("hostGroupId", europe.id()) + ",\"switches\":[" + on(logicalSwitch, uplink, "\"eth0\"") + "]");
        refused(
                Code.INVALID,
                "switches.uplinkPortProfileId",
                () -> fabric.patch(uplink, "\"networkSiteIds\":[\"" + inAsia + "\"]"));
        refused(
                Code.INVALID,
                "networkSiteIds",
                () -> fabric.patch(uplink, "\"networkSiteIds\":[\"" + inAsia + "\",\"" + inEurope + "\"]"));
        fabric.patch(uplink, "\"networkSiteIds\":[\"" + inEurope + "\"]");
        refused(
                Code.INVALID,
                "switches.uplinkPortProfileId",
                () -> fabric.patch(host, "\"hostGroupId\":\"" + asia.id() + "\""));
    }

    private UUID site(String name, FabricObject group) {
        return fabric.make(
                        Kind.NETWORK_SITE,
                        named(name)
                                + field("logicalNetworkId", fabric.paNetwork.id())
                                + ",\"subnets\":[{\"prefix\":\"10.77.0.0/24\"}],\"hostGroupIds\":[\"" + group.id()
                                + "\"]")
                .id();
    }

    @Test
    void classificationsAreOfferedByTheHostsSwitches() {
        FabricObject empty = logicalSwitch("empty", "");
        Host offering = host("offering", on(logicalSwitch, uplink, "\"eth0\""));
        Host bare = host("bare", on(empty, uplink, "\"eth0\""));
        refused(Code.INVALID, "nics.portClassificationId", () -> vm("vm", bare, of(plain)));
        Vm vm = vm("vm", offering, of(plain));
        refused(Code.INVALID, "nics.portClassificationId", () -> fabric.manager.moveVm(vm.id(), bare.id()));
        assertThat(fabric.manager
                        .moveVm(vm.id(), fabric.host("nobody-says").id())
                        .nics()
                        .getFirst()
                        .portClassificationId())
                .contains(plain.id());
    }

    @Test
    void guestsChooseAddressesWhereTheirProfileLetsThem() {
        Host offering = host("offering", on(logicalSwitch, uplink, "\"eth0\""));
        String guest = field("addressing", "GUEST_SPECIFIED");
        refused(Code.INVALID, "nics.addressing", () -> vm("vm", offering, guest));
        refused(Code.INVALID, "nics.addressing", () -> vm("vm", offering, guest + of(plain)));
        assertThat(vm("vm", offering, guest + of(guests)).nics().getFirst().addressing())
                .isEqualTo(Vm.Addressing.GUEST_SPECIFIED);
        vm("other", fabric.host("nobody-says"), guest + of(guests));
    }
}
