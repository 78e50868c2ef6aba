package net.nvgate.fabric.ovs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** GRE frames of a capture file (pcap, Ethernet), field by field, decoded independently of the agent. */
final class NvgreCapture {

    private NvgreCapture() {}

    /**
     * @param flags first two octets of the GRE header (RFC 2784 section 2)
     * @param type GRE protocol type
     * @param vsid upper 24 bits of the key
     * @param flowId lower 8 bits
     * @param innerType EtherType of the inner frame
     * @param innerTtl of the inner IPv4 header, 0 for others
     */
    record Frame(
            String source,
            String destination,
            boolean dontFragment,
            int flags,
            int type,
            int vsid,
            int flowId,
            String innerDestinationMac,
            int innerType,
            int innerTtl,
            String innerSource,
            String innerDestination) {}

    static List<Frame> read(Path file) throws IOException {
        ByteBuffer pcap = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Frame> frames = new ArrayList<>();
        int at = 24;
        while (at + 16 <= pcap.limit()) {
            int length = pcap.getInt(at + 8);
            if (at + 16 + length > pcap.limit()) {
                break;
            }
            ByteBuffer bytes = pcap.slice(at + 16, length).order(ByteOrder.BIG_ENDIAN);
            if (length >= 56 && bytes.getShort(12) == 0x0800 && bytes.get(23) == 47) {
                frames.add(frame(bytes));
            }
            at += 16 + length;
        }
        return frames;
    }

    private static Frame frame(ByteBuffer b) {
        int gre = 14 + (b.get(14) & 0xf) * 4;
        int key = b.getInt(gre + 4);
        int inner = gre + 8;
        int innerType = b.getShort(inner + 12) & 0xffff;
        boolean ip = innerType == 0x0800;
        StringBuilder mac = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            mac.append(String.format(i == 0 ? "%02x" : ":%02x", b.get(inner + i)));
        }
        return new Frame(
                address(b, 26),
                address(b, 30),
                (b.getShort(20) & 0x4000) != 0,
                b.getShort(gre) & 0xffff,
                b.getShort(gre + 2) & 0xffff,
                key >>> 8,
                key & 0xff,
                mac.toString(),
                innerType,
                ip ? b.get(inner + 14 + 8) & 0xff : 0,
                ip ? address(b, inner + 14 + 12) : "",
                ip ? address(b, inner + 14 + 16) : "");
    }

    private static String address(ByteBuffer b, int at) {
        return (b.get(at) & 0xff) + "." + (b.get(at + 1) & 0xff) + "." + (b.get(at + 2) & 0xff) + "."
                + (b.get(at + 3) & 0xff);
    }
}
