package net.nvgate.fabric.sync;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One connection between a follower and a manager: frames on their way, in order. Either end may think that it still stands. */
final class SimulatedLink {

    private final EmbeddedChannel client;
    private final EmbeddedChannel server;
    private final Deque<byte[]> up = new ArrayDeque<>();
    private final Deque<byte[]> down = new ArrayDeque<>();

    SimulatedLink(EmbeddedChannel client, EmbeddedChannel server) {
        this.client = client;
        this.server = server;
    }

    private void collect() {
        client.runPendingTasks();
        server.runPendingTasks();
        collect(client, up);
        collect(server, down);
    }

    /** What was written is whole frames. */
    private static void collect(EmbeddedChannel from, Deque<byte[]> to) {
        ByteBuf bytes = Unpooled.buffer();
        for (ByteBuf part = from.readOutbound(); part != null; part = from.readOutbound()) {
            bytes.writeBytes(part);
            part.release();
        }
        while (bytes.isReadable()) {
            byte[] frame = new byte[Frames.LENGTH_BYTES + bytes.getInt(bytes.readerIndex())];
            bytes.readBytes(frame);
            to.add(frame);
        }
        bytes.release();
    }

    /** The next frame to the manager arrives; false if there is none. */
    boolean deliverUp() {
        collect();
        return deliver(up.poll(), server);
    }

    /** The next frame to the follower arrives; false if there is none. */
    boolean deliverDown() {
        collect();
        return deliver(down.poll(), client);
    }

    /** The next frame to the follower will arrive twice. */
    void repeatDown() {
        collect();
        if (!down.isEmpty()) {
            down.push(down.getFirst());
        }
    }

    private boolean deliver(byte @Nullable [] frame, EmbeddedChannel to) {
        if (frame == null) {
            return false;
        }
        if (to.isOpen()) {
            to.writeInbound(Unpooled.wrappedBuffer(frame));
        }
        collect();
        return true;
    }

    /** Whether the manager can write: a follower that does not read fills its buffer. */
    void writable(boolean can) {
        if (server.isOpen()) {
            server.unsafe().outboundBuffer().setUserDefinedWritability(1, can);
            server.runPendingTasks();
        }
    }

    boolean isOpen() {
        return client.isOpen();
    }

    /** The follower sees that the connection is over; what was on its way to it is lost. */
    void endAtClient() {
        down.clear();
        end(client);
    }

    /** The manager sees that the connection is over. */
    void endAtServer() {
        up.clear();
        end(server);
    }

    private void end(EmbeddedChannel channel) {
        collect();
        var _ = channel.close();
        channel.runPendingTasks();
        channel.releaseOutbound();
    }
}
