package net.nvgate.gateway.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class RecordRingTest {

    private static final long RECORDS = 200_000;

    @Test
    void recordsCrossThreadsWholeAndInOrder() throws InterruptedException, ExecutionException {
        RecordRing ring = new RecordRing(64);
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> {
            for (long i = 0; i < RECORDS; ) {
                if (ring.offer(i, i * 3, ~i, i + 1, i + 2, -i)) {
                    i++;
                } else {
                    Thread.onSpinWait();
                }
            }
        });
        long[] record = new long[RecordRing.WORDS];
        for (long expected = 0; expected < RECORDS; ) {
            if (!ring.poll(record)) {
                if (producer.isCompletedExceptionally()) {
                    break;
                }
                Thread.onSpinWait();
                continue;
            }
            if (record[0] != expected || record[1] != expected * 3 || record[5] != -expected) {
                assertThat(record)
                        .containsExactly(expected, expected * 3, ~expected, expected + 1, expected + 2, -expected);
            }
            expected++;
        }
        producer.get();
        assertThat(ring.poll(record)).isFalse();
    }
}
