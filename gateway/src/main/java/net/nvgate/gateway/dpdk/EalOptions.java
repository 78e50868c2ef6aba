package net.nvgate.gateway.dpdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How to start the Environment Abstraction Layer.
 *
 * @param hugePages where packet and table memory comes from
 * @param memoryMib memory that DPDK takes at start, MiB
 * @param filePrefix tells DPDK processes of one machine apart (name of their runtime directory)
 * @param devices hardware devices (PCI, VMBus addresses) to take; without any, buses are not scanned at all
 * @param arguments more EAL arguments, as in DPDK's manuals
 */
public record EalOptions(
        HugePages hugePages, int memoryMib, String filePrefix, List<String> devices, List<String> arguments) {

    public enum HugePages {
        /** Hugetlb pages if enough are free, else ordinary memory with a warning. */
        AUTO,
        ON,
        OFF
    }

    /** These print and exit the process, or contradict what we set. */
    private static final Set<String> REFUSED = Set.of(
            "-h",
            "--help",
            "-v",
            "--version",
            "-l",
            "-c",
            "-n",
            "-s",
            "-S",
            "--lcores",
            "--main-lcore",
            "--proc-type",
            "--telemetry",
            "--no-huge",
            "--in-memory",
            "--file-prefix",
            "-m",
            "--socket-mem",
            "--syslog");

    public EalOptions {
        devices = List.copyOf(devices);
        arguments = List.copyOf(arguments);
        if (memoryMib < 64 || memoryMib > 1 << 20) {
            throw new IllegalArgumentException("EAL memory must be 64 MiB to 1 TiB, not " + memoryMib + " MiB");
        }
        if (!filePrefix.matches("[A-Za-z0-9_-]{1,32}")) {
            throw new IllegalArgumentException(
                    "EAL file prefix must be 1 to 32 letters, digits, _ or -, not '" + filePrefix + "'");
        }
        for (String argument : arguments) {
            String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
            if (REFUSED.contains(name)) {
                throw new IllegalArgumentException(
                        "EAL argument " + name + " is not allowed: the gateway sets it itself");
            }
        }
    }

    /** For tests and tools: ordinary memory, no hardware. */
    public static EalOptions small(String filePrefix, int memoryMib) {
        return new EalOptions(HugePages.OFF, memoryMib, filePrefix, List.of(), List.of());
    }

    /**
     * The argument vector of rte_eal_init.
     *
     * @param huge what {@link #hugePages} has come to
     * @param cpus CPUs this process may run on. One lcore floats over all of them: EAL then starts no threads of its own
     *     and does not pin its helper threads; workers pin themselves.
     */
    List<String> toArguments(boolean huge, List<Integer> cpus) {
        List<String> result = new ArrayList<>();
        result.add("nvgate");
        result.add("--lcores=0@("
                + String.join(",", cpus.stream().map(String::valueOf).toList()) + ")");
        result.add("--no-telemetry");
        result.add("--file-prefix=" + filePrefix);
        result.add("-m");
        result.add(Integer.toString(memoryMib));
        // --in-memory leaves no files behind and needs no hugetlbfs mount; EAL refuses it together with --no-huge.
        result.add(huge ? "--in-memory" : "--no-huge");
        if (!huge) {
            result.add("--no-shconf");
        }
        if (devices.isEmpty()) {
            result.add("--no-pci");
        }
        for (String device : devices) {
            result.add("-a");
            result.add(device);
        }
        result.addAll(arguments);
        return result;
    }
}
