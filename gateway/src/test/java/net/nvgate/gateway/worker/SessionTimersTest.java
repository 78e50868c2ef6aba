package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.nat.NatTimers;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Timers that are configured are those in force: per NAT connection, and per gateway. */
@ExtendWith(EalExtension.class)
class SessionTimersTest {

    private static final NatTimers GATEWAY = new NatTimers(130_000, 7_500_000, 250_000, 30_000, 70_000, 140_000);

    private static void connection(TestGateway gateway, int udpMs, int establishedMs, int transitoryMs, int icmpMs) {
        NatSettingsRow settings = new NatSettingsRow(
                NatEntry.ADDRESS_AND_PORT_DEPENDENT,
                0,
                0,
                udpMs,
                establishedMs,
                transitoryMs,
                icmpMs,
                160_000,
                List.of());
        gateway.connection(new NatTable.Connection(Net.NAT[1], 1, 1, 1024, 65535, 77, settings));
    }

    private static void livesFor(TestGateway gateway, int seconds) {
        for (int second = 1; second < seconds; second++) {
            gateway.turnAfter(1000);
        }
        assertThat(gateway.worker.sessions().count())
                .as("before " + seconds + " s")
                .isEqualTo(1);
        gateway.turnAfter(3000);
        assertThat(gateway.worker.sessions().count())
                .as("after " + seconds + " s")
                .isZero();
    }

    static Stream<Arguments> sessions() {
        return Stream.of(
                Arguments.of("UDP", 121, (Consumer<TcpPeers>) p -> p.udp()),
                Arguments.of("ICMP", 61, (Consumer<TcpPeers>) p -> p.ping()),
                Arguments.of("opening, by the gateway", 30, (Consumer<TcpPeers>) p -> p.out(TcpPeers.SYN)),
                Arguments.of("established", 7441, (Consumer<TcpPeers>) TcpPeers::open),
                Arguments.of("closed", 241, (Consumer<TcpPeers>) p -> p.open().close()),
                Arguments.of("reset", 241, (Consumer<TcpPeers>) p -> p.open().in(TcpPeers.RST)));
    }

    @ParameterizedTest(name = "{0}: {1} s")
    @MethodSource("sessions")
    @Requirement({
        "nat-behaviour 31",
        "RFC 4787 REQ-5",
        "RFC 4787 REQ-5a",
        "RFC 4787 REQ-5b",
        "RFC 5382 REQ-5a",
        "RFC 5508 REQ-2a",
        "RFC 7857 2.1",
        "RFC 6146 4"
    })
    void connectionsTimersAreInForce(String what, int seconds, Consumer<TcpPeers> traffic) {
        try (TestGateway gateway = new TestGateway(TestGateway.CONFIG.withNatTimers(GATEWAY))) {
            connection(gateway, 121_000, 7_441_000, 241_000, 61_000);
            traffic.accept(new TcpPeers(gateway));
            livesFor(gateway, seconds);
        }
    }

    /** A rule may have a port that the connection gives to nobody. */
    @Test
    @Requirement("nat-behaviour 31")
    void connectionsTimersHoldForItsRules() {
        try (TestGateway gateway = new TestGateway(TestGateway.CONFIG.withNatTimers(GATEWAY))) {
            connection(gateway, 121_000, 7_441_000, 241_000, 61_000);
            gateway.rule(1, Wire.UDP, 53, Net.VM1, 5300);
            gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 4000, 53)))
                    .onlyPa();
            livesFor(gateway, 121);
        }
    }

    @Test
    @Requirement({"RFC 4787 REQ-5", "RFC 4787 REQ-5a"})
    void aDayFitsTheTimers() {
        try (TestGateway gateway = new TestGateway()) {
            connection(gateway, NatTimers.MAX_MS, NatTimers.MAX_MS, NatTimers.MAX_MS, NatTimers.MAX_MS);
            new TcpPeers(gateway).udp();
            livesFor(gateway, 86_400);
        }
    }

    @Test
    @Requirement("nat-behaviour 31")
    void changedTimersHoldForLivingSessions() {
        try (TestGateway gateway = new TestGateway()) {
            connection(gateway, 300_000, 7_440_000, 240_000, 60_000);
            TcpPeers peers = new TcpPeers(gateway).udp();
            connection(gateway, 600_000, 7_440_000, 240_000, 60_000);
            gateway.turnAfter(400_000);
            assertThat(gateway.worker.sessions().count()).isEqualTo(1);
            peers.udp();
            livesFor(gateway, 600);
        }
    }

    @Test
    @Requirement({"RFC 4787 REQ-6", "RFC 4787 REQ-6a", "RFC 7857 7"})
    void bothDirectionsRefreshButNotWhatTheFilterDrops() {
        try (TestGateway gateway = new TestGateway()) {
            TcpPeers peers = new TcpPeers(gateway).udp();
            gateway.turnAfter(250_000);
            gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)))
                    .onlyPa();
            gateway.turnAfter(250_000);
            peers.udp();
            gateway.turnAfter(250_000);
            assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.FAR, Net.NAT[1], 53, 4000)))
                            .isEmpty())
                    .isTrue();
            assertThat(gateway.worker.sessions().count()).isEqualTo(1);
            livesFor(gateway, 50);
        }
    }
}
