package net.nvgate.gateway.worker;

import net.nvgate.gateway.alg.ControlConnections;
import net.nvgate.gateway.alg.FtpLine;
import net.nvgate.gateway.alg.FtpWriter;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;

/**
 * Application level gateways: FTP (RFC 959, RFC 2428) and TFTP (RFC 1350), for sessions with {@link Session#ALG}. What an inside host
 * says of its endpoints is translated, and the connection that follows is let in. Nothing that the other side says is changed: an
 * inside host reaches every endpoint that it is told. All other ALGs are absent, so off (RFC 4787 REQ-10, RFC 5382 REQ-6).
 *
 * <pre>
 *  inside client: PORT, EPRT     inside server: 227, 229     --> mapping, expectation, text, sequence numbers
 *  outside: acknowledgements of text that has become longer or shorter                  --> numbers
 * </pre>
 */
final class Alg {

    static final int FTP_PORT = 21;
    static final int TFTP_PORT = 69;

    private static final int TFTP_WRITE = 2;
    private static final int LINE_FEED = '\n';
    private static final int CARRIAGE_RETURN = '\r';
    /** An announced port below is somebody else's service, not a data connection (RFC 2577 §3). */
    private static final int DATA_PORT_MIN = 1024;

    private final NatTable nat;
    private final InsideHosts hosts;
    private final Adjacencies adjacencies;
    private final ControlConnections connections;
    private final AlgExpectations expectations;
    private final FtpWriter writer;
    private final FtpLine line = new FtpLine();
    private final WorkerCounters counters;

    Alg(
            NatTable nat,
            InsideHosts hosts,
            Adjacencies adjacencies,
            ControlConnections connections,
            AlgExpectations expectations,
            FtpWriter writer,
            WorkerCounters counters) {
        this.nat = nat;
        this.hosts = hosts;
        this.adjacencies = adjacencies;
        this.connections = connections;
        this.expectations = expectations;
        this.writer = writer;
        this.counters = counters;
    }

    /**
     * {@link Session#ALG} for a new session that is a control connection of an ALG that its NAT connection has on, else 0. A 1:1 pair
     * has no settings: FTP is on.
     *
     * @param port of the inside host
     * @param flags the session's others
     * @param generation of the connection
     */
    int flag(int protocol, int port, int remotePort, int external, int externalPort, int flags, int generation) {
        boolean ftp = protocol == Ipv4.TCP && (remotePort == FTP_PORT || port == FTP_PORT);
        boolean tftp = protocol == Ipv4.UDP && remotePort == TFTP_PORT && flags == 0;
        if ((!ftp && !tftp) || (flags & Session.IDENTITY) != 0) {
            return 0;
        }
        if ((flags & Session.ONE_TO_ONE) != 0) {
            return ftp ? Session.ALG : 0;
        }
        long connection = nat.connections.ofSession(external, externalPort, generation);
        int wanted = ftp ? NatSettingsRow.ALG_FTP : NatSettingsRow.ALG_TFTP;
        return connection != 0 && (NatEntry.algs(connection) & wanted) != 0 ? Session.ALG : 0;
    }

    /** What is known of a session as a control connection, see {@link ControlConnections}; 0 = nothing. */
    long connection(long session) {
        return connections.find(session);
    }

    /** Sets what {@link ControlConnections#save} gave, of a session that reads; false if there is no room. */
    boolean restore(long session, long from) {
        long connection = connections.createAgain(session, FlowKey.domain(Session.key1(session)));
        if (connection != 0) {
            ControlConnections.restore(connection, from);
        }
        return connection != 0;
    }

    /** Its session has ended. */
    void ended(long session) {
        connections.remove(session);
    }

    /**
     * A packet from inside, not translated yet.
     *
     * @param session its outbound line
     * @return new length of the packet
     */
    int outbound(long mbuf, long session, long ip, int length) {
        if (Ipv4.isFragment(Ipv4.fragment(ip))) {
            return length;
        }
        long l4 = ip + Ipv4.headerLength(ip);
        int available = length - Ipv4.headerLength(ip);
        if (Ipv4.protocol(ip) == Ipv4.UDP) {
            expectTftpAnswer(session, l4, available);
            return length;
        }
        int header = Tcp.headerLength(l4);
        if (header < Tcp.MIN_LENGTH || header > available) {
            return length;
        }
        if ((Tcp.flags(l4) & Tcp.SYN) != 0) {
            connections.remove(session);
            return length;
        }
        long connection = connections.find(session);
        int payload = available - header;
        if (connection == 0 && payload > 0) {
            connection = connections.create(session, FlowKey.domain(Session.key1(session)));
            counters.add(WorkerCounter.ALG_UNTOUCHED, connection == 0 ? 1 : 0);
        }
        if (connection == 0) {
            return length;
        }
        int newLength = payload == 0 ? length : read(mbuf, session, connection, ip, length, l4 + header, payload);
        if (ControlConnections.isShifted(connection)) {
            FtpRewrite.shiftSequence(l4, connection);
        }
        return newLength;
    }

