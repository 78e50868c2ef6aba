package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * DHCP for IPv4 over Ethernet (RFC 2131 §2, RFC 2132).
 *
 * <pre>
 *  0    1       2      3      4     8      10      12       16       20       24       28            34
 * +----+-------+------+------+-----+------+-------+--------+--------+--------+--------+-------------+
 * | op | htype | hlen | hops | xid | secs | flags | ciaddr | yiaddr | siaddr | giaddr | chaddr (16) |
 * +----+-------+------+------+-----+------+-------+--------+--------+--------+--------+-------------+
 *  44          108          236              240
 * | sname (64) | file (128) | magic cookie   | options: code, length, data; 0 pad, 255 end
 * </pre>
 */
public final class Dhcp {

    public static final int SERVER_PORT = 67;
    public static final int CLIENT_PORT = 68;

    public static final int BOOT_REQUEST = 1;
    public static final int BOOT_REPLY = 2;
    public static final int ETHERNET = 1;
    public static final int COOKIE = 0x63825363;
    public static final int BROADCAST_FLAG = 0x8000;

    public static final int CHADDR = 28;
    public static final int CHADDR_LENGTH = 16;
    public static final int SNAME = 44;
    public static final int SNAME_LENGTH = 64;
    public static final int FILE = 108;
    public static final int FILE_LENGTH = 128;
    public static final int COOKIE_OFFSET = 236;
    public static final int OPTIONS = 240;
    /** Shortest message: a BOOTP client may take no shorter one (RFC 1542 §2.1). */
    public static final int MIN_LENGTH = 300;

    public static final int DISCOVER = 1;
    public static final int OFFER = 2;
    public static final int REQUEST = 3;
    public static final int DECLINE = 4;
    public static final int ACK = 5;
    public static final int NAK = 6;
    public static final int RELEASE = 7;
    public static final int INFORM = 8;

    public static final int OPTION_PAD = 0;
    public static final int OPTION_SUBNET_MASK = 1;
    public static final int OPTION_ROUTER = 3;
    public static final int OPTION_DNS = 6;
    public static final int OPTION_DOMAIN = 15;
    public static final int OPTION_MTU = 26;
    public static final int OPTION_REQUESTED_ADDRESS = 50;
    public static final int OPTION_LEASE_SECONDS = 51;
    public static final int OPTION_OVERLOAD = 52;
    public static final int OPTION_TYPE = 53;
    public static final int OPTION_SERVER = 54;
    public static final int OPTION_RENEW_SECONDS = 58;
    public static final int OPTION_REBIND_SECONDS = 59;
    public static final int OPTION_CLIENT_ID = 61;
    public static final int OPTION_END = 255;

    private Dhcp() {}

    public static int flags(long message) {
        return Mem.u16Be(message + 10);
    }

    /** The client's address, if it has one that it answers ARP for. */
    public static int clientAddress(long message) {
        return Mem.i32Be(message + 12);
    }

    public static void clientAddress(long message, int address) {
        Mem.i32Be(message + 12, address);
    }

    /** The address that the server gives. */
    public static void yourAddress(long message, int address) {
        Mem.i32Be(message + 16, address);
    }

    /** The relay agent's address; 0 = none. */
    public static int relayAddress(long message) {
        return Mem.i32Be(message + 24);
    }

    public static long clientMac(long message) {
        return Ethernet.mac(message + CHADDR);
    }
}
