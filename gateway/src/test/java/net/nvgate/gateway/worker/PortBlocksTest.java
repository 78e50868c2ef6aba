package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.api.Test;

/** Hosts with ranges of ports: blocks that they are given, and ranges that are computed. */
class PortBlocksTest extends NatTestBase {

    private static final int ADDRESS = Wire.address("203.0.113.100");
    private static final int FIRST_CA = Wire.address("192.168.1.64");

    @Override
    WorkerConfig config() {
        return TestGateway.CONFIG.withSessionsMax(1 << 12);
    }

    private int port(int ca, int insidePort) {
        return Wire.u16(out(1, Net.udp(ca, Net.SERVER, insidePort, 53)), 20);
    }

    private void settings(int portMin, int portMax, NatSettingsRow settings) {
        gateway.pool(1, new NatTable.Connection(ADDRESS, 1, 20, portMin, portMax, 50, settings));
    }

    @Test
    @Requirement("RFC 6888 REQ-14")
    void aHostsPortsAreOfBlocksThatNobodyElseHas() {
        settings(1024, 65535, NatSettingsRow.DEFAULT.withPortBlockSize(64));
        Map<Integer, Integer> owners = new HashMap<>();
        Set<Integer> ports = new HashSet<>();
        for (int host = 0; host < 8; host++) {
            int ca = FIRST_CA + host;
            vm(1, ca);
            for (int i = 0; i < 100; i++) {
                int port = port(ca, 3000 + i);
                assertThat(ports.add(port)).isTrue();
                assertThat(owners.merge(port >> 6, ca, (a, b) -> a)).isEqualTo(ca);
            }
        }
        assertThat(owners).as("two blocks of 64 for 100 ports").hasSize(16);
        assertThat(gateway.worker.nat().blocksUsed()).isEqualTo(16);
        everythingComesBack(300_000);
    }

    /** Each block is told when it is given and when its last port is free, with all that is needed to name its host later. */
    @Test
    @Requirement({"RFC 6888 REQ-14", "RFC 6888 REQ-12"})
    void givingAndTakingBackIsTold() {
        settings(2048, 2048 + 127, NatSettingsRow.DEFAULT.withPortBlockSize(64));
        for (int i = 0; i < 65; i++) {
            port(Net.VM1, 3000 + i);
        }
        List<PortBlockEvents.Event> given = told();
        assertThat(given).hasSize(2).allSatisfy(event -> {
            assertThat(event.assigned()).isTrue();
            assertThat(event.domain()).isEqualTo(1);
            assertThat(event.insideAddress()).hasToString("192.168.1.3");
            assertThat(event.externalAddress()).hasToString("203.0.113.100");
            assertThat(event.lastPort() - event.firstPort()).isEqualTo(63);
            assertThat(event.atMs()).isEqualTo(5_000);
        });
        assertThat(given.stream().map(PortBlockEvents.Event::firstPort)).containsExactlyInAnyOrder(2048, 2112);
        everythingComesBack(300_000);
        List<PortBlockEvents.Event> back = told();
        assertThat(back).hasSize(2).allSatisfy(event -> {
            assertThat(event.assigned()).isFalse();
            assertThat(event.insideAddress()).hasToString("192.168.1.3");
            assertThat(event.atMs()).isBetween(300_000L, 330_000L);
        });
        assertThat(back.stream().map(PortBlockEvents.Event::firstPort)).containsExactlyInAnyOrder(2048, 2112);
        assertThat(gateway.worker.nat().blockEvents().assigned()).isEqualTo(2);
        assertThat(gateway.worker.nat().blockEvents().released()).isEqualTo(2);
        assertThat(gateway.worker.nat().blockEvents().notTold()).isZero();
    }

    private List<PortBlockEvents.Event> told() {
        return Stream.generate(gateway.worker.nat().blockEvents()::poll)
                .takeWhile(Optional::isPresent)
                .map(Optional::get)
                .toList();
    }

