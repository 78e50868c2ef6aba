package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.record;
import static net.nvgate.gateway.control.PolicySamples.route;
import static net.nvgate.gateway.control.PolicySamples.tenantInterface;
import static net.nvgate.gateway.control.PolicySamples.v4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject.BlackholeRoute;
import net.nvgate.fabric.policy.PolicyObject.DhcpSubnet;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.PeerRoute;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.TenantInterfaceRoute;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.DhcpTable;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.L2Groups;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.MacTable;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;
import org.junit.jupiter.api.Test;

/** Policy of tenant interfaces, peerings, blackholes, equal routes, DHCP and L2Only records becomes rows. */
class TenantRoutingPolicyTest extends TwoTenantsPolicy {

    private static final long SECOND = 1_000_000_000L;

    private static TenantInterfaceRoute via(int id, String prefix, String nextHop, int metric) {
        return new TenantInterfaceRoute(id(3000 + id), IpPrefix.parse(prefix), IpAddress.parse(nextHop), metric);
    }

    @Test
    @Requirement({"RFC 2991 2", "nat-behaviour 9"})
    void interfacesOfTwoTenantsWithTheSameAddressesHaveRowsOfTheirOwn() throws PolicyRejectedException {
        start();
        put(
                via(1, "10.0.0.0/8", "172.16.0.3", 1),
                via(1, "10.0.0.0/8", "172.16.0.2", 1),
                via(1, "10.0.0.0/8", "172.16.0.4", 2),
                via(1, "11.0.0.0/8", "172.17.0.2", 1),
                tenantInterface(1, 1, Side.FRONT_END, 101, "172.16.0.1"),
                tenantInterface(2, 2, Side.FRONT_END, 102, "172.16.0.1"));
        int link = TenantLinks.frontEnd(101);
        TenantLinks.Row there = Objects.requireNonNull(tables.tenantLinks.row(link));
        assertThat(there.countersIndex()).isNotNegative();
        assertThat(there)
                .isEqualTo(new TenantLinks.Row(
                        link, rdid(1), TenantLinks.URPF_STRICT, v4("172.16.0.1"), 0, there.countersIndex()));
        assertThat(tables.tenantLinks.owns(link, v4("172.16.0.1"))).isTrue();
        assertThat(tables.tenantLinks.owns(link + 2, v4("172.16.0.1"))).isFalse();
        FibRow row = Objects.requireNonNull(tables.tenantLinkFib.row(rdid(1), v4("10.0.0.0"), 8));
        assertThat(row.hops()).containsExactly(v4("172.16.0.2"), v4("172.16.0.3"));
        assertThat(row.link()).isEqualTo(link);
        assertThat(tables.tenantLinkFib.row(rdid(1), v4("11.0.0.0"), 8))
                .as("next hop elsewhere")
                .isNull();
        FibRow connected = Objects.requireNonNull(tables.tenantLinkFib.row(rdid(2), v4("172.16.0.0"), 24));
        assertThat(connected.kind()).isEqualTo(FibEntry.ON_LINK);
        assertThat(connected.vlan()).isEqualTo(102);
        remove(tenantInterface(1, 1, Side.FRONT_END, 101, "172.16.0.1"));
        assertThat(tables.tenantLinks.row(link)).isNull();
        assertThat(tables.tenantLinkFib.row(rdid(1), v4("10.0.0.0"), 8)).isNull();
        assertThat(policy.linkAddresses()).hasSize(1);
    }

    @Test
    void aVlanIsEitherSharedOrOneTenants() throws PolicyRejectedException {
        start();
        assertThatThrownBy(() -> put(tenantInterface(1, 1, Side.FRONT_END, 7, "172.16.0.1")))
                .hasMessageContaining("VLAN 7 of the external port is the gateway's own");
        put(tenantInterface(1, 1, Side.BACK_END, 7, "172.16.0.1"));
        assertThatThrownBy(() -> put(tenantInterface(2, 2, Side.BACK_END, 7, "172.16.0.1")))
                .hasMessageContaining("is already that of tenant-if/");
        assertThatThrownBy(() -> put(new ProviderAddress(IpAddress.parse("10.1.0.1"), 24, 7)))
                .hasMessageContaining("VLAN 7 is already that of tenant-if/");
    }

    @Test
    @Requirement("nat-behaviour 47")
    void aPeerRouteCountsWhenThePeerHasOneBackAndABlackholeBeatsIt() throws PolicyRejectedException {
        start();
        PeerRoute there = new PeerRoute(id(1), IpPrefix.parse("192.168.3.0/24"), id(2));
        PeerRoute back = new PeerRoute(id(2), IpPrefix.parse("192.168.1.128/25"), id(1));
        put(there);
        assertThat(tables.tenantFib.row(rdid(1), v4("192.168.3.0"), 24)).isNull();
        put(back);
        FibRow row = Objects.requireNonNull(tables.tenantFib.row(rdid(1), v4("192.168.3.0"), 24));
        assertThat(row.kind()).isEqualTo(FibEntry.PEER);
        assertThat(row.nextHop()).isEqualTo(rdid(2));
        BlackholeRoute blackhole = new BlackholeRoute(id(1), IpPrefix.parse("192.168.3.0/24"));
        put(blackhole);
        assertThat(Objects.requireNonNull(tables.tenantFib.row(rdid(1), v4("192.168.3.0"), 24))
                        .kind())
                .isEqualTo(FibEntry.PROHIBITED);
        remove(blackhole);
        remove(back);
        assertThat(tables.tenantFib.row(rdid(1), v4("192.168.3.0"), 24)).isNull();
    }

