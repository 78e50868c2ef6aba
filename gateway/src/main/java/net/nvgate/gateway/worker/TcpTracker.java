package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;

/**
 * Follows TCP connections through the NAT: their states by SYN, FIN and RST (RFC 6146 §3.5.2, RFC 7857 §2), and the windows of both
 * sides, by which an RST is believed.
 *
 * <p>Every RST is passed on: RFC 7857 §2.2 says that a NAT must translate it, and the receiver can judge it better than we (RFC 5961 §3: it
 * answers with a challenge ACK, which brings a connection back that only we held for reset). But the session moves to its short timer
 * only if the RST's sequence number lies in its receiver's window, so that blind resets of outsiders cannot shorten a session's life.
 */
final class TcpTracker {

    private static final int OPTION_END = 0;
    private static final int OPTION_NOTHING = 1;
    private static final int OPTION_SCALE = 3;
    private static final int SCALE_MAX = 14;

    private final Sessions sessions;
    private final WorkerCounters counters;

    TcpTracker(Sessions sessions, WorkerCounters counters) {
        this.sessions = sessions;
        this.counters = counters;
    }

    /**
     * Follows a packet of a session, before it is rewritten.
     *
     * @param flags 0 for later fragments, which have no header
     * @return whether the packet keeps the session alive
     */
    boolean follow(long line, long ip, int length, int flags) {
        if (SessionState.mayChange(Session.state(line), flags)) {
            return change(line, ip, length, flags);
        }
        acknowledge(line, ip, flags);
        return true;
    }

    /** Follows a packet that cannot change its session's state. */
    static void acknowledge(long line, long ip, int flags) {
        if ((flags & Tcp.ACK) != 0) {
            long tcp = ip + Ipv4.headerLength(ip);
            Session.acknowledged(line, Tcp.acknowledgement(tcp), Tcp.window(tcp));
        }
    }

    private boolean change(long line, long ip, int length, int flags) {
        int state = Session.state(line);
        long tcp = ip + Ipv4.headerLength(ip);
        if ((flags & Tcp.RST) != 0) {
            if (!Session.isInWindow(Session.other(line), Tcp.sequence(tcp))) {
                counters.add(WorkerCounter.RST_OUTSIDE_WINDOW, 1);
                return false;
            }
        } else if ((flags & Tcp.SYN) != 0) {
            opening(line, state, tcp, length - Ipv4.headerLength(ip), flags);
        } else if ((flags & Tcp.ACK) != 0) {
            Session.acknowledged(line, Tcp.acknowledgement(tcp), Tcp.window(tcp));
        }
        int next = SessionState.next(state, flags, !Session.isInbound(line));
        if (next != state) {
            sessions.changeTcpState(line, next);
        }
        // RFC 7857 section 7.1: a reset keeps nothing alive; the one that ends a connection starts the short timer.
        return (flags & Tcp.RST) == 0 || next != state;
    }

    private static void opening(long line, int state, long tcp, int available, int flags) {
        if (state == SessionState.ESTABLISHED || state == SessionState.FIN_OUT || state == SessionState.FIN_IN) {
            // A SYN within a connection: a copy, an old one, or an attack (RFC 5961 section 4). It tells nothing of the
            // windows.
            return;
        }
        if (state == SessionState.CLOSING || state == SessionState.RESET) {
            Session.forgetWindows(Session.outbound(line));
        }
        Session.windowScale(line, scale(tcp, available));
        if ((flags & Tcp.ACK) != 0) {
            Session.acknowledged(line, Tcp.acknowledgement(tcp), Tcp.window(tcp));
        }
    }

    /** The window scale of a SYN, 0 without option (RFC 7323 §2.2). */
    static int scale(long tcp, int available) {
        int end = Math.min(available, Tcp.headerLength(tcp));
        int at = Tcp.MIN_LENGTH;
        while (at + 2 < end) {
            int kind = Mem.u8(tcp + at);
            if (kind == OPTION_END) {
                return 0;
            }
            int size = kind == OPTION_NOTHING ? 1 : Mem.u8(tcp + at + 1);
            if (kind == OPTION_SCALE) {
                return Math.min(SCALE_MAX, Mem.u8(tcp + at + 2));
            }
            if (size == 0) {
                return 0;
            }
            at += size;
        }
        return 0;
    }
}
