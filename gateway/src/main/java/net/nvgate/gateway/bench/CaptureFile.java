package net.nvgate.gateway.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.nvgate.gateway.dpdk.Mem;

/** The packets that VMs send, as a capture for other programs (pcap, little endian, Ethernet). */
final class CaptureFile {

    private static final int HEADER = 24;
    private static final int PACKET_HEADER = 16;
    private static final int FRAME = 102;

    /** Offset of the FlowID, which is always 0 here: others take it for a part of the tenant and would be slower with it. */
    private static final int FLOW_ID = 41;

    private CaptureFile() {}

    /**
     * Writes one packet per flow of a shape, 102 bytes each.
     *
     * @param mac of the port they are sent to
     */
    static void write(Path file, BenchShape shape, long mac) throws IOException {
        try (PacketList list = new PacketList(PacketList.Form.ANY, shape.sessions())) {
            for (int i = 0; i < list.size(); i++) {
                int bytes = Traffic.ALL_SMALL.applyAsInt(i);
                int length = BenchPackets.outbound(list.frame(), shape, i, BenchFabric.SERVER, bytes, mac);
                Mem.u8(list.frame() + FLOW_ID, 0);
                list.put(i, length);
            }
            list.shuffle(1);
            ByteBuffer pcap = ByteBuffer.allocate(HEADER + list.size() * (PACKET_HEADER + FRAME))
                    .order(ByteOrder.LITTLE_ENDIAN);
            pcap.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
            pcap.putInt(65_535).putInt(1);
            for (int i = 0; i < list.size(); i++) {
                int length = list.get(i);
                pcap.putLong(0).putInt(length).putInt(length);
                for (int at = 0; at < length; at++) {
                    pcap.put((byte) Mem.u8(list.frame() + at));
                }
            }
            Files.write(file, Arrays.copyOf(pcap.array(), pcap.position()));
        }
    }
}
