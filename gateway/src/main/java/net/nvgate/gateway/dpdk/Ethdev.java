package net.nvgate.gateway.dpdk;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Handles of the ethdev calls of the control plane. All but the void ones return 0 or a negative error. */
final class Ethdev {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;

    static final MethodHandle PROBE = handle("rte_dev_probe", POINTER);
    static final MethodHandle REMOVE = handle("rte_dev_remove", POINTER);
    static final MethodHandle PORT_BY_NAME = handle("rte_eth_dev_get_port_by_name", POINTER, POINTER);
    static final MethodHandle INFO_GET = handle("rte_eth_dev_info_get", SHORT, POINTER);
    static final MethodHandle CONFIGURE = handle("rte_eth_dev_configure", SHORT, SHORT, SHORT, POINTER);
    static final MethodHandle ADJUST_DESCRIPTORS = handle("rte_eth_dev_adjust_nb_rx_tx_desc", SHORT, POINTER, POINTER);
    static final MethodHandle RX_QUEUE_SETUP =
            handle("rte_eth_rx_queue_setup", SHORT, SHORT, SHORT, INT, POINTER, POINTER);
    static final MethodHandle TX_QUEUE_SETUP = handle("rte_eth_tx_queue_setup", SHORT, SHORT, SHORT, INT, POINTER);
    static final MethodHandle START = handle("rte_eth_dev_start", SHORT);
    static final MethodHandle STOP = handle("rte_eth_dev_stop", SHORT);
    static final MethodHandle CLOSE = handle("rte_eth_dev_close", SHORT);
    static final MethodHandle SOCKET_ID = handle("rte_eth_dev_socket_id", SHORT);
    static final MethodHandle SET_MTU = handle("rte_eth_dev_set_mtu", SHORT, SHORT);
    static final MethodHandle GET_MTU = handle("rte_eth_dev_get_mtu", SHORT, POINTER);
    static final MethodHandle MAC_GET = handle("rte_eth_macaddr_get", SHORT, POINTER);
    static final MethodHandle MAC_SET = handle("rte_eth_dev_default_mac_addr_set", SHORT, POINTER);
    static final MethodHandle PROMISCUOUS_ENABLE = handle("rte_eth_promiscuous_enable", SHORT);
    static final MethodHandle PROMISCUOUS_DISABLE = handle("rte_eth_promiscuous_disable", SHORT);
    static final MethodHandle PROMISCUOUS_GET = handle("rte_eth_promiscuous_get", SHORT);
    static final MethodHandle ALLMULTICAST_ENABLE = handle("rte_eth_allmulticast_enable", SHORT);
    static final MethodHandle LINK_GET = handle("rte_eth_link_get_nowait", SHORT, POINTER);
    static final MethodHandle STATS_GET = handle("rte_eth_stats_get", SHORT, POINTER);
    static final MethodHandle STATS_RESET = handle("rte_eth_stats_reset", SHORT);
    static final MethodHandle XSTATS_NAMES = handle("rte_eth_xstats_get_names", SHORT, POINTER, INT);
    static final MethodHandle XSTATS_GET = handle("rte_eth_xstats_get", SHORT, POINTER, INT);

    private Ethdev() {}

    private static MethodHandle handle(String function, MemoryLayout... parameters) {
        return DpdkLibrary.downcall(function, FunctionDescriptor.of(INT, parameters));
    }
}