    @Test
    @Requirement("RFC 2991 2")
    void customerRoutesOfTheLowestMetricShareTheLoad() throws PolicyRejectedException {
        start();
        put(
                route(1, 6001, "172.20.0.0/16", "192.168.1.9", 5),
                route(1, 6001, "172.20.0.0/16", "192.168.1.3", 5),
                route(1, 6001, "172.20.0.0/16", "192.168.1.4", 6));
        FibRow row = Objects.requireNonNull(tables.tenantFib.row(rdid(1), v4("172.20.0.0"), 16));
        assertThat(row.kind()).isEqualTo(FibEntry.VIA_CA);
        assertThat(row.hops()).containsExactly(v4("192.168.1.3"), v4("192.168.1.9"));
        remove(route(1, 6001, "172.20.0.0/16", "192.168.1.3", 5));
        FibRow one = Objects.requireNonNull(tables.tenantFib.row(rdid(1), v4("172.20.0.0"), 16));
        assertThat(one.hops()).isEmpty();
        assertThat(one.nextHop()).isEqualTo(v4("192.168.1.9"));
    }

    @Test
    void theViewShowsEveryRouteThatPacketsFollow() throws PolicyRejectedException {
        start();
        put(
                route(1, 6001, "172.20.0.0/16", "192.168.1.9", 5),
                route(1, 6001, "172.20.0.0/16", "192.168.1.3", 5),
                new BlackholeRoute(id(1), IpPrefix.parse("192.168.1.0/24")),
                new PeerRoute(id(1), IpPrefix.parse("192.168.3.0/24"), id(2)),
                new PeerRoute(id(2), IpPrefix.parse("192.168.5.0/24"), id(1)),
                tenantInterface(1, 1, Side.FRONT_END, 101, "172.16.0.1"),
                via(1, "10.0.0.0/8", "172.16.0.2", 1));
        String json = policy.query("customer-routes", Map.of("rdid", id(1).toString()), 100)
                .json();
        assertThat(json)
                .contains(
                        "\"172.20.0.0/16\",\"nextHop\":\"192.168.1.9\"",
                        "\"172.20.0.0/16\",\"nextHop\":\"192.168.1.3\"")
                .contains("\"192.168.1.0/24\",\"nextHop\":\"0.0.0.0\",\"metric\":0,\"kind\":\"blackhole\"")
                .contains("\"kind\":\"peer\",\"peerRdid\":\"" + id(2))
                .contains("\"10.0.0.0/8\",\"nextHop\":\"172.16.0.2\",\"metric\":1,\"kind\":\"interface\","
                        + "\"side\":\"FRONT_END\",\"vlanId\":101")
                .doesNotContain("\"192.168.1.0/24\",\"nextHop\":\"0.0.0.0\",\"metric\":255");
    }

    @Test
    @Requirement({"RFC 2983 3.1", "RFC 2983 3.1a"})
    void theTenantsDscpModelAndPcpAreThoseOfItsVsids() throws PolicyRejectedException {
        start();
        TenantSettings pipe = new TenantSettings(id(1), NatQuota.UNLIMITED, DscpMode.PIPE, 26, true);
        put(pipe);
        for (int vsid : new int[] {5001, 6001}) {
            long entry = tables.vsids.find(vsid);
            assertThat(VsidEntry.isPipe(entry)).isTrue();
            assertThat(VsidEntry.dscp(entry)).isEqualTo(26);
            assertThat(VsidEntry.hasPcp(entry)).isTrue();
        }
        assertThat(VsidEntry.isPipe(tables.vsids.find(6002))).isFalse();
        remove(pipe);
        assertThat(VsidEntry.isPipe(tables.vsids.find(6001))).isFalse();
        assertThat(VsidEntry.hasPcp(tables.vsids.find(6001))).isFalse();
    }

