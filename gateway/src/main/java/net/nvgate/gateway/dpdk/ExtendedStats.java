package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a driver's own counters: an array of names, and one of {index of the name, value}. */
final class ExtendedStats {

    /** No driver comes near; keeps a confused one from taking the heap. */
    private static final int COUNT_MAX = 65536;

    private ExtendedStats() {}

    static Map<String, Long> read(Port port) {
        DpdkAbi abi = DpdkAbi.current();
        int nameSize = abi.value(DpdkField.XSTAT_NAME_SIZE);
        int valueSize = abi.value(DpdkField.XSTAT_SIZE);
        short id = (short) port.id();
        int count = port.check("rte_eth_xstats_get_names", NativeCall.intCall(Ethdev.XSTATS_NAMES, id, 0L, 0));
        if (count > COUNT_MAX) {
            throw new DpdkException("port " + port + " has " + count + " extended counters, more than " + COUNT_MAX);
        }
        Map<String, Long> stats = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            long names =
                    arena.allocate(Math.max(1L, (long) count * nameSize), 8).address();
            long values =
                    arena.allocate(Math.max(1L, (long) count * valueSize), 8).address();
            int named =
                    port.check("rte_eth_xstats_get_names", NativeCall.intCall(Ethdev.XSTATS_NAMES, id, names, count));
            int read = port.check("rte_eth_xstats_get", NativeCall.intCall(Ethdev.XSTATS_GET, id, values, count));
            for (int i = 0; i < Math.min(read, count); i++) {
                long entry = values + (long) i * valueSize;
                long index = Mem.i64(entry + abi.value(DpdkField.XSTAT_ID));
                if (index >= 0 && index < Math.min(named, count)) {
                    stats.put(
                            CStrings.read(names + index * nameSize, nameSize),
                            Mem.i64(entry + abi.value(DpdkField.XSTAT_VALUE)));
                }
            }
        }
        return stats;
    }
}
