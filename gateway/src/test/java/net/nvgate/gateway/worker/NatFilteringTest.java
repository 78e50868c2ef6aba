package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.NatEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a mapping lets in. */
class NatFilteringTest extends NatTestBase {

    private void filtering(int filtering) {
        gateway.settings(1, settings -> settings.withFiltering(filtering));
    }

    @ParameterizedTest(name = "filtering {0}: other port {1}, other host {2}")
    @CsvSource({
        NatEntry.ADDRESS_AND_PORT_DEPENDENT + ",false,false",
        NatEntry.ADDRESS_DEPENDENT + ",true,false",
        NatEntry.ENDPOINT_INDEPENDENT + ",true,true"
    })
    @Requirement({"RFC 4787 REQ-8", "RFC 4787 REQ-8a", "RFC 6888 REQ-7"})
    void udpIsLetInAsChosen(int filtering, boolean otherPort, boolean otherHost) {
        filtering(filtering);
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 53, port))).isTrue();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 54, port))).isEqualTo(otherPort);
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 53, port))).isEqualTo(otherHost);
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 53, port + 2)))
                .as("no mapping")
                .isFalse();
    }

    @ParameterizedTest(name = "filtering {0}: other port {1}, other host {2}")
    @CsvSource({
        NatEntry.ADDRESS_AND_PORT_DEPENDENT + ",false,false",
        NatEntry.ADDRESS_DEPENDENT + ",true,false",
        NatEntry.ENDPOINT_INDEPENDENT + ",true,true"
    })
    @Requirement({"RFC 5382 REQ-3", "RFC 5382 REQ-3a", "RFC 6888 REQ-7"})
    void tcpIsLetInAsChosen(int filtering, boolean otherPort, boolean otherHost) {
        filtering(filtering);
        int port = Wire.u16(out(1, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, SYN)), 20);
        assertThat(arrives(Net.tcp(Net.SERVER, Net.NAT[1], 81, port, SYN))).isEqualTo(otherPort);
        assertThat(arrives(Net.tcp(Net.FAR, Net.NAT[1], 80, port, SYN))).isEqualTo(otherHost);
    }

    @Test
    @Requirement({"RFC 4787 REQ-1", "RFC 5382 REQ-1", "RFC 4787 REQ-8"})
    void whoIsLetInTalksWithTheSameMapping() {
        filtering(NatEntry.ENDPOINT_INDEPENDENT);
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        byte[] seen = in(1, Net.udp(Net.FAR, Net.NAT[1], 999, port));
        assertThat(Wire.i32(seen, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(seen, 22)).isEqualTo(4000);
        byte[] answer = out(1, Net.udp(Net.VM1, Net.FAR, 4000, 999));
        assertThat(Wire.i32(answer, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.u16(answer, 20)).isEqualTo(port);
        assertThat(gateway.worker.nat().used()).isEqualTo(1);
        everythingComesBack(300_000);
    }

    /** The mapping lives as long as one session does, also one that began outside. */
    @Test
    @Requirement({"RFC 4787 REQ-8", "RFC 4787 REQ-3"})
    void theMappingStaysForWhoWasLetIn() {
        filtering(NatEntry.ENDPOINT_INDEPENDENT);
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        gateway.turnAfter(200_000);
        in(1, Net.udp(Net.FAR, Net.NAT[1], 999, port));
        gateway.turnAfter(200_000);
        assertThat(gateway.worker.sessions().count()).isEqualTo(1);
        assertThat(gateway.worker.nat().used()).isEqualTo(1);
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, port));
        everythingComesBack(300_000);
    }

    @Test
    @Requirement("RFC 4787 REQ-8")
    void addressDependentFilteringForgetsAHostWithItsLastSession() {
        filtering(NatEntry.ADDRESS_DEPENDENT);
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        gateway.turnAfter(200_000);
        out(1, Net.udp(Net.VM1, Net.FAR, 4000, 53));
        assertThat(gateway.worker.nat().peersUsed()).isEqualTo(2);
        gateway.turnAfter(200_000);
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 99, port))).isFalse();
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 99, port))).isTrue();
        everythingComesBack(300_000);
    }

    @Test
    @Requirement("RFC 4787 REQ-8a")
    void stricterFilteringHoldsAtOnce() {
        filtering(NatEntry.ENDPOINT_INDEPENDENT);
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 1, port))).isTrue();
        filtering(NatEntry.ADDRESS_AND_PORT_DEPENDENT);
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 2, port))).isFalse();
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 1, port)))
                .as("a session that is there stays")
                .isTrue();
    }

    /** RFC 7857 §6: UDP and TCP of one inside port are two mappings. */
    @Test
    @Requirement({"RFC 7857 5", "RFC 4787 REQ-8"})
    void protocolsHaveMappingsOfTheirOwn() {
        filtering(NatEntry.ENDPOINT_INDEPENDENT);
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        assertThat(arrives(Net.tcp(Net.FAR, Net.NAT[1], 1, port, SYN))).isFalse();
        out(1, Net.tcp(Net.VM1, Net.SERVER, 4000, 53, SYN));
        assertThat(gateway.worker.nat().used()).isEqualTo(2);
    }
}
