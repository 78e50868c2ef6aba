package net.nvgate.fabric.sync;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.nvgate.fabric.sync.v1.Refusal;
import net.nvgate.fabric.sync.v1.ServerFrame;

/** Tells a follower why it gets nothing, before a session has read anything from it. */
public final class Refusals {

    /** Code of a peer whose certificate is not good. */
    public static final String IDENTITY = "identity";

    private Refusals() {}

    /** The manager's refusal as bytes of the stream; the caller writes them and ends the connection. */
    public static ByteBuf frame(ByteBufAllocator allocator, String code, String reason) {
        return Frames.encode(
                allocator,
                ServerFrame.newBuilder()
                        .setRefusal(Refusal.newBuilder().setCode(code).setReason(reason))
                        .build());
    }
}
