package net.nvgate.gateway.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;
import net.nvgate.gateway.route.RouteTables;
import org.junit.jupiter.api.Test;

class PortMapsTest {

    private static final int ADDRESS = 0xcb00710a;

    private final RouteTables tables = new RouteTables(TableMemory::allocate, 1);
    private long now = 1_000_000;
    private final PortMaps ports =
            new PortMaps(TableMemory.allocate(PortMaps.bytes(4), 64), 4, 12345, 67, 89, tables.nat.rules);

    @Test
    void givesEveryPortOfTheRangeOnceAndThenNone() {
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            int port = ports.take(ADDRESS, Ipv4.TCP, 7, 2000, 4999, now);
            assertThat(port).isBetween(2000, 4999);
            assertThat(taken.add(port)).as("port " + port + " twice").isTrue();
        }
        assertThat(ports.take(ADDRESS, Ipv4.TCP, 7, 2000, 4999, now)).isEqualTo(-1);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 7, 2000, 4999, now))
                .as("other protocol")
                .isPositive();
        ports.release(ADDRESS, Ipv4.TCP, 3333, false, now);
        assertThat(ports.take(ADDRESS, Ipv4.TCP, 7, 2000, 4999, now)).isEqualTo(3333);
    }

    @Test
    void prefersTheWantedPortThenItsParity() {
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 1024, 65535, now)).isEqualTo(5001);
        for (int i = 0; i < 100; i++) {
            assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 1024, 65535, now)).isOdd();
            assertThat(ports.take(ADDRESS, Ipv4.UDP, 80, 1024, 65535, now)).isEven();
        }
    }

    /** What was drawn ahead is tried where the wanted port is taken, once, and under the rules of every other. */
    @Test
    void whatWasDrawnAheadIsUsedOnce() {
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 1024, 65535, now)).isEqualTo(5001);
        long map = ports.find(ADDRESS);
        ports.expect(map, 7001);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 1024, 65535, now)).isEqualTo(7001);
        assertThat(ports.isLikelyFree(map, Ipv4.UDP, 7001)).isFalse();
        ports.expect(map, 7001);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 1024, 65535, now))
                .as("it is taken")
                .isNotEqualTo(7001);
        ports.expect(map, 7003);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 6001, 1024, 65535, now))
                .as("wanted, free")
                .isEqualTo(6001);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 1024, 65535, now))
                .as("of the take before")
                .isNotEqualTo(7003);
        ports.expect(map, 7005);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 80, 1024, 65535, now))
                .as("parity")
                .isEven();
        ports.expect(map, 999);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 5001, 2000, 2999, now)).isBetween(2000, 2999);
        ports.expect(map, 7007);
        assertThat(ports.take(ADDRESS + 1, Ipv4.UDP, 5001, 1024, 65535, now))
                .as("another address")
                .isEqualTo(5001);
        assertThat(ports.taken(ADDRESS)).isEqualTo(7);
        assertThat(ports.taken(ADDRESS + 1)).isEqualTo(1);
    }

    /** RFC 6056: an outsider cannot tell the next port from the last ones. */
    @Test
    void portsAreScattered() {
        int neighbours = 0;
        int last = 0;
        for (int i = 0; i < 1000; i++) {
            int port = ports.take(ADDRESS, Ipv4.UDP, 80, 1024, 65535, now);
            neighbours += Math.abs(port - last) <= 8 ? 1 : 0;
            last = port;
        }
        assertThat(neighbours).isLessThan(20);
    }

    @Test
    void portsOfRulesAreNeverGivenOut() {
        tables.nat.rules.setOutside(
                ADDRESS,
                Ipv4.TCP,
                0,
                2001,
                List.of(new NatTable.Rule(1, Ipv4.TCP, ADDRESS, 2001, 1, 80, 0, Prefixes.Row.ANY, 1)));
        assertThat(ports.take(ADDRESS, Ipv4.TCP, 2001, 2001, 2002, now)).isEqualTo(2002);
        assertThat(ports.take(ADDRESS, Ipv4.TCP, 2001, 2001, 2002, now)).isEqualTo(-1);
    }

    @Test
    void mapsOfAddressesComeAndGo() {
        for (int i = 0; i < 100; i++) {
            int port = ports.take(ADDRESS + i, Ipv4.UDP, 5000, 1024, 65535, now);
            assertThat(port).isEqualTo(5000);
            ports.release(ADDRESS + i, Ipv4.UDP, port, false, now);
            assertThat(ports.taken(ADDRESS + i)).isZero();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(ports.take(ADDRESS + i, Ipv4.UDP, 5000, 1024, 65535, now))
                    .isEqualTo(5000);
        }
        assertThat(ports.take(ADDRESS + 4, Ipv4.UDP, 5000, 1024, 65535, now))
                .as("fifth address")
                .isEqualTo(PortMaps.NO_ROOM);
    }

    @Test
    @Requirement({"nat-behaviour 6", "RFC 6888 REQ-13", "RFC 4787 REQ-3"})
    void everyPortFrom1024UpIsGivenOnce() {
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < 64_512; i++) {
            assertThat(taken.add(ports.take(ADDRESS, Ipv4.UDP, i, 1024, 65535, now)))
                    .isTrue();
        }
        assertThat(taken).allMatch(port -> port >= 1024 && port <= 65535);
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 1, 1024, 65535, now)).isEqualTo(PortMaps.NO_PORT);
        assertThat(ports.taken(ADDRESS)).isEqualTo(64_512);
    }

    @Test
    @Requirement("RFC 6888 REQ-8")
    void aFreedPortRestsForTwoMinutes() {
        assertThat(ports.take(ADDRESS, Ipv4.UDP, 5000, 5000, 5000, now)).isEqualTo(5000);
        now += 77_777;
        ports.release(ADDRESS, Ipv4.UDP, 5000, true, now);
        long freed = now;
        while (ports.take(ADDRESS, Ipv4.UDP, 5000, 5000, 5000, now) < 0) {
            now += 1_000;
        }
        assertThat(now - freed).isBetween(120_000L, 240_000L);
    }

    @Test
    void anAddressWithoutPortsGivesItsMapBackAfterTheRest() {
        ports.take(ADDRESS, Ipv4.UDP, 5000, 5000, 5000, now);
        ports.release(ADDRESS, Ipv4.UDP, 5000, true, now);
        ports.sweep(now + 119_000);
        assertThat(ports.used()).isEqualTo(1);
        ports.sweep(now + 121_000);
        ports.sweep(now + 242_000);
        assertThat(ports.used()).isZero();
    }
}
