package net.nvgate.gateway.dpdk;

/**
 * What a port's driver offers (struct rte_eth_dev_info).
 *
 * @param driver e.g. net_af_packet, net_virtio
 * @param mtuMin bytes of IP packet
 * @param mtuMax bytes of IP packet
 * @param rxOffloads bits of {@link Offloads}
 * @param txOffloads bits of {@link Offloads}
 * @param rssTypes RTE_ETH_RSS_ bits, 0 = cannot spread packets over queues
 */
public record DeviceInfo(
        String driver,
        int mtuMin,
        int mtuMax,
        int rxQueuesMax,
        int txQueuesMax,
        long rxOffloads,
        long txOffloads,
        long rssTypes) {

    static DeviceInfo read(long info) {
        DpdkAbi abi = DpdkAbi.current();
        return new DeviceInfo(
                CStrings.read(Mem.i64(info + abi.value(DpdkField.DEV_INFO_DRIVER_NAME)), 64),
                Mem.u16(info + abi.value(DpdkField.DEV_INFO_MIN_MTU)),
                Mem.u16(info + abi.value(DpdkField.DEV_INFO_MAX_MTU)),
                Mem.u16(info + abi.value(DpdkField.DEV_INFO_MAX_RX_QUEUES)),
                Mem.u16(info + abi.value(DpdkField.DEV_INFO_MAX_TX_QUEUES)),
                Mem.i64(info + abi.value(DpdkField.DEV_INFO_RX_OFFLOADS)),
                Mem.i64(info + abi.value(DpdkField.DEV_INFO_TX_OFFLOADS)),
                Mem.i64(info + abi.value(DpdkField.DEV_INFO_RSS_TYPES)));
    }
}
