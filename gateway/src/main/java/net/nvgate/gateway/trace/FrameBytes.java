package net.nvgate.gateway.trace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.WatchedPacket.Frame;

/** Reads frames that were copied to the heap. One thread. */
public final class FrameBytes {

    private static final int BYTES_MAX = 1 << 14;

    private final MemorySegment scratch = Arena.ofAuto().allocate(BYTES_MAX, 8);
    private final FrameView view = new FrameView();

    /** What a frame says; good until the next call. */
    public FrameView read(Frame frame) {
        int length = Math.min(frame.bytes().length, BYTES_MAX);
        MemorySegment.copy(frame.bytes(), 0, scratch, ValueLayout.JAVA_BYTE, 0, length);
        view.parse(frame.side(), scratch.address(), length);
        return view;
    }

    /** An address as a {@link FrameView} has it. */
    public static IpAddress address(long high, long low) {
        return FrameView.isMapped(high, low) ? new Ipv4Address((int) low) : new Ipv6Address(high, low);
    }

    /** {@code UDP 10.0.0.5:4000 to 192.0.2.1:53}, or what kind of frame it is. */
    public String conversation(Frame frame) {
        FrameView packet = read(frame);
        if (!packet.isIp()) {
            return "a frame without IP";
        }
        return protocol(packet.protocol()) + " "
                + end(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort())
                + " to "
                + end(packet.destinationHigh(), packet.destinationLow(), packet.destinationPort());
    }

    static String end(long high, long low, int port) {
        IpAddress address = address(high, low);
        if (port < 0) {
            return address.toString();
        }
        return (address instanceof Ipv6Address ? "[" + address + "]" : address.toString()) + ":" + port;
    }

    /** TCP, UDP, ICMP, ICMPv6 or the number. */
    static String protocol(int protocol) {
        return switch (protocol) {
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 58 -> "ICMPv6";
            default -> "protocol " + protocol;
        };
    }
}
