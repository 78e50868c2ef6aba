package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts of a VM network, and their provider addresses. */
class NetworkHostsTest extends SqliteFabric {

    private IpPool pool6;
    private Host host4;
    private Host host6;

    @BeforeEach
    void make() {
        UUID site = fabric.site("pa6-site", fabric.paNetwork, "fd10::/64").id();
        pool6 = pool("pa6-pool", site, "fd10::/64", field("rangeStart", "fd10::10"));
        host4 = fabric.host("host4");
        host6 = (Host)
                fabric.make(Kind.HOST, named("host6") + field("hostType", "HYPER_V") + field("paPoolId", pool6.id()));
    }

    private IpPool pool(String name, UUID site, String prefix, String more) {
        return (IpPool)
                fabric.make(Kind.IP_POOL, named(name) + field("networkSiteId", site) + field("prefix", prefix) + more);
    }

    private VmSubnet subnet(String name) {
        return fabric.vmSubnet(name, fabric.vmNetwork(name), "192.168.1.0/24");
    }

    private VmNetwork network(VmSubnet subnet) {
        return fabric.manager.get(VmNetwork.class, subnet.vmNetworkId());
    }

    @Test
    void hostsOfAVmNetworkHaveProviderAddressesOfOneFamily() {
        VmSubnet blue = subnet("blue");
        VmSubnet red = subnet("red");
        Vm only = fabric.vm("vm4", host4, blue);
        assertThat(refused(Code.INVALID, "hostId", () -> fabric.vm("vm6", host6, blue)))
                .hasMessageContaining("IPv4 provider address, like host 'host4'");
        fabric.vm("red6", host6, red);
        refused(Code.INVALID, "hostId", () -> fabric.vm("red4", host4, red));
        fabric.manager.moveVm(only.id(), host6.id());
        fabric.vm("vm6", host6, blue);
        refused(Code.INVALID, "hostId", () -> fabric.manager.moveVm(only.id(), host4.id()));
    }

    @Test
    void gatewayHasAProviderAddressOfTheHostsFamily() {
        Gateway both = fabric.gateway("both", field("paPool6Id", pool6.id()));
        Gateway four = fabric.gateway("four", "");
        VmSubnet blue = subnet("blue");
        fabric.vm("vm6", host6, blue);
        assertThat(refused(Code.INVALID, "gatewayId", () -> fabric.attach("blue", network(blue), four)))
                .hasMessageContaining("with an IPv6 provider address");
        fabric.attach("blue", network(blue), both);
        VmSubnet red = subnet("red");
        fabric.attach("red", network(red), four);
        assertThat(refused(Code.INVALID, "hostId", () -> fabric.vm("red6", host6, red)))
                .hasMessageContaining("gateway 'four'");
        fabric.vm("red4", host4, red);
    }

    @Test
    void secondProviderAddressServesAnIpv6Network() {
        VmNetwork six = (VmNetwork) fabric.make(
                Kind.VM_NETWORK,
                named("six") + field("logicalNetworkId", fabric.paNetwork.id()) + field("paFamily", "IPV6"));
        refused(Code.INVALID, "gatewayId", () -> fabric.attach("six", six, fabric.gateway("four", "")));
        fabric.attach("six", six, fabric.gateway("both", field("paPool6Id", pool6.id())));
        VmSubnet subnet = fabric.vmSubnet("six", six, "192.168.1.0/24");
        refused(Code.INVALID, "hostId", () -> fabric.vm("vm4", host4, subnet));
        fabric.vm("vm6", host6, subnet);
    }

    @Test
    void noPoolHoldsTheProviderAddressOfTheDistributedRouter() {
        UUID site =
                fabric.site("link-local", fabric.paNetwork, "169.254.254.0/24").id();
        String prefix = "169.254.254.0/24";
        assertThat(refused(Code.INVALID, "rangeStart", () -> pool("p", site, prefix, "")))
                .hasMessageContaining("169.254.254.254");
        IpPool below = pool("p", site, prefix, field("rangeEnd", "169.254.254.200"));
        refused(Code.INVALID, "rangeStart", () -> fabric.patch(below, "\"rangeEnd\":\"169.254.254.254\""));
        refused(
                Code.INVALID,
                "providerAddress",
                () -> fabric.make(
                        Kind.HOST,
                        named("h")
                                + field("hostType", "HYPER_V")
                                + field("paPoolId", below.id())
                                + field("providerAddress", "169.254.254.254")));
        assertThat(fabric.patch(below, "\"rangeEnd\":\"169.254.254.253\"").rangeEnd())
                .isEqualTo(ip("169.254.254.253"));
    }
}
