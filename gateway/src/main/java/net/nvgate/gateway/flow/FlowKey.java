package net.nvgate.gateway.flow;

/**
 * The two longs that name a flow in one direction, as its packets arrive.
 *
 * <pre>
 *  key0: | source address 32 | destination address 32 |
 *  key1: | source port 16 | destination port 16 | domain 24 | protocol 8 |
 * </pre>
 *
 * The domain is {@link #OUTSIDE} for packets from the external side and the tenant's number (never 0) for packets from inside.
 * An ICMP echo has its identifier for the port of the side that pings and 0 for the other.
 */
public final class FlowKey {

    public static final int OUTSIDE = 0;
    public static final int DOMAIN_MAX = 0xffffff;

    private FlowKey() {}

    public static long addresses(int source, int destination) {
        return (long) source << 32 | (destination & 0xffffffffL);
    }

    /** Ports as they lie in the packet, source high. */
    public static long rest(int ports, int domain, int protocol) {
        return (long) ports << 32 | (long) domain << 8 | protocol;
    }

    public static int ports(int source, int destination) {
        return source << 16 | destination;
    }

    public static int source(long key0) {
        return (int) (key0 >>> 32);
    }

    public static int destination(long key0) {
        return (int) key0;
    }

    public static int sourcePort(long key1) {
        return (int) (key1 >>> 48);
    }

    public static int destinationPort(long key1) {
        return (int) (key1 >>> 32) & 0xffff;
    }

    public static int domain(long key1) {
        return (int) (key1 >>> 8) & DOMAIN_MAX;
    }

    public static int protocol(long key1) {
        return (int) key1 & 0xff;
    }
}
