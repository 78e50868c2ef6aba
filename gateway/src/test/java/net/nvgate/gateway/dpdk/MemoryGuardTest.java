package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The guard sees what it is for: each wrong access of packet memory throws. */
@ExtendWith(EalExtension.class)
class MemoryGuardTest {

    private static final int LENGTH = 60;

    private Mempool pool;
    private long array;
    private long mbuf;
    private long data;

    @BeforeEach
    void packetOfSixtyBytes() {
        pool = Mempool.create("guarded", 63, 0, 2048 + 128);
        MemoryGuard.watch(pool);
        array = TableMemory.allocate(64, 64);
        assertThat(pool.allocate(array, 1)).isTrue();
        mbuf = Mem.i64(array);
        data = Mbuf.dataAddress(mbuf);
        Mbuf.length(mbuf, LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            Mem.u8(data + i, i);
        }
    }

    @AfterEach
    void close() {
        MemoryGuard.unwatch(pool);
        Mempool.free(array, pool.inUse());
        pool.close();
        TableMemory.free(array);
    }

    @Test
    void readsOfThePacketPass() {
        assertThat(Mem.u8(data + LENGTH - 1)).isEqualTo(LENGTH - 1);
        assertThat(Mem.i64Be(data)).isEqualTo(0x0001020304050607L);
        assertThatCode(() -> Mem.copy(data, data - 64, LENGTH)).doesNotThrowAnyException();
        assertThat(Mem.u8(data - 64 + 1)).isEqualTo(1);
    }

    @Test
    void readsBesideThePacketDoNot() {
        assertThatThrownBy(() -> Mem.u8(data + LENGTH)).hasMessageContaining("nobody wrote");
        assertThatThrownBy(() -> Mem.i64(data + LENGTH - 7)).hasMessageContaining("nobody wrote");
        assertThatThrownBy(() -> Mem.u16Be(data - 1)).hasMessageContaining("nobody wrote");
        assertThatThrownBy(() -> Mem.copy(data, data - 128, LENGTH + 1)).hasMessageContaining("nobody wrote");
    }

    @Test
    void accessesAcrossTheBufferDoNot() {
        assertThatThrownBy(() -> Mem.i32(data + 2048 - 3, 1)).hasMessageContaining("behind the buffer");
        assertThatThrownBy(() -> Mem.i64(data - Mbuf.DEFAULT_HEADROOM - 4, 1)).hasMessageContaining("across");
        assertThatThrownBy(() -> Mem.zero(data, 2049)).hasMessageContaining("behind the buffer");
    }

    @Test
    void nothingIsLeftOfAnEarlierPacket() {
        Mempool.free(array, 1);
        assertThat(pool.allocate(array, 1)).isTrue();
        assertThatThrownBy(() -> Mem.u8(Mbuf.dataAddress(Mem.i64(array)))).hasMessageContaining("nobody wrote");
    }

    @Test
    void anMbufGoesBackOnceAndIsNotUsedAfterwards() {
        Mempool.free(array, 1);
        assertThatThrownBy(() -> Mempool.free(array, 1)).hasMessageContaining("freed twice");
        assertThatThrownBy(() -> Mem.u8(data)).hasMessageContaining("given back");
        assertThatThrownBy(() -> Mem.u8(data, 1)).hasMessageContaining("given back");
    }
}
