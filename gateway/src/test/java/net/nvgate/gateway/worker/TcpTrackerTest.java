package net.nvgate.gateway.worker;

import static net.nvgate.gateway.worker.TcpPeers.ACK;
import static net.nvgate.gateway.worker.TcpPeers.FIN;
import static net.nvgate.gateway.worker.TcpPeers.RST;
import static net.nvgate.gateway.worker.TcpPeers.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP connections through the NAT: states, windows and timers, segment by segment in virtual time. */
@ExtendWith(EalExtension.class)
class TcpTrackerTest {

    /** A timer fires late by one tick of the wheel, and the step of the test is another second. */
    private static final int LATE = 2;

    private TestGateway gateway;
    private TcpPeers peers;

    @BeforeEach
    void open() {
        gateway = new TestGateway(TestGateway.withoutMidstream());
        peers = new TcpPeers(gateway);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void livesFor(int seconds) {
        assertThat(peers.secondsLeft()).isBetween(seconds, seconds + LATE);
    }

    @Test
    @Requirement({"RFC 7857 2", "RFC 6146 3.5.2", "RFC 5382 REQ-2"})
    void onlyAConnectionThatBothSidesOpenedHasTheLongTimer() {
        peers.out(SYN);
        assertThat(peers.state()).isEqualTo("syn-out");
        livesFor(240);
        peers.open();
        assertThat(peers.state()).isEqualTo("established");
        livesFor(7440);
    }

    @Test
    @Requirement({"RFC 5382 REQ-2a", "RFC 6146 3.5.2"})
    void simultaneousOpen() {
        peers.out(SYN).in(SYN);
        peers.vmSequence++;
        peers.serverSequence++;
        peers.out(SYN | ACK, peers.vmSequence - 1).in(SYN | ACK, peers.serverSequence - 1);
        peers.out(ACK);
        assertThat(peers.state()).isEqualTo("established");
        livesFor(7440);
    }

    @Test
    @Requirement("nat-behaviour 29")
    void lostAckAndRepeatedSynAckLeadToEstablished() {
        peers.out(SYN);
        peers.vmSequence++;
        peers.in(SYN | ACK).in(SYN | ACK);
        peers.serverSequence++;
        peers.out(ACK);
        livesFor(7440);
    }

    @Test
    @Requirement("nat-behaviour 30")
    void dataBeforeARepeatedSynAckLeadToEstablished() {
        peers.out(SYN);
        peers.vmSequence++;
        peers.in(SYN | ACK);
        peers.serverSequence++;
        peers.out(ACK).in(SYN | ACK, peers.serverSequence - 1).out(ACK);
        livesFor(7440);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"nat-behaviour 23", "RFC 7857 2.2", "RFC 6146 3.5.2"})
    void resetGivesTheTransitoryTimeAndASynOpensAgain(boolean fromOutside) {
        peers.open();
        gateway.turnAfter(3_600_000);
        if (fromOutside) {
            peers.in(RST);
        } else {
            peers.out(RST);
        }
        assertThat(peers.state()).isEqualTo("reset");
        livesFor(240);
        assertThat(gateway.intoExt(Net.fromOutside(peers.fromServer(ACK, peers.serverSequence)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 1L));
        peers.open();
        assertThat(peers.state()).isEqualTo("established");
    }

    @Test
    @Requirement("nat-behaviour 23")
    void resetOfAHalfOpenSessionLeavesItTheTransitoryTime() {
        peers.out(SYN);
        peers.vmSequence++;
        peers.in(RST | ACK, 0);
        assertThat(peers.state()).isEqualTo("syn-out");
        livesFor(240);
    }

    @Test
    @Requirement({"RFC 6146 3.5.2", "RFC 7857 2.2"})
    void whoeverGoesOnAfterAResetIsEstablishedAgain() {
        peers.open().in(RST);
        peers.out(ACK);
        assertThat(peers.state()).isEqualTo("established");
        livesFor(7440);
    }

    @Test
    @Requirement({"RFC 5961 3.2", "RFC 7857 2.2"})
    void resetOutsideTheWindowIsPassedOnButNotBelieved() {
        peers.open();
        int windowEnd = peers.serverSequence + (1 << (10 + 7));
        for (int sequence :
                new int[] {peers.serverSequence - 600, peers.serverSequence + (1 << 30), windowEnd + 1000, 0x4000_0000
                }) {
            peers.in(RST, sequence);
        }
        assertThat(peers.state()).isEqualTo("established");
        assertThat(gateway.count(WorkerCounter.RST_OUTSIDE_WINDOW)).isEqualTo(4);
        peers.in(RST, windowEnd - 1);
        assertThat(peers.state()).as("inside the scaled window").isEqualTo("reset");
    }

    @Test
    @Requirement("RFC 5961 3.2")
    void windowMovesWithWhatIsAcknowledged() {
        peers.open();
        int old = peers.serverSequence;
        for (int i = 0; i < 300; i++) {
            peers.serverSequence += 10_000;
            peers.out(ACK);
        }
        peers.in(RST, old);
        assertThat(peers.state()).isEqualTo("established");
        peers.in(RST);
        assertThat(peers.state()).isEqualTo("reset");
    }

    @Test
    @Requirement("RFC 5961 3.2")
    void lateAcknowledgementDoesNotMoveTheWindowBack() {
        peers.open();
        peers.serverSequence += 1_000_000;
        peers.out(ACK);
        peers.serverSequence -= 1_000_000;
        peers.out(ACK).in(RST);
        assertThat(peers.state()).isEqualTo("established");
    }

    @Test
    @Requirement({"RFC 5961 3.2", "RFC 7857 2.2"})
    void resetFromInsideIsJudgedByTheServersWindow() {
        peers.open().in(ACK);
        peers.out(RST, peers.vmSequence - 5000);
        assertThat(peers.state()).isEqualTo("established");
        peers.out(RST);
        assertThat(peers.state()).isEqualTo("reset");
    }

    @Test
    @Requirement("RFC 7857 7.1")
    void resetsKeepNothingAlive() {
        peers.open().in(RST);
        for (int i = 0; i < 3; i++) {
            gateway.turnAfter(60_000);
            peers.out(RST);
        }
        livesFor(60);
    }

    @Test
    @Requirement({"RFC 7857 7.1", "RFC 5961 3.2"})
    void blindResetsNeitherShortenNorKeepAConnection() {
        peers.open();
        gateway.turnAfter(7_000_000);
        peers.in(RST, 0x4000_0000);
        livesFor(440);
    }

    @Test
    @Requirement({"RFC 5961 4.2", "RFC 6146 3.5.2"})
    void synWithinAConnectionChangesNothing() {
        peers.open();
        peers.in(SYN, 0x2000_0000).out(SYN, 0x3000_0000);
        assertThat(peers.state()).isEqualTo("established");
        peers.in(RST, 0x2000_0000);
        assertThat(peers.state()).as("its numbers are not believed").isEqualTo("established");
    }

    @Test
    @Requirement({"nat-behaviour 25", "RFC 6146 3.5.2"})
    void closedFromInsideItStaysForTheTransitoryTime() {
        peers.open().close();
        assertThat(peers.state()).isEqualTo("closing");
        livesFor(240);
    }

    @Test
    @Requirement({"nat-behaviour 25", "RFC 6146 3.5.2"})
    void closedFromOutsideItStaysForTheTransitoryTime() {
        peers.open().in(FIN | ACK);
        peers.serverSequence++;
        assertThat(peers.state()).isEqualTo("fin-in");
        peers.out(FIN | ACK);
        peers.vmSequence++;
        peers.in(ACK);
        assertThat(peers.state()).isEqualTo("closing");
        livesFor(240);
    }

    @Test
    @Requirement("nat-behaviour 25")
    void closedFromBothAtOnceItStaysForTheTransitoryTime() {
        peers.open().out(FIN | ACK).in(FIN | ACK);
        peers.vmSequence++;
        peers.serverSequence++;
        peers.out(ACK).in(ACK);
        assertThat(peers.state()).isEqualTo("closing");
        livesFor(240);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"RFC 5382 REQ-5", "RFC 6146 3.5.2"})
    void halfClosedConnectionKeepsTheLongTimer() {
        peers.open().out(FIN | ACK);
        peers.vmSequence++;
        peers.in(ACK);
        assertThat(peers.state()).isEqualTo("fin-out");
        livesFor(7440);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"nat-behaviour 26", "nat-behaviour 27"})
    void synOfOneSideAloneDoesNotOpenAClosedSession(boolean fromOutside) {
        peers.open().close();
        if (fromOutside) {
            peers.in(SYN, 5_000_000);
        } else {
            peers.out(SYN, 5_000_000);
        }
        livesFor(240);
    }

    @Test
    @Requirement("nat-behaviour 28")
    void synsOfBothSidesOpenAClosedSession() {
        peers.open().close();
        peers.vmSequence = 5_000_000;
        peers.serverSequence = 6_000_000;
        peers.open();
        assertThat(peers.state()).isEqualTo("established");
        peers.in(RST, TcpPeers.SERVER_SEQUENCE);
        assertThat(peers.state()).as("the old window is forgotten").isEqualTo("established");
        livesFor(7440);
    }

    @Test
    void countersOfASessionAreExact() {
        peers.open();
        for (int i = 0; i < 1000; i++) {
            peers.out(ACK);
        }
        peers.in(ACK).in(RST, 0x4000_0000);
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 1, 5_000))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.packetsOut()).isEqualTo(1002);
                    assertThat(row.bytesOut()).isEqualTo(48 + 1001 * 40);
                    assertThat(row.packetsIn()).isEqualTo(3);
                    assertThat(row.bytesIn()).isEqualTo(48 + 2 * 40);
                });
    }
}
