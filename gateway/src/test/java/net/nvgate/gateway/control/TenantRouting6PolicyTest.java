package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.record;
import static net.nvgate.gateway.control.PolicySamples.route;
import static net.nvgate.gateway.control.PolicySamples.tenantInterface;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.policy.PolicyObject.BlackholeRoute;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.PeerRoute;
import net.nvgate.fabric.policy.PolicyObject.TenantInterfaceRoute;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.L2Groups;
import net.nvgate.gateway.route.MacTable;
import net.nvgate.gateway.route.TenantLinkAddresses6;
import net.nvgate.gateway.route.TenantLinks;
import org.junit.jupiter.api.Test;

/** IPv6 of tenant interfaces, peerings, blackholes and equal routes becomes rows. */
class TenantRouting6PolicyTest extends TwoTenantsPolicy {

    private static final Ipv6Address OWN = Ipv6Address.parse("2001:db8:f::1");
    private static final int LINK = TenantLinks.frontEnd(101);

    private static TenantInterfaceRoute via(String prefix, String nextHop, int metric) {
        return new TenantInterfaceRoute(id(3001), IpPrefix.parse(prefix), IpAddress.parse(nextHop), metric);
    }

    private static Ipv6Address v6(String text) {
        return Ipv6Address.parse(text);
    }

    private Fib6Row routeOf(int n, String prefix, int length) {
        return Objects.requireNonNull(tables.tenantFib6.row(rdid(n), v6(prefix), length));
    }

    @Test
    @Requirement({"RFC 2991 2", "nat-behaviour 9"})
    void interfacesOfTwoTenantsWithTheSameAddressesHaveRowsOfTheirOwn() throws PolicyRejectedException {
        start();
        put(
                via("fd00:a::/32", "2001:db8:f::3", 1),
                via("fd00:a::/32", "2001:db8:f::2", 1),
                via("fd00:a::/32", "2001:db8:f::4", 2),
                via("fd00:b::/32", "2001:db8:f:1::2", 1),
                tenantInterface(1, 1, Side.FRONT_END, 101, "172.16.0.1", "2001:db8:f::1"),
                tenantInterface(2, 2, Side.BACK_END, 102, "2001:db8:f::1"));
        assertThat(Objects.requireNonNull(tables.tenantLinks.row(LINK)).address6())
                .isEqualTo(OWN);
        Fib6Row row = Objects.requireNonNull(tables.tenantLinkFib6.row(rdid(1), v6("fd00:a::"), 32));
        assertThat(row.hops()).containsExactly(v6("2001:db8:f::2"), v6("2001:db8:f::3"));
        assertThat(row.link()).isEqualTo(LINK);
        assertThat(row.source()).isEqualTo(OWN);
        assertThat(tables.tenantLinkFib6.row(rdid(1), v6("fd00:b::"), 32))
                .as("next hop elsewhere")
                .isNull();
        Fib6Row connected = Objects.requireNonNull(tables.tenantLinkFib6.row(rdid(2), v6("2001:db8:f::"), 64));
        assertThat(connected.kind()).isEqualTo(FibEntry.ON_LINK);
        assertThat(connected.link()).isEqualTo(TenantLinks.backEnd(102));
        remove(tenantInterface(1, 1, Side.FRONT_END, 101, "172.16.0.1", "2001:db8:f::1"));
        assertThat(tables.tenantLinkFib6.row(rdid(1), v6("fd00:a::"), 32)).isNull();
        assertThat(policy.linkAddresses6())
                .containsExactly(new TenantLinkAddresses6.Row(TenantLinks.backEnd(102), OWN, 64, true));
    }

    @Test
    @Requirement("RFC 4862 5.4")
    void anAddressIsTentativeOnEachVlanUntilItIsFoundUniqueThere() throws PolicyRejectedException {
        start();
        put(
                tenantInterface(1, 1, Side.FRONT_END, 101, "2001:db8:f::1"),
                tenantInterface(2, 2, Side.FRONT_END, 102, "2001:db8:f::1"));
        assertThat(tables.tenantLinkAddresses6.owns(LINK, OWN.high(), OWN.low()))
                .isFalse();
        policy.confirmUnique(LINK, OWN);
        policy.confirmUnique(LINK, v6("2001:db8:f::99"));
        assertThat(tables.tenantLinkAddresses6.owns(LINK, OWN.high(), OWN.low()))
                .isTrue();
        assertThat(tables.tenantLinkAddresses6.owns(LINK + 1, OWN.high(), OWN.low()))
                .isFalse();
        assertThat(policy.linkAddresses6()).hasSize(2);
        remove(tenantInterface(1, 1, Side.FRONT_END, 101, "2001:db8:f::1"));
        put(tenantInterface(1, 1, Side.FRONT_END, 101, "2001:db8:f::1"));
        assertThat(tables.tenantLinkAddresses6.owns(LINK, OWN.high(), OWN.low()))
                .as("looked for again")
                .isFalse();
    }

