package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.api.Test;

/** Which external address a host leaves by. */
class NatPoolTest extends NatTestBase {

    private static final int POOL = Wire.address("203.0.113.100");
    private static final int HOSTS = 4_000;

    private static NatTable.Connection connection(int number, int portMin, int portMax) {
        return new NatTable.Connection(POOL + number, 1, 20 + number, portMin, portMax, 50 + number);
    }

    private static NatTable.Connection[] pool(int size) {
        NatTable.Connection[] rows = new NatTable.Connection[size];
        for (int i = 0; i < size; i++) {
            rows[i] = connection(i, 1024, 65535);
        }
        return rows;
    }

    private int chosen(int ca) {
        NatChoice choice = new NatChoice();
        assertThat(gateway.tables.nat.connections.choose(1, ca, 0, 0, NatChoice.NO_LIMIT, choice))
                .isTrue();
        return NatEntry.externalIp(choice.entry());
    }

    @Test
    @Requirement({"nat-behaviour 7", "RFC 6888 REQ-3"})
    void hostsSpreadEvenly() {
        gateway.pool(1, pool(8));
        Map<Integer, Integer> hosts = new HashMap<>();
        for (int i = 0; i < HOSTS; i++) {
            hosts.merge(chosen(Wire.address("10.0.0.0") + i), 1, Integer::sum);
        }
        assertThat(hosts).hasSize(8);
        assertThat(hosts.values()).allMatch(count -> count > 400 && count < 600);
    }

