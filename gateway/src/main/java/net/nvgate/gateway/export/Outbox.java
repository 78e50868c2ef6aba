package net.nvgate.gateway.export;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Messages that wait for a collector, by bytes a bounded number of them. What finds no room is refused: older ones stay. */
final class Outbox {

    private final long bytesMax;
    private final Deque<Message> messages = new ArrayDeque<>();
    private final AtomicLong bytes = new AtomicLong();

    Outbox(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** False when there is no room: the message is still the caller's. */
    boolean offer(Message message) {
        long size = message.bytes().readableBytes();
        if (bytes.get() + size > bytesMax) {
            return false;
        }
        messages.addLast(message);
        bytes.addAndGet(size);
        return true;
    }

    /** The oldest one, which is the caller's now. */
    @Nullable
    Message poll() {
        Message message = messages.pollFirst();
        if (message != null) {
            bytes.addAndGet(-message.bytes().readableBytes());
        }
        return message;
    }

    /** Any thread. */
    long bytes() {
        return bytes.get();
    }
}
