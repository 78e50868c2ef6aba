package net.nvgate.gateway.worker;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Builds and reads packets as byte arrays, with nothing of the production code: what the two agree on is what the RFCs say.
 */
public final class Wire {

    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMP = 1;
    public static final int GRE = 47;

    private Wire() {}

    public static int address(String dotted) {
        int value = 0;
        for (String part : dotted.split("\\.", -1)) {
            value = value << 8 | Integer.parseInt(part);
        }
        return value;
    }

    public static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    public static byte[] ethernet(long destination, long source, int type, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(14 + payload.length);
        b.putShort((short) (destination >>> 32)).putInt((int) destination);
        b.putShort((short) (source >>> 32)).putInt((int) source);
        return b.putShort((short) type).put(payload).array();
    }

    public static byte[] tagged(long destination, long source, int vlan, int type, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(4 + payload.length);
        b.putShort((short) vlan).putShort((short) type).put(payload);
        return ethernet(destination, source, 0x8100, b.array());
    }

    /** An IPv4 packet with a right checksum. */
    public static byte[] ipv4(int source, int destination, int protocol, byte[] payload) {
        return ipv4(source, destination, protocol, 64, 0, 0x4000, 0, payload);
    }

    public static byte[] ipv4(
            int source, int destination, int protocol, int ttl, int id, int fragment, int tos, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(20 + payload.length);
        b.put((byte) 0x45).put((byte) tos).putShort((short) (20 + payload.length));
        b.putShort((short) id).putShort((short) fragment);
        b.put((byte) ttl)
                .put((byte) protocol)
                .putShort((short) 0)
                .putInt(source)
                .putInt(destination)
                .put(payload);
        return fixIp(b.array());
    }

    /** Recomputes the header checksum of a packet that starts with its IPv4 header. */
    public static byte[] fixIp(byte[] packet) {
        ByteBuffer b = ByteBuffer.wrap(packet);
        b.putShort(10, (short) 0);
        b.putShort(10, (short) ~sum(packet, 0, (packet[0] & 15) * 4, 0));
        return packet;
    }

    public static byte[] udp(int source, int destination, int sourcePort, int destinationPort, byte[] data) {
        ByteBuffer b = ByteBuffer.allocate(8 + data.length);
        b.putShort((short) sourcePort).putShort((short) destinationPort).putShort((short) (8 + data.length));
        b.putShort((short) 0).put(data);
        int sum = ~l4Sum(source, destination, UDP, b.array()) & 0xffff;
        return b.putShort(6, (short) (sum == 0 ? 0xffff : sum)).array();
    }

    public static byte[] tcp(int source, int destination, int sourcePort, int destinationPort, int flags, byte[] data) {
        ByteBuffer b = ByteBuffer.allocate(20 + data.length);
        b.putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .putInt(1)
                .putInt(2);
        b.put((byte) 0x50)
                .put((byte) flags)
                .putShort((short) 8192)
                .putShort((short) 0)
                .putShort((short) 0)
                .put(data);
        return b.putShort(16, (short) ~l4Sum(source, destination, TCP, b.array()))
                .array();
    }

    /** A TCP segment with everything that a connection's other end judges; {@code options} fill whole words. */
    public static byte[] tcp(
            int source,
            int destination,
            int ports,
            int flags,
            int sequence,
            int acknowledgement,
            int window,
            byte[] options) {
        ByteBuffer b = ByteBuffer.allocate(20 + options.length);
        b.putInt(ports).putInt(sequence).putInt(acknowledgement);
        b.put((byte) ((5 + options.length / 4) << 4)).put((byte) flags);
        b.putShort((short) window).putInt(0).put(options);
        return b.putShort(16, (short) ~l4Sum(source, destination, TCP, b.array()))
                .array();
    }

