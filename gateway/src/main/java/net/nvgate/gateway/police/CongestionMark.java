package net.nvgate.gateway.police;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;

/** Congestion experienced (RFC 3168 §5) instead of a drop, for packets whose ends know ECN. */
public final class CongestionMark {

    private static final int ECN = 3;
    private static final int NETWORK_CONTROL = 6;

    private CongestionMark() {}

    /** Marks the IPv4 or IPv6 packet at {@code ip}; false if its ends do not know ECN. */
    public static boolean set(long ip) {
        int before = tos(ip);
        if ((before & ECN) == 0) {
            return false;
        }
        int after = before | ECN;
        if (isIpv4(ip)) {
            Ipv4.tos(ip, after);
            Ipv4.checksum(ip, Checksum.apply(Ipv4.checksum(ip), Checksum.delta16(before, after)));
        } else {
            Ipv6.trafficClass(ip, after);
        }
        return true;
    }

    /** Whether a packet says it is network control: class selector 6 or 7 (RFC 4594 §3.1). */
    public static boolean isControl(long ip) {
        return tos(ip) >>> 5 >= NETWORK_CONTROL;
    }

    private static int tos(long ip) {
        return isIpv4(ip) ? Ipv4.tos(ip) : Ipv6.trafficClass(ip);
    }

    private static boolean isIpv4(long ip) {
        return Mem.u8(ip) >>> 4 == 4;
    }
}