    /** A packet from outside, not translated yet; its length stays. */
    void inbound(long session, long ip, int length) {
        long connection = connections.find(session);
        if (connection == 0
                || !ControlConnections.isShifted(connection)
                || Ipv4.protocol(ip) != Ipv4.TCP
                || Ipv4.isFragment(Ipv4.fragment(ip))) {
            return;
        }
        long tcp = ip + Ipv4.headerLength(ip);
        int header = Tcp.headerLength(tcp);
        boolean complete = header >= Tcp.MIN_LENGTH && Ipv4.headerLength(ip) + header <= length;
        if (complete && (Tcp.flags(tcp) & Tcp.ACK) != 0) {
            FtpRewrite.shiftAcknowledgement(tcp, connection);
        }
    }

    private void expectTftpAnswer(long session, long udp, int available) {
        int opcode = available < Udp.LENGTH + 2 ? 0 : Mem.u16Be(udp + Udp.LENGTH);
        if (opcode != 0 && opcode <= TFTP_WRITE) {
            long key0 = Session.key0(session);
            long key1 = Session.key1(session);
            expectations.expect(
                    FlowKey.domain(key1),
                    FlowKey.source(key0),
                    FlowKey.sourcePort(key1),
                    Ipv4.UDP,
                    FlowKey.destination(key0));
        }
    }

    /** Reads the lines of a segment; the first that announces an endpoint is translated. A line in two segments goes as it is. */
    private int read(long mbuf, long session, long connection, long ip, int length, long text, int bytes) {
        int sequence = Tcp.sequence(ip + Ipv4.headerLength(ip));
        boolean whole = Mem.u8(text + bytes - 1) == LINE_FEED;
        boolean readable = ControlConnections.isLineStart(connection, sequence);
        if (whole) {
            ControlConnections.lineStart(connection, sequence);
            ControlConnections.lineStart(connection, sequence + bytes);
        } else {
            // Where a line begins is not known again before one has ended with its segment.
            ControlConnections.lineStart(connection, sequence - 1);
            counters.add(WorkerCounter.ALG_UNTOUCHED, readable ? 1 : 0);
        }
        int start = 0;
        for (int i = 0; readable && i < bytes; i++) {
            if (Mem.u8(text + i) == LINE_FEED) {
                int end = i > start && Mem.u8(text + i - 1) == CARRIAGE_RETURN ? i - 1 : i;
                int kind = line.parse(text + start, end - start);
                if (kind != FtpLine.NOTHING) {
                    int newLength = announce(mbuf, session, ip, length, text + start, kind);
                    ControlConnections.grew(connection, sequence, newLength - length);
                    return newLength;
                }
                start = i + 1;
            }
        }
        return length;
    }

    private int announce(long mbuf, long session, long ip, int length, long start, int kind) {
        if (isTrue(session, kind) && translate(session, kind)) {
            int span = line.spanEnd() - line.spanStart();
            int newLength = length + writer.length() - span;
            int number = Session.adjacency(session);
            boolean fits = number < 0
                    || newLength <= Adjacency.mtu(adjacencies.address(number))
                    || (Ipv4.fragment(ip) & Ipv4.DONT_FRAGMENT) == 0;
            if (fits && FtpRewrite.hasRoom(mbuf, ip, newLength)) {
                counters.add(WorkerCounter.ALG_TRANSLATED, 1);
                return FtpRewrite.replace(ip, length, start + line.spanStart(), span, writer.text(), writer.length());
            }
        }
        counters.add(WorkerCounter.ALG_UNTOUCHED, 1);
        return length;
    }

    /** A host speaks for itself, of a port that may be one of data connections, and as client or server as it is one. */
    private boolean isTrue(long session, int kind) {
        int ca = FlowKey.source(Session.key0(session));
        boolean server = FlowKey.sourcePort(Session.key1(session)) == FTP_PORT;
        boolean reply = kind == FtpLine.PASSIVE || kind == FtpLine.EXTENDED_PASSIVE;
        if (line.port() < DATA_PORT_MIN || reply != server) {
            return false;
        }
        return switch (kind) {
            case FtpLine.EXTENDED_PASSIVE -> true;
            case FtpLine.EPRT_IPV6 ->
                InsideHosts.isHandle(ca) && hosts.high(ca) == line.high() && hosts.low(ca) == line.low();
            default -> line.address() == ca;
        };
    }

    /** Writes what the other side must be told, and lets in who follows it; false when that cannot be. */
    private boolean translate(long session, int kind) {
        int domain = FlowKey.domain(Session.key1(session));
        int ca = FlowKey.source(Session.key0(session));
        int remote = FlowKey.destination(Session.key0(session));
        int port = line.port();
        int here = Session.newAddress(session);
        if ((Session.flags(session) & Session.ONE_TO_ONE) != 0) {
            writer.write(line, kind, here, port);
            return true;
        }
        long rule = nat.rules.inside(domain, ca, hosts.highOf(ca), hosts.lowOf(ca), Ipv4.TCP, port, remote);
        long mapping = rule != 0 ? 0 : expectations.expect(domain, ca, port, Ipv4.TCP, remote);
        if (rule == 0 && mapping == 0) {
            return false;
        }
        int external = rule != 0 ? NatRuleEntry.externalIp(rule) : Mappings.externalAddress(mapping);
        writer.write(
                line,
                kind,
                external,
                rule != 0 ? NatRuleEntry.externalPort(rule, port) : Mappings.externalPort(mapping));
        // Who is told a port alone takes the address of the control connection.
        return kind != FtpLine.EXTENDED_PASSIVE || external == here;
    }
}
