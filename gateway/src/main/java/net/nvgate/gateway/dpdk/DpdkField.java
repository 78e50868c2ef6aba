package net.nvgate.gateway.dpdk;

/**
 * Every fact about DPDK's C structures that this package depends on, named by the C expression that yields it. A
 * {@link DpdkAbi} gives each a value; the test DpdkAbiTest compiles the expressions against the installed headers and compares.
 */
enum DpdkField {
    MBUF_SIZE("sizeof(struct rte_mbuf)"),
    MBUF_BUF_ADDR("offsetof(struct rte_mbuf, buf_addr)"),
    MBUF_DATA_OFF("offsetof(struct rte_mbuf, data_off)"),
    MBUF_REFCNT("offsetof(struct rte_mbuf, refcnt)"),
    MBUF_NB_SEGS("offsetof(struct rte_mbuf, nb_segs)"),
    MBUF_PORT("offsetof(struct rte_mbuf, port)"),
    MBUF_OL_FLAGS("offsetof(struct rte_mbuf, ol_flags)"),
    MBUF_PACKET_TYPE("offsetof(struct rte_mbuf, packet_type)"),
    MBUF_PKT_LEN("offsetof(struct rte_mbuf, pkt_len)"),
    MBUF_DATA_LEN("offsetof(struct rte_mbuf, data_len)"),
    MBUF_VLAN_TCI("offsetof(struct rte_mbuf, vlan_tci)"),
    MBUF_BUF_LEN("offsetof(struct rte_mbuf, buf_len)"),
    MBUF_POOL("offsetof(struct rte_mbuf, pool)"),
    MBUF_NEXT("offsetof(struct rte_mbuf, next)"),
    MBUF_TX_OFFLOAD("offsetof(struct rte_mbuf, tx_offload)"),
    MBUF_HEADROOM("RTE_PKTMBUF_HEADROOM"),

    MEMPOOL_OPS_INDEX("offsetof(struct rte_mempool, ops_index)"),
    MEMPOOL_CACHE_SIZE("offsetof(struct rte_mempool, cache_size)"),
    MEMPOOL_LOCAL_CACHE("offsetof(struct rte_mempool, local_cache)"),
    CACHE_SIZE("sizeof(struct rte_mempool_cache)"),
    CACHE_LENGTH("offsetof(struct rte_mempool_cache, len)"),
    CACHE_OBJECTS("offsetof(struct rte_mempool_cache, objs)"),
    MEMPOOL_OPS_TABLE_OPS("offsetof(struct rte_mempool_ops_table, ops)"),
    MEMPOOL_OPS_SIZE("sizeof(struct rte_mempool_ops)"),
    MEMPOOL_OPS_DEQUEUE("offsetof(struct rte_mempool_ops, dequeue)"),

    FP_OPS_SIZE("sizeof(struct rte_eth_fp_ops)"),
    FP_OPS_RX_BURST("offsetof(struct rte_eth_fp_ops, rx_pkt_burst)"),
    FP_OPS_RXQ_DATA("offsetof(struct rte_eth_fp_ops, rxq.data)"),
    FP_OPS_TX_BURST("offsetof(struct rte_eth_fp_ops, tx_pkt_burst)"),
    FP_OPS_TX_PREPARE("offsetof(struct rte_eth_fp_ops, tx_pkt_prepare)"),
    FP_OPS_TXQ_DATA("offsetof(struct rte_eth_fp_ops, txq.data)"),

