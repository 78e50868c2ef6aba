package net.nvgate.gateway.dpdk;

import java.nio.charset.StandardCharsets;

/** C strings in memory of DPDK's. */
final class CStrings {

    private CStrings() {}

    /** Reads up to the NUL or {@code bytesMax}; a null pointer reads as "". */
    static String read(long address, int bytesMax) {
        if (address == 0) {
            return "";
        }
        byte[] bytes = new byte[bytesMax];
        int length = 0;
        while (length < bytesMax && Mem.u8(address + length) != 0) {
            bytes[length] = (byte) Mem.u8(address + length);
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
