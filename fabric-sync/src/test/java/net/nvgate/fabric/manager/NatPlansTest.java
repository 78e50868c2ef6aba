package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.Alg;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Filtering;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of NAT connections, rules, 1:1 addresses and exemptions. */
class NatPlansTest extends SqliteFabric {

    private Gateway gateway;
    private VmNetworkGateway blue;
    private VmNetworkGateway red;
    private VmSubnet web;

    @BeforeEach
    void make() {
        gateway = fabric.gateway("g", 50);
        VmNetwork network = fabric.vmNetwork("blue");
        web = fabric.vmSubnet("web", network, "192.168.1.0/24");
        blue = fabric.attach("blue-gw", network, gateway);
        red = fabric.attach("red-gw", fabric.vmNetwork("red"), gateway);
    }

    private static FabricException refused(Code code, String field, ThrowingCallable call) {
        FabricException[] caught = new FabricException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(FabricException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.field().orElse("")).as(e.getMessage()).isEqualTo(field);
            caught[0] = e;
        });
        return caught[0];
    }

    private FabricObject oneToOne(String name, VmNetworkGateway attached, String target, String more) {
        return fabric.make(
                Kind.NAT_ONE_TO_ONE,
                named(name) + field("vmNetworkGatewayId", attached.id()) + field("internalAddress", target) + more);
    }

    /** {@link #web} with a gateway of its network in it. */
    private VmNetworkGateway sharing() {
        VmNetwork network = fabric.vmNetwork("sharing");
        VmSubnet subnet = fabric.vmSubnet("sharing", network, "192.168.1.0/24");
        return fabric.attach(
                "sharing", network, gateway, field("vmSubnetId", subnet.id()) + field("address", "192.168.1.200"));
    }

    @Test
    void gatewayItselfIsNoTarget() {
        VmNetworkGateway sharing = sharing();
        NatConnection nat = fabric.nat("nat", sharing);
        refused(Code.INVALID, "internalAddress", () -> fabric.rule("r", nat, 80, "192.168.1.200"));
        refused(Code.INVALID, "internalAddress", () -> oneToOne("o", sharing, "192.168.1.200", ""));
        fabric.rule("r", nat, 80, "192.168.1.201");
    }

    /** Two sites for different host groups have the same front-end subnet: what one pool has given away the other does not. */
    @Test
    void freeExternalAddressIsFreeInOtherPoolsToo() {
        String groups = ",\"hostGroupIds\":[\"%s\"]";
        FabricObject east = fabric.make(Kind.HOST_GROUP, named("east"));
        FabricObject west = fabric.make(Kind.HOST_GROUP, named("west"));
        LogicalNetwork front = fabric.network("front", false);
        String first = pool("first", fabric.site("first", front, "198.51.100.0/24", groups.formatted(east.id())));
        String second = pool("second", fabric.site("second", front, "198.51.100.0/24", groups.formatted(west.id())));
        Gateway other = (Gateway) fabric.make(
                Kind.GATEWAY, named("front") + field("paPoolId", fabric.paPool.id()) + field("externalPoolId", first));
        VmNetworkGateway attached = fabric.attach("front", fabric.vmNetwork("front"), other);
        fabric.nat("n1", attached);
        NatConnection next = fabric.nat("n2", attached, field("externalPoolId", second));
        assertThat(next.externalAddress()).isEqualTo(TestFabric.ip("198.51.100.3"));
        AddressGrant grant = (AddressGrant) fabric.make(Kind.ADDRESS_GRANT, named("g") + field("ipPoolId", first));
        assertThat(grant.address()).isEqualTo(TestFabric.ip("198.51.100.4"));
    }

    private String pool(String name, NetworkSite site) {
        return fabric.make(
                        Kind.IP_POOL,
                        named(name) + field("networkSiteId", site.id()) + field("prefix", "198.51.100.0/24"))
                .id()
                .toString();
    }

    private static String ports(int min, int max) {
        return ",\"portMin\":" + min + ",\"portMax\":" + max;
    }

    private static String at(NatConnection connection) {
        return field("externalAddress", connection.externalAddress());
    }

    @Test
    void settingsHaveTheirDefaultsAndCanBeChanged() {
        NatConnection nat = fabric.nat("nat", blue);
        assertThat(nat.settings()).isEqualTo(NatSettings.DEFAULT);

        NatConnection changed = fabric.patch(nat, """
                "filtering":"ENDPOINT_INDEPENDENT","timeouts":{"udpSeconds":600},"algs":[],"portBlockSize":256,
                "sourcePrefixes":["192.168.1.0/25"]""");
        assertThat(changed.filtering()).isEqualTo(Filtering.ENDPOINT_INDEPENDENT);
        assertThat(changed.timeouts().udpSeconds()).isEqualTo(600);
        assertThat(changed.timeouts().tcpEstablishedSeconds()).isEqualTo(7440);
        assertThat(changed.algs()).isEmpty();
        assertThat(changed.sourcePrefixes()).containsExactly(IpPrefix.parse("192.168.1.0/25"));
        assertThat(changed.externalAddress()).isEqualTo(nat.externalAddress());
        assertThat(fabric.manager.get(NatConnection.class, nat.id())).isEqualTo(changed);

        NatConnection back = fabric.patch(
                changed, "\"timeouts\":{\"udpSeconds\":null},\"algs\":null,\"filtering\":null,\"portBlockSize\":0");
        assertThat(back.timeouts().udpSeconds()).isEqualTo(300);
        assertThat(back.algs()).isEqualTo(Set.of(Alg.FTP));
        assertThat(back.filtering()).isEqualTo(Filtering.ADDRESS_AND_PORT_DEPENDENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeouts.udpSeconds            | 'timeouts':{'udpSeconds':119}",
                "timeouts.tcpEstablishedSeconds | 'timeouts':{'tcpEstablishedSeconds':7439}",
                "timeouts.tcpTransitorySeconds  | 'timeouts':{'tcpTransitorySeconds':239}",
                "timeouts.icmpSeconds           | 'timeouts':{'icmpSeconds':59}",
                "otherSeconds                   | 'timeouts':{'otherSeconds':86401}",
                "portBlockSize                  | 'portBlockSize':100",
                "portBlockSize                  | 'portMin':60000,'portBlockSize':4096,'portMax':64000",
                "portMax                        | 'portMax':1000",
                "sourcePrefixes                 | 'sourcePrefixes':['10.0.0.0/8','10.0.0.0/8']",
                "deterministicPrefixes          | 'deterministicPrefixes':['10.0.0.0/15']",
                "deterministicPrefixes          | 'deterministicPrefixes':['fd00::/120']",
                "externalAddress                | 'externalAddress':'203.0.113.77'",
                "vmNetworkGatewayId             | 'vmNetworkGatewayId':null",
            })
    void badSettingsAreRefusedByField(String field, String members) {
        NatConnection nat = fabric.nat("nat", blue);
        refused(Code.INVALID, field, () -> fabric.patch(nat, members.replace('\'', '"')));
        assertThat(fabric.manager.get(NatConnection.class, nat.id())).isEqualTo(nat);
    }

    @Test
    void oneAddressIsSharedByConnectionsWithDisjointPorts() {
        NatConnection first = fabric.nat("first", blue, ports(1024, 32767));
        NatConnection second = fabric.nat("second", red, at(first) + ports(32768, 65535));
        assertThat(second.externalAddress()).isEqualTo(first.externalAddress());

        FabricException e = refused(
                Code.CONFLICT, "externalAddress", () -> fabric.nat("third", red, at(first) + ports(32767, 32767)));
        assertThat(e).hasMessageContaining("nat-connection 'first'").hasMessageContaining("disjoint ports");
        refused(Code.CONFLICT, "externalAddress", () -> fabric.patch(first, "\"portMax\":40000"));
        assertThat(fabric.patch(first, "\"portMax\":30000").portMax()).isEqualTo(30000);

        VmNetworkGateway elsewhere = fabric.attach("far-gw", fabric.vmNetwork("far"), fabric.gateway("g2", 50));
        refused(Code.CONFLICT, "externalAddress", () -> fabric.nat("far", elsewhere, at(first) + ports(30001, 30002)));
        refused(Code.CONFLICT, "externalAddress", () -> oneToOne("one", blue, "192.168.1.5", at(first)));
        refused(
                Code.CONFLICT,
                "externalAddress",
                () -> fabric.nat("gw", blue, field("externalAddress", gateway.externalAddress())));
    }

    /** The address goes back to the pool with the last connection, not with the first. */
    @Test
    void aSharedAddressIsFreeWhenNobodyHasIt() {
        NatConnection first = fabric.nat("first", blue, ports(1024, 2047));
        NatConnection second = fabric.nat("second", red, at(first) + ports(2048, 4095));
        fabric.manager.delete(Kind.NAT_CONNECTION, first.id());
        assertThat(fabric.nat("third", blue).externalAddress()).isNotEqualTo(first.externalAddress());
        fabric.manager.delete(Kind.NAT_CONNECTION, second.id());
        assertThat(fabric.nat("fourth", blue).externalAddress()).isEqualTo(first.externalAddress());
    }

    @Test
    void rulesWithACommonPortHaveDisjointRemotePrefixes() {
        NatConnection nat = fabric.nat("nat", blue);
        NatRule office = fabric.rule("office", nat, 22, "192.168.1.5", ",\"remotePrefixes\":[\"198.51.100.0/24\"]");
        fabric.rule("home", nat, 22, "192.168.1.6", ",\"remotePrefixes\":[\"192.0.2.0/24\"]");
        refused(Code.CONFLICT, "externalPort", () -> fabric.rule("all", nat, 22, "192.168.1.7"));
        refused(
                Code.CONFLICT,
                "externalPort",
                () -> fabric.rule("part", nat, 22, "192.168.1.7", ",\"remotePrefixes\":[\"198.51.100.9/32\"]"));
        refused(Code.CONFLICT, "externalPort", () -> fabric.patch(office, "\"remotePrefixes\":[]"));
        refused(Code.INVALID, "remotePrefixes", () -> fabric.patch(office, "\"remotePrefixes\":[\"2001:db8::/32\"]"));
        assertThat(fabric.patch(office, "\"internalAddress\":\"192.168.1.9\"").internalAddress())
                .isEqualTo(ip("192.168.1.9"));
    }

    @Test
    void rangesOfPortsAreMappedWholeOrNotAtAll() {
        NatConnection nat = fabric.nat("nat", blue);
        NatRule range = fabric.rule("range", nat, 5000, "192.168.1.5", ",\"portCount\":100");
        assertThat(range.externalPortLast()).isEqualTo(5099);
        FabricException e = refused(Code.CONFLICT, "externalPort", () -> fabric.rule("in", nat, 5099, "192.168.1.5"));
        assertThat(e).hasMessageContaining("TCP 5099").hasMessageContaining("nat-rule 'range'");
        fabric.rule("next", nat, 5100, "192.168.1.5");
        refused(Code.CONFLICT, "externalPort", () -> fabric.patch(range, "\"portCount\":101"));
        refused(Code.INVALID, "portCount", () -> fabric.rule("end", nat, 65535, "192.168.1.5", ",\"portCount\":2"));
        assertThat(fabric.patch(range, "\"portCount\":50").portCount()).isEqualTo(50);
        fabric.rule("free-now", nat, 5099, "192.168.1.5");
    }

    /** On a shared address, a port of one tenant's dynamic mappings is not another's rule, whichever comes first. */
    @Test
    void rulesStayClearOfOtherTenantsPorts() {
        NatConnection first = fabric.nat("first", blue, ports(1024, 2047));
        fabric.rule("web", first, 80, "192.168.1.5");
        fabric.rule("own", first, 1500, "192.168.1.5");
        NatRule high = fabric.rule("high", first, 3000, "192.168.1.5");
        FabricException e =
                refused(Code.CONFLICT, "portMin", () -> fabric.nat("second", red, at(first) + ports(2048, 4095)));
        assertThat(e).hasMessageContaining("nat-rule 'high'");
        fabric.manager.delete(Kind.NAT_RULE, high.id());
        fabric.nat("second", red, at(first) + ports(2048, 4095));
        refused(Code.CONFLICT, "externalPort", () -> fabric.rule("high", first, 3000, "192.168.1.5"));
    }

    @Test
    void oneToOneTakesAnAddressAndAVmForItself() {
        NatOneToOne one = (NatOneToOne) oneToOne("mail", blue, "192.168.1.5", "");
        assertThat(List.of(gateway.externalAddress())).doesNotContain(one.externalAddress());
        refused(
                Code.CONFLICT,
                "externalAddress",
                () -> fabric.nat("nat", blue, field("externalAddress", one.externalAddress())));
        refused(Code.CONFLICT, "internalAddress", () -> oneToOne("again", blue, "192.168.1.5", ""));
        refused(Code.INVALID, "internalAddress", () -> oneToOne("router", blue, "192.168.1.1", ""));
        refused(Code.INVALID, "internalAddress", () -> oneToOne("far", red, "192.168.1.5", ""));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.VM_SUBNET, web.id()));
        assertThat(fabric.patch(one, "\"internalAddress\":\"192.168.1.6\"").internalAddress())
                .isEqualTo(ip("192.168.1.6"));
    }

    @Test
    void exemptionsAreOfOneFamilyAndOnce() {
        String members = field("vmNetworkGatewayId", blue.id()) + field("sourcePrefix", "192.168.1.0/24");
        String office = members + field("destinationPrefix", "10.0.0.0/8");
        fabric.make(Kind.NAT_EXEMPTION, named("office") + office);
        refused(Code.CONFLICT, "destinationPrefix", () -> fabric.make(Kind.NAT_EXEMPTION, named("again") + office));
        assertThatThrownBy(() -> fabric.make(
                        Kind.NAT_EXEMPTION, named("mixed") + members + field("destinationPrefix", "fd00::/8")))
                .hasMessageContaining("destinationPrefix must be of the family");
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.VM_NETWORK_GATEWAY, blue.id()));
    }

    @Test
    void ipv6VmsAreReachedByNat64AndKeepItsPrefix() {
        fabric.vmSubnet("six", fabric.manager.get(VmNetwork.class, blue.vmNetworkId()), "fd00:1::/64");
        NatConnection nat = fabric.nat("nat", blue);
        FabricException e = refused(Code.INVALID, "internalAddress", () -> fabric.rule("v6", nat, 8080, "fd00:1::5"));
        assertThat(e).hasMessageContaining("vm-network-gateway 'blue-gw' must have a nat64Prefix");
        refused(Code.INVALID, "sourcePrefixes", () -> fabric.patch(nat, "\"sourcePrefixes\":[\"fd00:1::/64\"]"));
        VmNetworkGateway with = fabric.patch(
                fabric.manager.get(VmNetworkGateway.class, blue.id()), "\"nat64Prefix\":\"2001:db8:64::/96\"");
        NatRule rule = fabric.rule("v6", nat, 8080, "fd00:1::5");
        assertThat(rule.internalAddress()).isEqualTo(ip("fd00:1::5"));
        refused(Code.INVALID, "internalAddress", () -> fabric.rule("far", nat, 8081, "fd00:2::5"));
        refused(Code.INVALID, "internalAddress", () -> fabric.rule("router", nat, 8081, "fd00:1::1"));
        refused(Code.INVALID, "internalAddress", () -> oneToOne("one", blue, "fd00:1::5", ""));
        FabricException needed =
                refused(Code.CONFLICT, "nat64Prefix", () -> fabric.patch(with, "\"nat64Prefix\":null"));
        assertThat(needed).hasMessageContaining("nat-rule 'v6'");
        fabric.manager.delete(Kind.NAT_RULE, rule.id());
        NatConnection chosen = fabric.patch(nat, "\"sourcePrefixes\":[\"fd00:1::/64\"]");
        refused(Code.CONFLICT, "nat64Prefix", () -> fabric.patch(with, "\"nat64Prefix\":null"));
        fabric.patch(chosen, "\"sourcePrefixes\":[]");
        assertThat(fabric.patch(with, "\"nat64Prefix\":null").nat64Prefix()).isEmpty();
    }

    private TenantInterface vlan(String name, String side, int vlanId, String address) {
        return (TenantInterface) fabric.make(
                Kind.TENANT_INTERFACE,
                named(name) + field("vmNetworkGatewayId", blue.id()) + field("side", side) + ",\"vlanId\":" + vlanId
                        + ",\"addresses\":[{\"address\":\"" + address + "\",\"prefixLength\":24}]");
    }

    /** Hosts of a VLAN of the tenant's are VMs; those in front are not behind the NAT. */
    @Test
    void targetsOnTenantInterfacesAreOfTheBackEnd() {
        NatConnection nat = fabric.nat("nat", blue);
        TenantInterface legacy = vlan("legacy", "BACK_END", 201, "192.168.9.1");
        vlan("mpls", "FRONT_END", 101, "172.16.0.1");
        NatRule rule = fabric.rule("vlan", nat, 80, "192.168.9.5");
        oneToOne("one", blue, "192.168.9.6", "");
        FabricException front = refused(Code.INVALID, "internalAddress", () -> fabric.rule("f", nat, 81, "172.16.0.5"));
        assertThat(front).hasMessageContaining("FRONT_END side, tenant-interface 'mpls'");
        refused(Code.INVALID, "internalAddress", () -> fabric.rule("own", nat, 81, "192.168.9.1"));
        refused(Code.INVALID, "internalAddress", () -> oneToOne("own", blue, "172.16.0.5", ""));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.TENANT_INTERFACE, legacy.id()));
        refused(
                Code.CONFLICT,
                "addresses",
                () -> fabric.patch(legacy, "\"addresses\":[{\"address\":\"192.168.8.1\",\"prefixLength\":24}]"));
        refused(
                Code.CONFLICT,
                "addresses",
                () -> fabric.patch(legacy, "\"addresses\":[{\"address\":\"192.168.9.5\",\"prefixLength\":24}]"));
        fabric.patch(legacy, "\"addresses\":[{\"address\":\"192.168.9.2\",\"prefixLength\":24}]");
        fabric.manager.delete(Kind.NAT_RULE, rule.id());
    }

    private NatExemption exemption(String name, VmNetworkGateway of, String source, String destination) {
        return (NatExemption) fabric.make(
                Kind.NAT_EXEMPTION,
                named(name)
                        + field("vmNetworkGatewayId", of.id())
                        + field("sourcePrefix", source)
                        + field("destinationPrefix", destination));
    }

    /** What comes in for the prefix goes to one tenant: another one of the gateway cannot have it for the same remote side. */
    @Test
    void exemptPrefixesAreOneTenantsAlone() {
        exemption("blue", blue, "192.168.1.0/24", "10.0.0.0/8");
        FabricException e =
                refused(Code.CONFLICT, "sourcePrefix", () -> exemption("red", red, "192.168.0.0/16", "10.1.0.0/16"));
        assertThat(e).hasMessageContaining("nat-exemption 'blue' of another VM network");
        exemption("red-remote", red, "192.168.1.0/24", "172.16.0.0/12");
        NatExemption other = exemption("red-source", red, "192.168.2.0/24", "10.0.0.0/8");
        exemption("blue-again", blue, "192.168.1.0/25", "10.0.0.0/8");
        refused(Code.CONFLICT, "sourcePrefix", () -> fabric.patch(other, "\"sourcePrefix\":\"192.168.1.0/30\""));
        VmNetworkGateway elsewhere = fabric.attach("far-gw", fabric.vmNetwork("far"), fabric.gateway("g2", 50));
        exemption("far", elsewhere, "192.168.1.0/24", "10.0.0.0/8");
    }
}
