package net.nvgate.fabric.sync;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.nvgate.fabric.sync.v1.Delta;
import net.nvgate.fabric.sync.v1.ServerFrame;

/**
 * Frames as bytes.
 *
 * <pre>
 *   0        4
 *   | length | ClientFrame or ServerFrame, length bytes |     length is big-endian and does not count itself
 * </pre>
 *
 * A delta frame is put together from a head of its own (revisions differ between followers) and a body that many
 * followers share:
 *
 * <pre>
 *   | length | tag of ServerFrame.delta, size | from, to | changes |
 *   '------------- head, some 30 bytes ------------------'- body --'
 * </pre>
 */
final class Frames {

    static final int LENGTH_BYTES = 4;

    /** Version of sync.proto that both ends must speak. */
    static final int SCHEMA = 1;

    /** Room that the head of a delta frame takes at most. */
    static final int DELTA_HEAD_MAX = 64;

    private Frames() {}

    static ByteBuf encode(ByteBufAllocator allocator, MessageLite frame) {
        int size = frame.getSerializedSize();
        ByteBuf out = allocator.buffer(LENGTH_BYTES + size);
        out.writeInt(size);
        try {
            CodedOutputStream coded = CodedOutputStream.newInstance(out.nioBuffer(LENGTH_BYTES, size));
            frame.writeTo(coded);
            coded.flush();
        } catch (IOException e) {
            out.release();
            throw new UncheckedIOException(e);
        }
        return out.writerIndex(LENGTH_BYTES + size);
    }

    /**
     * The part of a delta frame that is its follower's own.
     *
     * @param bodyBytes size of the shared body that is written right after it
     */
    static ByteBuf deltaHead(long from, long to, int bodyBytes) {
        byte[] revisions = Delta.newBuilder().setFrom(from).setTo(to).build().toByteArray();
        int deltaBytes = revisions.length + bodyBytes;
        int frameBytes = CodedOutputStream.computeTagSize(ServerFrame.DELTA_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(deltaBytes)
                + deltaBytes;
        byte[] head = new byte[LENGTH_BYTES + frameBytes - bodyBytes];
        CodedOutputStream coded = CodedOutputStream.newInstance(head);
        try {
            coded.writeFixed32NoTag(Integer.reverseBytes(frameBytes));
            coded.writeTag(ServerFrame.DELTA_FIELD_NUMBER, 2);
            coded.writeUInt32NoTag(deltaBytes);
            coded.writeRawBytes(revisions);
            coded.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Unpooled.wrappedBuffer(head);
    }

    /** @throws ProtocolException if the bytes are not such a message */
    static <T extends MessageLite> T decode(ByteBuf frame, Parser<T> parser) {
        try {
            return parser.parseFrom(CodedInputStream.newInstance(frame.nioBuffer()));
        } catch (InvalidProtocolBufferException e) {
            throw new ProtocolException(
                    "frame of " + frame.readableBytes() + " bytes is not valid: " + e.getMessage(), e);
        }
    }
}
