package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.gateway.dpdk.EalOptions;
import org.jspecify.annotations.Nullable;

/**
 * DPDK itself.
 *
 * @param hugePages where packets and tables live
 * @param memoryMib memory of DPDK, MiB
 * @param filePrefix tells DPDK processes of one machine apart
 * @param packetBuffers mbufs in the pool
 * @param arguments more EAL arguments
 */
public record EalConfig(
        EalOptions.HugePages hugePages, int memoryMib, String filePrefix, int packetBuffers, List<String> arguments) {

    /** Below, two ports' rings and the worker's bursts would starve each other. */
    private static final int PACKET_BUFFERS_MIN = 4095;

    @JsonCreator
    public static EalConfig of(
            EalOptions.@Nullable HugePages hugePages,
            @Nullable Integer memoryMib,
            @Nullable String filePrefix,
            @Nullable Integer packetBuffers,
            @Nullable List<String> arguments) {
        return new EalConfig(
                Defaults.or(hugePages, EalOptions.HugePages.AUTO),
                Defaults.or(memoryMib, 768),
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
