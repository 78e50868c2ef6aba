package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.nvgate.fabric.model.MacAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Ethernet port of DPDK: attach, configure, start, use its queues, stop, close. Calls of one port must not overlap,
 * except reading counters and link, which any thread may do while the port is open.
 */
public final class Port implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Port.class);

    /** Receives before it knows from where: {@link EarlyPackets}. */
    private static final String HASTY_DRIVER = "net_af_packet";

    private final String name;
    private final String device;
    private final int id;
    private Optional<KernelInterface> kernelInterface = Optional.empty();
    private long txOffloads;
    private long rxOffloads;
    private boolean tells;
    /** Of which packets from before the start are discarded. */
    private int hastyQueues;

    private volatile int discarded;
    /** Configures it once more. */
    private @Nullable Runnable configured;

    private boolean started;
    private boolean closed;

    private Port(String name, String device, int id) {
        this.name = name;
        this.device = device;
        this.id = id;
    }

    /**
     * Finds the device, or makes it if it is virtual.
     *
     * @param name ours, for messages
     * @param device devargs: {@code net_af_packet0,iface=pa0} or a PCI address {@code 0000:00:10.0}, with driver options
     *     after a comma
     * @throws DpdkException if there is no such device or driver; the driver's log lines say more
     */
    public static Port attach(String name, String device) {
        if (!Eal.running()) {
            throw new DpdkException("cannot attach port " + name + ": EAL does not run");
        }
        String deviceName = deviceName(device);
        OptionalInt present = find(deviceName);
        if (present.isEmpty()) {
            probe(name, device);
            present = find(deviceName);
        }
        int id = present.orElseThrow(() -> new DpdkException("port " + name + ": device " + device
                + " was found but is no Ethernet port; is it bound to a driver" + " that DPDK can use (vfio-pci)?"));
        return new Port(name, device, id);
    }

    private static void probe(String name, String device) {
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    NativeCall.intCall(Ethdev.PROBE, arena.allocateFrom(device).address());
            if (result == -RteErrno.EFAULT) {
                throw new DpdkException("port " + name + ": cannot attach device " + device
                        + ": no driver or bus of the installed DPDK knows such a device");
            }
            if (result != 0 && result != -RteErrno.EEXIST) {
                throw new DpdkException("port " + name + ": cannot attach device " + device, -result);
            }
        }
    }

    private static OptionalInt find(String deviceName) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(ValueLayout.JAVA_SHORT);
            int result = NativeCall.intCall(
                    Ethdev.PORT_BY_NAME, arena.allocateFrom(deviceName).address(), id.address());
            return result == 0 ? OptionalInt.of(Mem.u16(id.address())) : OptionalInt.empty();
        }
    }

    /** What DPDK calls the device: devargs without options, PCI addresses with their domain. */
    static String deviceName(String device) {
        int comma = device.indexOf(',');
        String first = comma < 0 ? device : device.substring(0, comma);
        return first.matches("[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]") ? "0000:" + first : first;
    }

    public DeviceInfo info() {
        try (Arena arena = Arena.ofConfined()) {
            long info = zeroed(arena, DpdkField.DEV_INFO_SIZE);
            check("rte_eth_dev_info_get", NativeCall.intCall(Ethdev.INFO_GET, (short) id, info));
            return DeviceInfo.read(info);
        }
    }

    /** From the next {@link #configure} on: whether drivers shall be able to say that packets have come, see {@link RxWait}. */
    public void tellOfPackets(boolean on) {
        tells = on;
    }

    boolean tells() {
        return tells;
    }

    /**
     * Sets queues, offloads, MTU, MAC and promiscuous mode. The port must be stopped.
     *
     * @param pool where received packets are put
     */
    public void configure(PortSettings settings, Mempool pool) {
        DeviceInfo info = info();
        PortSetup.requireFits(this, settings, info, pool);
        rxOffloads = settings.rxOffloads() & info.rxOffloads();
        txOffloads = settings.txOffloads() & info.txOffloads();
        hastyQueues = info.driver().equals(HASTY_DRIVER) ? settings.rxQueues() : 0;
        configured = () -> configure(settings, pool);
        PortSetup.configure(this, settings, info);
        PortSetup.queues(this, settings, pool);
        PortSetup.mtu(this, settings.mtu(), info);
        kernelInterface = info.interfaceIndex() == 0
                ? Optional.empty()
                : Optional.of(KernelInterface.ofIndex(info.interfaceIndex()));
        settings.mac().ifPresent(this::mac);
        PortSetup.promiscuous(this, settings.promiscuous());
        PortSetup.allMulticast(this);
        LOG.info(
                "port {} is {} ({}), MAC {}, MTU {}, RX offloads {}, TX offloads {}",
                name,
                device,
                info.driver(),
                mac(),
                mtu(),
                Offloads.describeRx(rxOffloads),
                Offloads.describeTx(txOffloads));
    }

    public void start() {
        int result = NativeCall.intCall(Ethdev.START, (short) id);
        if (result < 0 && configured != null && withoutTelling("start", result)) {
            configured.run();
            result = NativeCall.intCall(Ethdev.START, (short) id);
        }
        check("rte_eth_dev_start", result);
        started = true;
        var before = discarded;
        discarded = before + EarlyPackets.discard(this, hastyQueues);
    }

    /** Some drivers refuse to work with receive interrupts, e.g. virtio with uio_pci_generic. False if there were none. */
    boolean withoutTelling(String what, int result) {
        if (!tells) {
            return false;
        }
        LOG.info(
                "port {} does not {} with receive interrupts ({}): it goes without",
                name,
                what,
                RteErrno.describe(-result));
        tells = false;
        return true;
    }

    /** No worker may use its queues any more. */
    public void stop() {
        if (started) {
            started = false;
            check("rte_eth_dev_stop", NativeCall.intCall(Ethdev.STOP, (short) id));
        }
    }

    /** Stops the port if need be and gives the device back, so that it can be attached again. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        stop();
        closed = true;
        long rteDevice = rteDevice();
        check("rte_eth_dev_close", NativeCall.intCall(Ethdev.CLOSE, (short) id));
        check("rte_dev_remove", NativeCall.intCall(Ethdev.REMOVE, rteDevice));
    }

    /** Address of the struct rte_device that the port is made of. */
    private long rteDevice() {
        try (Arena arena = Arena.ofConfined()) {
            long info = zeroed(arena, DpdkField.DEV_INFO_SIZE);
            check("rte_eth_dev_info_get", NativeCall.intCall(Ethdev.INFO_GET, (short) id, info));
            return Mem.i64(info + DpdkAbi.current().value(DpdkField.DEV_INFO_DEVICE));
        }
    }

    /** After {@link #start}, for one thread. */
    public RxQueue rxQueue(int queue) {
        requireStarted();
        return new RxQueue(id, queue, tells);
    }

    /** After {@link #start}, for one thread. */
    public TxQueue txQueue(int queue) {
        requireStarted();
        return new TxQueue(id, queue);
    }

    private void requireStarted() {
        if (!started) {
            throw new IllegalStateException("port " + name + " is not started");
        }
    }

    public String name() {
        return name;
    }

    public String device() {
        return device;
    }

    /** DPDK's port id; {@link Mbuf#portId} of what it receives. */
    public int id() {
        return id;
    }

    /** TX offload bits in use: wanted and offered. */
    public long txOffloads() {
        return txOffloads;
    }

    /** RX offload bits in use: wanted and offered. */
    public long rxOffloads() {
        return rxOffloads;
    }

    /** True if the driver computes IPv4, TCP and UDP checksums of packets that ask for it. */
    public boolean txChecksumOffered() {
        return (txOffloads & Offloads.TX_CHECKSUMS) == Offloads.TX_CHECKSUMS;
    }

    public MacAddress mac() {
        try (Arena arena = Arena.ofConfined()) {
            long bytes = arena.allocate(8).address();
            check("rte_eth_macaddr_get", NativeCall.intCall(Ethdev.MAC_GET, (short) id, bytes));
            return new MacAddress(Mem.i64Be(bytes) >>> 16);
        }
    }

    /** Gives the port another unicast address. */
    public void mac(MacAddress mac) {
        try (Arena arena = Arena.ofConfined()) {
            long bytes = arena.allocate(8).address();
            Mem.i64Be(bytes, mac.value() << 16);
            check("rte_eth_dev_default_mac_addr_set", NativeCall.intCall(Ethdev.MAC_SET, (short) id, bytes));
        }
    }

    /** Bytes of the largest IP packet. */
    public int mtu() {
        if (kernelInterface.isPresent()) {
            return kernelInterface.get().mtu();
        }
        try (Arena arena = Arena.ofConfined()) {
            long mtu = arena.allocate(8).address();
            check("rte_eth_dev_get_mtu", NativeCall.intCall(Ethdev.GET_MTU, (short) id, mtu));
            return Mem.u16(mtu);
        }
    }

    public boolean promiscuous() {
        return check("rte_eth_promiscuous_get", NativeCall.intCall(Ethdev.PROMISCUOUS_GET, (short) id)) == 1;
    }

    public LinkState link() {
        try (Arena arena = Arena.ofConfined()) {
            long link = zeroed(arena, DpdkField.LINK_SIZE);
            check("rte_eth_link_get_nowait", NativeCall.intCall(Ethdev.LINK_GET, (short) id, link));
            LinkState state = LinkState.read(link);
            return new LinkState(
                    state.up() && kernelInterface.map(KernelInterface::running).orElse(true), state.speedMbps());
        }
    }

    /** Packets, of this interface or another one, that were there before the start and that nobody gets. */
    public int discarded() {
        return discarded;
    }

    public PortStats stats() {
        try (Arena arena = Arena.ofConfined()) {
            long stats = zeroed(arena, DpdkField.STATS_SIZE);
            check("rte_eth_stats_get", NativeCall.intCall(Ethdev.STATS_GET, (short) id, stats));
            return PortStats.read(stats);
        }
    }

    /** The driver's own counters by name, in its order. */
    public Map<String, Long> xstats() {
        return ExtendedStats.read(this);
    }

    /** Throws if the result of a call on this port is an error, else returns it. */
    int check(String call, int result) {
        if (result < 0) {
            throw new DpdkException("port " + name + " (" + device + "): " + call, -result);
        }
        return result;
    }

    static long zeroed(Arena arena, DpdkField size) {
        return arena.allocate(DpdkAbi.current().value(size), 64).address();
    }

    @Override
    public String toString() {
        return name + " (" + device + ")";
    }
}
