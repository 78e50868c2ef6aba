package net.nvgate.appliance;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;

/**
 * Makes one NVGRE frame by plain byte arithmetic, independent of the gateway's code, and can spoil it.
 *
 * <pre>
 *  0 outer Ethernet  14 outer IPv4  34 GRE  38 key  42 inner Ethernet  56 inner IPv4  76 UDP  84 payload
 * </pre>
 */
final class NvgreFrame {

    static final int OUTER_IP = 14;
    static final int GRE = 34;
    static final int KEY = 38;
    static final int INNER_ETHERNET = 42;
    static final int INNER_IP = 56;
    private static final int UDP = 76;
    private static final int PAYLOAD = 84;
    private static final int PAYLOAD_BYTES = 18;

    private final byte[] bytes;

    private NvgreFrame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Where frames come from and go to. */
    record Ends(
            MacAddress senderMac,
            MacAddress gatewayPortMac,
            IpAddress hostPa,
            IpAddress gatewayPa,
            int vsid,
            MacAddress vmMac,
            MacAddress gatewayMac,
            IpAddress source,
            IpAddress destination) {}

    /** A UDP packet to port 9 of the destination, as a host would send it. */
    static NvgreFrame udp(Ends ends) {
        ByteBuffer frame = ByteBuffer.allocate(PAYLOAD + PAYLOAD_BYTES);
        mac(frame, ends.gatewayPortMac());
        mac(frame, ends.senderMac());
        frame.putShort((short) 0x0800);
        ip(frame, frame.capacity() - OUTER_IP, 47, ends.hostPa(), ends.gatewayPa());
        frame.putInt(0x2000_6558);
        frame.putInt(ends.vsid() << 8 | 0x5a);
        mac(frame, ends.gatewayMac());
        mac(frame, ends.vmMac());
        frame.putShort((short) 0x0800);
        ip(frame, frame.capacity() - INNER_IP, 17, ends.source(), ends.destination());
        frame.putShort((short) 40_000)
                .putShort((short) 9)
                .putShort((short) (frame.capacity() - UDP))
                .putShort((short) 0);
        return new NvgreFrame(frame.array());
    }

    private static void mac(ByteBuffer frame, MacAddress mac) {
        frame.putShort((short) (mac.value() >>> 32)).putInt((int) mac.value());
    }

    private static void ip(ByteBuffer frame, int totalLength, int protocol, IpAddress source, IpAddress destination) {
        int start = frame.position();
        frame.putShort((short) 0x4500).putShort((short) totalLength).putInt(0x4000);
        frame.put((byte) 64).put((byte) protocol).putShort((short) 0);
        frame.put(source.toBytes()).put(destination.toBytes());
        frame.putShort(start + 10, checksum(frame, start));
    }

    private static short checksum(ByteBuffer frame, int start) {
        int sum = 0;
        for (int i = start; i < start + 20; i += 2) {
            sum += frame.getShort(i) & 0xffff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    /** With other bytes from an offset on; checksums are not mended. */
    NvgreFrame with(int offset, int... values) {
        byte[] copy = bytes.clone();
        for (int i = 0; i < values.length; i++) {
            copy[offset + i] = (byte) values[i];
        }
        return new NvgreFrame(copy);
    }

    /** With bytes put in; the outer length is mended, so that only the insertion is wrong. */
    NvgreFrame insert(int offset, int... values) {
        byte[] longer = new byte[bytes.length + values.length];
        System.arraycopy(bytes, 0, longer, 0, offset);
        for (int i = 0; i < values.length; i++) {
            longer[offset + i] = (byte) values[i];
        }
        System.arraycopy(bytes, offset, longer, offset + values.length, bytes.length - offset);
        return new NvgreFrame(longer).mendOuter();
    }

    /** Only the first bytes; the outer length is mended, so that the cut is inside the tunnel. */
    NvgreFrame cut(int length) {
        return new NvgreFrame(Arrays.copyOf(bytes, length)).mendOuter();
    }

    private NvgreFrame mendOuter() {
        ByteBuffer frame = ByteBuffer.wrap(bytes.clone());
        frame.putShort(OUTER_IP + 2, (short) (bytes.length - OUTER_IP)).putShort(OUTER_IP + 10, (short) 0);
        frame.putShort(OUTER_IP + 10, checksum(frame, OUTER_IP));
        return new NvgreFrame(frame.array());
    }

    String hex() {
        return HexFormat.of().formatHex(bytes);
    }
}
