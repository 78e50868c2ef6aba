package net.nvgate.gateway.control;

import java.nio.ByteBuffer;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;

/** Writes a frame as a host or a router would send it, from what people say of a packet. Checksums of TCP and UDP are not filled in. */
final class TracePacket {

    private static final int IPV6_VERSION = 6 << 28;
    private static final int ECHO_REQUEST6 = 128;
    private static final int ICMPV6 = 58;
    private static final int L4_BYTES = 20;

    private TracePacket() {}

    /**
     * An IP packet.
     *
     * @param protocol of IP; TCP, UDP and ICMP get a header
     * @param flags of TCP
     * @param length bytes of IP, at least what headers need
     * @param dontFragment of IPv4
     */
    record Ip(
            IpAddress source,
            IpAddress destination,
            int protocol,
            int sourcePort,
            int destinationPort,
            int flags,
            int length,
            int ttl,
            boolean dontFragment) {

        byte[] bytes() {
            boolean ipv4 = source instanceof Ipv4Address;
            int header = ipv4 ? Ipv4.MIN_LENGTH : Ipv6.LENGTH;
            ByteBuffer packet = ByteBuffer.allocate(Math.max(length, header + L4_BYTES));
            int total = packet.capacity();
            if (source instanceof Ipv4Address from && destination instanceof Ipv4Address to) {
                packet.putShort((short) 0x4500).putShort((short) total).putShort((short) 1);
                packet.putShort((short) (dontFragment ? Ipv4.DONT_FRAGMENT : 0));
                packet.put((byte) ttl).put((byte) protocol).putShort((short) 0);
                packet.putInt(from.value()).putInt(to.value());
                packet.putShort(10, (short) checksum(packet, 0, Ipv4.MIN_LENGTH));
            } else if (source instanceof Ipv6Address from && destination instanceof Ipv6Address to) {
                packet.putInt(IPV6_VERSION).putShort((short) (total - Ipv6.LENGTH));
                packet.put((byte) protocol).put((byte) ttl);
                packet.putLong(from.high())
                        .putLong(from.low())
                        .putLong(to.high())
                        .putLong(to.low());
            } else {
                throw new IllegalArgumentException("source and destination must be of one IP version");
            }
            l4(packet, header, total);
            return packet.array();
        }

        private void l4(ByteBuffer packet, int at, int total) {
            if (protocol == Ipv4.TCP) {
                packet.putShort((short) sourcePort)
                        .putShort((short) destinationPort)
                        .putInt(1)
                        .putInt(0);
                packet.putShort((short) (0x5000 | flags)).putShort((short) 0x4000);
            } else if (protocol == Ipv4.UDP) {
                packet.putShort((short) sourcePort).putShort((short) destinationPort);
                packet.putShort((short) (total - at)).putShort((short) 0);
            } else if (protocol == Ipv4.ICMP || protocol == ICMPV6) {
                int type = protocol == Ipv4.ICMP ? Icmp.ECHO_REQUEST : ECHO_REQUEST6;
                packet.put((byte) type).put((byte) 0).putShort((short) 0);
                packet.putShort((short) sourcePort).putShort((short) 1);
                if (protocol == Ipv4.ICMP) {
                    packet.putShort(at + 2, (short) checksum(packet, at, total));
                }
            }
        }
    }

    private static int checksum(ByteBuffer packet, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += ((packet.get(i) & 255) << 8) | (i + 1 < to ? packet.get(i + 1) & 255 : 0);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
    }

    /** An Ethernet frame, with an 802.1Q tag if the VLAN is not 0. */
    static byte[] ethernet(long destination, long source, int vlan, int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(Ethernet.LENGTH + (vlan == 0 ? 0 : 4) + payload.length);
        putMac(frame, destination);
        putMac(frame, source);
        if (vlan != 0) {
            frame.putShort((short) Ethernet.TYPE_VLAN).putShort((short) vlan);
        }
        return frame.putShort((short) type).put(payload).array();
    }

    private static void putMac(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >>> 32)).putInt((int) mac);
    }

    /** NVGRE in IPv4. */
    static byte[] nvgre(Ipv4Address source, Ipv4Address destination, int vsid, byte[] inner) {
        int length = Ipv4.MIN_LENGTH + Nvgre.LENGTH + inner.length;
        ByteBuffer packet = ByteBuffer.allocate(length);
        packet.putShort((short) 0x4500).putShort((short) length).putShort((short) 0);
        packet.putShort((short) Ipv4.DONT_FRAGMENT)
                .put((byte) 64)
                .put((byte) Ipv4.GRE)
                .putShort((short) 0);
        packet.putInt(source.value()).putInt(destination.value());
        packet.putShort(10, (short) checksum(packet, 0, Ipv4.MIN_LENGTH));
        return packet.putInt(Nvgre.FLAGS_AND_TYPE).putInt(vsid << 8).put(inner).array();
    }
}
