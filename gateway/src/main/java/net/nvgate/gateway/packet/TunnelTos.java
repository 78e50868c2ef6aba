package net.nvgate.gateway.packet;

/**
 * TOS and traffic class bytes (DSCP << 2 | ECN) through a tunnel: ECN by RFC 6040 in normal mode, DSCP by the uniform or the pipe
 * model of RFC 2983.
 *
 * <pre>
 * ECN after decapsulation          outer  Not-ECT  ECT(0)   ECT(1)   CE
 * (RFC 6040 figure 4)     inner Not-ECT   Not-ECT  Not-ECT  Not-ECT  drop
 *                               ECT(0)    ECT(0)   ECT(0)   ECT(1)   CE
 *                               ECT(1)    ECT(1)   ECT(1)   ECT(1)   CE
 *                               CE        CE       CE       CE       CE
 * </pre>
 *
 * Not-ECT is 0, ECT(1) 1, ECT(0) 2 and CE 3.
 */
public final class TunnelTos {

    /** Result of {@link #decapsulated}: the packet must be dropped. */
    public static final int DROP = -1;

    private static final int ECN = 3;
    private static final int ECT_1 = 1;
    private static final int ECT_0 = 2;

    private TunnelTos() {}

    /**
     * The byte a packet goes on with.
     *
     * @param uniform DSCP changes on the way hold for the inner packet; an outer DSCP of 0 says nothing, as hosts that do not
     *     copy the inner one send it
     * @return 0..255 or {@link #DROP}
     */
    public static int decapsulated(int outer, int inner, boolean uniform) {
        int dscp = uniform && outer > ECN ? outer & ~ECN : inner & ~ECN;
        int mark = outer & ECN;
        int ecn = inner & ECN;
        if (mark == ECN) {
            return ecn == 0 ? DROP : dscp | ECN;
        }
        return dscp | (mark == ECT_1 && ecn == ECT_0 ? ECT_1 : ecn);
    }

    /** Sets the byte of an IPv4 header and mends the header's checksum. */
    public static void rewrite(long ip, int tos) {
        int old = Ipv4.tos(ip);
        Ipv4.tos(ip, tos);
        Ipv4.checksum(ip, Checksum.apply(Ipv4.checksum(ip), Checksum.delta16(old, tos)));
    }
}
