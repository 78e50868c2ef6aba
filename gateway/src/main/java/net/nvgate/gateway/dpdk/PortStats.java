package net.nvgate.gateway.dpdk;

/**
 * Counters of a port since its start (struct rte_eth_stats).
 *
 * @param rxMissed packets dropped by the device because no descriptor was free: the worker was too slow
 * @param rxNoMbuf receptions that failed because the mbuf pool was empty
 */
public record PortStats(
        long rxPackets,
        long rxBytes,
        long txPackets,
        long txBytes,
        long rxMissed,
        long rxErrors,
        long txErrors,
        long rxNoMbuf) {

    static PortStats read(long stats) {
        DpdkAbi abi = DpdkAbi.current();
        return new PortStats(
                Mem.i64(stats + abi.value(DpdkField.STATS_IPACKETS)),
                Mem.i64(stats + abi.value(DpdkField.STATS_IBYTES)),
                Mem.i64(stats + abi.value(DpdkField.STATS_OPACKETS)),
                Mem.i64(stats + abi.value(DpdkField.STATS_OBYTES)),
                Mem.i64(stats + abi.value(DpdkField.STATS_IMISSED)),
                Mem.i64(stats + abi.value(DpdkField.STATS_IERRORS)),
                Mem.i64(stats + abi.value(DpdkField.STATS_OERRORS)),
                Mem.i64(stats + abi.value(DpdkField.STATS_RX_NOMBUF)));
    }
}
