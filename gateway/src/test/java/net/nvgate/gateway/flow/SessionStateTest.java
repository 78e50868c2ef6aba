package net.nvgate.gateway.flow;

import static net.nvgate.gateway.flow.SessionState.CLOSING;
import static net.nvgate.gateway.flow.SessionState.ESTABLISHED;
import static net.nvgate.gateway.flow.SessionState.FIN_IN;
import static net.nvgate.gateway.flow.SessionState.FIN_OUT;
import static net.nvgate.gateway.flow.SessionState.MIDSTREAM;
import static net.nvgate.gateway.flow.SessionState.RESET;
import static net.nvgate.gateway.flow.SessionState.SYN_IN;
import static net.nvgate.gateway.flow.SessionState.SYN_OUT;
import static net.nvgate.gateway.packet.Tcp.ACK;
import static net.nvgate.gateway.packet.Tcp.FIN;
import static net.nvgate.gateway.packet.Tcp.RST;
import static net.nvgate.gateway.packet.Tcp.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionStateTest {

    private static void step(int from, int flags, boolean outbound, int to) {
        assertThat(SessionState.label(SessionState.next(from, flags, outbound))).isEqualTo(SessionState.label(to));
    }

    /** RFC 5382 REQ-2: simultaneous open too. */
    @Test
    void opensEitherWayAndAtOnce() {
        step(SYN_OUT, SYN, true, SYN_OUT);
        step(SYN_OUT, SYN | ACK, false, ESTABLISHED);
        step(SYN_OUT, SYN, false, ESTABLISHED);
        step(SYN_IN, SYN | ACK, true, ESTABLISHED);
        step(SYN_OUT, ACK, false, SYN_OUT);
    }

    @Test
    void closesFromBothSides() {
        step(ESTABLISHED, FIN | ACK, true, FIN_OUT);
        step(FIN_OUT, ACK, false, FIN_OUT);
        step(FIN_OUT, FIN | ACK, false, CLOSING);
        step(ESTABLISHED, FIN | ACK, false, FIN_IN);
        step(FIN_IN, FIN | ACK, true, CLOSING);
        step(CLOSING, ACK, true, CLOSING);
        step(CLOSING, SYN, true, SYN_OUT);
        step(CLOSING, SYN, false, SYN_IN);
    }

    @Test
    void resetIsTransitoryUntilDataFollows() {
        step(ESTABLISHED, RST, false, RESET);
        step(FIN_IN, RST, true, RESET);
        step(RESET, ACK, true, ESTABLISHED);
        step(SYN_OUT, RST | ACK, false, SYN_OUT);
    }

    @Test
    void midstreamIsBelievedWhenTheOtherSideAnswers() {
        step(MIDSTREAM, ACK, true, MIDSTREAM);
        step(MIDSTREAM, ACK, false, ESTABLISHED);
    }

    @Test
    void onlyMarkedPacketsCanChangeAnEstablishedConnection() {
        assertThat(SessionState.mayChange(ESTABLISHED, ACK)).isFalse();
        for (int flag : new int[] {SYN, FIN, RST}) {
            assertThat(SessionState.mayChange(ESTABLISHED, flag | ACK)).isTrue();
        }
    }
}
