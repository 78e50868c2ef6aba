package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import net.nvgate.fabric.config.Defaults;
import org.jspecify.annotations.Nullable;

/**
 * What the worker does about sizes; docs/mtu.md explains it.
 *
 * @param mssClamp the MSS of TCP SYN packets is lowered to what fits the path
 * @param fragmentsHeldMax fragments that wait for the first one of their datagram
 * @param outerReassembly NVGRE packets that come in fragments are put together
 * @param outerFragmentsHeldMax fragments of NVGRE that wait for the others
 * @param pathMtuDiscovery ICMP fragmentation needed about NVGRE packets of ours is believed, if it is plausible
 */
public record MtuSettings(
        boolean mssClamp,
        int fragmentsHeldMax,
        boolean outerReassembly,
        int outerFragmentsHeldMax,
        boolean pathMtuDiscovery) {

    @JsonCreator
    public static MtuSettings of(
            @Nullable Boolean mssClamp,
            @Nullable Integer fragmentsHeldMax,
            @Nullable Boolean outerReassembly,
            @Nullable Integer outerFragmentsHeldMax,
            @Nullable Boolean pathMtuDiscovery) {
        return new MtuSettings(
                Defaults.or(mssClamp, true),
                Defaults.range("worker.mtu.fragments-held-max", Defaults.or(fragmentsHeldMax, 1024), 8, 1 << 16),
                Defaults.or(outerReassembly, true),
                Defaults.range(
                        "worker.mtu.outer-fragments-held-max", Defaults.or(outerFragmentsHeldMax, 512), 16, 1 << 16),
                Defaults.or(pathMtuDiscovery, true));
    }
}
