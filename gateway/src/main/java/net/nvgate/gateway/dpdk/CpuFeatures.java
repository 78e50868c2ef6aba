package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * DPDK packages are compiled for SSE4.2 (-march=corei7); already their constructors would die of SIGILL on less, so the
 * CPU is checked before the libraries are loaded.
 */
final class CpuFeatures {

    private static final List<String> NEEDED = List.of("ssse3", "sse4_1", "sse4_2");

    private CpuFeatures() {}

    static void check() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            throw new DpdkException("DPDK layout tables are for x86_64 only, this is " + System.getProperty("os.arch"));
        }
        try {
            check(Files.readAllLines(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            throw new DpdkException("cannot read the CPU's features: " + e.getMessage(), e);
        }
    }

    /** @param cpuinfo lines of /proc/cpuinfo */
    static void check(List<String> cpuinfo) {
        Set<String> flags = new HashSet<>();
        cpuinfo.stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .ifPresent(line -> flags.addAll(List.of(line.split("\\s+", -1))));
        List<String> missing =
                NEEDED.stream().filter(feature -> !flags.contains(feature)).toList();
        if (!missing.isEmpty()) {
            throw new DpdkException("DPDK needs CPU features that this machine lacks: " + missing
                    + " (in a virtual machine: choose a CPU model with SSE4.2, e.g. host)");
        }
    }
}
