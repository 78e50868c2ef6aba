package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.VM_MAC;
import static net.nvgate.gateway.control.PolicySamples.all;
import static net.nvgate.gateway.control.PolicySamples.gateway;
import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.record;
import static net.nvgate.gateway.control.PolicySamples.tenant;
import static net.nvgate.gateway.control.PolicySamples.v4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.route.VsidEntry;
import org.junit.jupiter.api.Test;

/** Records that are kept in the rows of the tables and nowhere else. */
class RecordsTest {

    private static final int MANY = 100_000;

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 2);
    private final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});

    private static LookupRecord named(String ca, String pa, String name) {
        LookupRecord record = record(1, 6001, ca, VM_MAC + 9, pa, LookupRecord.Type.STATIC);
        return new LookupRecord(
                record.rdid(),
                record.vsid(),
                record.customerAddress(),
                record.mac(),
                record.providerAddress(),
                record.type(),
                name);
    }

    private int epoch() {
        return tables.epochs.of(VsidEntry.rdid(tables.vsids.find(6001)));
    }

    private long entry(String ca) {
        return tables.records.find(VsidEntry.rdid(tables.vsids.find(6001)), v4(ca));
    }

    private String rows() {
        return policy.query("lookup-records", Map.of(), 1000).json();
    }

    @Test
    void sameSnapshotAgainTouchesNothing() throws PolicyRejectedException {
        List<PolicyObject> objects = all(
                gateway(),
                tenant(1),
                List.of(
                        named("192.168.1.50", "10.0.0.11", "vm-ä"),
                        named("192.168.1.51", "2001:db8::11", ""),
                        named("2001:db8:1::50", "10.0.0.11", "six"),
                        named("2001:db8:1::51", "2001:db8::12", "six in six")));
        policy.replace(new PolicySnapshot(1, objects));
        int epoch = epoch();
        long entry = entry("192.168.1.50");
        String rows = rows();
        policy.replace(new PolicySnapshot(2, objects.reversed()));
        assertThat(epoch()).isEqualTo(epoch);
        assertThat(entry("192.168.1.50")).isEqualTo(entry);
        assertThat(rows()).isEqualTo(rows).contains("vm-ä", "six in six", "2001:db8::12");
        // And once more: the marks of the comparison are gone.
        policy.replace(new PolicySnapshot(3, objects));
        assertThat(rows()).isEqualTo(rows);
    }

    @Test
    void anotherNameIsNoReasonToForgetFlows() throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(
                1, all(gateway(), tenant(1), List.of(named("192.168.1.50", "10.0.0.11", "before")))));
        int epoch = epoch();
        long entry = entry("192.168.1.50");
        policy.apply(2, List.of(new PolicyChange.Put(named("192.168.1.50", "10.0.0.11", "a longer name"))));
        assertThat(epoch()).isEqualTo(epoch);
        assertThat(entry("192.168.1.50")).isEqualTo(entry);
        assertThat(rows()).contains("a longer name").doesNotContain("before");
    }

    @Test
    void rejectedDeltaLeavesEveryRecordAsItWas() throws PolicyRejectedException {
        policy.replace(
                new PolicySnapshot(1, all(gateway(), tenant(1), List.of(named("192.168.1.50", "10.0.0.11", "stays")))));
        String rows = rows();
        LookupRecord foreign = record(2, 6001, "192.168.1.99", VM_MAC, "10.0.0.12", LookupRecord.Type.STATIC);
        assertThatThrownBy(() -> policy.apply(
                        2,
                        List.of(
                                new PolicyChange.Remove("lookup/6001/192.168.1.50"),
                                new PolicyChange.Put(named("192.168.1.3", "10.0.0.77", "moved")),
                                new PolicyChange.Put(named("192.168.1.60", "10.0.0.77", "new")),
                                new PolicyChange.Put(foreign))))
                .isInstanceOf(PolicyRejectedException.class);
        assertThat(rows()).isEqualTo(rows);
        policy.apply(2, List.of(new PolicyChange.Remove("lookup/6001/192.168.1.50")));
        assertThat(rows()).doesNotContain("stays");
    }

    @Test
    void removeOfWhatIsNotThereIsNothing() throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(1, all(gateway(), tenant(1))));
        String rows = rows();
        policy.apply(
                2,
                List.of(
                        new PolicyChange.Remove("lookup/6001/192.168.1.200"),
                        new PolicyChange.Remove("lookup/7777/192.168.1.3"),
                        new PolicyChange.Remove("lookup/x/y"),
                        new PolicyChange.Remove("lookup/6001/no address"),
                        new PolicyChange.Remove("lookup/")));
        assertThat(rows()).isEqualTo(rows);
    }

    @Test
    void providerAddressThatIsNoneIsRefused() throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(1, all(gateway(), tenant(1))));
        assertThatThrownBy(() ->
                        policy.apply(2, List.of(new PolicyChange.Put(named("192.168.1.50", "240.0.0.1", "class E")))))
                .isInstanceOf(PolicyRejectedException.class)
                .hasMessageContaining("must be a unicast address");
    }

    @Test
    void recordTakesLessThanAHundredBytesInTablesAndNames() throws PolicyRejectedException {
        List<PolicyObject> many = new ArrayList<>(all(gateway(), tenant(1)));
        for (int n = 0; n < MANY; n++) {
            many.add(new LookupRecord(
                    id(1),
                    new Vsid(6001),
                    IpAddress.parse("172.16.0.1").plus(n),
                    new MacAddress(VM_MAC + 0x1000 + n),
                    IpAddress.parse("10.0.1.1").plus(n % 200),
                    LookupRecord.Type.STATIC,
                    "web-server-" + n));
        }
        long before = tables.allocatedBytes();
        policy.replace(new PolicySnapshot(1, many));
        assertThat(tables.records.size()).isGreaterThan(MANY);
        long bytes = tables.allocatedBytes() - before + policy.recordHeapBytes();
        assertThat((double) bytes / MANY).isLessThan(100);
    }
}
