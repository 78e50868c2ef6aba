package net.nvgate.gateway.dpdk;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The exported array rte_eth_fp_ops: per port the driver's burst functions and, per queue, the pointer they want.
 *
 * <pre>
 *   rte_eth_fp_ops[port]
 *   +0   rx_pkt_burst    uint16_t f(void *queue, struct rte_mbuf **packets, uint16_t n)
 *   +24  rxq.data     -> void *queue[]
 *   +64  tx_pkt_burst    same type
 *   +72  tx_pkt_prepare  same type, may be null
 *   +88  txq.data     -> void *queue[]
 * </pre>
 *
 * Drivers choose their functions at dev start, so read it after that; while a port is stopped it holds dummies.
 */
final class FastPath {

    /**
     * One handle for every burst function: the address is its first argument. Critical: no thread state transition, so
     * the call costs what a C call does; the callee must be short and must never call into Java, and PMDs do neither.
     */
    static final MethodHandle BURST = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_SHORT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_SHORT),
                    Linker.Option.critical(false));

    private FastPath() {}

    static MemorySegment function(int portId, DpdkField field) {
        return MemorySegment.ofAddress(Mem.i64(entry(portId) + DpdkAbi.current().value(field)));
    }

    static long queueData(int portId, DpdkField field, int queue) {
        return Mem.i64(Mem.i64(entry(portId) + DpdkAbi.current().value(field)) + 8L * queue);
    }

    private static long entry(int portId) {
        return DpdkLibrary.address("rte_eth_fp_ops")
                + (long) portId * DpdkAbi.current().value(DpdkField.FP_OPS_SIZE);
    }
}
