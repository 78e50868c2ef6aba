package net.nvgate.gateway.acl;

/**
 * What a list asks of the first packet of a flow: one object per thread, filled anew for each packet. "Local" is the side whose lists are
 * asked. Addresses are IPv6 ones, IPv4 as mapped ones (::ffff:a.b.c.d).
 */
public final class AclPacket {

    private static final long MAPPED = 0xffff_0000_0000L;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    long localHigh;
    long localLow;
    int localPort;
    long remoteHigh;
    long remoteLow;
    int remotePort;
    int protocol;
    private int decidingList = RuleTable.NONE;
    private int decidingRule = RuleTable.NONE;
    private boolean logged;

    /** Second half of the mapped address; the first is 0. */
    public static long mapped(int ipv4) {
        return MAPPED | Integer.toUnsignedLong(ipv4);
    }

    /** The IPv4 address that is mapped, 0 = none is. */
    public static int ipv4(long high, long low) {
        return high == 0 && low >>> 32 == MAPPED >>> 32 ? (int) low : 0;
    }

    public AclPacket local(long high, long low, int port) {
        localHigh = high;
        localLow = low;
        localPort = port;
        return this;
    }

    public AclPacket remote(long high, long low, int port) {
        remoteHigh = high;
        remoteLow = low;
        remotePort = port;
        return this;
    }

    /** @param number of IANA; not {@link #icmp} */
    public AclPacket protocol(int number) {
        protocol = number;
        return this;
    }

    /**
     * ICMP or ICMPv6, which has a type and a code in place of ports.
     *
     * @param ipv6 whose ICMP it is
     */
    public AclPacket icmp(boolean ipv6, int type, int code) {
        protocol = ipv6 ? ICMPV6 : ICMP;
        localPort = 0;
        remotePort = typeAndCode(type, code);
        return this;
    }

    static int typeAndCode(int type, int code) {
        return type << 8 | code;
    }

    /** The same flow as the other side sees it. */
    public void turn() {
        long high = localHigh;
        long low = localLow;
        localHigh = remoteHigh;
        localLow = remoteLow;
        remoteHigh = high;
        remoteLow = low;
        if (protocol != ICMP && protocol != ICMPV6) {
            int port = localPort;
            localPort = remotePort;
            remotePort = port;
        }
    }

    void decided(int list, int rule) {
        decidingList = list;
        decidingRule = rule;
    }

    void logged(boolean wanted) {
        logged = wanted;
    }

    /** Number of the list in its {@link TenantAcl} that decided last, -1 = no list is for the local side. */
    public int decidingList() {
        return decidingList;
    }

    /** Number of the rule in the list, -1 = the list's default. */
    public int decidingRule() {
        return decidingRule;
    }

    /** Whether the deciding rule wants that it is told. */
    public boolean isLogged() {
        return logged;
    }

    public long localHigh() {
        return localHigh;
    }

    public long localLow() {
        return localLow;
    }

    public int localPort() {
        return localPort;
    }

    public long remoteHigh() {
        return remoteHigh;
    }

    public long remoteLow() {
        return remoteLow;
    }

    public int remotePort() {
        return remotePort;
    }

    public int protocol() {
        return protocol;
    }
}
