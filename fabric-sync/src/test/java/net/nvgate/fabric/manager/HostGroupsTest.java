package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.Test;

class HostGroupsTest extends SqliteFabric {

    private HostGroup group(String name, HostGroup parent) {
        return (HostGroup) fabric.make(Kind.HOST_GROUP, named(name) + field("parentId", parent.id()));
    }

    private HostGroup group(String name) {
        return (HostGroup) fabric.make(Kind.HOST_GROUP, named(name));
    }

    @Test
    void groupsAreATree() {
        HostGroup europe = group("europe");
        HostGroup paris = group("paris", europe);
        HostGroup rack = group("rack", paris);
        refused(Code.INVALID, "parentId", () -> fabric.patch(europe, "\"parentId\":\"" + rack.id() + "\""));
        refused(Code.INVALID, "parentId", () -> fabric.patch(europe, "\"parentId\":\"" + europe.id() + "\""));
        refused(
                Code.REFERENCE_NOT_FOUND,
                "parentId",
                () -> fabric.patch(rack, "\"parentId\":\"" + UUID.randomUUID() + "\""));
        assertThat(fabric.patch(paris, "\"parentId\":null").parentId()).isEmpty();
        assertThat(fabric.patch(europe, "\"parentId\":\"" + rack.id() + "\"").parentId())
                .contains(rack.id());
    }

    @Test
    void treeIsEightLevelsDeepAtMost() {
        HostGroup lowest = group("level-1");
        for (int level = 2; level <= HostGroup.DEPTH_MAX; level++) {
            lowest = group("level-" + level, lowest);
        }
        HostGroup eighth = lowest;
        refused(Code.INVALID, "parentId", () -> group("level-9", eighth));
        HostGroup top = group("top");
        HostGroup first =
                (HostGroup) fabric.manager.list(Kind.HOST_GROUP, "level-1").getFirst();
        refused(Code.INVALID, "parentId", () -> fabric.patch(first, "\"parentId\":\"" + top.id() + "\""));
    }

    @Test
    void groupWithMembersStays() {
        HostGroup europe = group("europe");
        HostGroup paris = group("paris", europe);
        Host host = fabric.host("h1", field("hostGroupId", paris.id()));
        assertThat(refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.HOST_GROUP, europe.id()))
                        .users())
                .extracting(ObjectUser::name)
                .containsExactly("paris");
        assertThat(refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.HOST_GROUP, paris.id()))
                        .users())
                .extracting(ObjectUser::name)
                .containsExactly("h1");
        fabric.patch(host, "\"hostGroupId\":null");
        fabric.manager.delete(Kind.HOST_GROUP, paris.id());
        fabric.manager.delete(Kind.HOST_GROUP, europe.id());
    }

    @Test
    void hostInMaintenanceTakesNoVms() {
        Host open = fabric.host("open");
        Host closed = fabric.host("closed", ",\"maintenance\":true");
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        refused(Code.CONFLICT, "hostId", () -> fabric.vm("vm1", closed, web));
        Vm vm = fabric.vm("vm1", open, web);
        refused(Code.CONFLICT, "hostId", () -> fabric.manager.moveVm(vm.id(), closed.id()));
        fabric.patch(closed, "\"maintenance\":false");
        fabric.manager.moveVm(vm.id(), closed.id());
        fabric.patch(closed, "\"maintenance\":true");
        assertThat(fabric.manager.moveVm(vm.id(), closed.id()).hostId())
                .as("it is there already")
                .isEqualTo(closed.id());
    }

    @Test
    void virtualizationIsForOneConnectedNetwork() {
        String virtual = ",\"networkVirtualization\":true";
        for (String mode : new String[] {"VLAN_INDEPENDENT", "PVLAN"}) {
            refused(
                    Code.INVALID,
                    "mode",
                    () -> fabric.make(Kind.LOGICAL_NETWORK, named("n") + virtual + field("mode", mode)));
            fabric.make(Kind.LOGICAL_NETWORK, named(mode) + field("mode", mode));
        }
        String perVsid = field("providerAddressing", "PER_HOST_AND_VSID");
        refused(Code.INVALID, "providerAddressing", () -> fabric.make(Kind.LOGICAL_NETWORK, named("n") + perVsid));
        fabric.make(Kind.LOGICAL_NETWORK, named("n") + virtual + perVsid);
    }
}
