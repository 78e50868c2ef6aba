package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Capture files of Ethernet frames, classic format, for tests. */
public final class PcapFiles {

    private static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
    private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;

    private PcapFiles() {}

    public static void write(Path file, List<byte[]> frames) throws IOException {
        int size = 24 + frames.stream().mapToInt(frame -> 16 + frame.length).sum();
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC_MICROSECONDS)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0);
        buffer.putInt(65535).putInt(1);
        for (byte[] frame : frames) {
            buffer.putLong(0).putInt(frame.length).putInt(frame.length).put(frame);
        }
        Files.write(file, buffer.array());
    }

    public static List<byte[]> read(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int magic = buffer.getInt();
        if (magic != MAGIC_MICROSECONDS && magic != MAGIC_NANOSECONDS) {
            throw new IOException(file + " is no capture file of this machine");
        }
        buffer.position(24);
        List<byte[]> frames = new ArrayList<>();
        while (buffer.hasRemaining()) {
            buffer.getLong();
            byte[] frame = new byte[buffer.getInt()];
            buffer.getInt();
            buffer.get(frame);
            frames.add(frame);
        }
        return frames;
    }
}
