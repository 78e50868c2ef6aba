package net.nvgate.gateway.flow;

/**
 * Which sessions are meant; 0 in a field, or {@link #ANY_PORT} in one of a port, means any.
 *
 * @param domain index of a routing domain
 * @param insideAddress CA
 * @param externalAddress NAT address
 * @param protocol IANA number
 * @param insidePort 0..65535, the identifier for ICMP
 * @param externalPort as the inside port
 * @param remoteAddress of the other side
 * @param remotePort 0..65535, 0 for ICMP
 */
public record SessionFilter(
        int domain,
        int insideAddress,
        int externalAddress,
        int protocol,
        int insidePort,
        int externalPort,
        int remoteAddress,
        int remotePort) {

    public static final int ANY_PORT = -1;
    public static final SessionFilter ALL = new SessionFilter(0, 0, 0, 0);

    /** Of any port and any remote side. */
    public SessionFilter(int domain, int insideAddress, int externalAddress, int protocol) {
        this(domain, insideAddress, externalAddress, protocol, ANY_PORT, ANY_PORT, 0, ANY_PORT);
    }

    boolean accepts(SessionRow row) {
        return accepts(
                row.domain(),
                row.protocol(),
                row.insideAddress(),
                row.externalAddress(),
                row.remoteAddress(),
                row.insidePort(),
                row.externalPort(),
                row.remotePort());
    }

    /** Of a session by its keys. */
    boolean accepts(long out0, long out1, long in0, long in1) {
        return accepts(
                FlowKey.domain(out1),
                FlowKey.protocol(out1),
                FlowKey.source(out0),
                FlowKey.destination(in0),
                FlowKey.destination(out0),
                FlowKey.sourcePort(out1),
                FlowKey.destinationPort(in1),
                FlowKey.destinationPort(out1));
    }

    private boolean accepts(
            int itsDomain,
            int itsProtocol,
            int inside,
            int external,
            int remote,
            int itsInsidePort,
            int itsExternalPort,
            int itsRemotePort) {
        return matches(domain, itsDomain, 0)
                && matches(protocol, itsProtocol, 0)
                && matches(insideAddress, inside, 0)
                && matches(externalAddress, external, 0)
                && matches(remoteAddress, remote, 0)
                && matches(insidePort, itsInsidePort, ANY_PORT)
                && matches(externalPort, itsExternalPort, ANY_PORT)
                && matches(remotePort, itsRemotePort, ANY_PORT);
    }

    private static boolean matches(int wanted, int actual, int any) {
        return wanted == any || wanted == actual;
    }
}