    @Test
    @Requirement("nat-behaviour 47")
    void aPeerRouteCountsWhenThePeerHasOneBackAndABlackholeBeatsIt() throws PolicyRejectedException {
        start();
        PeerRoute there = new PeerRoute(id(1), IpPrefix.parse("fd00:3::/64"), id(2));
        put(there);
        assertThat(tables.tenantFib6.row(rdid(1), v6("fd00:3::"), 64)).isNull();
        put(new PeerRoute(id(2), IpPrefix.parse("fd00:1::/64"), id(1)));
        assertThat(routeOf(1, "fd00:3::", 64).kind()).isEqualTo(FibEntry.PEER);
        assertThat(routeOf(1, "fd00:3::", 64).peer()).isEqualTo(rdid(2));
        BlackholeRoute blackhole = new BlackholeRoute(id(1), IpPrefix.parse("fd00:3::/64"));
        put(blackhole);
        assertThat(routeOf(1, "fd00:3::", 64).kind()).isEqualTo(FibEntry.PROHIBITED);
        remove(blackhole);
        remove(there);
        assertThat(tables.tenantFib6.row(rdid(1), v6("fd00:3::"), 64)).isNull();
    }

    @Test
    @Requirement("RFC 2991 2")
    void customerAndExternalRoutesOfEqualMetricAreOneRow() throws PolicyRejectedException {
        start();
        LookupRecord.Type type = LookupRecord.Type.STATIC;
        put(
                record(1, 6001, "fd00:1::4", 41, "10.0.0.11", type),
                route(1, 6001, "fd00:20::/32", "fd00:1::4", 5),
                route(1, 6001, "fd00:20::/32", "fd00:1::9", 5),
                route(1, 6001, "fd00:20::/32", "fd00:1::3", 6),
                new ExternalAddress(IpAddress.parse("2001:db8:ee::2"), 64, 0),
                new ExternalRoute(IpPrefix.parse("::/0"), IpAddress.parse("2001:db8:ee::9"), 1),
                new ExternalRoute(IpPrefix.parse("::/0"), IpAddress.parse("fe80::1"), 1),
                new ExternalRoute(IpPrefix.parse("::/0"), IpAddress.parse("2001:db8:ee::a"), 2));
        assertThat(routeOf(1, "fd00:20::", 32).hops()).containsExactly(v6("fd00:1::4"), v6("fd00:1::9"));
        Fib6Row outside = Objects.requireNonNull(tables.externalFib6.row(0, v6("::"), 0));
        assertThat(outside.hops()).containsExactly(v6("2001:db8:ee::9"), v6("fe80::1"));
    }

    @Test
    void theViewShowsEveryRouteThatPacketsFollow() throws PolicyRejectedException {
        start();
        put(
                route(1, 6001, "fd00:20::/32", "fd00:1::9", 5),
                route(1, 6001, "fd00:20::/32", "fd00:1::3", 5),
                route(1, 6001, "fd00:21::/32", "fd00:1::3", 5),
                new BlackholeRoute(id(1), IpPrefix.parse("fd00:21::/32")),
                new PeerRoute(id(1), IpPrefix.parse("fd00:3::/64"), id(2)),
                new PeerRoute(id(2), IpPrefix.parse("fd00:1::/64"), id(1)),
                tenantInterface(1, 1, Side.FRONT_END, 101, "2001:db8:f::1"),
                via("fd00:a::/32", "2001:db8:f::2", 1));
        String json = policy.query("customer-routes", Map.of("rdid", id(1).toString()), 100)
                .json();
        assertThat(json)
                .contains("\"fd00:20::/32\",\"nextHop\":\"fd00:1::9\"", "\"fd00:20::/32\",\"nextHop\":\"fd00:1::3\"")
                .contains("\"fd00:21::/32\",\"nextHop\":\"::\",\"metric\":0,\"kind\":\"blackhole\"")
                .contains("\"fd00:3::/64\",\"nextHop\":\"::\",\"metric\":0,\"kind\":\"peer\",\"peerRdid\":\"" + id(2))
                .contains("\"fd00:a::/32\",\"nextHop\":\"2001:db8:f::2\",\"metric\":1,\"kind\":\"interface\","
                        + "\"side\":\"FRONT_END\",\"vlanId\":101")
                .doesNotContain("\"fd00:21::/32\",\"nextHop\":\"fd00:1::3\"");
    }

    /** Its host has an IPv6 PA. */
    @Test
    void whatAVmSaysOfItselfIsADynamicRecordWhileItsL2OnlyRecordIsThere() throws PolicyRejectedException {
        start();
        LookupRecord l2 = record(1, 6001, "0.0.0.0", 71, "2001:db8:aa::b", LookupRecord.Type.L2_ONLY);
        put(l2);
        int pa = tables.providerAddresses6.find(
                v6("2001:db8:aa::b").high(), v6("2001:db8:aa::b").low());
        assertThat(tables.l2Groups.row(6001)).isEqualTo(new L2Groups.Row(6001, List.of(pa)));
        assertThat(tables.macs.row(6001, 71)).isEqualTo(new MacTable.Row(6001, 71, 0, pa));
        int ca = PolicySamples.v4("192.168.1.40");
        policy.learn(6001, 71, ca, PolicySamples.v4("10.0.0.11"), 0);
        assertThat(tables.records.row(rdid(1), ca)).isNull();
        policy.learn(6001, 71, ca, pa, 0);
        assertThat(Objects.requireNonNull(tables.records.row(rdid(1), ca)).pa()).isEqualTo(pa);
        remove(l2);
        assertThat(tables.records.row(rdid(1), ca)).isNull();
        assertThat(tables.l2Groups.row(6001)).isNull();
    }
}