    ETH_CONF_SIZE("sizeof(struct rte_eth_conf)"),
    ETH_CONF_RX_MQ_MODE("offsetof(struct rte_eth_conf, rxmode.mq_mode)"),
    ETH_CONF_RX_MTU("offsetof(struct rte_eth_conf, rxmode.mtu)"),
    ETH_CONF_RX_OFFLOADS("offsetof(struct rte_eth_conf, rxmode.offloads)"),
    ETH_CONF_TX_OFFLOADS("offsetof(struct rte_eth_conf, txmode.offloads)"),
    ETH_CONF_RSS_HF("offsetof(struct rte_eth_conf, rx_adv_conf.rss_conf.rss_hf)"),
    ETH_MQ_RX_RSS("RTE_ETH_MQ_RX_RSS"),
    ETH_CONF_INTR("offsetof(struct rte_eth_conf, intr_conf)"),
    /** A bit field has no offsetof: the word with only rxq set. */
    ETH_CONF_INTR_RXQ_BIT("((union { struct rte_eth_intr_conf c; uint32_t w; }){.c = {.rxq = 1}}).w"),

    EPOLL_EVENT_SIZE("sizeof(struct rte_epoll_event)"),
    EPOLL_EVENT_MASK("offsetof(struct rte_epoll_event, epdata.event)"),

    DEV_INFO_SIZE("sizeof(struct rte_eth_dev_info)"),
    DEV_INFO_DRIVER_NAME("offsetof(struct rte_eth_dev_info, driver_name)"),
    DEV_INFO_DEVICE("offsetof(struct rte_eth_dev_info, device)"),
    DEV_INFO_MIN_MTU("offsetof(struct rte_eth_dev_info, min_mtu)"),
    DEV_INFO_MAX_MTU("offsetof(struct rte_eth_dev_info, max_mtu)"),
    DEV_INFO_MAX_RX_PKTLEN("offsetof(struct rte_eth_dev_info, max_rx_pktlen)"),
    DEV_INFO_IF_INDEX("offsetof(struct rte_eth_dev_info, if_index)"),
    DEV_INFO_MAX_RX_QUEUES("offsetof(struct rte_eth_dev_info, max_rx_queues)"),
    DEV_INFO_MAX_TX_QUEUES("offsetof(struct rte_eth_dev_info, max_tx_queues)"),
    DEV_INFO_RX_OFFLOADS("offsetof(struct rte_eth_dev_info, rx_offload_capa)"),
    DEV_INFO_TX_OFFLOADS("offsetof(struct rte_eth_dev_info, tx_offload_capa)"),
    DEV_INFO_RSS_TYPES("offsetof(struct rte_eth_dev_info, flow_type_rss_offloads)"),

    LINK_SIZE("sizeof(struct rte_eth_link)"),
    LINK_SPEED("offsetof(struct rte_eth_link, link_speed)"),
    /** A bit field has no offsetof: the byte at offset 4 with only link_status set. */
    LINK_STATUS_BIT("((union { struct rte_eth_link l; uint8_t b[8]; }){.l = {.link_status = 1}}).b[4]"),

    STATS_SIZE("sizeof(struct rte_eth_stats)"),
    STATS_IPACKETS("offsetof(struct rte_eth_stats, ipackets)"),
    STATS_OPACKETS("offsetof(struct rte_eth_stats, opackets)"),
    STATS_IBYTES("offsetof(struct rte_eth_stats, ibytes)"),
    STATS_OBYTES("offsetof(struct rte_eth_stats, obytes)"),
    STATS_IMISSED("offsetof(struct rte_eth_stats, imissed)"),
    STATS_IERRORS("offsetof(struct rte_eth_stats, ierrors)"),
    STATS_OERRORS("offsetof(struct rte_eth_stats, oerrors)"),
    STATS_RX_NOMBUF("offsetof(struct rte_eth_stats, rx_nombuf)"),

    XSTAT_SIZE("sizeof(struct rte_eth_xstat)"),
    XSTAT_ID("offsetof(struct rte_eth_xstat, id)"),
    XSTAT_VALUE("offsetof(struct rte_eth_xstat, value)"),
    XSTAT_NAME_SIZE("sizeof(struct rte_eth_xstat_name)");

    private final String expression;

    DpdkField(String expression) {
        this.expression = expression;
    }

    /** C expression of integer type. */
    String expression() {
        return expression;
    }
}
