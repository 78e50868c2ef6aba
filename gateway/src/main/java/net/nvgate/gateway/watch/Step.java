package net.nvgate.gateway.watch;

/**
 * A decision about a packet, as the class that takes it reports it. Each has up to four numbers; an address and a port go into one as
 * {@code address << 16 | port}.
 */
public enum Step {
    /** The packet is of a VSID that the policy knows: VSID, routing domain. */
    VSID,
    /** Anti-spoofing: routing domain, source address, outer source or VLAN, 1 = it may have that source. */
    SOURCE,
    /** As {@link #SOURCE}, for IPv6: outer source << 32 | routing domain, source high, source low, 1 = it may have that source. */
    SOURCE6,
    /** A tenant's route: routing domain, destination, ordinal of the verdict. */
    ROUTE,
    /** As {@link #ROUTE}, for IPv6: routing domain, destination high, destination low, ordinal of the verdict. */
    ROUTE6,
    /** There is a session: routing domain, inside endpoint, external endpoint, remote endpoint. */
    SESSION,
    /** The tenant reaches the remote host without NAT: routing domain, inside address, remote address. */
    NAT_EXEMPTION,
    /** The host has an external address of its own: routing domain, inside address, external address. */
    NAT_ONE_TO_ONE,
    /** A NAT rule leads in or out: routing domain, inside endpoint, external endpoint, protocol. */
    NAT_RULE,
    /** A mapping of the pool, made or used again: routing domain, inside endpoint, external endpoint. */
    NAT_MAPPING,
    /**
     * NAT64 translates a packet of an IPv6 host, or one to it: routing domain, host high, host low, handle << 32 | IPv4 address of the remote
     * one. For other steps about the packet the host's address is the handle.
     */
    NAT64,
    /** Prefix translation (NPTv6) gives a packet another address: routing domain, high, low, 1 = its source, 0 = its destination. */
    NPTV6,
    /** The next hop's MTU is less than the packet: length, MTU, routing domain. */
    TOO_BIG,
    /** The next hop has not answered ARP or neighbour discovery; the packet waits: port, address high, address low. */
    WAITS_FOR_NEIGHBOR,
    /** An unsolicited SYN waits for its verdict (RFC 5382 REQ-4). */
    SYN_HELD,
    /**
     * Too fast for a limit: routing domain, verdict of Meters << 16 | kind of Meters << 8 | direction of Meters, kbit/s or 0, packets per
     * second or 0.
     */
    LIMIT,
    /** As {@link #LIMIT}: it waits in the limit's queue. */
    WAITS_FOR_LIMIT,
    /** A port ACL: routing domain, 1 = inbound, list << 32 | rule as in the tenant's lists, 1 = allowed. */
    ACL,
    /** It is for the gateway itself: routing domain, address. */
    LOCAL;

    private static final Step[] ALL = values();

    static Step of(int ordinal) {
        return ALL[ordinal];
    }

    /** Two addresses, or an address and a number of 32 bits, as one number. */
    public static long pair(int upper, int lower) {
        return (long) upper << 32 | Integer.toUnsignedLong(lower);
    }

    /** Which limit it is, in which direction, and what of it is exceeded, as one number. */
    public static long limit(int verdict, int kind, int direction) {
        return (long) verdict << 16 | (long) kind << 8 | direction;
    }

    /** An endpoint as one number. */
    public static long endpoint(int address, int port) {
        return Integer.toUnsignedLong(address) << 16 | (port & 0xffff);
    }

    /** Address of an endpoint. */
    public static int address(long endpoint) {
        return (int) (endpoint >>> 16);
    }

    /** Port of an endpoint. */
    public static int port(long endpoint) {
        return (int) endpoint & 0xffff;
    }
}
