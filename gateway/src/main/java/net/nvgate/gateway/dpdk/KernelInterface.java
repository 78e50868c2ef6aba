package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The Linux interface that drivers like net_af_packet send through. The driver of 22.11 claims a largest frame of 1518
 * bytes, so ethdev refuses to set a larger MTU, although its ring carries what fits a frame of {@code framesz}; and it
 * reports the link as up as long as it is started. So MTU and link are asked of the interface itself.
 *
 * <pre>
 *   struct ifreq   0 name (16 bytes, NUL-terminated)   16 MTU (int) or flags (short)   40
 * </pre>
 */
record KernelInterface(String name) {

    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_VALUE = 16;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCSIFMTU = 0x8922;
    private static final int IFF_RUNNING = 0x40;

    /** @param index as the kernel numbers interfaces */
    static KernelInterface ofIndex(int index) {
        return new KernelInterface(Libc.interfaceName(index));
    }

    /** Bytes of the largest IP packet. */
    int mtu() {
        return request(SIOCGIFMTU, 0);
    }

    void mtu(int mtu) {
        request(SIOCSIFMTU, mtu);
    }

    /** Up, and has a carrier. */
    boolean running() {
        return (request(SIOCGIFFLAGS, 0) & IFF_RUNNING) != 0;
    }

    private int request(long code, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_SIZE, 8);
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, request, 0, bytes.length);
            long address = request.address();
            Mem.i32(address + IFREQ_VALUE, value);
            Libc.interfaceRequest("interface " + name, code, address);
            return Mem.i32(address + IFREQ_VALUE);
        }
    }
}
