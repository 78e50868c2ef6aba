package net.nvgate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A collector that is away for long must not take more memory than it was given. */
class OutboxTest {

    private static final int BYTES_MAX = 1 << 20;

    @Test
    void roomThatAMessageDoesNotUseDoesNotWait() {
        Outbox outbox = new Outbox(BYTES_MAX);
        int taken = 0;
        ByteBuf refused = null;
        while (refused == null) {
            ByteBuf buffer = Unpooled.buffer(8192).writeLong(taken);
            if (outbox.offer(new Message(buffer, 1, 1))) {
                assertThat(buffer.refCnt()).isZero();
                taken++;
            } else {
                refused = buffer;
            }
        }
        assertThat(refused.refCnt()).isEqualTo(1);
        assertThat(taken).isEqualTo(BYTES_MAX / (Long.BYTES + Outbox.OVERHEAD_BYTES));

        List<Message> waited = new ArrayList<>();
        for (Message next = outbox.poll(); next != null; next = outbox.poll()) {
            waited.add(next);
        }
        assertThat(waited).hasSize(taken);
        assertThat(waited)
                .allSatisfy(message -> assertThat(message.bytes().capacity()).isEqualTo(Long.BYTES));
        assertThat(waited.getLast().bytes().readLong()).isEqualTo(taken - 1);
        assertThat(outbox.bytes()).isZero();
    }
}
