package net.nvgate.gateway.flow;

import net.nvgate.gateway.packet.Tcp;

/**
 * States of a session, and for TCP the machine of RFC 6146 §3.5.2 as RFC 7857 §2 asks for: it follows SYN, FIN and RST of both
 * sides and looks at nothing else.
 *
 * <pre>
 *   SYN_OUT --SYN in--> ESTABLISHED --FIN out--> FIN_OUT --FIN in--> CLOSING --SYN out--> SYN_OUT
 *   SYN_IN  --SYN out-> ESTABLISHED --FIN in---> FIN_IN  --FIN out-> CLOSING --SYN in---> SYN_IN
 *   ESTABLISHED, FIN_* --RST--> RESET --data--> ESTABLISHED
 *   MIDSTREAM (no SYN was seen, e.g. we restarted) --any in--> ESTABLISHED
 * </pre>
 */
public final class SessionState {

    public static final int FREE = 0;
    /** UDP and ICMP. */
    public static final int ACTIVE = 1;

    public static final int SYN_OUT = 2;
    public static final int SYN_IN = 3;
    public static final int ESTABLISHED = 4;
    public static final int FIN_OUT = 5;
    public static final int FIN_IN = 6;
    public static final int CLOSING = 7;
    public static final int RESET = 8;
    public static final int MIDSTREAM = 9;

    private static final String[] LABELS = {
        "free", "active", "syn-out", "syn-in", "established", "fin-out", "fin-in", "closing", "reset", "midstream"
    };
    private static final int MARKS = Tcp.SYN | Tcp.FIN | Tcp.RST;

    private SessionState() {}

    /** Kebab-case, for people. */
    public static String label(int state) {
        return LABELS[state];
    }

    /** The state with a label; {@link #FREE} if there is none. */
    public static int of(String label) {
        for (int state = ACTIVE; state < LABELS.length; state++) {
            if (LABELS[state].equals(label)) {
                return state;
            }
        }
        return FREE;
    }

    /** Whether a TCP packet can change this state: false for data of an established connection and for all but TCP. */
    public static boolean mayChange(int state, int tcpFlags) {
        return state != ESTABLISHED || (tcpFlags & MARKS) != 0;
    }

    /** State after a TCP packet. */
    public static int next(int state, int flags, boolean outbound) {
        if ((flags & Tcp.RST) != 0) {
            return afterReset(state);
        }
        if ((flags & Tcp.SYN) != 0) {
            return afterSyn(state, outbound);
        }
        if ((flags & Tcp.FIN) != 0) {
            return afterFin(state, outbound);
        }
        if (state == RESET || (state == MIDSTREAM && !outbound)) {
            return ESTABLISHED;
        }
        return state;
    }

    private static int afterReset(int state) {
        return switch (state) {
            case ESTABLISHED, FIN_OUT, FIN_IN -> RESET;
            default -> state;
        };
    }

    private static int afterSyn(int state, boolean outbound) {
        return switch (state) {
            case SYN_OUT -> outbound ? SYN_OUT : ESTABLISHED;
            case SYN_IN -> outbound ? ESTABLISHED : SYN_IN;
            // A client takes its old port again: a new connection by the old tuple.
            case CLOSING, RESET -> outbound ? SYN_OUT : SYN_IN;
            default -> state;
        };
    }

    private static int afterFin(int state, boolean outbound) {
        return switch (state) {
            case ESTABLISHED, RESET, MIDSTREAM -> outbound ? FIN_OUT : FIN_IN;
            case FIN_OUT -> outbound ? FIN_OUT : CLOSING;
            case FIN_IN -> outbound ? CLOSING : FIN_IN;
            default -> state;
        };
    }
}
