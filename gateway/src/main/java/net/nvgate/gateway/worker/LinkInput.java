package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Vlan;

/** Checks what is the same on both ports: Ethernet with at most one 802.1Q tag, and the first IP header. */
final class LinkInput {

    private final long mac;
    private final Disposal disposal;
    private int type;
    private int vlan;
    private boolean toGroup;

    LinkInput(long mac, Disposal disposal) {
        this.mac = mac;
        this.disposal = disposal;
    }

    /** EtherType of the frame checked last, behind its tag. */
    int type() {
        return type;
    }

    /** VLAN of the frame checked last, 0 = untagged. */
    int vlan() {
        return vlan;
    }

    /** Whether the frame checked last was sent to a group. */
    boolean isToGroup() {
        return toGroup;
    }

    /** Offset of the layer 3 header of a frame for us that is IPv4, IPv6 or ARP, or -1: dropped. */
    int check(long mbuf) {
        int length = Mbuf.dataLength(mbuf);
        if (Mbuf.segments(mbuf) != 1) {
            return drop(mbuf, DropReason.MULTI_SEGMENT);
        }
        if (length < Ethernet.LENGTH) {
            return drop(mbuf, DropReason.TRUNCATED_ETHERNET);
        }
        long frame = Mbuf.dataAddress(mbuf);
        int l3 = Ethernet.LENGTH;
        type = Ethernet.type(frame);
        vlan = 0;
        if ((Mbuf.flags(mbuf) & Offloads.MBUF_RX_VLAN_STRIPPED) != 0) {
            vlan = Mbuf.vlanTci(mbuf) & 0xfff;
        } else if (type == Ethernet.TYPE_VLAN) {
            l3 += Vlan.LENGTH;
            if (length < l3) {
                return drop(mbuf, DropReason.TRUNCATED_ETHERNET);
            }
            vlan = Vlan.id(frame + Ethernet.LENGTH);
            type = Vlan.type(frame + Ethernet.LENGTH);
        }
        long destination = Ethernet.destination(frame);
        toGroup = destination != mac;
        if (toGroup && !isWantedGroup(destination)) {
            return drop(mbuf, DropReason.NOT_OUR_MAC);
        }
        if (type != Ethernet.TYPE_IPV4 && type != Ethernet.TYPE_ARP && type != Ethernet.TYPE_IPV6) {
            return drop(mbuf, DropReason.UNKNOWN_ETHERTYPE);
        }
        return l3;
    }

    /** Broadcast ARP, and IPv6 multicast (RFC 2464 §7), of which neighbour discovery is the part we want. */
    private boolean isWantedGroup(long destination) {
        return type == Ethernet.TYPE_ARP
                ? destination == Ethernet.BROADCAST
                : type == Ethernet.TYPE_IPV6 && destination >>> 32 == 0x3333;
    }

    /** Whether a whole IPv6 packet is there; if not, it is dropped. */
    boolean checkIpv6(long mbuf, long ip, int available) {
        if (available < Ipv6.LENGTH) {
            return drop(mbuf, DropReason.TRUNCATED_IPV6) > 0;
        }
        if (Ipv6.version(ip) != 6) {
            return drop(mbuf, DropReason.IPV6_VERSION) > 0;
        }
        if (Ipv6.totalLength(ip) > available) {
            return drop(mbuf, DropReason.IPV6_PAYLOAD_LENGTH) > 0;
        }
        return true;
    }

    /** Whether a whole IPv4 packet with a right header is there; if not, it is dropped. */
    boolean checkIpv4(long mbuf, long ip, int available) {
        if (available < Ipv4.MIN_LENGTH) {
            return drop(mbuf, DropReason.TRUNCATED_IPV4) > 0;
        }
        if (Ipv4.version(ip) != 4) {
            return drop(mbuf, DropReason.IPV4_VERSION) > 0;
        }
        int headerLength = Ipv4.headerLength(ip);
        if (headerLength < Ipv4.MIN_LENGTH || headerLength > available) {
            return drop(mbuf, DropReason.IPV4_HEADER_LENGTH) > 0;
        }
        int totalLength = Ipv4.totalLength(ip);
        if (totalLength < headerLength || totalLength > available) {
            return drop(mbuf, DropReason.IPV4_TOTAL_LENGTH) > 0;
        }
        if (!checksumIsRight(mbuf, ip, headerLength)) {
            return drop(mbuf, DropReason.IPV4_CHECKSUM) > 0;
        }
        return true;
    }

    /** What the port says of the checksum, if it has looked at this header; else the sum over the header. */
    private static boolean checksumIsRight(long mbuf, long ip, int headerLength) {
        long told = Mbuf.flags(mbuf) & Offloads.MBUF_RX_IP_CHECKSUM_MASK;
        if (told == 0 || !isOfFirstHeader(told, Mbuf.packetType(mbuf))) {
            return Ipv4.checksumIsRight(ip, headerLength);
        }
        return told == Offloads.MBUF_RX_IP_CHECKSUM_GOOD;
    }

    /**
     * A port that sees through the tunnel speaks of the inner header. Both bits together say that the header came unharmed but
     * its checksum is not filled in: then rewriting it by its difference would make it wrong.
     */
    private static boolean isOfFirstHeader(long told, int packetType) {
        return told != Offloads.MBUF_RX_IP_CHECKSUM_MASK && (packetType & Offloads.PACKET_TYPE_TUNNEL_MASK) == 0;
    }

    private int drop(long mbuf, DropReason reason) {
        disposal.drop(mbuf, reason);
        return -1;
    }
}
