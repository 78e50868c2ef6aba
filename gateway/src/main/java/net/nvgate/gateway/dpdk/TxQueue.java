package net.nvgate.gateway.dpdk;

import java.lang.foreign.MemorySegment;

/** Sends packets by one queue of a started port. The counterpart of {@link RxQueue}; same rules. */
public final class TxQueue {

    private final MemorySegment burstFunction;
    private final MemorySegment prepareFunction;
    private final long queueData;

    TxQueue(int portId, int queue) {
        this.burstFunction = FastPath.function(portId, DpdkField.FP_OPS_TX_BURST);
        this.prepareFunction = FastPath.function(portId, DpdkField.FP_OPS_TX_PREPARE);
        this.queueData = FastPath.queueData(portId, DpdkField.FP_OPS_TXQ_DATA, queue);
    }

    /**
     * Hands packets to the driver, without waiting.
     *
     * @param array address of {@code count} mbuf addresses
     * @return packets taken, from the front; the driver owns and frees them. The caller still owns the rest.
     */
    public int burst(long array, int count) {
        try {
            return ((short) FastPath.BURST.invokeExact(burstFunction, queueData, array, (short) count)) & 0xffff;
        } catch (Throwable e) {
            throw NativeCall.unexpected(e);
        }
    }

    /**
     * Lets the driver check and complete packets with offload flags (e.g. put the pseudo-header checksum that the NIC
     * wants). Needed only when flags are set.
     *
     * @return packets that are fit to send, from the front; fewer than {@code count} if the next one is not
     */
    public int prepare(long array, int count) {
        if (prepareFunction.address() == 0) {
            return count;
        }
        try {
            return ((short) FastPath.BURST.invokeExact(prepareFunction, queueData, array, (short) count)) & 0xffff;
        } catch (Throwable e) {
            throw NativeCall.unexpected(e);
        }
    }
}
