package net.nvgate.gateway.worker;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Packets of neighbour discovery as byte arrays, by RFC 4861 §4. */
final class Nd {

    private Nd() {}

    /** The solicited-node group of an address. */
    static byte[] group(byte[] target) {
        byte[] group = Wire6.address("ff02::1:ff00:0");
        System.arraycopy(target, 13, group, 13, 3);
        return group;
    }

    /** A solicitation to the target's group, with the sender's MAC; from :: without. */
    static byte[] solicitation(byte[] source, long mac, byte[] target) {
        return solicitation(source, mac, target, group(target));
    }

    static byte[] solicitation(byte[] source, long mac, byte[] target, byte[] destination) {
        boolean probe = Arrays.equals(source, new byte[16]);
        byte[] body = probe
                ? target
                : ByteBuffer.allocate(24).put(target).put(option(1, mac)).array();
        return packet(source, destination, 135, 0, body);
    }

    /** @param flags R S O as the three highest bits of the word */
    static byte[] advertisement(byte[] source, byte[] destination, int flags, byte[] target, long mac) {
        byte[] body = ByteBuffer.allocate(24).put(target).put(option(2, mac)).array();
        return packet(source, destination, 136, flags, body);
    }

    static byte[] routerAdvertisement(byte[] source, int lifetimeSeconds, long mac) {
        byte[] body = ByteBuffer.allocate(16).putLong(0).put(option(1, mac)).array();
        return packet(source, Wire6.address("ff02::1"), 134, 64 << 24 | lifetimeSeconds, body);
    }

    static byte[] option(int type, long mac) {
        return ByteBuffer.allocate(8)
                .put((byte) type)
                .put((byte) 1)
                .putShort((short) (mac >>> 32))
                .putInt((int) mac)
                .array();
    }

    static byte[] packet(byte[] source, byte[] destination, int type, int word, byte[] body) {
        byte[] icmp = Wire6.icmp(source, destination, type, 0, word, body);
        return Wire6.ipv6(source, destination, Wire6.ICMPV6, 255, 0, 0, icmp);
    }

    /** A frame on the external link to the group of an address. */
    static byte[] toGroup(byte[] target, byte[] ip) {
        return Wire.ethernet(groupMac(target), Net6.SERVER_MAC, Wire6.TYPE, ip);
    }

    static long groupMac(byte[] target) {
        return 0x3333ff000000L | (target[13] & 0xffL) << 16 | (target[14] & 0xffL) << 8 | (target[15] & 0xffL);
    }
}
