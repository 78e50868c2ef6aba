package net.nvgate.gateway.export;

import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for a collector, by the memory they take a bounded number of them. What finds no room is refused: older ones stay.
 * A message is kept without the room that its buffer had left: where little happens, one record waits in a buffer for many.
 */
final class Outbox {

    /** What a message takes besides its bytes, about. */
    static final int OVERHEAD_BYTES = 256;

    private final long bytesMax;
    private final Deque<Message> messages = new ArrayDeque<>();
    private final AtomicLong bytes = new AtomicLong();

    Outbox(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes the message's buffer; false when there is no room: it is still the caller's. */
    boolean offer(Message message) {
        long size = size(message);
        if (bytes.get() + size > bytesMax) {
            return false;
        }
        messages.addLast(new Message(Unpooled.copiedBuffer(message.bytes()), message.records(), message.sequenced()));
        message.bytes().release();
        bytes.addAndGet(size);
        return true;
    }

    /** The oldest one, which is the caller's now. */
    @Nullable
    Message poll() {
        Message message = messages.pollFirst();
        if (message != null) {
            bytes.addAndGet(-size(message));
        }
        return message;
    }

    private static long size(Message message) {
        return (long) message.bytes().readableBytes() + OVERHEAD_BYTES;
    }

    /** Bytes of memory that wait; any thread. */
    long bytes() {
        return bytes.get();
    }
}
