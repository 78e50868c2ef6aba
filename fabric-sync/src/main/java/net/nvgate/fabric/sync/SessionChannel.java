package net.nvgate.fabric.sync;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.sync.v1.Refusal;
import net.nvgate.fabric.sync.v1.ServerFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's side of one connection: frames out, tasks onto its event loop, and its end. Thread-safe. */
final class SessionChannel {

    private static final Logger log = LoggerFactory.getLogger(SessionChannel.class);

    /** A refused peer has so long to read why; it is expected to close first. */
    private static final long REFUSAL_GRACE_MS = 1000;

    private final Channel channel;
    private final SyncMetrics metrics;

    SessionChannel(Channel channel, SyncMetrics metrics) {
        this.channel = channel;
        this.metrics = metrics;
    }

    /** False while the peer does not read and the write buffer is full. */
    boolean isWritable() {
        return channel.isWritable();
    }

    long unsentBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    String remoteAddress() {
        return String.valueOf(channel.remoteAddress());
    }

    void send(ServerFrame frame) {
        metrics.frame("out", frame.getBodyCase());
        var _ = channel.writeAndFlush(Frames.encode(channel.alloc(), frame));
    }

    /** A delta whose body is shared with other sessions, and therefore not copied. */
    void sendDelta(Plan.Changes changes) {
        var _ = channel.write(
                Frames.deltaHead(changes.from(), changes.to(), changes.body().size()));
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(changes.body().asReadOnlyByteBuffer()));
        metrics.frame("out", ServerFrame.BodyCase.DELTA);
    }

    /** Runs at once if the caller is the event loop. False if the server has stopped. */
    boolean onLoop(Runnable task) {
        try {
            if (channel.eventLoop().inEventLoop()) {
                task.run();
            } else {
                channel.eventLoop().execute(task);
            }
            return true;
        } catch (RejectedExecutionException e) {
            log.debug("The server has stopped; nothing more for {}", remoteAddress());
            return false;
        }
    }

    /** Runs after what the event loop has to do already, also if the caller is the event loop. */
    void laterOnLoop(Runnable task) {
        channel.eventLoop().execute(task);
    }

    void afterNanos(long nanos, Runnable task) {
        var _ = channel.eventLoop().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** Tells the peer why, if it reads, and ends the connection. */
    void refuse(String code, String reason) {
        if (channel.isWritable()) {
            send(ServerFrame.newBuilder()
                    .setRefusal(Refusal.newBuilder().setCode(code).setReason(reason))
                    .build());
            closeLater();
        } else {
            close();
        }
    }

    /** Closing at once could reset the connection before the peer has read the reason. */
    void closeLater() {
        var timer = channel.eventLoop().schedule(this::close, REFUSAL_GRACE_MS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener((ChannelFutureListener) _ -> timer.cancel(false));
    }

    void close() {
        var _ = channel.close();
    }
}
