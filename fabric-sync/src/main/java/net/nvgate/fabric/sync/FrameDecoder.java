package net.nvgate.fabric.sync;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the stream into frames and parses them. A length beyond the limit is refused before a byte of the frame is kept;
 * a stream that ends inside a frame is an error, not an end.
 */
final class FrameDecoder<T extends MessageLite> extends ByteToMessageDecoder {

    private static final int TLS_ALERT = 21;
    private static final int TLS_HANDSHAKE = 22;
    private static final int TLS_MAJOR_VERSION = 3;

    private final Parser<T> parser;
    private final int frameBytesMax;
    private boolean broken;

    FrameDecoder(Parser<T> parser, int frameBytesMax) {
        this.parser = parser;
        this.frameBytesMax = frameBytesMax;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Frames.LENGTH_BYTES) {
            return;
        }
        long length = in.getUnsignedInt(in.readerIndex());
        if (length == 0 || length > frameBytesMax) {
            broken = true;
            if (isTls(in)) {
                throw new ProtocolException("the peer speaks TLS, and here security is none");
            }
            throw new ProtocolException("frame of " + length + " bytes, allowed are 1.." + frameBytesMax);
        }
        if (in.readableBytes() < Frames.LENGTH_BYTES + length) {
            return;
        }
        in.skipBytes(Frames.LENGTH_BYTES);
        try {
            out.add(Frames.decode(in.readSlice((int) length), parser));
        } catch (ProtocolException e) {
            broken = true;
            throw e;
        }
    }

    /** A record of type alert or handshake, of any version of TLS (RFC 8446 section 5.1). */
    private static boolean isTls(ByteBuf in) {
        int type = in.getUnsignedByte(in.readerIndex());
        return (type == TLS_ALERT || type == TLS_HANDSHAKE)
                && in.getUnsignedByte(in.readerIndex() + 1) == TLS_MAJOR_VERSION;
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decodeLast(ctx, in, out);
        if (in.isReadable() && !broken) {
            broken = true;
            // Fired, not thrown: it must reach the session before the news that the channel is inactive.
            ctx.fireExceptionCaught(
                    new ProtocolException("stream ended inside a frame, " + in.readableBytes() + " bytes into it"));
        }
    }
}
