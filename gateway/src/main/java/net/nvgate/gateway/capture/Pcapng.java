package net.nvgate.gateway.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes blocks of pcapng (draft-ietf-opsawg-pcapng), little endian, times in nanoseconds since 1970.
 *
 * <pre>
 *  | type (u32) | length (u32) | body, padded to 4 bytes | options: code (u16), length (u16), value, padded ... 0, 0 | length (u32) |
 * </pre>
 */
final class Pcapng {

    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int NAME_RESOLUTION = 4;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int ETHERNET = 1;
    private static final int COMMENT = 1;
    private static final int SHB_USER_APPLICATION = 4;
    private static final int IF_NAME = 2;
    private static final int IF_DESCRIPTION = 3;
    private static final int IF_TIME_RESOLUTION = 9;
    private static final int NAME_IPV4 = 1;
    private static final int NAME_IPV6 = 2;
    private static final int EPB_FLAGS = 2;
    private static final int ISB_RECEIVED = 4;
    private static final int ISB_DROPPED = 5;
    private static final byte NANOSECONDS = 9;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** What was written since the last call. */
    byte[] take() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    int size() {
        return out.size();
    }

    void section(String application) {
        Block block = new Block(64 + application.length() * 3);
        block.body
                .putInt(BYTE_ORDER_MAGIC)
                .putShort((short) 1)
                .putShort((short) 0)
                .putLong(-1);
        block.text(SHB_USER_APPLICATION, application);
        block.end(SECTION_HEADER);
    }

    void interfaceDescription(String name, String description, int snap) {
        Block block = new Block(64 + (name.length() + description.length()) * 3);
        block.body.putShort((short) ETHERNET).putShort((short) 0).putInt(snap);
        block.text(IF_NAME, name);
        block.text(IF_DESCRIPTION, description);
        block.option(IF_TIME_RESOLUTION, new byte[] {NANOSECONDS});
        block.end(INTERFACE_DESCRIPTION);
    }

    /**
     * A packet.
     *
     * @param number of the interface, in the order of their descriptions
     * @param length on the wire, of which {@code bytes} may be the beginning
     * @param comment empty = none
     */
    void packet(int number, long epochNanos, boolean out, int length, byte[] bytes, String comment) {
        Block block = new Block(64 + bytes.length + comment.length() * 3);
        block.body
                .putInt(number)
                .putInt((int) (epochNanos >>> 32))
                .putInt((int) epochNanos)
                .putInt(bytes.length)
                .putInt(length)
                .put(bytes);
        block.pad();
        block.option(EPB_FLAGS, little(4).putInt(out ? OUTBOUND : INBOUND).array());
        if (!comment.isEmpty()) {
            block.text(COMMENT, comment);
        }
        block.end(ENHANCED_PACKET);
    }

    /** Who has an address, from here on. */
    void name(byte[] address, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        Block block = new Block(64 + address.length + text.length);
        byte[] value = little(address.length + text.length + 1)
                .put(address)
                .put(text)
                .put((byte) 0)
                .array();
        block.option(address.length == 4 ? NAME_IPV4 : NAME_IPV6, value);
        // The end of the records; that of the options follows.
        block.body.putInt(0);
        block.end(NAME_RESOLUTION);
    }

    /** How many packets an interface had, and how many of the capture found no room. */
    void statistics(int number, long epochNanos, long received, long dropped) {
        Block block = new Block(64);
        block.body.putInt(number).putInt((int) (epochNanos >>> 32)).putInt((int) epochNanos);
        block.option(ISB_RECEIVED, little(8).putLong(received).array());
        block.option(ISB_DROPPED, little(8).putLong(dropped).array());
        block.end(INTERFACE_STATISTICS);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private final class Block {

        private final ByteBuffer body;

        Block(int bytesMax) {
            body = little(bytesMax);
        }

        void option(int code, byte[] value) {
            body.putShort((short) code).putShort((short) value.length).put(value);
            pad();
        }

        void text(int code, String value) {
            option(code, value.getBytes(StandardCharsets.UTF_8));
        }

        void pad() {
            while ((body.position() & 3) != 0) {
                body.put((byte) 0);
            }
        }

        void end(int type) {
            body.putInt(0);
            int length = body.position() + 12;
            byte[] head = little(8).putInt(type).putInt(length).array();
            out.write(head, 0, head.length);
            byte[] written = new byte[body.position()];
            body.flip().get(written);
            out.write(written, 0, written.length);
            byte[] tail = little(4).putInt(length).array();
            out.write(tail, 0, tail.length);
        }
    }
}
