package net.nvgate.gateway.watch;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Udp;

/**
 * Who speaks to whom in a frame, as far as its headers are there; of NVGRE of the PA network in the packet inside. It judges nothing: a malformed packet
 * only has fewer fields. IPv4 addresses are mapped, {@code ::ffff:a.b.c.d}. One thread; good until the next {@link #parse}.
 */
public final class FrameView {

    /** No such field. */
    public static final int NONE = -1;

    private static final long MAPPED = 0xffffL << 32;
    private static final int PORTS = 4;

    private int vsid;
    private int inner;
    private int protocol;
    private int sourcePort;
    private int destinationPort;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int l3;
    private int type;

    /** Second half of an IPv4 address that is mapped; the first one is 0. */
    public static long mapped(int address) {
        return MAPPED | Integer.toUnsignedLong(address);
    }

    /** Whether an address is a mapped IPv4 one. */
    public static boolean isMapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /**
     * Reads a frame. GRE is a tunnel of ours in the PA network alone: elsewhere it is what VMs and others send each other.
     *
     * @param side where it was received or is sent
     * @param frame address of its Ethernet header
     * @param length bytes that are there
     */
    public void parse(Side side, long frame, int length) {
        vsid = NONE;
        inner = NONE;
        link(frame, 0, length);
        int gre = side == Side.PA ? greOf(frame, length) : NONE;
        if (gre >= 0 && length - gre >= Nvgre.LENGTH && Nvgre.flagsAndType(frame + gre) == Nvgre.FLAGS_AND_TYPE) {
            vsid = Nvgre.vsid(frame + gre);
            inner = gre + Nvgre.LENGTH;
            link(frame, inner, length);
        }
        network(frame, length);
    }

    private void link(long frame, int at, int length) {
        type = NONE;
        l3 = at + Ethernet.LENGTH;
        if (length < l3) {
            return;
        }
        type = Mem.u16Be(frame + at + 12);
        while ((type == Ethernet.TYPE_VLAN || type == Ethernet.TYPE_QINQ) && length >= l3 + 4) {
            type = Mem.u16Be(frame + l3 + 2);
            l3 += 4;
        }
    }

    private int greOf(long frame, int length) {
        if (type == Ethernet.TYPE_IPV4
                && length - l3 >= Ipv4.MIN_LENGTH
                && Ipv4.protocol(frame + l3) == Ipv4.GRE
                && !Ipv4.isFragment(Ipv4.fragment(frame + l3))) {
            return l3 + Ipv4.headerLength(frame + l3);
        }
        boolean ipv6 = type == Ethernet.TYPE_IPV6 && length - l3 >= Ipv6.LENGTH;
        return ipv6 && Ipv6.nextHeader(frame + l3) == Ipv4.GRE ? l3 + Ipv6.LENGTH : NONE;
    }

    private void network(long frame, int length) {
        protocol = NONE;
        sourcePort = NONE;
        destinationPort = NONE;
        sourceHigh = 0;
        sourceLow = 0;
        destinationHigh = 0;
        destinationLow = 0;
        long ip = frame + l3;
        int l4 = NONE;
        if (type == Ethernet.TYPE_IPV4 && length - l3 >= Ipv4.MIN_LENGTH) {
            protocol = Ipv4.protocol(ip);
            sourceLow = mapped(Ipv4.source(ip));
            destinationLow = mapped(Ipv4.destination(ip));
            l4 = (Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) == 0 ? l3 + Ipv4.headerLength(ip) : NONE;
        } else if (type == Ethernet.TYPE_IPV6 && length - l3 >= Ipv6.LENGTH) {
            protocol = Ipv6.nextHeader(ip);
            sourceHigh = Ipv6.sourceHigh(ip);
            sourceLow = Ipv6.sourceLow(ip);
            destinationHigh = Ipv6.destinationHigh(ip);
            destinationLow = Ipv6.destinationLow(ip);
            l4 = l3 + Ipv6.LENGTH;
        }
        boolean ports = protocol == Ipv4.TCP || protocol == Ipv4.UDP;
        if (l4 >= 0 && ports && length - l4 >= PORTS) {
            sourcePort = Udp.sourcePort(frame + l4);
            destinationPort = Udp.destinationPort(frame + l4);
        }
    }

    /** Of NVGRE; {@link #NONE} for other packets. */
    public int vsid() {
        return vsid;
    }

    /** Where the frame inside NVGRE begins, bytes from the start; {@link #NONE} for other packets. */
    public int innerAt() {
        return inner;
    }

    /** Where the IP header begins that {@link #sourceLow} is of, bytes from the start. */
    public int ipAt() {
        return l3;
    }

    /** Whether there are addresses. */
    public boolean isIp() {
        return protocol != NONE;
    }

    /** Of IPv4, or the first next header of IPv6; {@link #NONE} if it is neither. */
    public int protocol() {
        return protocol;
    }

    /** Of TCP and UDP; {@link #NONE} for others and later fragments. */
    public int sourcePort() {
        return sourcePort;
    }

    public int destinationPort() {
        return destinationPort;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }
}
