package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.all;
import static net.nvgate.gateway.control.PolicySamples.gateway;
import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.record;
import static net.nvgate.gateway.control.PolicySamples.route;
import static net.nvgate.gateway.control.PolicySamples.subnet;
import static net.nvgate.gateway.control.PolicySamples.tenant;
import static net.nvgate.gateway.control.PolicySamples.v4;
import static net.nvgate.gateway.control.PolicySamples.vm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.Nat64Prefix;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.policy.PolicyObject.Nptv6Prefix;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.Fib6Entry;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.Nat64Table;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.Nptv6Table;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import org.junit.jupiter.api.Test;

/** IPv6 objects of policy become rows, and rows go with them. */
class TablePolicy6Test {

    private static final LookupRecord.Type STATIC = LookupRecord.Type.STATIC;
    private static final String PA6 = "2001:db8:aa::fe";
    private static final String HOST6 = "2001:db8:aa::b";
    private static final String FAR_HOST6 = "2001:db8:bb::b";

    private final RouteTables tables = new RouteTables(
            (bytes, align) -> Arena.global().allocate(bytes, align).address(), 2);
    private final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});
    private long revision;

    private static List<PolicyObject> gateway6() {
        return List.of(
                new ProviderAddress(IpAddress.parse(PA6), 64, 3),
                new ProviderRoute(IpPrefix.parse("2001:db8:bb::/48"), IpAddress.parse("2001:db8:aa::1"), 10),
                new ExternalAddress(IpAddress.parse("2001:db8:ee::2"), 64, 7),
                new ExternalRoute(IpPrefix.parse("::/0"), IpAddress.parse("fe80::1"), 1));
    }

    private static List<PolicyObject> tenant6(int n) {
        List<PolicyObject> all = new ArrayList<>(tenant(n));
        all.add(subnet(n, 7000 + n, "fd00:1::/64", false));
        all.add(record(n, 7000 + n, "fd00:1::1", 21, PolicySamples.DISTRIBUTED, STATIC));
        all.add(record(n, 7000 + n, "fd00:1::3", 22, HOST6, STATIC));
        all.add(record(n, 7000 + n, "fd00:1::4", 23, "10.0.0.11", STATIC));
        all.add(record(n, 5000 + n, "fd00:fe::2", 24, PA6, STATIC));
        all.add(route(n, 7000 + n, "fd00:1::/64", "::", 255));
        all.add(route(n, 5000 + n, "::/0", "fd00:fe::2", 255));
        return all;
    }

    private void put(PolicyObject object) throws PolicyRejectedException {
        policy.apply(++revision, List.of(new PolicyChange.Put(object)));
    }

    private void remove(PolicyObject object) throws PolicyRejectedException {
        policy.apply(++revision, List.of(new PolicyChange.Remove(object.key())));
    }

    private void replace(List<PolicyObject> objects) throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(++revision, objects));
    }

    private static Ipv6Address v6(String text) {
        return Ipv6Address.parse(text);
    }

    private long record6(int rdid, String ca) {
        return tables.records6.find(rdid, v6(ca).high(), v6(ca).low());
    }

    @Test
    void recordsRoutesAndSubnetsBecomeRows() throws PolicyRejectedException {
        replace(all(gateway(), gateway6(), tenant6(1)));
        long vsid = tables.vsids.find(7001);
        int rdid = VsidEntry.rdid(vsid);
        int host = LookupEntry.pa(record6(rdid, "fd00:1::3"));
        assertThat(tables.providerAddresses6.address(host)).isEqualTo(v6(HOST6));
        assertThat(LookupEntry.pa(record6(rdid, "fd00:1::4"))).isEqualTo(v4("10.0.0.11"));
        assertThat(LookupEntry.flags(record6(rdid, "fd00:1::1"))).isEqualTo(LookupEntry.DEFAULT_GATEWAY);
        assertThat(LookupEntry.flags(record6(rdid, "fd00:fe::2"))).isEqualTo(LookupEntry.OWN_GATEWAY);
        assertThat(VsidEntry.routerMac6(vsid)).isEqualTo(21);
        assertThat(VsidEntry.routerMac(vsid)).isEqualTo(21);
        assertThat(VsidEntry.routerCa6Low(vsid)).isEqualTo(1);
        assertThat(VsidEntry.gatewayMac6(vsid)).isEqualTo(24);
        assertThat(VsidEntry.gatewayCa6Low(vsid)).isEqualTo(2);
        assertThat(tables.providerAddresses6.address(VsidEntry.ownPa6(vsid))).isEqualTo(v6(PA6));
        assertThat(VsidEntry.ownPa(vsid)).isEqualTo(v4(PolicySamples.OWN_PA));
        assertThat(VsidEntry.gatewayMac(tables.vsids.find(5001))).isEqualTo(PolicySamples.GATEWAY_MAC);
        long onLink = tables.tenantFib6.find(rdid, v6("fd00:1::77").high(), 0x77);
        assertThat(FibEntry.kind(onLink)).isEqualTo(FibEntry.ON_LINK);
        assertThat(FibEntry.kind(tables.tenantFib6.find(rdid, 1, 1))).isEqualTo(FibEntry.GATEWAY);
    }

    @Test
    void linksBecomeRows() throws PolicyRejectedException {
        replace(all(gateway(), gateway6(), tenant6(1)));
        long far =
                tables.providerFib6.find(0, v6(FAR_HOST6).high(), v6(FAR_HOST6).low());
        assertThat(FibEntry.kind(far)).isEqualTo(FibEntry.VIA_ROUTER);
        assertThat(FibEntry.vlan(far)).isEqualTo(3);
        assertThat(Fib6Entry.nextHopLow(far)).isEqualTo(1);
        long world = tables.externalFib6.find(0, v6("2600::1").high(), 1);
        assertThat(Fib6Entry.nextHopHigh(world)).isEqualTo(v6("fe80::1").high());
        assertThat(FibEntry.vlan(world)).isEqualTo(7);
        assertThat(Fib6Entry.sourceLow(world)).isEqualTo(2);
        remove(gateway6().getLast());
        assertThat(tables.externalFib6.find(0, v6("2600::1").high(), 1)).isZero();
    }

    @Test
    void aLearnedRouterServesWherePolicyHasNoDefaultRoute() throws PolicyRejectedException {
        replace(all(gateway(), gateway6().subList(0, 3)));
        long high = v6("2600::1").high();
        policy.learnedRouter(Optional.of(v6("fe80::7")));
        assertThat(Fib6Entry.nextHopLow(tables.externalFib6.find(0, high, 1))).isEqualTo(7);
        put(gateway6().getLast());
        assertThat(Fib6Entry.nextHopLow(tables.externalFib6.find(0, high, 1))).isEqualTo(1);
        remove(gateway6().getLast());
        assertThat(Fib6Entry.nextHopLow(tables.externalFib6.find(0, high, 1))).isEqualTo(7);
        policy.learnedRouter(Optional.of(v6("fe80::8")));
        assertThat(Fib6Entry.nextHopLow(tables.externalFib6.find(0, high, 1))).isEqualTo(8);
        policy.learnedRouter(Optional.empty());
        assertThat(tables.externalFib6.find(0, high, 1)).isZero();
    }

    @Test
    void anOwnAddressIsTentativeUntilItIsKnownToBeUnique() throws PolicyRejectedException {
        replace(all(gateway(), gateway6()));
        Own6Addresses.Row row = tables.ownAddresses6.row(v6("2001:db8:ee::2"));
        assertThat(row)
                .isEqualTo(new Own6Addresses.Row(
                        v6("2001:db8:ee::2"), Own6Addresses.EXTERNAL | Own6Addresses.TENTATIVE, 64, 7));
        int epoch = tables.epochs.external();
        policy.confirmUnique(v6("2001:db8:ee::2"));
        policy.confirmUnique(v6("2001:db8:ee::99"));
        assertThat(policy.ownAddresses6())
                .contains(new Own6Addresses.Row(v6("2001:db8:ee::2"), Own6Addresses.EXTERNAL, 64, 7))
                .hasSize(2);
        assertThat(tables.epochs.external()).isNotEqualTo(epoch);
        // It left and came back: it must be looked for again.
        remove(gateway6().get(2));
        assertThat(tables.ownAddresses6.row(v6("2001:db8:ee::2"))).isNull();
        put(gateway6().get(2));
        assertThat(tables.ownAddresses6.row(v6("2001:db8:ee::2"))).isEqualTo(row);
    }

    @Test
    void aWildcardOfIpv6MakesTheVsidEndHere() throws PolicyRejectedException {
        LookupRecord wildcard = record(1, 7001, "::", 31, PA6, LookupRecord.Type.GATEWAY_WILDCARD);
        replace(all(gateway(), gateway6(), List.of(subnet(1, 7001, "fd00:1::/64", false), wildcard)));
        long vsid = tables.vsids.find(7001);
        assertThat(VsidEntry.terminatesHere(vsid)).isTrue();
        assertThat(VsidEntry.gatewayMac6(vsid)).isEqualTo(31);
        assertThat(VsidEntry.gatewayMac(vsid)).isEqualTo(31);
        remove(wildcard);
        assertThat(VsidEntry.terminatesHere(tables.vsids.find(7001))).isFalse();
    }

    @Test
    void prefixPairsBecomeRowsAndHaveOneTenant() throws PolicyRejectedException {
        Nptv6Prefix pair = pair(1, "fd00:1::/48", "2001:db8:1::/48");
        replace(all(gateway(), gateway6(), tenant6(1), tenant(2), List.of(pair)));
        int rdid = VsidEntry.rdid(tables.vsids.find(7001));
        assertThat(Nptv6Table.rdid(tables.nptv6.outside(v6("2001:db8:1:5::").high())))
                .isEqualTo(rdid);
        rejected("already that of", pair(2, "fd00:9::/48", "2001:db8:1::/48"));
        rejected("same length", pair(2, "fd00:9::/48", "2001:db8:2::/56"));
        rejected("same length", pair(2, "fd00:9::/80", "2001:db8:2::/80"));
        policy.apply(
                ++revision,
                List.of(
                        new PolicyChange.Remove(pair.key()),
                        new PolicyChange.Put(pair(2, "fd00:9::/48", "2001:db8:1::/48"))));
        int second = VsidEntry.rdid(tables.vsids.find(6002));
        assertThat(Nptv6Table.rdid(tables.nptv6.outside(v6("2001:db8:1:5::").high())))
                .isEqualTo(second);
        assertThat(tables.nptv6.inside(rdid, v6("fd00:1::").high())).isZero();
        assertThat(tables.nptv6.size()).isOne();
    }

    @Test
    @Requirement({"RFC 6052 2.1", "RFC 6052 2.2"})
    void nat64PrefixesBecomeRows() throws PolicyRejectedException {
        Nat64Prefix wellKnown = nat64(1, "64:ff9b::/96");
        Nat64Prefix own = nat64(1, "2001:db8:64::/48");
        replace(all(gateway(), gateway6(), tenant6(1), List.of(wellKnown, own, nat64(2, "64:ff9b::/96"))));
        int rdid = VsidEntry.rdid(tables.vsids.find(7001));
        assertThat(nat64Length(rdid, "64:ff9b::8.8.8.8")).isEqualTo(96);
        assertThat(nat64Length(rdid, "2001:db8:64:808:8:800::")).isEqualTo(48);
        assertThat(nat64Length(rdid, "2001:db8:65::1")).isZero();
        assertThat(Nat64Table.prefixLength(tables.nat64.defaultOf(rdid))).isEqualTo(96);
        policy.apply(++revision, List.of(new PolicyChange.Remove(wellKnown.key())));
        assertThat(nat64Length(rdid, "64:ff9b::8.8.8.8")).isZero();
        assertThat(Nat64Table.prefixLength(tables.nat64.defaultOf(rdid))).isEqualTo(48);
        policy.apply(++revision, List.of(new PolicyChange.Remove(own.key())));
        assertThat(nat64Length(rdid, "2001:db8:64:808:8:800::")).isZero();
        assertThat(tables.nat64.defaultOf(rdid)).isZero();
        rejected("32, 40, 48", nat64(1, "2001:db8:64::/80"));
        rejected("bits 64 to 71", nat64(1, "2001:db8:64:0:100::/96"));
        rejected("must be IPv6", nat64(1, "10.0.0.0/32"));
    }

    private static Nat64Prefix nat64(int n, String prefix) {
        return new Nat64Prefix(id(n), IpPrefix.parse(prefix));
    }

    private int nat64Length(int rdid, String address) {
        long entry = tables.nat64.find(rdid, v6(address).high(), v6(address).low());
        return entry == 0 ? 0 : Nat64Table.prefixLength(entry);
    }

    private static Nptv6Prefix pair(int n, String inside, String outside) {
        return new Nptv6Prefix(id(n), IpPrefix.parse(inside), IpPrefix.parse(outside));
    }

    private void rejected(String reason, PolicyObject object) {
        assertThatThrownBy(() -> put(object))
                .isInstanceOf(PolicyRejectedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aCustomerAddressIsOnceInATenant() throws PolicyRejectedException {
        replace(all(gateway(), gateway6(), tenant6(1)));
        rejected("already in VSID 7001", record(1, 6001, "fd00:1::3", 5, HOST6, STATIC));
    }

    @Test
    void viewsShowWhatTheTablesHave() throws PolicyRejectedException {
        replace(all(gateway(), gateway6(), tenant6(1)));
        assertThat(policy.query("lookup-records", Map.of("customerAddress", "fd00:1::3"), 9)
                        .json())
                .contains("\"providerAddress\":\"" + HOST6 + "\"");
        assertThat(policy.query("customer-routes", Map.of("destinationPrefix", "::/0"), 9)
                        .json())
                .contains("\"nextHop\":\"fd00:fe::2\"");
        assertThat(policy.query("provider-addresses", Map.of(), 9).json()).contains(PA6);
        put(vm(1, "192.168.1.3", HOST6));
        assertThat(policy.query("lookup-records", Map.of("customerAddress", "192.168.1.3"), 9)
                        .json())
                .contains(HOST6);
    }

    @Test
    void whatLeavesPolicyLeavesTheTables() throws PolicyRejectedException {
        replace(all(gateway(), gateway6(), tenant6(1), List.of(pair(1, "fd00:1::/48", "2001:db8:1::/48"))));
        replace(List.of());
        assertThat(tables.records6.size()).isZero();
        assertThat(tables.tenantFib6.size()).isZero();
        assertThat(tables.externalFib6.size()).isZero();
        assertThat(tables.providerFib6.size()).isZero();
        assertThat(tables.nptv6.size()).isZero();
        assertThat(policy.ownAddresses6()).isEmpty();
        assertThat(tables.vsids.size()).isZero();
    }

    @Test
    void rulesAndSourcePrefixesOfNat64Hosts() throws PolicyRejectedException {
        Ipv6Address server = Ipv6Address.parse("fd01::3");
        NatConnection chosen = new NatConnection(
                id(1001),
                id(1),
                IpAddress.parse("203.0.113.101"),
                1024,
                65535,
                List.of(IpPrefix.parse("192.168.1.0/24"), IpPrefix.parse("fd01::/64")),
                NatSettings.DEFAULT);
        NatRule rule = PolicySamples.rule(9, 1, 8443, "fd01::3", 443);
        List<PolicyObject> tenant = new ArrayList<>(tenant(1));
        tenant.removeIf(NatConnection.class::isInstance);
        policy.replace(new PolicySnapshot(1, all(gateway(), tenant, List.of(chosen, rule))));
        int rdid = VsidEntry.rdid(tables.vsids.find(6001));
        long entry = tables.nat.rules.at(v4("203.0.113.101"), 6, 8443, 1);
        assertThat(NatRuleEntry.high(entry)).isEqualTo(server.high());
        assertThat(NatRuleEntry.low(entry)).isEqualTo(server.low());
        long inside = tables.nat.rules.inside(rdid, 0, server.high(), server.low(), 6, 443, 1);
        assertThat(NatRuleEntry.externalPort(inside, 443)).isEqualTo(8443);
        NatChoice choice = new NatChoice();
        assertThat(tables.nat.connections.choose(rdid, 0, server.high(), server.low(), NatChoice.NO_LIMIT, choice))
                .isTrue();
        assertThat(tables.nat.connections.choose(rdid, 0, server.high() + 1, 3, NatChoice.NO_LIMIT, choice))
                .isFalse();
        policy.replace(new PolicySnapshot(2, all(gateway(), tenant, List.of(chosen))));
        assertThat(tables.nat.rules.at(v4("203.0.113.101"), 6, 8443, 1)).isZero();
        assertThat(tables.nat.rules.inside(rdid, 0, server.high(), server.low(), 6, 443, 1))
                .isZero();
    }
}
