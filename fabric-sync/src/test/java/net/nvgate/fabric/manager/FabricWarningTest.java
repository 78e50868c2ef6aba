package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.VmNetwork;
import org.junit.jupiter.api.Test;

class FabricWarningTest extends SqliteFabric {

    private List<FabricWarning.Code> codes() {
        return fabric.manager.warnings().stream().map(FabricWarning::code).toList();
    }

    private FabricObject host(String name, IpPool pool) {
        return fabric.make(Kind.HOST, named(name) + field("hostType", "HYPER_V") + field("paPoolId", pool.id()));
    }

    private IpPool paPool(LogicalNetwork network, String end) {
        NetworkSite site = fabric.site("s", network, "10.20.0.0/24");
        return (IpPool) fabric.make(
                Kind.IP_POOL,
                named("pas")
                        + field("networkSiteId", site.id())
                        + field("prefix", "10.20.0.0/24")
                        + field("rangeEnd", end));
    }

    @Test
    void poolsThatRunOut() {
        IpPool pool = paPool(fabric.network("n", true), "10.20.0.11");
        for (int i = 1; i <= 10; i++) {
            host("h" + i, pool);
        }
        assertThat(codes()).as("1 of 11 is free").isEmpty();
        FabricObject last = host("h11", pool);
        assertThat(codes()).containsExactly(FabricWarning.Code.POOL_EXHAUSTED);
        assertThat(fabric.manager.warnings().getFirst().object())
                .map(ObjectUser::name)
                .contains("pas");
        fabric.manager.delete(Kind.HOST, last.id());
        assertThat(codes()).isEmpty();
        fabric.patch(pool, "\"rangeEnd\":\"10.20.0.21\"");
        for (int i = 11; i <= 20; i++) {
            host("h" + i, pool);
        }
        assertThat(codes()).as("1 of 21 is free").containsExactly(FabricWarning.Code.POOL_LOW);
    }

    @Test
    void macPoolsThatRunOut() {
        fabric.make(
                Kind.MAC_POOL,
                named("macs") + field("rangeStart", "02:00:00:00:00:00") + field("rangeEnd", "02:00:00:00:00:00"));
        assertThat(codes()).isEmpty();
        fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        assertThat(codes()).containsExactly(FabricWarning.Code.POOL_EXHAUSTED);
    }

    /** Two hosts with two VSIDs each: an address of the host and one for each VSID. */
    @Test
    void paPoolMustOutlastHostsTimesVsids() {
        LogicalNetwork network = (LogicalNetwork) fabric.make(
                Kind.LOGICAL_NETWORK,
                named("n") + ",\"networkVirtualization\":true" + field("providerAddressing", "PER_HOST_AND_VSID"));
        IpPool pool = paPool(network, "10.20.0.5");
        host("h1", pool);
        host("h2", pool);
        VmNetwork blue =
                (VmNetwork) fabric.make(Kind.VM_NETWORK, named("blue") + field("logicalNetworkId", network.id()));
        fabric.vmSubnet("web", blue, "192.168.1.0/24");
        assertThat(codes()).as("4 of 5").isEmpty();
        fabric.vmSubnet("db", blue, "192.168.2.0/24");
        FabricWarning warning = fabric.manager.warnings().getFirst();
        assertThat(warning.code()).isEqualTo(FabricWarning.Code.POOL_TOO_SMALL);
        assertThat(warning.message()).contains("5 addresses", "2 hosts", "2 VSIDs", "up to 6");
        fabric.patch(pool, "\"rangeEnd\":\"10.20.0.6\"");
        assertThat(codes()).isEmpty();
    }

    @Test
    void newFabricHasTheDefaultMacPoolOnce() {
        fabric.manager.makeDefaults();
        fabric.manager.makeDefaults();
        MacPool pool = (MacPool) fabric.manager.list(Kind.MAC_POOL).getFirst();
        assertThat(fabric.manager.count(Kind.MAC_POOL)).isEqualTo(1);
        assertThat(pool.rangeStart()).isEqualTo(MacPool.DEFAULT_FIRST);
        assertThat(pool.rangeEnd()).isEqualTo(MacPool.DEFAULT_LAST);
    }

    @Test
    void networkCanBringAVmNetworkOfItsName() {
        String direct = named("corp") + ",\"sameNameVmNetwork\":true";
        refused(
                Code.INVALID,
                "sameNameVmNetwork",
                () -> fabric.make(Kind.LOGICAL_NETWORK, direct + field("mode", "PVLAN")));
        FabricObject network = fabric.make(Kind.LOGICAL_NETWORK, direct);
        VmNetwork made =
                (VmNetwork) fabric.manager.list(Kind.VM_NETWORK, "corp").getFirst();
        assertThat(made.logicalNetworkId()).isEqualTo(network.id());
        assertThat(made.isolationType()).isEqualTo(VmNetwork.IsolationType.NO_ISOLATION);
    }

    @Test
    void anUplinkHasOneSiteOfEachLogicalNetwork() {
        NetworkSite second = fabric.site("second", fabric.paNetwork, "10.30.0.0/24");
        FabricObject uplink = fabric.make(
                Kind.UPLINK_PORT_PROFILE, named("uplink") + ",\"networkSiteIds\":[\"" + second.id() + "\"]");
        assertThat(codes()).doesNotContain(FabricWarning.Code.SEVERAL_SITES);
        fabric.patch(
                uplink,
                "\"networkSiteIds\":[\"" + second.id() + "\",\""
                        + fabric.paPool.networkSiteId().orElseThrow() + "\"]");
        assertThat(fabric.manager.warnings())
                .filteredOn(warning -> warning.code() == FabricWarning.Code.SEVERAL_SITES)
                .singleElement()
                .satisfies(warning -> assertThat(warning.message())
                        .isEqualTo("uplink-port-profile 'uplink' has several sites of logical-network 'pa-network'; one"
                                + " is advised"));
    }
}
