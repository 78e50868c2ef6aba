package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Dhcp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.DhcpTable;

/** Makes a server's DHCP message of the client's, in the same buffer (RFC 2131 table 3). */
final class DhcpReply {

    /** IPv4, UDP, the fixed fields and every option at its longest. */
    static final int LENGTH_MAX = Ipv4.MIN_LENGTH + Udp.LENGTH + Dhcp.OPTIONS + 400;

    private static final int NONE = 0;

    private DhcpReply() {}

    /**
     * Writes IPv4, UDP and DHCP in place of a request.
     *
     * @param ip where the IPv4 header goes; the message behind it is moved there if need be
     * @param message of the client
     * @param type OFFER, ACK or NAK
     * @param address given to the client; 0 in an answer to INFORM and in a NAK
     * @param from our address, the server's identifier
     * @param to IPv4 destination
     * @param subnet a {@link DhcpTable} entry
     * @return total length
     */
    static int write(long ip, long message, int type, int address, int from, int to, long subnet, int prefixLength) {
        long reply = ip + Ipv4.MIN_LENGTH + Udp.LENGTH;
        // Options of the IPv4 header are not repeated.
        if (reply != message) {
            Mem.copy(message, reply, Dhcp.OPTIONS);
        }
        Mem.u8(reply, Dhcp.BOOT_REPLY);
        Mem.u8(reply + 3, 0);
        Mem.u16Be(reply + 8, 0);
        if (type == Dhcp.NAK) {
            Dhcp.clientAddress(reply, 0);
        }
        Dhcp.yourAddress(reply, address);
        Mem.i32Be(reply + 20, 0);
        Mem.zero(reply + Dhcp.SNAME, Dhcp.COOKIE_OFFSET - Dhcp.SNAME);
        long end = options(reply + Dhcp.OPTIONS, type, address, from, subnet, prefixLength);
        int length = (int) (end - reply);
        if (length < Dhcp.MIN_LENGTH) {
            Mem.zero(end, Dhcp.MIN_LENGTH - length);
            length = Dhcp.MIN_LENGTH;
        }
        return headers(ip, from, to, length);
    }

    /** Those that a NAK has are the type and the server alone. */
    private static long options(long start, int type, int address, int from, long subnet, int prefixLength) {
        Mem.u8(start, Dhcp.OPTION_TYPE);
        Mem.u8(start + 1, 1);
        Mem.u8(start + 2, type);
        long at = word(start + 3, Dhcp.OPTION_SERVER, from);
        if (type != Dhcp.NAK) {
            if (address != NONE) {
                int seconds = DhcpTable.leaseSeconds(subnet);
                at = word(at, Dhcp.OPTION_LEASE_SECONDS, seconds);
                at = word(at, Dhcp.OPTION_RENEW_SECONDS, seconds / 2);
                at = word(at, Dhcp.OPTION_REBIND_SECONDS, (int) (seconds * 7L / 8));
            }
            at = word(at, Dhcp.OPTION_SUBNET_MASK, (int) (-1L << (32 - prefixLength)));
            at = word(at, Dhcp.OPTION_ROUTER, DhcpTable.router(subnet));
            at = servers(at, subnet);
            at = domain(at, subnet);
            at = mtu(at, subnet);
        }
        Mem.u8(at, Dhcp.OPTION_END);
        return at + 1;
    }

    private static long word(long at, int code, int value) {
        Mem.u8(at, code);
        Mem.u8(at + 1, 4);
        Mem.i32Be(at + 2, value);
        return at + 6;
    }

    private static long servers(long at, long subnet) {
        int count = DhcpTable.servers(subnet);
        if (count == 0) {
            return at;
        }
        Mem.u8(at, Dhcp.OPTION_DNS);
        Mem.u8(at + 1, 4 * count);
        for (int i = 0; i < count; i++) {
            Mem.i32Be(at + 2 + 4L * i, DhcpTable.server(subnet, i));
        }
        return at + 2 + 4L * count;
    }

    private static long domain(long at, long subnet) {
        int length = DhcpTable.domainLength(subnet);
        if (length == 0) {
            return at;
        }
        Mem.u8(at, Dhcp.OPTION_DOMAIN);
        Mem.u8(at + 1, length);
        Mem.copy(DhcpTable.domain(subnet), at + 2, length);
        return at + 2 + length;
    }

    private static long mtu(long at, long subnet) {
        if (DhcpTable.mtu(subnet) == 0) {
            return at;
        }
        Mem.u8(at, Dhcp.OPTION_MTU);
        Mem.u8(at + 1, 2);
        Mem.u16Be(at + 2, DhcpTable.mtu(subnet));
        return at + 4;
    }

    private static int headers(long ip, int from, int to, int messageLength) {
        int udpLength = Udp.LENGTH + messageLength;
        long udp = ip + Ipv4.MIN_LENGTH;
        Udp.sourcePort(udp, Dhcp.SERVER_PORT);
        Udp.destinationPort(udp, Dhcp.CLIENT_PORT);
        Mem.u16Be(udp + 4, udpLength);
        Mem.u16Be(udp + Udp.CHECKSUM_OFFSET, 0);
        int total = Ipv4.MIN_LENGTH + udpLength;
        Ipv4.write(ip, total, Ipv4.DONT_FRAGMENT, Ipv4.UDP, from, to);
        long pseudo = Checksum.pseudoHeader(from, to, Ipv4.UDP, udpLength);
        int sum = ~Checksum.fold(pseudo + Checksum.sum(udp, udpLength)) & 0xffff;
        Mem.u16Be(udp + Udp.CHECKSUM_OFFSET, sum == 0 ? 0xffff : sum);
        return total;
    }
}
