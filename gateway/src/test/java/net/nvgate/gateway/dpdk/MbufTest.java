package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EalExtension.class)
class MbufTest {

    private static final int SIZE = 255;

    private final Arena arena = Arena.ofShared();
    private Mempool pool;
    private long array;
    private long mbuf;

    @BeforeEach
    void takeOne() {
        pool = Mempool.create("mbuf-test", SIZE, 0, 2176);
        array = arena.allocate(8L * SIZE + 8, 64).address();
        assertThat(pool.allocate(array, 1)).isTrue();
        mbuf = Mem.i64(array);
    }

    @AfterEach
    void giveBack() {
        Mempool.free(array, 1);
        assertThat(pool.inUse()).isZero();
        pool.close();
        arena.close();
    }

    @Test
    void freshMbufIsEmptyWithHeadroom() {
        assertThat(Mbuf.packetLength(mbuf)).isZero();
        assertThat(Mbuf.segments(mbuf)).isOne();
        assertThat(Mbuf.referenceCount(mbuf)).isOne();
        assertThat(Mbuf.next(mbuf)).isZero();
        assertThat(Mbuf.headroom(mbuf)).isEqualTo(Mbuf.DEFAULT_HEADROOM);
        assertThat(Mbuf.tailroom(mbuf)).isEqualTo(2048);
        assertThat(Mbuf.pool(mbuf)).isEqualTo(pool.address());
    }

    @Test
    void frontAndBackMoveWithoutMovingThePayload() {
        long payload = Mbuf.append(mbuf, 100);
        Mem.i64(payload, 0x1122334455667788L);
        assertThat(Mbuf.prepend(mbuf, 42)).isEqualTo(payload - 42);
        assertThat(Mbuf.packetLength(mbuf)).isEqualTo(142);
        assertThat(Mbuf.adj(mbuf, 42)).isEqualTo(payload);
        Mbuf.trim(mbuf, 40);
        assertThat(Mbuf.dataLength(mbuf)).isEqualTo(60);
        assertThat(Mem.i64(Mbuf.dataAddress(mbuf))).isEqualTo(0x1122334455667788L);
    }

    @Test
    void refusesToLeaveTheBuffer() {
        assertThat(Mbuf.prepend(mbuf, Mbuf.DEFAULT_HEADROOM + 1)).isZero();
        assertThat(Mbuf.adj(mbuf, 1)).isZero();
        assertThat(Mbuf.append(mbuf, 2049)).isZero();
        assertThat(Mbuf.packetLength(mbuf)).isZero();
    }

    @Test
    void aPacketThatArrivesIsAllThatADriverSays() {
        Mbuf.append(mbuf, 100);
        Mbuf.flags(mbuf, Offloads.MBUF_TX_IPV4);
        Mbuf.packetType(mbuf, -1);
        assertThat(Mbuf.arrived(mbuf, Mbuf.arrival(0xfffe), 61)).isEqualTo(Mbuf.dataAddress(mbuf));
        assertThat(Mbuf.headroom(mbuf)).isEqualTo(Mbuf.DEFAULT_HEADROOM);
        assertThat(Mbuf.portId(mbuf)).isEqualTo(0xfffe);
        assertThat(Mbuf.segments(mbuf)).isOne();
        assertThat(Mbuf.referenceCount(mbuf)).isOne();
        assertThat(Mbuf.flags(mbuf)).isZero();
        assertThat(Mbuf.packetType(mbuf)).isZero();
        assertThat(Mbuf.packetLength(mbuf)).isEqualTo(61);
        assertThat(Mbuf.dataLength(mbuf)).isEqualTo(61);
        assertThat(Mbuf.vlanTci(mbuf)).isZero();
        assertThat(Mbuf.pool(mbuf)).isEqualTo(pool.address());
    }

    @Test
    void resetForgetsThePacketBefore() {
        Mbuf.append(mbuf, 100);
        Mbuf.flags(mbuf, Offloads.MBUF_TX_IPV4);
        Mbuf.headerLengths(mbuf, 14, 20, 8);
        Mbuf.portId(mbuf, 3);
        Mbuf.reset(mbuf);
        assertThat(Mbuf.flags(mbuf)).isZero();
        assertThat(Mbuf.portId(mbuf)).isEqualTo(0xffff);
        assertThat(Mbuf.dataLength(mbuf)).isZero();
    }

    @Test
    void allocationIsAllOrNothingAndFreeFillsThePoolAgain() {
        assertThat(pool.allocate(array + 8, SIZE)).isFalse();
        assertThat(pool.inUse()).isOne();
        assertThat(pool.allocate(array + 8, SIZE - 1)).isTrue();
        assertThat(pool.available()).isZero();
        Mempool.free(array + 8, SIZE - 1);
        assertThat(pool.available()).isEqualTo(SIZE - 1);
    }
}
