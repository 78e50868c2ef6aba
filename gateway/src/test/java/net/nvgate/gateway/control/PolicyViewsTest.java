package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.all;
import static net.nvgate.gateway.control.PolicySamples.gateway;
import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.record;
import static net.nvgate.gateway.control.PolicySamples.tenant;
import static net.nvgate.gateway.control.PolicySamples.v4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.route.VsidEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyViewsTest {

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 1);
    private final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});

    @BeforeEach
    void twoTenantsAndAnIpv6Record() throws PolicyRejectedException {
        LookupRecord v6 = record(1, 6001, "fd01::3", 9, "10.0.0.11", LookupRecord.Type.STATIC);
        policy.replace(new PolicySnapshot(7, all(gateway(), tenant(1), tenant(2), List.of(v6))));
    }

    @Test
    void lookupRecordsShowWildcardsAndIpv6Too() {
        String json = policy.query("lookup-records", Map.of("rdid", id(1).toString()), 100)
                .json();
        assertThat(json)
                .contains("{\"rdid\":\"00000000-0000-0000-0000-000000000001\",\"vsid\":6001,"
                        + "\"customerAddress\":\"192.168.1.3\",\"mac\":\"00:1d:d8:b7:1c:03\","
                        + "\"providerAddress\":\"10.0.0.11\",\"type\":\"STATIC\",\"vmName\":\"vm-192.168.1.3\"}")
                .contains("\"customerAddress\":\"0.0.0.0\"", "\"GATEWAY_WILDCARD\"", "\"customerAddress\":\"fd01::3\"")
                .doesNotContain("000000000002");
    }

    @Test
    void valuesComeFromTheTableAndNotFromThePolicy() {
        int rdid = VsidEntry.rdid(tables.vsids.find(6001));
        int ca = v4("192.168.1.3");
        long entry = tables.records.find(rdid, ca);
        Mem.i32(entry + 20, v4("10.0.0.99"));
        assertThat(LookupEntry.pa(entry)).isEqualTo(v4("10.0.0.99"));
        assertThat(query("lookup-records", Map.of("customerAddress", "192.168.1.3", "vsid", "6001")))
                .contains("10.0.0.99");
        Mem.i32(entry + 20, v4("10.0.0.11"));
        tables.records.remove(rdid, ca);
        assertThat(query("lookup-records", Map.of("customerAddress", "192.168.1.3", "vsid", "6001")))
                .isEqualTo("[]");
    }

    @Test
    void routesAndProviderAddresses() {
        assertThat(query("customer-routes", Map.of("rdid", id(2).toString(), "destinationPrefix", "0.0.0.0/0")))
                .isEqualTo("[{\"rdid\":\"00000000-0000-0000-0000-000000000002\",\"vsid\":5002,"
                        + "\"destinationPrefix\":\"0.0.0.0/0\",\"nextHop\":\"10.254.254.2\",\"metric\":255}]");
        assertThat(query("provider-addresses", Map.of()))
                .isEqualTo("[{\"providerAddress\":\"10.0.0.254\",\"prefixLength\":24,\"vlanId\":0}]");
    }

    @Test
    void limitAndUnknownNames() {
        QueryResult three = policy.query("lookup-records", Map.of(), 3);
        assertThat(three.truncated()).isTrue();
        assertThat(three.json().split("\\{", -1)).hasSize(4);
        assertThatThrownBy(() -> policy.query("nonsense", Map.of(), 1)).hasMessageContaining("no view 'nonsense'");
        assertThatThrownBy(() -> policy.query("lookup-records", Map.of("pa", "1"), 1))
                .hasMessageContaining("no field 'pa'");
    }

    private String query(String kind, Map<String, String> filter) {
        return policy.query(kind, filter, 100).json();
    }
}
