package net.nvgate.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.TableMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A provider address is a peer as long as a VM's record names it. */
class ProviderPeersTest {

    private static final int HOST_A = 0x0a000001;
    private static final int HOST_B = 0x0a000002;

    private final List<Long> memory = new ArrayList<>();
    private final RouteTables tables = new RouteTables(
            (bytes, align) -> {
                long address = TableMemory.allocate(bytes, align);
                memory.add(address);
                return address;
            },
            1);

    @AfterEach
    void close() {
        memory.forEach(TableMemory::free);
    }

    private void record(int ca, int pa, int flags) {
        tables.records.put(new LookupRow(1, ca, 5000, ca, pa, 0, flags, 0));
    }

    @Test
    void followsTheRecords() {
        record(1, HOST_A, 0);
        record(2, HOST_A, 0);
        record(3, HOST_B, LookupEntry.OWN_GATEWAY);
        assertThat(tables.peers.contains(HOST_A)).isTrue();
        assertThat(tables.peers.contains(HOST_B)).isFalse();
        record(1, HOST_B, 0);
        assertThat(tables.peers.contains(HOST_A)).isTrue();
        assertThat(tables.peers.contains(HOST_B)).isTrue();
        tables.records.remove(1, 2);
        tables.records.remove(1, 2);
        assertThat(tables.peers.contains(HOST_A)).isFalse();
        record(1, HOST_B, 0);
        Ipv6Address ca = Ipv6Address.parse("fd00::1");
        tables.records6.put(new Lookup6Row(1, ca, 5000, 1, HOST_A, 0, 0, 0));
        assertThat(tables.peers.contains(HOST_A)).isTrue();
        tables.records6.remove(1, ca);
        assertThat(tables.peers.contains(HOST_A)).isFalse();
        tables.records.remove(1, 1);
        tables.records.remove(1, 3);
        assertThat(tables.peers.contains(HOST_B)).isFalse();
        assertThat(tables.peers.size()).isZero();
    }
}