    @Test
    @Requirement("RFC 2131 3.1")
    void dhcpKnowsTheVmsOfItsSubnetByMac() throws PolicyRejectedException {
        start();
        DhcpSubnet dhcp = new DhcpSubnet(
                id(1),
                new Vsid(6001),
                IpAddress.parse("192.168.1.1"),
                List.of(IpAddress.parse("192.0.2.53")),
                "a.example",
                600,
                1458);
        put(dhcp);
        assertThat(tables.dhcp.row(6001))
                .isEqualTo(
                        new DhcpTable.Row(6001, v4("192.168.1.1"), 600, 1458, List.of(v4("192.0.2.53")), "a.example"));
        assertThat(tables.macs.row(6001, PolicySamples.VM_MAC))
                .isEqualTo(new MacTable.Row(6001, PolicySamples.VM_MAC, v4("192.168.1.3"), v4("10.0.0.11")));
        assertThat(tables.macs.row(6001, PolicySamples.ROUTER_MAC))
                .as("the default gateway")
                .isNull();
        LookupRecord later =
                record(1, 6001, "192.168.1.2", PolicySamples.VM_MAC, "10.0.0.12", LookupRecord.Type.STATIC);
        put(later);
        assertThat(Objects.requireNonNull(tables.macs.row(6001, PolicySamples.VM_MAC))
                        .ca())
                .as("the lowest of two")
                .isEqualTo(v4("192.168.1.2"));
        remove(later);
        remove(dhcp);
        assertThat(tables.dhcp.row(6001)).isNull();
        assertThat(tables.macs.row(6001, PolicySamples.VM_MAC)).isNull();
    }

    @Test
    @Requirement("RFC 2827 3")
    void whatAVmSaysOfItselfIsADynamicRecordWhileItsL2OnlyRecordIsThere() throws PolicyRejectedException {
        start();
        long mac = 0x001d_d8b7_1c77L;
        int pa = v4("10.0.0.11");
        LookupRecord l2 = record(1, 6001, "0.0.0.0", mac, "10.0.0.11", LookupRecord.Type.L2_ONLY);
        put(l2);
        assertThat(tables.l2Groups.row(6001)).isEqualTo(new L2Groups.Row(6001, List.of(pa)));
        assertThat(tables.macs.row(6001, mac)).isEqualTo(new MacTable.Row(6001, mac, 0, pa));
        int ca = v4("192.168.1.40");
        policy.learn(6001, mac + 1, ca, pa, 0);
        policy.learn(6001, mac, ca, pa + 1, 0);
        policy.learn(6001, mac, v4("192.168.2.40"), pa, 0);
        policy.learn(6001, mac, v4("192.168.1.3"), pa, 0);
        policy.learn(6002, mac, ca, pa, 0);
        assertThat(tables.records.row(rdid(1), ca)).isNull();
        assertThat(Objects.requireNonNull(tables.records.row(rdid(1), v4("192.168.1.3")))
                        .mac())
                .isEqualTo(PolicySamples.VM_MAC);
        int epoch = tables.epochs.of(rdid(1));
        policy.learn(6001, mac, ca, pa, 0);
        LookupRow row = Objects.requireNonNull(tables.records.row(rdid(1), ca));
        assertThat(row.type()).isEqualTo(LookupEntry.TYPE_DYNAMIC);
        assertThat(row.mac()).isEqualTo(mac);
        assertThat(tables.epochs.of(rdid(1))).isNotEqualTo(epoch);
        LookupRecord real = record(1, 6001, "192.168.1.40", 5, "10.0.0.12", LookupRecord.Type.STATIC);
        put(real);
        assertThat(Objects.requireNonNull(tables.records.row(rdid(1), ca)).mac())
                .isEqualTo(5);
        remove(real);
        assertThat(Objects.requireNonNull(tables.records.row(rdid(1), ca)).mac())
                .isEqualTo(mac);
        remove(l2);
        assertThat(tables.records.row(rdid(1), ca)).isNull();
        assertThat(tables.l2Groups.row(6001)).isNull();
    }

    @Test
    void aLearnedAddressIsKeptByItsFirstVmAndForgottenWithTime() throws PolicyRejectedException {
        start();
        int pa = v4("10.0.0.11");
        put(
                record(1, 6001, "0.0.0.0", 71, "10.0.0.11", LookupRecord.Type.L2_ONLY),
                record(1, 6001, "0.0.0.0", 72, "10.0.0.11", LookupRecord.Type.L2_ONLY));
        int ca = v4("192.168.1.40");
        policy.learn(6001, 71, ca, pa, 0);
        policy.learn(6001, 72, ca, pa, 30 * SECOND);
        assertThat(Objects.requireNonNull(tables.records.row(rdid(1), ca)).mac())
                .isEqualTo(71);
        policy.learn(6001, 72, ca, pa, 61 * SECOND);
        assertThat(Objects.requireNonNull(tables.records.row(rdid(1), ca)).mac())
                .isEqualTo(72);
        policy.learn(6001, 72, ca, pa, 100 * SECOND);
        policy.forgetLearned(100 * SECOND + L2Learning.AGE_NANOS - 1);
        assertThat(tables.records.row(rdid(1), ca)).isNotNull();
        policy.forgetLearned(100 * SECOND + L2Learning.AGE_NANOS);
        assertThat(tables.records.row(rdid(1), ca)).isNull();
        for (int i = 0; i < 2 * L2Learning.PER_MAC_MAX; i++) {
            policy.learn(6001, 71, ca + i, pa, 5000 * SECOND);
        }
        assertThat(tables.records.row(rdid(1), ca + L2Learning.PER_MAC_MAX - 1)).isNotNull();
        assertThat(tables.records.row(rdid(1), ca + L2Learning.PER_MAC_MAX)).isNull();
    }
}
