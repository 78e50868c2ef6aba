package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.NatExemptions;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** External addresses that are one host's, and what goes without NAT. */
class OneToOneTest extends NatTestBase {

    private static final int OWN = Wire.address("203.0.113.20");

    @BeforeEach
    void pair() {
        gateway.oneToOne(1, OWN, Net.VM1);
    }

    @Test
    @Requirement("nat-behaviour 36")
    void openedFromInside() {
        byte[] sent = out(1, Net.tcp(Net.VM1, Net.SERVER, 80, 5000, SYN));
        assertThat(Wire.i32(sent, 12)).isEqualTo(OWN);
        assertThat(Wire.u16(sent, 20))
                .as("every port is its own, also below 1024")
                .isEqualTo(80);
        byte[] answer = in(1, Net.tcp(Net.SERVER, OWN, 5000, 80, SYN | ACK));
        assertThat(Wire.i32(answer, 16)).isEqualTo(Net.VM1);
        assertThat(gateway.worker.nat().used()).as("mappings").isZero();
    }

    @Test
    @Requirement("nat-behaviour 36")
    void openedFromOutside() {
        byte[] seen = in(1, Net.udp(Net.FAR, OWN, 999, 53));
        assertThat(Wire.i32(seen, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(seen, 22)).isEqualTo(53);
        byte[] answer = out(1, Net.udp(Net.VM1, Net.FAR, 53, 999));
        assertThat(Wire.i32(answer, 12)).isEqualTo(OWN);
        assertThat(Wire.u16(answer, 20)).isEqualTo(53);
        everythingComesBack(300_000);
    }

    @Test
    @Requirement("nat-behaviour 65")
    void pingReachesTheHostAndComesBack() {
        byte[] seen = in(1, Net.ping(Net.FAR, OWN, 4711));
        assertThat(Wire.i32(seen, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(seen, 24)).as("identifier").isEqualTo(4711);
        byte[] answer = out(1, Net.pong(Net.VM1, Net.FAR, 4711));
        assertThat(Wire.i32(answer, 12)).isEqualTo(OWN);
        assertThat(Wire.u16(answer, 24)).isEqualTo(4711);
        byte[] own = out(1, Net.ping(Net.VM1, Net.SERVER, 80));
        assertThat(Wire.u16(own, 24)).isEqualTo(80);
        in(1, Net.pong(Net.SERVER, OWN, 80));
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement("nat-behaviour 38")
    void anotherTenantsHostWithTheSameAddressHasItsOwnNat() {
        assertThat(Wire.i32(out(2, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 12)).isEqualTo(Net.NAT[2]);
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 12)).isEqualTo(OWN);
    }

    @Test
    @Requirement("nat-behaviour 33")
    void sessionsOfTheHostEndWhenItGetsAnAddressOfItsOwn() {
        gateway.tables.nat.oneToOnes.remove(OWN);
        gateway.tables.epochs.bump(1);
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        pair();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 53, port))).isFalse();
        byte[] sent = out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(Wire.i32(sent, 12)).isEqualTo(OWN);
        assertThat(gateway.worker.sessions().count()).isEqualTo(1);
        everythingComesBack(300_000);
    }

    @Test
    @Requirement("nat-behaviour 22")
    void removedPairLetsNothingThroughAndTheHostUsesNatAgain() {
        in(1, Net.udp(Net.FAR, OWN, 999, 53));
        gateway.tables.nat.oneToOnes.remove(OWN);
        gateway.tables.epochs.bump(1);
        assertThat(arrives(Net.udp(Net.FAR, OWN, 999, 53))).isFalse();
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.FAR, 53, 999)), 12)).isEqualTo(Net.NAT[1]);
    }

    @Test
    @Requirement("nat-behaviour 52")
    void hostsReachEachOtherByTheirOwnAddresses() {
        int other = Wire.address("203.0.113.21");
        gateway.oneToOne(2, other, Net.VM1);
        byte[] there = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, Net.ping(Net.VM1, other, 7))).onlyPa(),
                Net.HOST_A,
                Net.HOST_A_MAC,
                Net.VM_VSID[2]);
        assertThat(Wire.i32(there, 14 + 12)).isEqualTo(OWN);
        byte[] back = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(2, Net.pong(Net.VM1, OWN, 7))).onlyPa(),
                Net.HOST_A,
                Net.HOST_A_MAC,
                Net.VM_VSID[1]);
        assertThat(Wire.i32(back, 14 + 12)).isEqualTo(other);
        assertThat(Wire.i32(back, 14 + 16)).isEqualTo(Net.VM1);
    }

    @Test
    @Requirement({"nat-behaviour 40", "RFC 6888 REQ-6"})
    void exemptPacketsAndTheirAnswersGoAsTheyAre() {
        Prefixes.Row there = new Prefixes.Row(Wire.address("198.51.100.0"), 24);
        Prefixes.Row vms = new Prefixes.Row(Net.VM_SUBNET, 24);
        gateway.tables.nat.exemptions.set(1, List.of(new NatExemptions.Row(vms, there)));
        gateway.tables.epochs.bump(1);
        byte[] sent = out(1, Net.udp(Net.VM1, Net.FAR, 80, 53));
        assertThat(Wire.i32(sent, 12)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(sent, 20)).isEqualTo(80);
        byte[] answer = in(1, Net.udp(Net.FAR, Net.VM1, 53, 80));
        assertThat(Wire.i32(answer, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.SERVER, 80, 53)), 12))
                .as("other destinations")
                .isEqualTo(OWN);
        gateway.tables.nat.exemptions.set(1, List.of());
        gateway.tables.epochs.bump(1);
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.FAR, 80, 53)), 12)).isEqualTo(OWN);
        everythingComesBack(300_000);
    }
}
