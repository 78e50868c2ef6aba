package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.all;
import static net.nvgate.gateway.control.PolicySamples.connection;
import static net.nvgate.gateway.control.PolicySamples.gateway;
import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.record;
import static net.nvgate.gateway.control.PolicySamples.route;
import static net.nvgate.gateway.control.PolicySamples.rule;
import static net.nvgate.gateway.control.PolicySamples.subnet;
import static net.nvgate.gateway.control.PolicySamples.tenant;
import static net.nvgate.gateway.control.PolicySamples.v4;
import static net.nvgate.gateway.control.PolicySamples.vm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.route.VsidEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TablePolicyTest {

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 2);
    private final List<Integer> freedCounters = new ArrayList<>();
    private final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, freedCounters::add);
    private long revision;

    @Test
    void theContractsExampleBecomesTheRowsOfTheDataPath() throws PolicyRejectedException {
        replace(all(gateway(), tenant(1)));
        long gatewayVsid = tables.vsids.find(5001);
        assertThat(VsidEntry.flags(gatewayVsid)).isEqualTo(VsidEntry.TERMINATES_HERE | VsidEntry.GATEWAY_SUBNET);
        assertThat(VsidEntry.gatewayMac(gatewayVsid)).isEqualTo(PolicySamples.GATEWAY_MAC);
        assertThat(VsidEntry.gatewayCa(gatewayVsid)).isEqualTo(v4("10.254.254.2"));
        assertThat(VsidEntry.routerCa(gatewayVsid)).isEqualTo(v4("10.254.254.1"));
        long vmVsid = tables.vsids.find(6001);
        assertThat(VsidEntry.flags(vmVsid)).isEqualTo(VsidEntry.VM_SUBNET);
        assertThat(VsidEntry.ownPa(vmVsid)).isEqualTo(v4(PolicySamples.OWN_PA));
        assertThat(VsidEntry.gatewayMac(vmVsid)).isEqualTo(PolicySamples.GATEWAY_MAC);
        assertThat(VsidEntry.routerMac(vmVsid)).isEqualTo(PolicySamples.ROUTER_MAC);
        assertThat(VsidEntry.prefixLength(vmVsid)).isEqualTo(24);

        int rdid = VsidEntry.rdid(vmVsid);
        assertThat(VsidEntry.rdid(gatewayVsid)).isEqualTo(rdid);
        long vm = tables.records.find(rdid, v4("192.168.1.3"));
        assertThat(LookupEntry.isVm(vm)).isTrue();
        assertThat(LookupEntry.pa(vm)).isEqualTo(v4("10.0.0.11"));
        assertThat(LookupEntry.countersIndex(vm)).isEqualTo(VsidEntry.countersIndex(vmVsid));
        assertThat(LookupEntry.flags(tables.records.find(rdid, v4("192.168.1.1"))))
                .isEqualTo(LookupEntry.DEFAULT_GATEWAY);
        assertThat(LookupEntry.flags(tables.records.find(rdid, v4("10.254.254.2"))))
                .isEqualTo(LookupEntry.OWN_GATEWAY);
        assertThat(tables.records.find(rdid, 0)).as("wildcards are no CA").isZero();
        assertThat(FibEntry.kind(tables.tenantFib.find(rdid, v4("192.168.1.77"))))
                .isEqualTo(FibEntry.ON_LINK);
        assertThat(FibEntry.kind(tables.tenantFib.find(rdid, v4("8.8.8.8")))).isEqualTo(FibEntry.GATEWAY);
    }

    @Test
    void natAndLinksBecomeRows() throws PolicyRejectedException {
        replace(all(gateway(), tenant(1)));
        int rdid = rdid(6001);
        long nat = connectionOf(rdid);
        assertThat(NatEntry.externalIp(nat)).isEqualTo(v4("203.0.113.101"));
        assertThat(NatEntry.portMax(nat)).isEqualTo(65535);
        assertThat(tables.nat.connections.at(v4("203.0.113.101"), 5000)).isEqualTo(nat);
        long rule = tables.nat.rules.at(v4("203.0.113.101"), 6, 8080, 1);
        assertThat(NatRuleEntry.internalIp(rule)).isEqualTo(v4("192.168.1.3"));
        assertThat(NatRuleEntry.internalPort(rule, 8080)).isEqualTo(80);
        assertThat(tables.nat.rules.at(v4("203.0.113.101"), 17, 8080, 1)).isZero();
        assertThat(NatRuleEntry.externalPort(tables.nat.rules.inside(rdid, v4("192.168.1.3"), 0, 0, 6, 80, 1), 80))
                .isEqualTo(8080);
        assertThat(tables.ownAddresses.kinds(v4(PolicySamples.OWN_PA))).isEqualTo(OwnAddresses.PROVIDER);
        assertThat(tables.ownAddresses.kinds(v4("203.0.113.10"))).isEqualTo(OwnAddresses.EXTERNAL);
        assertThat(tables.ownAddresses.kinds(v4("203.0.113.101"))).isEqualTo(OwnAddresses.NAT);
        assertThat(vlan("203.0.113.101")).isEqualTo(7);
        long web = tables.externalFib.find(v4("198.51.100.1"));
        assertThat(FibEntry.kind(web)).isEqualTo(FibEntry.VIA_ROUTER);
        assertThat(FibEntry.nextHop(web)).isEqualTo(v4("203.0.113.1"));
        assertThat(FibEntry.source(web)).isEqualTo(v4("203.0.113.10"));
        assertThat(FibEntry.vlan(web)).isEqualTo(7);
        assertThat(FibEntry.kind(tables.providerFib.find(v4("10.0.0.11")))).isEqualTo(FibEntry.ON_LINK);
        assertThat(FibEntry.kind(tables.providerFib.find(v4("10.9.0.1")))).isEqualTo(FibEntry.VIA_ROUTER);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theOrderOfObjectsDoesNotMatter(long seed) throws PolicyRejectedException {
        List<PolicyObject> objects = all(gateway(), tenant(1), tenant(2), tenant(3));
        replace(objects);
        Set<String> inOrder = TableDump.of(tables, policy);
        Collections.shuffle(objects, new Random(seed));
        RouteTables others = new RouteTables(TestMemory::allocate, 1);
        TablePolicy other = new TablePolicy(others, TableLimits.DEFAULT, _ -> {});
        // One object per revision is the hardest order: each state in between is incomplete.
        long step = 0;
        for (PolicyObject object : objects) {
            other.apply(++step, List.of(new PolicyChange.Put(object)));
        }
        assertThat(TableDump.of(others, other)).isEqualTo(inOrder);
    }

    @Test
    void replaceLeavesWhatStaysTheSameAlone() throws PolicyRejectedException {
        replace(all(gateway(), tenant(1), tenant(2)));
        int first = rdid(6001);
        long record = tables.records.find(first, v4("192.168.1.3"));
        long subnet = tables.vsids.find(6001);
        long route = tables.tenantFib.find(first, v4("8.8.8.8"));
        long nat = connectionOf(first);
        int epoch = tables.epochs.of(first);
        int external = tables.epochs.external();
        replace(all(gateway(), tenant(1), tenant(3)));
        assertThat(tables.records.find(first, v4("192.168.1.3"))).isEqualTo(record);
        assertThat(tables.vsids.find(6001)).isEqualTo(subnet);
        assertThat(tables.tenantFib.find(first, v4("8.8.8.8"))).isEqualTo(route);
        assertThat(connectionOf(first)).isEqualTo(nat);
        assertThat(tables.epochs.of(first)).isEqualTo(epoch);
        assertThat(tables.epochs.external()).isEqualTo(external);
        assertThat(tables.vsids.find(6002)).isZero();
        assertThat(tables.vsids.find(6003)).isNotZero();
    }

    @Test
    void aMovedVmChangesItsRecordAndItsTenantsEpochOnly() throws PolicyRejectedException {
        replace(all(gateway(), tenant(1), tenant(2)));
        int first = rdid(6001);
        int second = rdid(6002);
        int epochOfFirst = tables.epochs.of(first);
        int epochOfSecond = tables.epochs.of(second);
        put(vm(1, "192.168.1.3", "10.0.0.12"));
        assertThat(LookupEntry.pa(tables.records.find(first, v4("192.168.1.3"))))
                .isEqualTo(v4("10.0.0.12"));
        assertThat(LookupEntry.pa(tables.records.find(second, v4("192.168.1.3"))))
                .isEqualTo(v4("10.0.0.11"));
        assertThat(tables.epochs.of(first)).isNotEqualTo(epochOfFirst);
        assertThat(tables.epochs.of(second)).isEqualTo(epochOfSecond);
        remove(vm(1, "192.168.1.3", "10.0.0.12").key());
        assertThat(tables.records.find(first, v4("192.168.1.3"))).isZero();
    }

    @Test
    void countersAndTenantIndexesAreReusedOnlyAfterWorkersPassed() throws PolicyRejectedException {
        List<Integer> freedTenants = new ArrayList<>();
        FreedIndexes freed = new FreedIndexes() {
            @Override
            public void counters(int index) {
                freedCounters.add(index);
            }

            @Override
            public void tenant(int index) {
                freedTenants.add(index);
            }
        };
        TablePolicy small = new TablePolicy(tables, new TableLimits(2, 10, 100, 100, 10, 10), freed);
        small.replace(new PolicySnapshot(1, all(gateway(), tenant(1))));
        int rdid = rdid(6001);
        int counters = VsidEntry.countersIndex(tables.vsids.find(6001));
        int epoch = tables.epochs.of(rdid);
        int worker = tables.quiescence.register();
        tables.quiescence.unpark(worker);
        small.replace(new PolicySnapshot(2, all(gateway(), tenant(2))));
        assertThat(rdid(6002)).isNotEqualTo(rdid);
        assertThat(freedCounters).isEmpty();
        tables.quiescence.pass(worker);
        small.reclaim();
        assertThat(freedCounters).contains(counters);
        assertThat(freedTenants).containsExactly(rdid);
        small.replace(new PolicySnapshot(3, all(gateway(), tenant(2), tenant(3))));
        assertThat(rdid(6003)).isEqualTo(rdid);
        assertThat(tables.epochs.of(rdid)).as("an epoch never goes back").isGreaterThan(epoch);
        assertThat(small.tenant(rdid).orElseThrow().vmNetwork()).isEqualTo("tenant-3");
    }

    @Test
    void lowestMetricWinsAndTheNextTakesOver() throws PolicyRejectedException {
        replace(all(gateway(), tenant(1), List.of(route(1, 6001, "172.16.0.0/16", "192.168.1.3", 20))));
        put(route(1, 6001, "172.16.0.0/16", "192.168.1.4", 10));
        int rdid = rdid(6001);
        long best = tables.tenantFib.find(rdid, v4("172.16.5.5"));
        assertThat(FibEntry.nextHop(best)).isEqualTo(v4("192.168.1.4"));
        assertThat(FibEntry.kind(best)).isEqualTo(FibEntry.VIA_CA);
        remove(route(1, 6001, "172.16.0.0/16", "192.168.1.4", 10).key());
        assertThat(FibEntry.nextHop(tables.tenantFib.find(rdid, v4("172.16.5.5"))))
                .isEqualTo(v4("192.168.1.3"));
        put(route(1, 6001, "172.17.0.0/16", "192.168.1.1", 10));
        assertThat(FibEntry.kind(tables.tenantFib.find(rdid, v4("172.17.0.1")))).isEqualTo(FibEntry.BLACKHOLE);
    }

    @Test
    void aGatewayMayShareTheVmsVsid() throws PolicyRejectedException {
        replace(all(
                gateway(),
                List.of(
                        vm(1, "192.168.1.3", "10.0.0.11"),
                        record(1, 6001, "0.0.0.0", 5, PolicySamples.OWN_PA, LookupRecord.Type.GATEWAY_WILDCARD))));
        long shared = tables.vsids.find(6001);
        assertThat(VsidEntry.flags(shared)).isEqualTo(VsidEntry.SHARED);
        assertThat(VsidEntry.gatewayMac(shared)).isEqualTo(5);
        assertThat(VsidEntry.gatewayCa(shared)).isZero();
        remove("pa/" + PolicySamples.OWN_PA);
        assertThat(VsidEntry.terminatesHere(tables.vsids.find(6001))).isFalse();
        assertThat(VsidEntry.ownPa(tables.vsids.find(6001))).isZero();
    }

    @Test
    @Requirement("nat-behaviour 80")
    void contradictionsAreRejectedWholeWithKeyAndReason() throws PolicyRejectedException {
        replace(all(gateway(), tenant(1), tenant(2)));
        Set<String> before = TableDump.of(tables, policy);
        rejected("lookup/6001/192.168.1.9", "belongs to RDID", record(2, 6001, "192.168.1.9", 2, "10.0.0.9", stat()));
        rejected(
                "lookup/5001/192.168.1.3",
                "already in VSID 6001",
                record(1, 5001, "192.168.1.3", 2, "10.0.0.9", stat()));
        rejected("lookup/6001/192.168.1.9", "unicast", record(1, 6001, "192.168.1.9", 1L << 40, "10.0.0.9", stat()));
        rejected("nat/" + id(1009), "already that of nat/" + id(1001), connection(9, "203.0.113.101"));
        rejected("nat-rule/" + id(2009), "already that of nat-rule/" + id(2001), rule(9, 1, 8080, "192.168.1.3", 81));
        rejected("nat-rule/" + id(2009), "external port 0", rule(9, 1, 0, "192.168.1.3", 81));
        rejected("ext/10.0.0.254", "already an address", new ExternalAddress(IpAddress.parse("10.0.0.254"), 24, 0));
        rejected("pa/10.0.0.7", "VLAN id 4095", new ProviderAddress(IpAddress.parse("10.0.0.7"), 24, 4095));
        rejected("vsid/6001", "belongs to RDID", subnet(2, 6001, "192.168.2.0/24", false));
        assertThat(TableDump.of(tables, policy)).isEqualTo(before);
        assertThat(policy.revision()).isEqualTo(1);
        put(record(2, 6002, "192.168.1.9", 2, "10.0.0.9", stat()));
        assertThat(tables.records.find(rdid(6002), v4("192.168.1.9"))).isNotZero();
    }

    @Test
    void moreThanTheLimitIsRejected() {
        TableLimits limits = new TableLimits(2, 3, 100, 100, 1, 1);
        TablePolicy small = new TablePolicy(tables, limits, _ -> {});
        assertThatThrownBy(() -> small.replace(new PolicySnapshot(1, all(tenant(1), tenant(2)))))
                .isInstanceOf(PolicyRejectedException.class)
                .hasMessageContaining("room for");
        assertThat(tables.vsids.size()).isZero();
    }

    @Test
    void whenTableMemoryRunsOutThePolicyBeforeStays() throws PolicyRejectedException {
        long[] left = {64};
        RouteTables scarce = new RouteTables(
                (bytes, align) -> {
                    if ((left[0] -= 1) < 0) {
                        throw new IllegalStateException("no memory");
                    }
                    return TestMemory.allocate(bytes, align);
                },
                1);
        TablePolicy scarcePolicy = new TablePolicy(scarce, TableLimits.DEFAULT, _ -> {});
        scarcePolicy.replace(new PolicySnapshot(1, all(gateway(), tenant(1))));
        Set<String> before = TableDump.of(scarce, scarcePolicy);
        left[0] = 0;
        List<PolicyObject> many = all(gateway(), tenant(1), tenant(2));
        for (int i = 0; i < 60_000; i++) {
            many.add(vm(2, "172.16." + (i >> 8) + "." + (i & 255), "10.0.0.11"));
        }
        assertThatThrownBy(() -> scarcePolicy.replace(new PolicySnapshot(2, many)))
                .isInstanceOf(PolicyRejectedException.class)
                .hasMessageContaining("no memory");
        assertThat(TableDump.of(scarce, scarcePolicy)).isEqualTo(before);
        assertThat(scarcePolicy.revision()).isEqualTo(1);
    }

    @Test
    void aNatAddressIsInTheVlanOfTheExternalSubnetThatCoversIt() throws PolicyRejectedException {
        replace(all(gateway(), tenant(1)));
        put(connection(1, "198.51.100.9"));
        assertThat(vlan("198.51.100.9"))
                .as("routed to us: as the gateway's own address")
                .isEqualTo(7);
        put(new ExternalAddress(IpAddress.parse("198.51.100.1"), 24, 9));
        assertThat(vlan("198.51.100.9")).isEqualTo(9);
        put(new ExternalAddress(IpAddress.parse("198.51.100.1"), 24, 0));
        assertThat(vlan("198.51.100.9")).isZero();
        remove("ext/198.51.100.1");
        assertThat(vlan("198.51.100.9")).isEqualTo(7);
    }

    @Test
    void aTenantMadeAnewHasAnotherIndexAndAnotherNatGeneration() throws PolicyRejectedException {
        replace(all(gateway(), tenant(1)));
        int rdid = rdid(6001);
        long nat = tables.nat.connections.at(v4("203.0.113.101"), 5000);
        int index = NatEntry.index(nat);
        int generation = NatEntry.generation(nat);
        replace(gateway());
        policy.reclaim();
        replace(all(gateway(), tenant(1)));
        assertThat(rdid(6001)).isNotEqualTo(rdid);
        nat = tables.nat.connections.at(v4("203.0.113.101"), 5000);
        assertThat(NatEntry.index(nat)).isNotEqualTo(index);
        assertThat(NatEntry.generation(nat)).isNotEqualTo(generation);
    }

    @Test
    void aConnectionThatOnlyChangesNeedsNoSecondRoom() throws PolicyRejectedException {
        TablePolicy full = new TablePolicy(tables, new TableLimits(9, 9, 100, 100, 1, 9), _ -> {});
        full.replace(new PolicySnapshot(1, all(gateway(), tenant(1))));
        NatConnection there = connection(1, "203.0.113.101");
        full.apply(
                2,
                List.of(new PolicyChange.Put(
                        new NatConnection(there.id(), there.rdid(), there.externalAddress(), 2000, 3000))));
        assertThat(NatEntry.portMin(connectionOf(rdid(6001)))).isEqualTo(2000);
        assertThatThrownBy(() -> full.apply(3, List.of(new PolicyChange.Put(connection(2, "203.0.113.102")))))
                .isInstanceOf(PolicyRejectedException.class)
                .hasMessageContaining("NAT connections");
    }

    private long connectionOf(int rdid) {
        NatChoice choice = new NatChoice();
        assertThat(tables.nat.connections.choose(rdid, v4("192.168.1.3"), 0, 0, NatChoice.NO_LIMIT, choice))
                .isTrue();
        return choice.entry();
    }

    private int vlan(String address) {
        return OwnAddresses.vlan(tables.ownAddresses.find(v4(address)));
    }

    private static LookupRecord.Type stat() {
        return LookupRecord.Type.STATIC;
    }

    private void rejected(String key, String reason, PolicyObject object) {
        assertThatThrownBy(() -> policy.apply(
                        99,
                        List.of(
                                new PolicyChange.Put(vm(1, "192.168.1.200", "10.0.0.11")),
                                new PolicyChange.Put(object))))
                .isInstanceOfSatisfying(
                        PolicyRejectedException.class, e -> assertThat(e.key()).isEqualTo(key))
                .hasMessageContaining(reason);
    }

    private void replace(List<PolicyObject> objects) throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(++revision, objects));
    }

    private void put(PolicyObject object) throws PolicyRejectedException {
        policy.apply(++revision, List.of(new PolicyChange.Put(object)));
    }

    private void remove(String key) throws PolicyRejectedException {
        policy.apply(++revision, List.of(new PolicyChange.Remove(key)));
    }

    private int rdid(int vsid) {
        return VsidEntry.rdid(tables.vsids.find(vsid));
    }
}
