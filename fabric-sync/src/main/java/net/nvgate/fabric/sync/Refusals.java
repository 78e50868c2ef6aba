package net.nvgate.fabric.sync;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import net.nvgate.fabric.sync.v1.Refusal;
import net.nvgate.fabric.sync.v1.ServerFrame;

/** Tells a follower why it gets nothing, before a session has read anything from it. */
public final class Refusals {

    /** Code of a peer whose certificate is not good. */
    public static final String IDENTITY = "identity";

    private Refusals() {}

    /** Writes the manager's refusal; the caller ends the connection. */
    public static ChannelFuture send(Channel channel, String code, String reason) {
        ServerFrame frame = ServerFrame.newBuilder()
                .setRefusal(Refusal.newBuilder().setCode(code).setReason(reason))
                .build();
        return channel.writeAndFlush(Frames.encode(channel.alloc(), frame));
    }
}
