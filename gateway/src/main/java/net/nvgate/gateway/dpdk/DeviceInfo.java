package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;

/**
 * What a port's driver offers (struct rte_eth_dev_info).
 *
 * @param driver e.g. net_af_packet, net_virtio
 * @param mtuMin bytes of IP packet
 * @param mtuMax bytes of IP packet
 * @param frameMax bytes of the largest Ethernet frame it says it can receive
 * @param interfaceIndex Linux interface behind it, 0 = none
 * @param rxOffloads bits of {@link Offloads}
 * @param txOffloads bits of {@link Offloads}
 * @param rssTypes RTE_ETH_RSS_ bits, 0 = cannot spread packets over queues
 */
public record DeviceInfo(
        String driver,
        int mtuMin,
        int mtuMax,
        int frameMax,
        int interfaceIndex,
        int rxQueuesMax,
        int txQueuesMax,
        long rxOffloads,
        long txOffloads,
        long rssTypes) {

    /** Ethernet header and frame check sequence. */
    private static final int OVERHEAD = 14 + 4;

    private static final int MTU_UNLIMITED = 0xffff;

    /** Bytes of the largest IP packet that ethdev lets this driver be set to, as eth_dev_validate_mtu reckons. */
    int mtuAccepted() {
        boolean tellsOverhead = mtuMax != MTU_UNLIMITED && frameMax > mtuMax;
        return Math.min(mtuMax, frameMax - (tellsOverhead ? frameMax - mtuMax : OVERHEAD));
    }

    /**
     * Queues each way to use for so many workers. One of net_tap, whose kernel spreads packets by what it has seen leave, and so would
     * hand every other answer to the wrong worker.
     */
    public int queuesFor(int workers) {
        int most = Math.max(1, Math.min(rxQueuesMax, txQueuesMax));
        return driver.equals("net_tap") ? 1 : Math.min(workers, most);
    }

    static DeviceInfo of(int portId) {
        try (Arena arena = Arena.ofConfined()) {
            long info = Port.zeroed(arena, DpdkField.DEV_INFO_SIZE);
            int result = NativeCall.intCall(Ethdev.INFO_GET, (short) portId, info);
            if (result != 0) {
                throw new DpdkException("rte_eth_dev_info_get of port " + portId, -result);
            }
            return read(info);
        }
    }

    static DeviceInfo read(long info) {
        DpdkAbi abi = DpdkAbi.current();
        return new DeviceInfo(
                CStrings.read(Mem.i64(info + abi.value(DpdkField.DEV_INFO_DRIVER_NAME)), 64),
                Mem.u16(info + abi.value(DpdkField.DEV_INFO_MIN_MTU)),
                Mem.u16(info + abi.value(DpdkField.DEV_INFO_MAX_MTU)),
                // Drivers without a limit say UINT32_MAX.
                Mem.i32(info + abi.value(DpdkField.DEV_INFO_MAX_RX_PKTLEN)) & Integer.MAX_VALUE,
                Mem.i32(info + abi.value(DpdkField.DEV_INFO_IF_INDEX)),
                Mem.u16(info + abi.value(DpdkField.DEV_INFO_MAX_RX_QUEUES)),
                Mem.u16(info + abi.value(DpdkField.DEV_INFO_MAX_TX_QUEUES)),
                Mem.i64(info + abi.value(DpdkField.DEV_INFO_RX_OFFLOADS)),
                Mem.i64(info + abi.value(DpdkField.DEV_INFO_TX_OFFLOADS)),
                Mem.i64(info + abi.value(DpdkField.DEV_INFO_RSS_TYPES)));
    }
}