    @Test
    @Requirement({"RFC 6888 REQ-14", "nat-behaviour 17"})
    void blocksAreUsedUpBeforeAHostIsRefused() {
        settings(2048, 2048 + 255, NatSettingsRow.DEFAULT.withPortBlockSize(128));
        vm(1, FIRST_CA);
        for (int i = 0; i < 128; i++) {
            port(Net.VM1, 3000 + i);
        }
        for (int i = 0; i < 128; i++) {
            port(FIRST_CA, 3000 + i);
        }
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 9000, 53))).isFalse();
        dropped(DropReason.NAT_PORTS_EXHAUSTED, 1);
        everythingComesBack(300_000);
    }

    /** RFC 7422: 16 hosts of a /28, 1600 ports: host n has 2000 + 100 n and the 99 after it. */
    @Test
    @Requirement({"RFC 6888 REQ-14", "RFC 6888 REQ-12", "RFC 7422 2", "RFC 7422 2.1", "RFC 7422 2.4"})
    void deterministicHostsHaveComputedPorts() {
        NatSettingsRow settings = NatSettingsRow.DEFAULT.withDeterministic(List.of(new Prefixes.Row(FIRST_CA, 28)));
        settings(2000, 3599, settings);
        for (int host = 0; host < 16; host++) {
            vm(1, FIRST_CA + host);
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                ports.add(port(FIRST_CA + host, 5000 + i));
            }
            int first = 2000 + 100 * host;
            assertThat(ports).hasSize(100).allMatch(port -> port >= first && port < first + 100);
        }
        assertThat(leaves(1, Net.udp(FIRST_CA, Net.SERVER, 9000, 53))).isFalse();
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 9000, 53)))
                .as("nothing is left for others")
                .isFalse();
        dropped(DropReason.NAT_PORTS_EXHAUSTED, 2);
        everythingComesBack(300_000);
    }

    /** The other way round, by the formula of docs/nat.md: from an external address and port to the host, with nothing but settings. */
    @Test
    @Requirement({"RFC 7422 2", "RFC 7422 2.1", "RFC 6888 REQ-12"})
    void aPortNamesItsHostByConfigurationAlone() {
        NatSettingsRow settings = NatSettingsRow.DEFAULT.withDeterministic(
                List.of(new Prefixes.Row(FIRST_CA, 29), new Prefixes.Row(FIRST_CA + 64, 29)));
        gateway.pool(
                1,
                new NatTable.Connection(ADDRESS, 1, 20, 2000, 3599, 50, settings),
                new NatTable.Connection(ADDRESS + 1, 1, 21, 2000, 3599, 51, settings));
        int pool = 2;
        int perHost = 1600 / (16 / pool);
        for (int host = 0; host < 16; host++) {
            int ca = host < 8 ? FIRST_CA + host : FIRST_CA + 64 + host - 8;
            vm(1, ca);
            for (int i = 0; i < 20; i++) {
                byte[] sent = out(1, Net.udp(ca, Net.SERVER, 5000 + 7 * i, 53));
                int connection = Wire.i32(sent, 12) - ADDRESS;
                assertThat((Wire.u16(sent, 20) - 2000) / perHost * pool + connection)
                        .isEqualTo(host);
            }
        }
    }

    @Test
    @Requirement("RFC 6888 REQ-14")
    void aPoolOfTwoHasHalfTheHostsEach() {
        NatSettingsRow settings = NatSettingsRow.DEFAULT.withDeterministic(List.of(new Prefixes.Row(FIRST_CA, 28)));
        gateway.pool(
                1,
                new NatTable.Connection(ADDRESS, 1, 20, 2000, 3599, 50, settings),
                new NatTable.Connection(ADDRESS + 1, 1, 21, 2000, 3599, 51, settings));
        for (int host = 0; host < 16; host++) {
            vm(1, FIRST_CA + host);
            byte[] sent = out(1, Net.udp(FIRST_CA + host, Net.SERVER, 5000, 53));
            assertThat(Wire.i32(sent, 12)).isEqualTo(ADDRESS + host % 2);
            int first = 2000 + 200 * (host / 2);
            assertThat(Wire.u16(sent, 20)).isBetween(first, first + 199);
        }
    }

    /** Static assignment: RFC 6888 REQ-8 exempts it, the port is the same host's again. */
    @Test
    @Requirement("RFC 6888 REQ-8")
    void computedPortsNeedNoRest() {
        NatSettingsRow settings = NatSettingsRow.DEFAULT.withDeterministic(List.of(new Prefixes.Row(FIRST_CA, 28)));
        settings(2000, 2015, settings);
        vm(1, FIRST_CA);
        assertThat(port(FIRST_CA, 5000)).isEqualTo(2000);
        gateway.turnAfter(310_000);
        assertThat(port(FIRST_CA, 5001)).isEqualTo(2000);
    }
}
