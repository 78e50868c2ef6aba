package net.nvgate.gateway.dpdk;

import java.lang.foreign.MemorySegment;

/**
 * Receives packets from one queue of a started port. {@code rte_eth_rx_burst} is inline in C; this does what it does: calls
 * the driver's function from the exported array rte_eth_fp_ops. One thread per queue at a time; stale after the port stops.
 */
public final class RxQueue {

    private final MemorySegment driverFunction;
    private final long queueData;
    private final int portId;
    private final int number;
    private final boolean tells;

    /** @param tells whether somebody may be told when packets come: {@link RxWait} */
    RxQueue(int portId, int queue, boolean tells) {
        this.portId = portId;
        this.number = queue;
        this.tells = tells;
        this.driverFunction = FastPath.function(portId, DpdkField.FP_OPS_RX_BURST);
        this.queueData = FastPath.queueData(portId, DpdkField.FP_OPS_RXQ_DATA, queue);
    }

    int portId() {
        return portId;
    }

    /** Of the port's queues, from 0. */
    int number() {
        return number;
    }

    boolean tells() {
        return tells;
    }

    /**
     * Takes up to {@code max} packets, without waiting.
     *
     * @param array address of {@code max} pointers of 8 bytes, filled with mbuf addresses
     * @return packets taken; the caller owns them
     */
    public int burst(long array, int max) {
        try {
            return ((short) FastPath.BURST.invokeExact(driverFunction, queueData, array, (short) max)) & 0xffff;
        } catch (Throwable e) {
            throw NativeCall.unexpected(e);
        }
    }
}