    /** Any ICMP message: {@code rest} is the second word. */
    public static byte[] icmp(int type, int code, int rest, byte[] data) {
        ByteBuffer b = ByteBuffer.allocate(8 + data.length);
        b.put((byte) type).put((byte) code).putShort((short) 0).putInt(rest).put(data);
        return b.putShort(2, (short) ~sum(b.array(), 0, b.capacity(), 0)).array();
    }

    public static byte[] gre(int flagsAndType, int vsid, int flowId, byte[] frame) {
        ByteBuffer b = ByteBuffer.allocate(8 + frame.length);
        return b.putInt(flagsAndType).putInt(vsid << 8 | flowId).put(frame).array();
    }

    public static byte[] arp(int operation, long senderMac, int sender, long targetMac, int target) {
        ByteBuffer b = ByteBuffer.allocate(28);
        b.putShort((short) 1)
                .putShort((short) 0x800)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) operation);
        b.putShort((short) (senderMac >>> 32)).putInt((int) senderMac).putInt(sender);
        b.putShort((short) (targetMac >>> 32)).putInt((int) targetMac).putInt(target);
        return b.array();
    }

    public static byte[] slice(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    public static byte[] slice(byte[] bytes, int from, int length) {
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    public static int u8(byte[] bytes, int at) {
        return bytes[at] & 0xff;
    }

    public static int u16(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getShort(at) & 0xffff;
    }

    public static int i32(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getInt(at);
    }

    public static long mac(byte[] bytes, int at) {
        return (long) u16(bytes, at) << 32 | (i32(bytes, at + 2) & 0xffffffffL);
    }

    /** The packet with a loose source route (RFC 791 §3.1) that leads on to an address. */
    public static byte[] sourceRouted(byte[] ip, int next) {
        byte[] routed = new byte[ip.length + 8];
        System.arraycopy(ip, 0, routed, 0, 20);
        ByteBuffer.wrap(routed, 20, 8)
                .putInt(131 << 24 | 7 << 16 | 4 << 8 | next >>> 24)
                .putInt(next << 8 | 1);
        System.arraycopy(ip, 20, routed, 28, ip.length - 20);
        routed[0] = 0x47;
        routed[2] = (byte) (routed.length >>> 8);
        routed[3] = (byte) routed.length;
        return fixIp(routed);
    }

    /** Folded one's-complement sum. */
    public static int sum(byte[] bytes, int from, int length, long start) {
        long sum = start;
        for (int i = 0; i < length; i++) {
            sum += (i & 1) == 0 ? (bytes[from + i] & 0xffL) << 8 : bytes[from + i] & 0xffL;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    public static int l4Sum(int source, int destination, int protocol, byte[] l4) {
        long pseudo = (source & 0xffffffffL) + (destination & 0xffffffffL) + protocol + l4.length;
        long folded = (pseudo & 0xffff) + (pseudo >>> 16);
        return sum(l4, 0, l4.length, folded);
    }

    /** Fails unless an IPv4 packet is well-formed to its last byte, checksums included. */
    public static void requireRight(byte[] ip) {
        int headerLength = (ip[0] & 15) * 4;
        require(ip[0] >>> 4 == 4 && headerLength >= 20, "IPv4 header");
        require(u16(ip, 2) == ip.length, "total length " + u16(ip, 2) + " of " + ip.length);
        require(sum(ip, 0, headerLength, 0) == 0xffff, "IPv4 checksum");
        if ((u16(ip, 6) & 0x3fff) != 0) {
            return;
        }
        byte[] l4 = slice(ip, headerLength);
        int protocol = u8(ip, 9);
        if (protocol == ICMP) {
            require(sum(l4, 0, l4.length, 0) == 0xffff, "ICMP checksum");
        } else if (protocol == TCP || (protocol == UDP && u16(l4, 6) != 0)) {
            require(l4Sum(i32(ip, 12), i32(ip, 16), protocol, l4) == 0xffff, "L4 checksum");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("wrong " + what);
        }
    }
}
