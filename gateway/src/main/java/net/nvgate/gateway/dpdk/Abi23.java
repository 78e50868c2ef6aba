package net.nvgate.gateway.dpdk;

/** DPDK 22.11, x86_64 (Debian 12). */
final class Abi23 {

    private Abi23() {}

    static DpdkAbi table() {
        DpdkAbi.Builder table = DpdkAbi.table(23, "22.11");
        mbuf(table);
        ethdev(table);
        statistics(table);
        return table.build();
    }

    private static void mbuf(DpdkAbi.Builder table) {
        table.with(DpdkField.MBUF_SIZE, 128)
                .with(DpdkField.MBUF_BUF_ADDR, 0)
                .with(DpdkField.MBUF_DATA_OFF, 16)
                .with(DpdkField.MBUF_REFCNT, 18)
                .with(DpdkField.MBUF_NB_SEGS, 20)
                .with(DpdkField.MBUF_PORT, 22)
                .with(DpdkField.MBUF_OL_FLAGS, 24)
                .with(DpdkField.MBUF_PACKET_TYPE, 32)
                .with(DpdkField.MBUF_PKT_LEN, 36)
                .with(DpdkField.MBUF_DATA_LEN, 40)
                .with(DpdkField.MBUF_VLAN_TCI, 42)
                .with(DpdkField.MBUF_BUF_LEN, 54)
                .with(DpdkField.MBUF_POOL, 56)
                .with(DpdkField.MBUF_NEXT, 64)
                .with(DpdkField.MBUF_TX_OFFLOAD, 72)
                .with(DpdkField.MBUF_HEADROOM, 128)
                .with(DpdkField.MEMPOOL_OPS_INDEX, 88)
                .with(DpdkField.MEMPOOL_CACHE_SIZE, 68)
                .with(DpdkField.MEMPOOL_LOCAL_CACHE, 96)
                .with(DpdkField.CACHE_SIZE, 8256)
                .with(DpdkField.CACHE_LENGTH, 8)
                .with(DpdkField.CACHE_OBJECTS, 64)
                .with(DpdkField.MEMPOOL_OPS_TABLE_OPS, 64)
                .with(DpdkField.MEMPOOL_OPS_SIZE, 128)
                .with(DpdkField.MEMPOOL_OPS_DEQUEUE, 56);
    }

    private static void ethdev(DpdkAbi.Builder table) {
        table.with(DpdkField.FP_OPS_SIZE, 128)
                .with(DpdkField.FP_OPS_RX_BURST, 0)
                .with(DpdkField.FP_OPS_RXQ_DATA, 24)
                .with(DpdkField.FP_OPS_TX_BURST, 64)
                .with(DpdkField.FP_OPS_TX_PREPARE, 72)
                .with(DpdkField.FP_OPS_TXQ_DATA, 88)
                .with(DpdkField.ETH_CONF_SIZE, 2272)
                .with(DpdkField.ETH_CONF_RX_MQ_MODE, 8)
                .with(DpdkField.ETH_CONF_RX_MTU, 12)
                .with(DpdkField.ETH_CONF_RX_OFFLOADS, 24)
                .with(DpdkField.ETH_CONF_TX_OFFLOADS, 72)
                .with(DpdkField.ETH_CONF_RSS_HF, 144)
                .with(DpdkField.ETH_MQ_RX_RSS, 1)
                .with(DpdkField.ETH_CONF_INTR, 2264)
                .with(DpdkField.ETH_CONF_INTR_RXQ_BIT, 2)
                .with(DpdkField.EPOLL_EVENT_SIZE, 48)
                .with(DpdkField.EPOLL_EVENT_MASK, 16)
                .with(DpdkField.DEV_INFO_SIZE, 376)
                .with(DpdkField.DEV_INFO_DRIVER_NAME, 8)
                .with(DpdkField.DEV_INFO_DEVICE, 0)
                .with(DpdkField.DEV_INFO_MIN_MTU, 20)
                .with(DpdkField.DEV_INFO_MAX_MTU, 22)
                .with(DpdkField.DEV_INFO_MAX_RX_PKTLEN, 36)
                .with(DpdkField.DEV_INFO_IF_INDEX, 16)
                .with(DpdkField.DEV_INFO_MAX_RX_QUEUES, 44)
                .with(DpdkField.DEV_INFO_MAX_TX_QUEUES, 46)
                .with(DpdkField.DEV_INFO_RX_OFFLOADS, 72)
                .with(DpdkField.DEV_INFO_TX_OFFLOADS, 80)
                .with(DpdkField.DEV_INFO_RSS_TYPES, 112)
                .with(DpdkField.LINK_SIZE, 8)
                .with(DpdkField.LINK_SPEED, 0)
                .with(DpdkField.LINK_STATUS_BIT, 4);
    }

    private static void statistics(DpdkAbi.Builder table) {
        table.with(DpdkField.STATS_SIZE, 704)
                .with(DpdkField.STATS_IPACKETS, 0)
                .with(DpdkField.STATS_OPACKETS, 8)
                .with(DpdkField.STATS_IBYTES, 16)
                .with(DpdkField.STATS_OBYTES, 24)
                .with(DpdkField.STATS_IMISSED, 32)
                .with(DpdkField.STATS_IERRORS, 40)
                .with(DpdkField.STATS_OERRORS, 48)
                .with(DpdkField.STATS_RX_NOMBUF, 56)
                .with(DpdkField.XSTAT_SIZE, 16)
                .with(DpdkField.XSTAT_ID, 0)
                .with(DpdkField.XSTAT_VALUE, 8)
                .with(DpdkField.XSTAT_NAME_SIZE, 64);
    }
}
