package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.api.Test;

/** Port forwards: ranges, and who may use them. */
class NatRulesTest extends NatTestBase {

    private static final Prefixes.Row SERVERS = new Prefixes.Row(Wire.address("203.0.113.0"), 24);
    private static final Prefixes.Row FAR_ONES = new Prefixes.Row(Wire.address("198.51.100.0"), 24);

    private static NatTable.Rule rule(int externalPort, int ca, int port, int order, Prefixes.Row remote) {
        return new NatTable.Rule(1, Wire.TCP, Net.NAT[1], externalPort, ca, port, order, remote, 1);
    }

    private void outside(int externalPort, int order, NatTable.Rule... rules) {
        gateway.tables.nat.rules.setOutside(Net.NAT[1], Wire.TCP, order, externalPort, List.of(rules));
        gateway.tables.epochs.bump(1);
    }

    private boolean opens(int remote, int externalPort) {
        return arrives(Net.tcp(remote, Net.NAT[1], 30_000, externalPort, SYN));
    }

    @Test
    @Requirement("nat-behaviour 37")
    void aRangeForwardsEachPortToItsOwn() {
        outside(8192, 4, rule(8192, Net.VM1, 100, 4, Prefixes.Row.ANY));
        for (int i = 0; i < 16; i++) {
            byte[] seen = in(1, Net.tcp(Net.FAR, Net.NAT[1], 30_000, 8192 + i, SYN));
            assertThat(Wire.u16(seen, 22)).isEqualTo(100 + i);
        }
        assertThat(opens(Net.FAR, 8191)).isFalse();
        assertThat(opens(Net.FAR, 8208)).isFalse();
        byte[] answer = out(1, Net.tcp(Net.VM1, Net.FAR, 105, 30_000, SYN | ACK));
        assertThat(Wire.u16(answer, 20)).isEqualTo(8197);
    }

    @Test
    @Requirement("nat-behaviour 37")
    void portsOfARangeAreNotGivenOut() {
        outside(8192, 12, rule(8192, Net.VM2, 100, 12, Prefixes.Row.ANY));
        int port = Wire.u16(out(1, Net.tcp(Net.VM1, Net.SERVER, 9000, 80, SYN)), 20);
        assertThat(port >> 12).isNotEqualTo(8192 >> 12);
    }

    @Test
    @Requirement("nat-behaviour 37")
    void onlyAdmittedHostsAreForwarded() {
        outside(8080, 0, rule(8080, Net.VM1, 80, 0, FAR_ONES));
        assertThat(opens(Net.FAR, 8080)).isTrue();
        assertThat(opens(Net.SERVER, 8080)).isFalse();
    }

    @Test
    @Requirement("nat-behaviour 37")
    void theLongestRemotePrefixDecidesAlsoAcrossRanges() {
        outside(8080, 0, rule(8080, Net.VM1, 80, 0, FAR_ONES));
        outside(8080, 3, rule(8080, Net.VM1, 1080, 3, Prefixes.Row.ANY));
        assertThat(Wire.u16(in(1, Net.tcp(Net.FAR, Net.NAT[1], 30_000, 8080, SYN)), 22))
                .isEqualTo(80);
        assertThat(Wire.u16(in(1, Net.tcp(Net.SERVER, Net.NAT[1], 30_000, 8080, SYN)), 22))
                .isEqualTo(1080);
    }

    @Test
    @Requirement("nat-behaviour 37")
    void sessionsEndWhenTheirHostIsNoLongerAdmittedAndOthersStay() {
        outside(8080, 0, rule(8080, Net.VM1, 80, 0, SERVERS), rule(8080, Net.VM1, 80, 0, FAR_ONES));
        in(1, Net.tcp(Net.FAR, Net.NAT[1], 30_000, 8080, SYN));
        in(1, Net.tcp(Net.SERVER, Net.NAT[1], 30_000, 8080, SYN));
        outside(8080, 0, rule(8080, Net.VM1, 80, 0, SERVERS));
        assertThat(arrives(Net.tcp(Net.FAR, Net.NAT[1], 30_000, 8080, ACK))).isFalse();
        assertThat(arrives(Net.tcp(Net.SERVER, Net.NAT[1], 30_000, 8080, ACK))).isTrue();
    }

    @Test
    @Requirement({"nat-behaviour 37", "RFC 4787 REQ-1"})
    void whatTheServerOpensItselfKeepsItsTupleForEverybody() {
        gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80, FAR_ONES);
        assertThat(Wire.u16(out(1, Net.tcp(Net.VM1, Net.FAR, 80, 5000, SYN)), 20))
                .isEqualTo(8080);
        assertThat(Wire.u16(out(1, Net.tcp(Net.VM1, Net.SERVER, 80, 5000, SYN)), 20))
                .isEqualTo(8080);
        in(1, Net.tcp(Net.SERVER, Net.NAT[1], 5000, 8080, SYN | ACK));
    }

    @Test
    @Requirement("nat-behaviour 32")
    void aRuleTakesThePlaceOfAnExpiredSessionOfTheSameInsidePort() {
        out(1, Net.tcp(Net.VM1, Net.SERVER, 8000, 80, SYN));
        gateway.turnAfter(260_000);
        gateway.rule(1, Wire.TCP, 8000, Net.VM1, 8000);
        assertThat(Wire.u16(in(1, Net.tcp(Net.FAR, Net.NAT[1], 1, 8000, SYN)), 22))
                .isEqualTo(8000);
    }
}
