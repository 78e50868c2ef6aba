package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without hugepages; with them: EalProcessTest. */
class TableMemoryTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 4096, (2 << 20) - 1, 2 << 20, (5 << 20) + 3})
    void isZeroedAlignedAndWritableToTheLastByte(long bytes) {
        long address = TableMemory.allocate(bytes, 64);
        assertThat(address % 64).isZero();
        assertThat(Mem.u8(address)).isZero();
        assertThat(Mem.u8(address + bytes - 1)).isZero();
        Mem.u8(address + bytes - 1, 7);
        assertThat(Mem.u8(address + bytes - 1)).isEqualTo(7);
        if (bytes >= 2 << 20) {
            assertThat(address % (2 << 20)).isZero();
        }
        TableMemory.free(address);
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> TableMemory.allocate(0, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TableMemory.allocate(64, 48)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TableMemory.free(12345)).hasMessageContaining("not allocated here: 0x3039");
    }

    @Test
    void saysWhenThereIsNoSuchMuchMemory() {
        assertThatThrownBy(() -> TableMemory.allocate(1L << 50, 64))
                .isInstanceOf(DpdkException.class)
                .hasMessageContaining("mmap")
                .hasMessageContaining("ENOMEM");
    }
}