    @Test
    @Requirement("nat-behaviour 7")
    void anAddressMoreMovesOnlyItsShare() {
        gateway.pool(1, pool(7));
        List<Integer> before = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            before.add(chosen(i));
        }
        gateway.pool(1, pool(8));
        int moved = 0;
        for (int i = 0; i < HOSTS; i++) {
            int now = chosen(i);
            assertThat(now).isIn(before.get(i), POOL + 7);
            moved += now == before.get(i) ? 0 : 1;
        }
        assertThat(moved).isBetween(HOSTS / 8 - 120, HOSTS / 8 + 120);
    }

    @Test
    @Requirement({"RFC 4787 REQ-2", "RFC 6888 REQ-2", "nat-behaviour 7"})
    void aHostWithMappingsKeepsItsAddressWhenThePoolGrows() {
        gateway.pool(1, pool(1));
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 12)).isEqualTo(POOL);
        int size = 2;
        gateway.pool(1, pool(size));
        while (chosen(Net.VM1) == POOL) {
            gateway.pool(1, pool(++size));
        }
        for (int i = 1; i < 20; i++) {
            assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53)), 12))
                    .isEqualTo(POOL);
        }
        assertThat(Wire.i32(out(1, Net.ping(Net.VM1, Net.SERVER, 9)), 12))
                .as("other protocols, too")
                .isEqualTo(POOL);
        everythingComesBack(300_000);
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 12))
                .as("when it has none left")
                .isEqualTo(chosen(Net.VM1))
                .isNotEqualTo(POOL);
    }

    @Test
    @Requirement({"RFC 7857 4", "RFC 6888 REQ-2"})
    void aFullAddressSendsNewHostsToAnotherAndKeepsItsOwn() {
        gateway.pool(1, connection(0, 5000, 5001), connection(1, 5000, 5001));
        List<Integer> addresses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int ca = Wire.address("192.168.1.100") + i;
            vm(1, ca);
            addresses.add(Wire.i32(out(1, Net.udp(ca, Net.SERVER, 4000, 53)), 12));
        }
        assertThat(addresses).containsOnly(POOL, POOL + 1);
        assertThat(addresses.stream().filter(address -> address == POOL)).hasSize(2);
        assertThat(leaves(1, Net.udp(Wire.address("192.168.1.100"), Net.SERVER, 4001, 53)))
                .as("no second address for one host")
                .isFalse();
    }

    @Test
    @Requirement({"nat-behaviour 11", "nat-behaviour 7"})
    void theLongestSourcePrefixChoosesTheConnection() {
        NatTable.Connection all = connection(0, 1024, 65535);
        NatTable.Connection one = connection(1, 1024, 65535);
        gateway.pool(1, all, one);
        gateway.tables.nat.connections.setTenant(
                1,
                List.of(
                        new NatConnections.Choice(new Prefixes.Row(Net.VM2, 32), one),
                        new NatConnections.Choice(new Prefixes.Row(Net.VM_SUBNET, 24), all)));
        gateway.tables.epochs.bump(1);
        assertThat(chosen(Net.VM1)).isEqualTo(POOL);
        assertThat(chosen(Net.VM2)).isEqualTo(POOL + 1);
        int elsewhere = Wire.address("172.16.0.1");
        vm(1, elsewhere);
        assertThat(leaves(1, Net.udp(elsewhere, Net.SERVER, 4000, 53))).isFalse();
        dropped(DropReason.NAT_SOURCE, 1);
    }

    @Test
    @Requirement({"nat-behaviour 11", "nat-behaviour 22"})
    void aHostThatPolicyMovesLeavesByItsNewConnection() {
        gateway.pool(1, pool(2));
        NatTable.Connection second = connection(1, 1024, 65535);
        NatTable.Connection first = connection(0, 1024, 65535);
        gateway.tables.nat.connections.setTenant(
                1, List.of(new NatConnections.Choice(new Prefixes.Row(Net.VM_SUBNET, 24), first)));
        gateway.tables.epochs.bump(1);
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 12)).isEqualTo(POOL);
        gateway.tables.nat.connections.setTenant(
                1, List.of(new NatConnections.Choice(new Prefixes.Row(Net.VM_SUBNET, 24), second)));
        gateway.tables.epochs.bump(1);
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 12)).isEqualTo(POOL + 1);
        assertThat(arrives(Net.udp(Net.SERVER, POOL, 53, 4000))).isFalse();
        everythingComesBack(300_000);
    }

    /** Two tenants behind one address, each with its ports. */
    @Test
    @Requirement({"nat-behaviour 12", "nat-behaviour 9", "nat-behaviour 17"})
    void tenantsShareAnAddressByPorts() {
        NatTable.Connection one = new NatTable.Connection(POOL, 1, 20, 2000, 2009, 50);
        NatTable.Connection two = new NatTable.Connection(POOL, 2, 21, 3000, 3009, 51);
        gateway.pool(1, one);
        gateway.pool(2, two);
        gateway.tables.nat.connections.setAddress(POOL, List.of(one, two));
        Set<Integer> ports = new TreeSet<>();
        for (int i = 0; i < 10; i++) {
            ports.add(Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53)), 20));
            ports.add(Wire.u16(out(2, Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53)), 20));
        }
        assertThat(ports)
                .hasSize(20)
                .allMatch(port -> (port >= 2000 && port <= 2009) || (port >= 3000 && port <= 3009));
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 5000, 53))).isFalse();
        assertThat(leaves(2, Net.udp(Net.VM1, Net.FAR, 4000, 53))).isTrue();
        in(1, Net.udp(Net.SERVER, POOL, 53, 2005));
        in(2, Net.udp(Net.SERVER, POOL, 53, 3005));
        everythingComesBack(300_000);
    }

    @Test
    @Requirement({"nat-behaviour 2", "nat-behaviour 4"})
    void portsBelow1024AreNeverGiven() {
        gateway.pool(1, connection(0, 1, 65535));
        for (int port : new int[] {0, 1, 80, 1023}) {
            byte[] sent = out(1, Net.udp(Net.VM1, Net.SERVER, port, 53));
            assertThat(Wire.u16(sent, 20)).isGreaterThanOrEqualTo(1024);
            assertThat(Wire.u16(sent, 20) & 1).as("parity").isEqualTo(port & 1);
            assertThat(arrives(Net.udp(Net.SERVER, POOL, 53, port))).isFalse();
        }
        assertThat(Wire.u16(out(1, Net.ping(Net.VM1, Net.SERVER, 7)), 24)).isGreaterThanOrEqualTo(1024);
        assertThat(Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 65535, 53)), 20))
                .isEqualTo(65535);
        dropped(DropReason.UNSOLICITED, 4);
    }
}
