package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.gateway.dpdk.EalOptions;
import org.jspecify.annotations.Nullable;

/**
 * DPDK itself.
 */
public record EalConfig(
        EalOptions.HugePages hugePages, int memoryMib, String filePrefix, int packetBuffers, List<String> arguments) {

    /** Below, two ports' rings and the worker's bursts would starve each other. */
    private static final int PACKET_BUFFERS_MIN = 4095;

    @JsonCreator
    public static EalConfig of(
            @Key("`on`: hugetlb pages or no start; `auto`: if enough are free; `off`: ordinary memory")
                    EalOptions.@Nullable HugePages hugePages,
            @Key("memory of DPDK. Packet buffers take 2.4 KiB each; with hugepages the tables are in it, too") @Nullable
                    Integer memoryMib,
            @Key("name of the runtime directory /var/run/dpdk/NAME: another one for each process of a machine")
                    @Nullable
                    String filePrefix,
            @Key("mbufs; 2^n - 1 wastes least") @Nullable Integer packetBuffers,
            @Key("more EAL arguments, e.g. `--log-level=pmd.net.virtio:debug`; those that the gateway sets itself"
                            + " are refused")
                    @Nullable
                    List<String> arguments) {
        return new EalConfig(
                Defaults.or(hugePages, EalOptions.HugePages.AUTO),
                Defaults.range("eal.memory-mib", Defaults.or(memoryMib, 768), 64, 1 << 20),
                Defaults.or(filePrefix, "nvgate"),
                Defaults.range(
                        "eal.packet-buffers", Defaults.or(packetBuffers, 32767), PACKET_BUFFERS_MIN, (1 << 24) - 1),
                Defaults.or(arguments, List.of()));
    }

    /** @param devices hardware devices of the ports */
    public EalOptions options(List<String> devices) {
        return new EalOptions(hugePages, memoryMib, filePrefix, devices, arguments);
    }
}
