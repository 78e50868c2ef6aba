package net.nvgate.gateway.nat;

import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.packet.Ipv4;

/**
 * How long a session lives without packets, in ms.
 *
 * @param udpMs RFC 4787 REQ-5: at least 2 min, 5 min recommended
 * @param tcpEstablishedMs RFC 5382 REQ-5: at least 2 h 4 min
 * @param tcpTransitoryMs RFC 5382 REQ-5: at least 4 min; closing and reset connections, and those whose opening was not seen
 * @param tcpOpeningMs RFC 7857 §2.1: 4 min recommended; connections that only one side has opened
 * @param icmpMs RFC 5508 REQ-2: at least 60 s
 * @param otherMs protocols without ports
 */
public record NatTimers(
        int udpMs, int tcpEstablishedMs, int tcpTransitoryMs, int tcpOpeningMs, int icmpMs, int otherMs) {

    /** The longest time that a session's clock can tell. */
    public static final int MAX_MS = 86_400_000;

    public static final NatTimers DEFAULT = new NatTimers(300_000, 7_440_000, 240_000, 240_000, 60_000, 300_000);

    public NatTimers {
        range("udp", udpMs);
        range("tcp-established", tcpEstablishedMs);
        range("tcp-transitory", tcpTransitoryMs);
        range("tcp-opening", tcpOpeningMs);
        range("icmp", icmpMs);
        range("other", otherMs);
    }

    /** The time for a session of a protocol in a state. */
    public int idleMsMax(int protocol, int state) {
        return switch (protocol) {
            case Ipv4.TCP ->
                switch (state) {
                    case SessionState.ESTABLISHED, SessionState.FIN_OUT, SessionState.FIN_IN -> tcpEstablishedMs;
                    case SessionState.SYN_OUT, SessionState.SYN_IN -> tcpOpeningMs;
                    default -> tcpTransitoryMs;
                };
            case Ipv4.UDP -> udpMs;
            case Ipv4.ICMP -> icmpMs;
            default -> otherMs;
        };
    }

    private static void range(String name, int ms) {
        if (ms <= 0 || ms > MAX_MS) {
            throw new IllegalArgumentException("NAT timer " + name + " is " + ms + " ms, must be 1 to " + MAX_MS);
        }
    }
}
