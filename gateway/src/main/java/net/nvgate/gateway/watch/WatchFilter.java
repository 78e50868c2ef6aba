package net.nvgate.gateway.watch;

/**
 * Which packets are watched. A packet matches if all that is given fits; it may go either way.
 *
 * @param domain index of the routing domain, 0 = any
 * @param vsid of the packet or of its inside host's record, 0 = any
 * @param protocol of IP, 0 = any
 * @param inside the tenant's host
 * @param remote whom it speaks to
 */
public record WatchFilter(int domain, int vsid, int protocol, Endpoint inside, Endpoint remote) {

    /** Every packet. */
    public static final WatchFilter ALL = new WatchFilter(0, 0, 0, Endpoint.ANY, Endpoint.ANY);

    /**
     * One side of a conversation.
     *
     * @param given whether the address counts
     * @param high of an IPv6 address, 0 for IPv4
     * @param low of an IPv6 address, or the mapped IPv4 one, see {@link FrameView#mapped}
     * @param port of TCP or UDP, 0 = any
     */
    public record Endpoint(boolean given, long high, long low, int port) {

        public static final Endpoint ANY = new Endpoint(false, 0, 0, 0);

        boolean is(long otherHigh, long otherLow, int otherPort) {
            return (!given || (high == otherHigh && low == otherLow)) && (port == 0 || port == otherPort);
        }
    }

    /** Whether a filter asks for a tenant: then who looks must know whose a packet is. */
    public boolean asksForTenant() {
        return domain != 0 || vsid != 0;
    }

    /** Whether a packet's tenant fits, and its own VSID or that of a host's record; 0 = there is none. */
    public boolean fitsTenant(int packetDomain, int packetVsid, int hostVsid, int otherHostVsid) {
        return (domain == 0 || domain == packetDomain)
                && (vsid == 0 || vsid == packetVsid || vsid == hostVsid || vsid == otherHostVsid);
    }

    /** Whether both ends fit, either way round. */
    public boolean fitsEnds(FrameView packet) {
        return fitsProtocol(packet.protocol())
                && ((inside.is(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort())
                                && remote.is(
                                        packet.destinationHigh(), packet.destinationLow(), packet.destinationPort()))
                        || (inside.is(packet.destinationHigh(), packet.destinationLow(), packet.destinationPort())
                                && remote.is(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort())));
    }

    /** Whether the inside host fits, as a session knows it. */
    public boolean fitsInside(long high, long low, int port) {
        return inside.is(high, low, port);
    }

    /** Whether what a packet from outside says of its sender fits. */
    public boolean fitsSender(FrameView packet) {
        return fitsProtocol(packet.protocol())
                && remote.is(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort());
    }

    private boolean fitsProtocol(int packetProtocol) {
        return protocol == 0 || protocol == packetProtocol;
    }
}
