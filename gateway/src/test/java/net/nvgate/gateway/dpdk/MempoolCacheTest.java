package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;
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
                assertThat(cache.take(array, BURST)).isTrue();
                long last = Mem.i64(array + 8L * (BURST - 1));
                Mbuf.reset(last);
                Mbuf.append(last, 60);
                Mempool.free(array, BURST);
                assertThat(pool.inUse()).isZero();
                assertThat(cache.take(array, 1)).isTrue();
                assertThat(Mem.i64(array)).isEqualTo(last);
                Mbuf.reset(last);
                assertThat(Mbuf.packetLength(last)).isZero();
                assertThat(pool.inUse()).isOne();
                assertThat(cache.take(array + 8, BURST)).isTrue();
                assertThat(pool.inUse()).isEqualTo(1 + BURST);
                Mempool.free(array, 1 + BURST);
                assertThat(pool.available()).isEqualTo(MBUFS);
            }
        });
    }

    @Test
    void whatAnLcoreGivesBackItGetsAgain() throws Exception {
        onAnLcore(() -> {
            try (Arena arena = Arena.ofConfined();
                    Mempool pool = Mempool.create("give-test", MBUFS, 64, 2176)) {
                long array = arena.allocate(8L * MBUFS, 64).address();
                MempoolCache cache = new MempoolCache(pool);
                assertThat(cache.take(array, BURST)).isTrue();
                long last = Mem.i64(array + 8L * (BURST - 1));
                cache.giveBack(array, BURST);
                assertThat(pool.inUse()).isZero();
                assertThat(cache.take(array, 2)).isTrue();
                assertThat(Mem.i64(array)).isEqualTo(last);
                assertThat(Mbuf.arrived(last, Mbuf.arrival(1), 60)).isEqualTo(Mbuf.dataAddress(last));
                assertThat(pool.inUse()).isEqualTo(2);
                MbufChains.chain(last, Mem.i64(array + 8));
                cache.giveBack(array, 1);
                assertThat(pool.inUse()).isZero();
                assertThat(Mbuf.segments(last)).isOne();
                assertThat(cache.take(array, MBUFS)).isFalse();
                for (int i = 0; i < 3; i++) {
                    assertThat(cache.take(array + 8L * BURST * i, BURST)).isTrue();
                }
                assertThat(pool.inUse()).isEqualTo(3 * BURST);
                assertThat(LongStream.range(0, 3 * BURST).map(i -> Mem.i64(array + 8 * i)))
                        .doesNotHaveDuplicates();
                // More than the cache may keep.
                cache.giveBack(array, 3 * BURST);
                assertThat(pool.inUse()).isZero();
                assertThat(pool.available()).isEqualTo(MBUFS);
            }
        });
    }

    @Test
    void whatSomebodyElseHasTooIsNotGivenToOthers() throws Exception {
        onAnLcore(() -> {
            try (Arena arena = Arena.ofConfined();
                    Mempool pool = Mempool.create("shared-test", MBUFS, 64, 2176)) {
                long array = arena.allocate(8L * MBUFS, 64).address();
                MempoolCache cache = new MempoolCache(pool);
                assertThat(cache.take(array, 2)).isTrue();
                long shared = Mem.i64(array + 8);
                Mem.u16(shared + DpdkAbi.current().value(DpdkField.MBUF_REFCNT), 2);
                cache.giveBack(array, 2);
                assertThat(pool.inUse()).isOne();
                assertThat(Mbuf.referenceCount(shared)).isOne();
                cache.giveBack(array + 8, 1);
                assertThat(pool.inUse()).isZero();
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
                assertThat(cache.take(array, MBUFS)).isTrue();
                assertThat(cache.take(array, 1)).isFalse();
                cache.giveBack(array, MBUFS);
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
