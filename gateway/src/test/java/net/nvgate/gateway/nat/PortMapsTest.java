package net.nvgate.gateway.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.RouteTables;
import org.junit.jupiter.api.Test;

class PortMapsTest {

    private static final int ADDRESS = 0xcb00710a;

    private final RouteTables tables = new RouteTables(TableMemory::allocate, 1);
    private final PortMaps ports = new PortMaps(TableMemory.allocate(PortMaps.bytes(4), 64), 4, 12345, tables.nat);

    @Test
    void givesEveryPortOfTheRangeOnceAndThenNone() {
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            int port = ports.take(ADDRESS, Ipv4.TCP, 7, 2000, 4999);
            assertThat(port).isBetween(2000, 4999);
            assertThat(taken.add(port)).as("port " + port + " twice").isTrue();
        }
        assertThat(ports.take(ADDRESS, Ipv4.TCP, 7, 2000, 4999)).isEqualTo(-1);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 7, 2000, 4999))
                .as("other protocol")
                .isPositive();
        ports.release(ADDRESS, Ipv4.TCP, 3333);
        assertThat(ports.take(ADDRESS, Ipv4.TCP, 7, 2000, 4999)).isEqualTo(3333);
    }

    @Test
    void prefersTheWantedPortThenItsParity() {
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 1024, 65535)).isEqualTo(5001);
        for (int i = 0; i < 100; i++) {
            assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 1024, 65535)).isOdd();
            assertThat(ports.take(ADDRESS, Ipv4.UDP, 80, 1024, 65535)).isEven();
        }
    }

    /** RFC 6056: an outsider cannot tell the next port from the last ones. */
    @Test
    void portsAreScattered() {
        int neighbours = 0;
        int last = 0;
        for (int i = 0; i < 1000; i++) {
            int port = ports.take(ADDRESS, Ipv4.UDP, 80, 1024, 65535);
            neighbours += Math.abs(port - last) <= 8 ? 1 : 0;
            last = port;
        }
        assertThat(neighbours).isLessThan(20);
    }

    @Test
    void portsOfRulesAreNeverGivenOut() {
        tables.nat.putOutside(new NatTable.Rule(1, Ipv4.TCP, ADDRESS, 2001, 1, 80));
        assertThat(ports.take(ADDRESS, Ipv4.TCP, 2001, 2001, 2002)).isEqualTo(2002);
        assertThat(ports.take(ADDRESS, Ipv4.TCP, 2001, 2001, 2002)).isEqualTo(-1);
    }

    @Test
    void mapsOfAddressesComeAndGo() {
        for (int i = 0; i < 100; i++) {
            int port = ports.take(ADDRESS + i, Ipv4.UDP, 5000, 1024, 65535);
            assertThat(port).isEqualTo(5000);
            ports.release(ADDRESS + i, Ipv4.UDP, port);
            assertThat(ports.taken(ADDRESS + i)).isZero();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(ports.take(ADDRESS + i, Ipv4.UDP, 5000, 1024, 65535)).isEqualTo(5000);
        }
        assertThat(ports.take(ADDRESS + 4, Ipv4.UDP, 5000, 1024, 65535))
                .as("fifth address")
                .isEqualTo(-1);
    }
}
