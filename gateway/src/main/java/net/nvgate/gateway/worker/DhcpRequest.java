package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Dhcp;

/** A client's DHCP message, checked to its last option; one object that is filled anew for each (RFC 2131 §2, §4.1). */
final class DhcpRequest {

    private static final int HOPS_MAX = 16;

    private int type;
    private int requestedAddress;
    private int server;
    private int overload;

    /**
     * Reads a message.
     *
     * @param length bytes of it that are there
     * @return false if it is not a well-formed message of a client on an Ethernet
     */
    boolean read(long message, int length) {
        type = 0;
        requestedAddress = 0;
        server = 0;
        overload = 0;
        if (length < Dhcp.OPTIONS
                || Mem.u8(message) != Dhcp.BOOT_REQUEST
                || Mem.u8(message + 1) != Dhcp.ETHERNET
                || Mem.u8(message + 2) != 6
                || Mem.u8(message + 3) > HOPS_MAX
                || Mem.i32Be(message + Dhcp.COOKIE_OFFSET) != Dhcp.COOKIE) {
            return false;
        }
        return options(message + Dhcp.OPTIONS, length - Dhcp.OPTIONS, true)
                && ((overload & 1) == 0 || options(message + Dhcp.FILE, Dhcp.FILE_LENGTH, false))
                && ((overload & 2) == 0 || options(message + Dhcp.SNAME, Dhcp.SNAME_LENGTH, false))
                && Dhcp.DISCOVER <= type
                && type <= Dhcp.INFORM;
    }

    private boolean options(long at, int length, boolean first) {
        int i = 0;
        while (i < length) {
            int code = Mem.u8(at + i);
            if (code == Dhcp.OPTION_END) {
                return true;
            }
            if (code == Dhcp.OPTION_PAD) {
                i++;
                continue;
            }
            if (i + 1 >= length || i + 2 + Mem.u8(at + i + 1) > length) {
                return false;
            }
            if (!take(code, at + i + 2, Mem.u8(at + i + 1), first)) {
                return false;
            }
            i += 2 + Mem.u8(at + i + 1);
        }
        // Without the end option a message is accepted as far as it goes: some clients fill the field to its end.
        return true;
    }

    private boolean take(int code, long data, int length, boolean first) {
        if (code == Dhcp.OPTION_TYPE) {
            type = length == 1 ? Mem.u8(data) : 0;
            return length == 1;
        }
        if (code == Dhcp.OPTION_OVERLOAD) {
            overload = first && length == 1 ? Mem.u8(data) : overload;
            return length == 1;
        }
        if (code == Dhcp.OPTION_REQUESTED_ADDRESS || code == Dhcp.OPTION_SERVER) {
            return length == 4 && takeAddress(code, Mem.i32Be(data));
        }
        return true;
    }

    private boolean takeAddress(int code, int address) {
        if (code == Dhcp.OPTION_SERVER) {
            server = address;
        } else {
            requestedAddress = address;
        }
        return true;
    }

    /** {@link Dhcp#DISCOVER} and so on. */
    int type() {
        return type;
    }

    /** 0 = none. */
    int requestedAddress() {
        return requestedAddress;
    }

    /** Identifier of the server that is meant; 0 = none. */
    int server() {
        return server;
    }
}
