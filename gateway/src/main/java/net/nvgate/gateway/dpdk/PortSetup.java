package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of {@link Port#configure}, in their order. */
final class PortSetup {

    private static final Logger LOG = LoggerFactory.getLogger(PortSetup.class);
    /** RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP. */
    static final long RSS_TYPES = 0x3afbc;

    private PortSetup() {}

    static void requireFits(Port port, PortSettings settings, DeviceInfo info, Mempool pool) {
        if (settings.rxQueues() > info.rxQueuesMax() || settings.txQueues() > info.txQueuesMax()) {
            throw new DpdkException("port " + port + ": driver " + info.driver() + " has " + info.rxQueuesMax()
                    + " RX and " + info.txQueuesMax() + " TX queues, wanted are " + settings.rxQueues() + " and "
                    + settings.txQueues());
        }
        if (settings.mtu() > info.mtuAccepted() && info.interfaceIndex() == 0) {
            throw new DpdkException("port " + port + ": driver " + info.driver() + " takes an MTU of "
                    + info.mtuAccepted() + " at most, wanted is " + settings.mtu());
        }
        if (PortSettings.dataRoom(settings.mtu()) > pool.dataRoom()) {
            throw new DpdkException("port " + port + ": MTU " + settings.mtu() + " needs mbufs of "
                    + PortSettings.dataRoom(settings.mtu()) + " bytes, pool " + pool.name() + " has "
                    + pool.dataRoom());
        }
    }

    static void configure(Port port, PortSettings settings, DeviceInfo info) {
        DpdkAbi abi = DpdkAbi.current();
        try (Arena arena = Arena.ofConfined()) {
            long conf = Port.zeroed(arena, DpdkField.ETH_CONF_SIZE);
            Mem.i32(
                    conf + abi.value(DpdkField.ETH_CONF_RX_MTU),
                    settings.mtu() <= info.mtuAccepted() ? settings.mtu() : 0);
            Mem.i64(conf + abi.value(DpdkField.ETH_CONF_RX_OFFLOADS), port.rxOffloads());
            Mem.i64(conf + abi.value(DpdkField.ETH_CONF_TX_OFFLOADS), port.txOffloads());
            if (port.tells()) {
                Mem.i32(conf + abi.value(DpdkField.ETH_CONF_INTR), abi.value(DpdkField.ETH_CONF_INTR_RXQ_BIT));
            }
            // A driver that cannot hash has its own way to fill several queues, or fills the first one.
            if (settings.rxQueues() > 1 && (RSS_TYPES & info.rssTypes()) != 0) {
                Mem.i32(conf + abi.value(DpdkField.ETH_CONF_RX_MQ_MODE), abi.value(DpdkField.ETH_MQ_RX_RSS));
                Mem.i64(conf + abi.value(DpdkField.ETH_CONF_RSS_HF), RSS_TYPES & info.rssTypes());
            }
            int result = configure(port, settings, conf);
            if (result < 0 && port.withoutTelling("configure", result)) {
                Mem.i32(conf + abi.value(DpdkField.ETH_CONF_INTR), 0);
                result = configure(port, settings, conf);
            }
            port.check("rte_eth_dev_configure", result);
        }
    }

    private static int configure(Port port, PortSettings settings, long conf) {
        return NativeCall.intCall(
                Ethdev.CONFIGURE, (short) port.id(), (short) settings.rxQueues(), (short) settings.txQueues(), conf);
    }

    static void queues(Port port, PortSettings settings, Mempool pool) {
        short id = (short) port.id();
        int socket = NativeCall.intCall(Ethdev.SOCKET_ID, id);
        try (Arena arena = Arena.ofConfined()) {
            long rx = arena.allocate(2, 2).address();
            long tx = arena.allocate(2, 2).address();
            Mem.u16(rx, settings.rxDescriptors());
            Mem.u16(tx, settings.txDescriptors());
            port.check("rte_eth_dev_adjust_nb_rx_tx_desc", NativeCall.intCall(Ethdev.ADJUST_DESCRIPTORS, id, rx, tx));
            for (int queue = 0; queue < settings.rxQueues(); queue++) {
                port.check(
                        "rte_eth_rx_queue_setup " + queue,
                        NativeCall.intCall(
                                Ethdev.RX_QUEUE_SETUP,
                                id,
                                (short) queue,
                                (short) Mem.u16(rx),
                                socket,
                                0L,
                                pool.address()));
            }
            for (int queue = 0; queue < settings.txQueues(); queue++) {
                port.check(
                        "rte_eth_tx_queue_setup " + queue,
                        NativeCall.intCall(Ethdev.TX_QUEUE_SETUP, id, (short) queue, (short) Mem.u16(tx), socket, 0L));
            }
        }
    }

    /**
     * Sets the MTU where there is one: rings, files and the like carry what fits an mbuf.
     *
     * @see KernelInterface
     */
    static void mtu(Port port, int mtu, DeviceInfo info) {
        if (info.interfaceIndex() != 0) {
            KernelInterface.ofIndex(info.interfaceIndex()).mtu(mtu);
            return;
        }
        int result = NativeCall.intCall(Ethdev.SET_MTU, (short) port.id(), (short) mtu);
        if (result == -RteErrno.ENOTSUP) {
            LOG.debug("port {} has no MTU to set", port);
        } else {
            port.check("rte_eth_dev_set_mtu(" + mtu + ")", result);
        }
    }

    /** Neighbour discovery asks for each address by a group of its own (RFC 4861 §7.2.1). */
    static void allMulticast(Port port) {
        int result = NativeCall.intCall(Ethdev.ALLMULTICAST_ENABLE, (short) port.id());
        if (result != 0) {
            LOG.debug("port {} cannot be made to take all multicast: {}", port, RteErrno.describe(-result));
        }
    }

    static void promiscuous(Port port, boolean on) {
        int result = NativeCall.intCall(on ? Ethdev.PROMISCUOUS_ENABLE : Ethdev.PROMISCUOUS_DISABLE, (short) port.id());
        if (result == -RteErrno.ENOTSUP) {
            LOG.debug("port {} has no promiscuous mode to switch", port);
        } else if (on) {
            port.check("rte_eth_promiscuous_enable", result);
        } else if (result != 0) {
            LOG.warn("port {} stays promiscuous: {}", port, RteErrno.describe(-result));
        }
    }
}
