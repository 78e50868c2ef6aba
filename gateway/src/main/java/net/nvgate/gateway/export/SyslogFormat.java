package net.nvgate.gateway.export;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.nvgate.gateway.config.CollectorSettings.What;

/**
 * Syslog messages (RFC 5424): one per datagram (RFC 5426), or one after the other with their length before them (RFC 6587 section
 * 3.4.1, RFC 5425 section 4.3.1).
 */
final class SyslogFormat implements Format {

    private static final int BATCH_BYTES = 8 << 10;

    private final SyslogText text;
    private final boolean counted;
    private ByteBuf batch = Unpooled.EMPTY_BUFFER;
    private int records;
    private long lostTold;

    /** @param counted the carrier is a stream */
    SyslogFormat(SyslogText text, boolean counted) {
        this.text = text;
        this.counted = counted;
    }

    @Override
    public int add(What what, Observation observation, Full full) {
        put(text.line(what, observation), 1, full);
        return 1;
    }

    private void put(String line, int count, Full full) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (!counted) {
            full.take(new Message(Unpooled.wrappedBuffer(bytes), count, 0));
            return;
        }
        if (!batch.isReadable()) {
            batch = Unpooled.buffer(BATCH_BYTES);
        }
        batch.writeCharSequence(bytes.length + " ", StandardCharsets.US_ASCII);
        batch.writeBytes(bytes);
        records += count;
        if (batch.readableBytes() > BATCH_BYTES / 2) {
            finish(full);
        }
    }

    @Override
    public void finish(Full full) {
        if (batch.isReadable()) {
            Message message = new Message(batch, records, 0);
            batch = Unpooled.EMPTY_BUFFER;
            records = 0;
            full.take(message);
        }
    }

    @Override
    public int pending() {
        return records;
    }

    @Override
    public List<Message> preamble() {
        return List.of();
    }

    @Override
    public void names(Full full) {
        // A message has the names themselves.
    }

    @Override
    public void newSession() {
        // A message explains itself.
    }

    @Override
    public void stamp(Message message, long nowMs) {
        // It bears the time of what it tells.
    }

    /** One line when anything was lost since the last one. */
    @Override
    public void statistics(long messages, long recordsSent, long lost, Full full) {
        if (lost > lostTold) {
            put(text.lost(lost - lostTold), 0, full);
            lostTold = lost;
        }
    }

    @Override
    public void close() {
        batch = Unpooled.EMPTY_BUFFER;
    }
}
