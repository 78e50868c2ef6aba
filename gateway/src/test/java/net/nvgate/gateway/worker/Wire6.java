package net.nvgate.gateway.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** As {@link Wire}, for IPv6: addresses are 16 bytes, and nothing of the production code is used. */
public final class Wire6 {

    public static final int TYPE = 0x86dd;
    public static final int ICMPV6 = 58;
    public static final int FRAGMENT = 44;
    public static final int HOP_BY_HOP = 0;
    public static final int DESTINATION_OPTIONS = 60;

    private Wire6() {}

    /** 16 bytes of an address literal. */
    public static byte[] address(String text) {
        try {
            byte[] bytes = InetAddress.getByName(text).getAddress();
            if (bytes.length != 16) {
                throw new IllegalArgumentException("no IPv6 address: " + text);
            }
            return bytes;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    public static long high(byte[] address) {
        return ByteBuffer.wrap(address).getLong(0);
    }

    public static long low(byte[] address) {
        return ByteBuffer.wrap(address).getLong(8);
    }

    /** An IPv6 packet with hop limit 64, traffic class and flow label 0. */
    public static byte[] ipv6(byte[] source, byte[] destination, int nextHeader, byte[] payload) {
        return ipv6(source, destination, nextHeader, 64, 0, 0, payload);
    }

    public static byte[] ipv6(
            byte[] source,
            byte[] destination,
            int nextHeader,
            int hopLimit,
            int trafficClass,
            int flowLabel,
            byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(40 + payload.length);
        b.putInt(6 << 28 | trafficClass << 20 | flowLabel).putShort((short) payload.length);
        b.put((byte) nextHeader).put((byte) hopLimit).put(source).put(destination);
        return b.put(payload).array();
    }

    /** A UDP datagram with its checksum, without an IPv6 header. */
    public static byte[] udp(byte[] source, byte[] destination, int sourcePort, int destinationPort, byte[] data) {
        ByteBuffer b = ByteBuffer.allocate(8 + data.length);
        b.putShort((short) sourcePort).putShort((short) destinationPort).putShort((short) (8 + data.length));
        b.putShort((short) 0).put(data);
        int sum = ~l4Sum(source, destination, Wire.UDP, b.array()) & 0xffff;
        return b.putShort(6, (short) (sum == 0 ? 0xffff : sum)).array();
    }

    /** A TCP segment with its checksum, without an IPv6 header. */
    public static byte[] tcp(
            byte[] source, byte[] destination, int sourcePort, int destinationPort, int flags, byte[] data) {
        ByteBuffer b = ByteBuffer.allocate(20 + data.length);
        b.putShort((short) sourcePort).putShort((short) destinationPort);
        b.putInt(1).putInt(2).put((byte) 0x50).put((byte) flags).putShort((short) 8192);
        b.putInt(0).put(data);
        return b.putShort(16, (short) ~l4Sum(source, destination, Wire.TCP, b.array()))
                .array();
    }

    /** An ICMPv6 message with its checksum, without an IPv6 header: {@code rest} is the second word. */
    public static byte[] icmp(byte[] source, byte[] destination, int type, int code, int rest, byte[] data) {
        ByteBuffer b = ByteBuffer.allocate(8 + data.length);
        b.put((byte) type).put((byte) code).putShort((short) 0).putInt(rest).put(data);
        return b.putShort(2, (short) ~l4Sum(source, destination, ICMPV6, b.array()))
                .array();
    }

    /** A whole UDP packet. */
    public static byte[] udpPacket(byte[] source, byte[] destination, int sourcePort, int destinationPort) {
        return ipv6(source, destination, Wire.UDP, udp(source, destination, sourcePort, destinationPort, new byte[] {
            1, 2, 3, 4, 5
        }));
    }

    /** A whole TCP packet. */
    public static byte[] tcpPacket(byte[] source, byte[] destination, int sourcePort, int destinationPort, int flags) {
        return ipv6(
                source, destination, Wire.TCP, tcp(source, destination, sourcePort, destinationPort, flags, new byte[] {
                    9, 8, 7
                }));
    }

    /** A whole ICMPv6 packet. */
    public static byte[] icmpPacket(byte[] source, byte[] destination, int type, int code, int rest, byte[] data) {
        return ipv6(source, destination, ICMPV6, icmp(source, destination, type, code, rest, data));
    }

    public static byte[] ping(byte[] source, byte[] destination, int id) {
        return icmpPacket(source, destination, 128, 0, id << 16 | 1, new byte[] {1, 2, 3});
    }

    public static byte[] pong(byte[] source, byte[] destination, int id) {
        return icmpPacket(source, destination, 129, 0, id << 16 | 1, new byte[] {1, 2, 3});
    }

    /** A fragment header and the fragment's bytes; the offset is in bytes. */
    public static byte[] fragment(int nextHeader, int offset, boolean more, int id, byte[] part) {
        ByteBuffer b = ByteBuffer.allocate(8 + part.length);
        b.put((byte) nextHeader).put((byte) 0).putShort((short) (offset | (more ? 1 : 0)));
        return b.putInt(id).put(part).array();
    }

    /** An extension header of {@code 8 * units} bytes with padding in it, and what follows it. */
    public static byte[] extension(int nextHeader, int units, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(8 * units + payload.length);
        b.put((byte) nextHeader).put((byte) (units - 1));
        b.put((byte) 1).put((byte) (8 * units - 4));
        return b.position(8 * units).put(payload).array();
    }

    /** Folded sum of pseudo header and transport bytes; 0xffff when the checksum in them is right. */
    public static int l4Sum(byte[] source, byte[] destination, int protocol, byte[] l4) {
        long start = Wire.sum(source, 0, 16, Wire.sum(destination, 0, 16, 0)) + (long) protocol;
        start += (l4.length & 0xffff) + (l4.length >>> 16);
        return Wire.sum(l4, 0, l4.length, start);
    }

    public static byte[] source(byte[] ip) {
        return Arrays.copyOfRange(ip, 8, 24);
    }

    public static byte[] destination(byte[] ip) {
        return Arrays.copyOfRange(ip, 24, 40);
    }

    /** Fails unless an IPv6 packet without extension headers is well-formed to its last byte, checksums included. */
    public static void requireRight(byte[] ip) {
        require(ip[0] >>> 4 == 6, "version");
        require(Wire.u16(ip, 4) == ip.length - 40, "payload length " + Wire.u16(ip, 4) + " of " + (ip.length - 40));
        int protocol = Wire.u8(ip, 6);
        if (protocol == ICMPV6 || protocol == Wire.TCP || protocol == Wire.UDP) {
            byte[] l4 = Wire.slice(ip, 40);
            require(l4Sum(source(ip), destination(ip), protocol, l4) == 0xffff, "L4 checksum");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("wrong " + what);
        }
    }
}
