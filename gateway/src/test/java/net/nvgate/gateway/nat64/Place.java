package net.nvgate.gateway.nat64;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.route.TestMemory;

/** Memory with a packet in it and room before it. */
final class Place {

    static final int HEADROOM = 256;
    private static final long MEMORY = TestMemory.allocate(70_000, 64);

    private Place() {}

    /** Address of the packet. */
    static long put(byte[] packet) {
        for (int i = 0; i < packet.length; i++) {
            Mem.u8(MEMORY + HEADROOM + i, packet[i]);
        }
        return MEMORY + HEADROOM;
    }

    static byte[] get(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) Mem.u8(address + i);
        }
        return bytes;
    }
}
