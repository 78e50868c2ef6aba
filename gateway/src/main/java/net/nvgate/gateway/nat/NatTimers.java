package net.nvgate.gateway.nat;

import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.packet.Ipv4;

/**
 * How long a session lives without packets, in ms.
 *
 * @param udpMs RFC 4787 REQ-5: at least 2 min, 5 min recommended
 * @param tcpEstablishedMs RFC 5382 REQ-5: at least 2 h 4 min
 * @param tcpTransitoryMs RFC 5382 REQ-5: at least 4 min; opening, closing and reset connections
 * @param icmpMs RFC 5508 REQ-2: at least 60 s
 */
public record NatTimers(int udpMs, int tcpEstablishedMs, int tcpTransitoryMs, int icmpMs) {

    public static final NatTimers DEFAULT = new NatTimers(300_000, 7_440_000, 240_000, 60_000);

    public NatTimers {
        positive("udp", udpMs);
        positive("tcp-established", tcpEstablishedMs);
        positive("tcp-transitory", tcpTransitoryMs);
        positive("icmp", icmpMs);
    }

    /** The time for a session of a protocol in a state. */
    public int idleMsMax(int protocol, int state) {
        return switch (protocol) {
            case Ipv4.TCP ->
                switch (state) {
                    case SessionState.ESTABLISHED, SessionState.FIN_OUT, SessionState.FIN_IN -> tcpEstablishedMs;
                    default -> tcpTransitoryMs;
                };
            case Ipv4.UDP -> udpMs;
            default -> icmpMs;
        };
    }

    private static void positive(String name, int ms) {
        if (ms <= 0) {
            throw new IllegalArgumentException("NAT timer " + name + " is " + ms + " ms, must be positive");
        }
    }
}
