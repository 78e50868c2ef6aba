package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.GATEWAY_MAC;
import static net.nvgate.gateway.control.PolicySamples.OWN_PA;
import static net.nvgate.gateway.control.PolicySamples.ROUTER_MAC;
import static net.nvgate.gateway.control.PolicySamples.VM_MAC;
import static net.nvgate.gateway.control.PolicySamples.all;
import static net.nvgate.gateway.control.PolicySamples.gateway;
import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.record;
import static net.nvgate.gateway.control.PolicySamples.route;
import static net.nvgate.gateway.control.PolicySamples.subnet;
import static net.nvgate.gateway.control.PolicySamples.tenant;
import static net.nvgate.gateway.control.PolicySamples.v4;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.route.VsidEntry;
import org.junit.jupiter.api.Test;

/** The other documented forms of records: a gateway in the VMs' virtual subnet, and hosts with a PA per VSID. */
class RecordFormsTest {

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 2);
    private final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});

    /** As the manager projects a VM network gateway with {@code vmSubnetId}. */
    private static List<PolicyObject> sharedTenant() {
        return List.of(
                new RoutingDomain(id(1), "tenant-1"),
                subnet(1, 6001, "192.168.1.0/24", false),
                record(1, 6001, "192.168.1.3", VM_MAC, "10.0.0.11", LookupRecord.Type.STATIC),
                record(1, 6001, "192.168.1.1", ROUTER_MAC, PolicySamples.DISTRIBUTED, LookupRecord.Type.STATIC),
                record(1, 6001, "192.168.1.2", GATEWAY_MAC, OWN_PA, LookupRecord.Type.STATIC),
                record(1, 6001, "0.0.0.0", GATEWAY_MAC, OWN_PA, LookupRecord.Type.GATEWAY_WILDCARD),
                route(1, 6001, "192.168.1.0/24", "0.0.0.0", 255),
                route(1, 6001, "0.0.0.0/0", "192.168.1.2", 255));
    }

    @Test
    void aVsidCanBeTheVmsAndTheGateways() throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(1, all(gateway(), sharedTenant())));
        long vsid = tables.vsids.find(6001);
        assertThat(VsidEntry.flags(vsid)).isEqualTo(VsidEntry.SHARED);
        assertThat(VsidEntry.gatewayMac(vsid)).isEqualTo(GATEWAY_MAC);
        assertThat(VsidEntry.gatewayCa(vsid)).isEqualTo(v4("192.168.1.2"));
        assertThat(VsidEntry.routerMac(vsid)).isEqualTo(ROUTER_MAC);
        assertThat(VsidEntry.routerCa(vsid)).isEqualTo(v4("192.168.1.1"));
        int rdid = VsidEntry.rdid(vsid);
        assertThat(LookupEntry.isVm(tables.records.find(rdid, v4("192.168.1.3"))))
                .isTrue();
        assertThat(LookupEntry.flags(tables.records.find(rdid, v4("192.168.1.2"))))
                .isEqualTo(LookupEntry.OWN_GATEWAY);
        assertThat(FibEntry.kind(tables.tenantFib.find(rdid, v4("203.0.113.77"))))
                .isEqualTo(FibEntry.GATEWAY);
        assertThat(FibEntry.kind(tables.tenantFib.find(rdid, v4("192.168.1.3"))))
                .isEqualTo(FibEntry.ON_LINK);

        policy.apply(2, List.of(new PolicyChange.Remove("lookup/6001/192.168.1.3")));
        assertThat(VsidEntry.flags(tables.vsids.find(6001))).isEqualTo(VsidEntry.SHARED);
    }

    private int pa(String ca) {
        return LookupEntry.pa(tables.records.find(VsidEntry.rdid(tables.vsids.find(6001)), v4(ca)));
    }

    @Test
    void eachVsidOfAHostHasItsPa() throws PolicyRejectedException {
        List<PolicyObject> second = List.of(
                subnet(1, 6101, "192.168.2.0/24", false),
                record(1, 6101, "192.168.2.1", ROUTER_MAC + 0x100, PolicySamples.DISTRIBUTED, LookupRecord.Type.STATIC),
                record(1, 6101, "192.168.2.3", VM_MAC + 0x100, "10.0.0.21", LookupRecord.Type.STATIC),
                route(1, 6101, "192.168.2.0/24", "0.0.0.0", 255));
        policy.replace(new PolicySnapshot(1, all(gateway(), tenant(1), second)));
        assertThat(pa("192.168.1.3")).isEqualTo(v4("10.0.0.11"));
        assertThat(pa("192.168.2.3")).isEqualTo(v4("10.0.0.21"));
        assertThat(VsidEntry.gatewayMac(tables.vsids.find(6101))).isEqualTo(GATEWAY_MAC);

        // A move of one VM changes the PA of its VSID alone.
        policy.apply(
                2,
                List.of(new PolicyChange.Put(
                        record(1, 6101, "192.168.2.3", VM_MAC + 0x100, "10.0.0.22", LookupRecord.Type.STATIC))));
        assertThat(pa("192.168.1.3")).isEqualTo(v4("10.0.0.11"));
        assertThat(pa("192.168.2.3")).isEqualTo(v4("10.0.0.22"));
    }

    @Test
    void whatAGuestIsKnownToHaveIsARecordLikeAnyOther() throws PolicyRejectedException {
        List<PolicyObject> guest = List.of(
                record(1, 6001, "0.0.0.0", VM_MAC, "10.0.0.11", LookupRecord.Type.L2_ONLY),
                record(1, 6001, "192.168.1.77", VM_MAC, "10.0.0.11", LookupRecord.Type.DYNAMIC));
        policy.replace(new PolicySnapshot(1, all(gateway(), tenant(1), guest)));
        long learned = tables.records.find(VsidEntry.rdid(tables.vsids.find(6001)), v4("192.168.1.77"));
        assertThat(LookupEntry.isVm(learned)).isTrue();
        assertThat(LookupEntry.type(learned)).isEqualTo(LookupEntry.TYPE_DYNAMIC);

        // The MAC changes: the L2Only record has another key, the others are the same records.
        long mac = VM_MAC + 7;
        policy.apply(
                2,
                List.of(
                        new PolicyChange.Remove(guest.getFirst().key()),
                        new PolicyChange.Put(record(1, 6001, "0.0.0.0", mac, "10.0.0.11", LookupRecord.Type.L2_ONLY)),
                        new PolicyChange.Put(
                                record(1, 6001, "192.168.1.3", mac, "10.0.0.11", LookupRecord.Type.STATIC)),
                        new PolicyChange.Put(
                                record(1, 6001, "192.168.1.77", mac, "10.0.0.11", LookupRecord.Type.DYNAMIC))));
        int rdid = VsidEntry.rdid(tables.vsids.find(6001));
        assertThat(LookupEntry.mac(tables.records.find(rdid, v4("192.168.1.77"))))
                .isEqualTo(mac);
        assertThat(LookupEntry.mac(tables.records.find(rdid, v4("192.168.1.3"))))
                .isEqualTo(mac);
        assertThat(tables.macs.row(6001, mac)).isNotNull();
        assertThat(tables.macs.row(6001, VM_MAC)).isNull();
    }
}
