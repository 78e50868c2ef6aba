package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.Test;

class MacPlansTest extends SqliteFabric {

    private MacPool pool(String name, String start, String end, String more) {
        return (MacPool)
                fabric.make(Kind.MAC_POOL, named(name) + field("rangeStart", start) + field("rangeEnd", end) + more);
    }

    private static MacAddress mac(Vm vm) {
        return vm.nics().getFirst().mac();
    }

    private static String groups(HostGroup group) {
        return ",\"hostGroupIds\":[\"" + group.id() + "\"]";
    }

    @Test
    void withoutPoolsTheDefaultRangeServesEveryHost() {
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        assertThat(web.defaultGatewayMac()).isEqualTo(MacPool.DEFAULT_FIRST);
        assertThat(mac(fabric.vm("vm1", fabric.host("h1"), web))).isEqualTo(MacPool.DEFAULT_FIRST.plus(1));
    }

    @Test
    void hostsUseThePoolsOfTheirGroups() {
        HostGroup europe = (HostGroup) fabric.make(Kind.HOST_GROUP, named("europe"));
        HostGroup paris = (HostGroup) fabric.make(Kind.HOST_GROUP, named("paris") + field("parentId", europe.id()));
        pool("all", "02:00:00:00:00:00", "02:00:00:00:00:ff", "");
        pool("of-europe", "02:00:00:00:01:00", "02:00:00:00:01:01", groups(europe));
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        assertThat(web.defaultGatewayMac()).isEqualTo(MacAddress.parse("02:00:00:00:00:00"));
        Host inParis = fabric.host("in-paris", field("hostGroupId", paris.id()));
        Host elsewhere = fabric.host("elsewhere");
        assertThat(mac(fabric.vm("vm1", elsewhere, web))).isEqualTo(MacAddress.parse("02:00:00:00:00:01"));
        assertThat(mac(fabric.vm("vm2", inParis, web))).isEqualTo(MacAddress.parse("02:00:00:00:01:00"));
        assertThat(mac(fabric.vm("vm3", inParis, web))).isEqualTo(MacAddress.parse("02:00:00:00:01:01"));
        assertThat(mac(fabric.vm("vm4", inParis, web)))
                .as("the pool of the group is empty")
                .isEqualTo(MacAddress.parse("02:00:00:00:00:02"));
        assertThat(refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.HOST_GROUP, europe.id()))
                        .users())
                .extracting(ObjectUser::name)
                .containsExactlyInAnyOrder("of-europe", "paris");
    }

    @Test
    void defaultPoolCanBeSplitWhileItsMacsAreInUse() {
        MacPool whole = pool("whole", MacPool.DEFAULT_FIRST.toString(), MacPool.DEFAULT_LAST.toString(), "");
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        String end = "00:1d:d8:b7:1c:ff";
        refused(Code.CONFLICT, "rangeStart", () -> pool("half", MacPool.DEFAULT_FIRST.toString(), end, ""));
        fabric.manager.delete(Kind.MAC_POOL, whole.id());
        pool("half", MacPool.DEFAULT_FIRST.toString(), end, "");
        assertThat(mac(fabric.vm("vm1", fabric.host("h1"), web)))
                .as("the subnet has the first one")
                .isEqualTo(MacPool.DEFAULT_FIRST.plus(1));
    }

    @Test
    void rangesOfPools() {
        for (String[] range : new String[][] {
            {"02:00:00:00:00:00", "02:00:01:00:00:00"},
            {"03:00:00:00:00:00", "03:00:00:00:00:01"},
            {"00:15:5d:00:00:00", "00:15:5d:00:00:ff"},
            {"00:1d:d8:b7:1b:ff", "00:1d:d8:b7:1c:ff"},
            {"00:50:56:3f:ff:ff", "00:50:56:40:00:00"},
            {"02:00:00:00:00:02", "02:00:00:00:00:01"}
        }) {
            String field = range[0].startsWith("02") ? "rangeEnd" : "rangeStart";
            refused(Code.INVALID, field, () -> pool("p", range[0], range[1], ""));
        }
        pool("vmware", "00:50:56:00:00:00", "00:50:56:3f:ff:ff", "");
    }

    @Test
    void grantedMacIsNotAllocatedUntilItIsRevoked() {
        MacPool pool = pool("p", "02:00:00:00:00:00", "02:00:00:00:00:02", "");
        String members = named("nic") + field("macPoolId", pool.id());
        MacGrant grant = (MacGrant) fabric.make(Kind.MAC_GRANT, members);
        assertThat(grant.mac()).isEqualTo(pool.rangeStart());
        refused(
                Code.CONFLICT,
                "mac",
                () -> fabric.make(
                        Kind.MAC_GRANT, named("again") + field("macPoolId", pool.id()) + field("mac", grant.mac())));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.MAC_POOL, pool.id()));
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        Host host = fabric.host("h1");
        assertThat(web.defaultGatewayMac()).isEqualTo(pool.rangeStart().plus(1));
        fabric.patch(grant, "\"state\":\"INACTIVE\"");
        fabric.vm("vm1", host, web);
        assertThat(refused(Code.EXHAUSTED, "nics[0].mac", () -> fabric.vm("vm2", host, web))
                        .getMessage())
                .contains("mac-pool 'p'");
        fabric.manager.delete(Kind.MAC_GRANT, grant.id());
        assertThat(mac(fabric.vm("vm2", host, web))).isEqualTo(pool.rangeStart());
    }
}
