package net.nvgate.fabric.policy;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.vmSpec;
import static net.nvgate.fabric.policy.PolicyFixture.gateway;
import static net.nvgate.fabric.policy.PolicyFixture.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The documented forms of the records around a gateway. */
@Timeout(300)
class GatewayFormsTest {

    private static final NodeId GW = gateway("gw");
    private static final NodeId H1 = host("h1");

    @TempDir
    private Path directory;

    private PolicyFixture fixture;
    private TestFabric fabric;
    private Gateway gateway;
    private Host host;
    private VmNetwork blue;

    @BeforeEach
    void build() {
        fixture = new PolicyFixture(directory, 1);
        fabric = fixture.fabric;
        gateway = fabric.gateway("gw", 50);
        host = fabric.host("h1");
        blue = fabric.vmNetwork("blue");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private LookupRecord wildcard(VmNetworkGateway attached, String any) {
        return new LookupRecord(
                blue.rdid(),
                attached.vsid(),
                ip(any),
                attached.mac(),
                gateway.providerAddress(),
                LookupRecord.Type.GATEWAY_WILDCARD,
                "blue-gw");
    }

    @Test
    void wildcardsAreTheGatewaysAloneOrOnAllHosts() {
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24", field("prefix6", "fd00:1::/64"));
        VmNetworkGateway attached = fabric.attach("blue-gw", blue, gateway);
        fabric.vm("vm1", host, web);
        LookupRecord four = wildcard(attached, "0.0.0.0");
        LookupRecord six = wildcard(attached, "::");
        assertThat(fixture.policy(GW)).containsValues(four, six);
        assertThat(fixture.policy(H1).keySet()).doesNotContain(four.key(), six.key());

        fabric.patch(attached, field("wildcardRecords", "ALL_HOSTS").substring(1));
        assertThat(fixture.news(H1)).containsExactlyInAnyOrder(new PolicyChange.Put(four), new PolicyChange.Put(six));
        assertThat(fixture.policy(GW)).containsValues(four, six);
        fabric.patch(attached, field("wildcardRecords", "GATEWAY").substring(1));
        fixture.policy(GW);
        fabric.patch(attached, field("wildcardRecords", "ALL_HOSTS").substring(1));
        assertThat(fixture.news(GW))
                .containsSubsequence(new PolicyChange.Remove(four.key()), new PolicyChange.Put(four))
                .containsSubsequence(new PolicyChange.Remove(six.key()), new PolicyChange.Put(six));

        fabric.patch(attached, field("wildcardRecords", "GATEWAY").substring(1));
        assertThat(fixture.policy(H1).keySet()).doesNotContain(four.key(), six.key());
        assertThat(fixture.policy(GW)).containsValues(four, six);
    }

    @Test
    void aGatewayCanShareTheVmsVsid() {
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24", field("prefix6", "fd00:1::/64"));
        VmSubnet db = fabric.vmSubnet("db", blue, "192.168.2.0/24");
        VmNetworkGateway attached = fabric.attach("blue-gw", blue, gateway, field("vmSubnetId", web.id()));
        Vm vm = fabric.vm("vm1", host, db);
        fixture.policy(H1);

        IpAddress ca = ip("192.168.1.2");
        assertThat(attached.address()).isEqualTo(ca);
        assertThat(attached.vsid()).isEqualTo(web.vsid());
        assertThat(fabric.vm("vm2", host, web).nics().getFirst().address()).isEqualTo(ip("192.168.1.3"));
        LookupRecord record = new LookupRecord(
                blue.rdid(),
                web.vsid(),
                ca,
                attached.mac(),
                gateway.providerAddress(),
                LookupRecord.Type.STATIC,
                "blue-gw");
        IpAddress ca6 = attached.address6().orElseThrow();
        List<PolicyObject> everywhere = List.of(
                record,
                new CustomerRoute(blue.rdid(), web.vsid(), IpPrefix.parse("0.0.0.0/0"), ca, 255),
                new CustomerRoute(blue.rdid(), web.vsid(), IpPrefix.parse("::/0"), ca6, 255));
        assertThat(fixture.policy(H1).values()).containsAll(everywhere);
        assertThat(fixture.policy(GW).values())
                .containsAll(everywhere)
                .contains(wildcard(attached, "0.0.0.0"), wildcard(attached, "::"));
        assertThat(fixture.policy(GW).values().stream().filter(VirtualSubnet.class::isInstance))
                .hasSize(3)
                .noneMatch(subnet -> ((VirtualSubnet) subnet).gatewaySubnet());

        assertThatThrownBy(() -> fabric.manager.delete(Kind.VM_SUBNET, web.id()))
                .isInstanceOf(FabricException.class)
                .hasMessageContaining("in use by vm-network-gateways 'blue-gw' and 1 more");
        fabric.manager.delete(Kind.VM_NETWORK_GATEWAY, attached.id());
        assertThat(fixture.policy(H1)).doesNotContainKey(record.key()).containsKey("vsid/" + web.vsid());
        assertThat(fabric.vm("vm3", host, web).nics().getFirst().address()).isEqualTo(ca);
        assertThat(vm.nics()).hasSize(1);
    }

    @Test
    void aSharedSubnetIsOfTheSameVmNetworkAndSaysWhatItSays() {
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        VmSubnet red = fabric.vmSubnet("red", fabric.vmNetwork("red"), "192.168.1.0/24");
        assertThatThrownBy(() -> fabric.attach("gw1", blue, gateway, field("vmSubnetId", red.id())))
                .hasMessageContaining("vm-subnet of the same vm-network");
        assertThatThrownBy(() -> fabric.attach(
                        "gw1", blue, gateway, field("vmSubnetId", web.id()) + field("routingSubnet", "10.0.0.0/29")))
                .hasMessageContaining("must be left out beside vmSubnetId");
        VmNetworkGateway attached = fabric.attach("blue-gw", blue, gateway, field("vmSubnetId", web.id()));
        assertThatThrownBy(() -> fabric.patch(attached, routes("192.168.1.2", 1)))
                .hasMessageContaining("must be the address of a VM");
        fixture.policy(GW);
    }

    @Test
    void aGatewayInAVmSubnetCanChooseItsAddresses() {
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24", field("prefix6", "fd00:1::/64"));
        VmSubnet db = fabric.vmSubnet("db", blue, "192.168.2.0/24");
        fabric.vm("vm1", host, web);
        String shared = field("vmSubnetId", web.id());
        assertThatThrownBy(() -> fabric.attach("gw1", blue, gateway, shared + field("address", "192.168.2.9")))
                .hasMessageContaining("vm-network-gateway.address");
        assertThatThrownBy(() -> fabric.attach("gw1", blue, gateway, shared + field("address", "192.168.1.2")))
                .hasMessage("vm-network-gateway.address '192.168.1.2' is already used by vm 'vm1'");
        assertThatThrownBy(() -> fabric.attach(
                        "gw1", blue, gateway, field("vmSubnetId", db.id()) + field("address6", "fd00:1::9")))
                .hasMessageContaining("needs a prefix6 of vm-subnet 'db'");
        assertThatThrownBy(() -> fabric.attach("gw1", blue, gateway, field("address", "10.254.254.3")))
                .hasMessageContaining("must be left out without vmSubnetId");
        VmNetworkGateway attached = fabric.attach(
                "gw", blue, gateway, shared + field("address", "192.168.1.254") + field("address6", "fd00:1::fe"));
        assertThat(attached.addresses()).containsExactly(ip("192.168.1.254"), ip("fd00:1::fe"));
        assertThatThrownBy(() -> fabric.manager.create(vmSpec("vm2", host, web, "192.168.1.254")))
                .hasMessageContaining("is already used by vm-network-gateway 'gw'");
    }

    @Test
    void customerRoutesHaveTheirMetrics() {
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        VmNetworkGateway attached = fabric.attach("blue-gw", blue, gateway);
        fabric.vm("vm1", host, web);
        fabric.patch(attached, routes("192.168.1.2", 7));
        CustomerRoute route =
                new CustomerRoute(blue.rdid(), web.vsid(), IpPrefix.parse("10.8.0.0/16"), ip("192.168.1.2"), 7);
        assertThat(fixture.policy(H1)).containsEntry(route.key(), route);
        fabric.patch(attached, routes("192.168.1.2", 9));
        assertThat(fixture.news(GW))
                .containsExactly(new PolicyChange.Put(
                        new CustomerRoute(route.rdid(), route.vsid(), route.destinationPrefix(), route.nextHop(), 9)));
    }

    private static String routes(String nextHop, int metric) {
        return "\"routes\":[{\"destinationPrefix\":\"10.8.0.0/16\",\"nextHops\":[\"" + nextHop + "\"],\"metric\":"
                + metric + "}]";
    }
}
