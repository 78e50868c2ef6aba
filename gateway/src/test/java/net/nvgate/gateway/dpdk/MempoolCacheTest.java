package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EalExtension.class)
class MempoolCacheTest {

    private static final int MBUFS = 255;
    private static final int BURST = 32;

    @Test
    void anLcoreGetsFirstWhatItHasGivenBackLast() throws Exception {
        onAnLcore(() -> {
            try (Arena arena = Arena.ofConfined();
                    Mempool pool = Mempool.create("cache-test", MBUFS, 64, 2176)) {
                long array = arena.allocate(8L * MBUFS, 64).address();
                MempoolCache cache = new MempoolCache(pool);
                assertThat(cache.allocate(array, BURST)).isTrue();
                long last = Mem.i64(array + 8L * (BURST - 1));
                Mbuf.append(last, 60);
                Mempool.free(array, BURST);
                assertThat(pool.inUse()).isZero();
                assertThat(cache.allocate(array, 1)).isTrue();
                assertThat(Mem.i64(array)).isEqualTo(last);
                assertThat(Mbuf.packetLength(last)).isZero();
                assertThat(pool.inUse()).isOne();
                assertThat(cache.allocate(array + 8, BURST)).isTrue();
                assertThat(pool.inUse()).isEqualTo(1 + BURST);
                Mempool.free(array, 1 + BURST);
                assertThat(pool.available()).isEqualTo(MBUFS);
            }
        });
    }

    @Test
    void aPoolWithoutCachesGivesWhatItHasAndNoMore() throws Exception {
        onAnLcore(() -> {
            try (Arena arena = Arena.ofConfined();
                    Mempool pool = Mempool.create("no-cache-test", MBUFS, 0, 2176)) {
                long array = arena.allocate(8L * MBUFS, 64).address();
                MempoolCache cache = new MempoolCache(pool);
                assertThat(cache.allocate(array, MBUFS)).isTrue();
                assertThat(cache.allocate(array, 1)).isFalse();
                Mempool.free(array, MBUFS);
                assertThat(pool.inUse()).isZero();
            }
        });
    }

    private static void onAnLcore(Runnable action) throws Exception {
        FutureTask<Void> task = new FutureTask<>(
                () -> {
                    LcoreThreads.register();
                    try {
                        action.run();
                    } finally {
                        LcoreThreads.unregister();
                    }
                },
                null);
        Thread.ofPlatform().start(task);
        task.get();
    }
}
