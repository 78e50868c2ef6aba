package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * What the worker does about sizes; docs/mtu.md explains it.
 */
public record MtuSettings(
        boolean mssClamp,
        int fragmentsHeldMax,
        boolean outerReassembly,
        int outerFragmentsHeldMax,
        boolean pathMtuDiscovery) {

    @JsonCreator
    public static MtuSettings of(
            @Key("the MSS of TCP SYN packets is lowered to what fits the path both ways") @Nullable Boolean mssClamp,
            @Key("fragments that wait for the first one of their datagram; each takes a packet buffer") @Nullable
                    Integer fragmentsHeldMax,
            @Key("NVGRE packets that come in fragments are put together") @Nullable Boolean outerReassembly,
            @Key("fragments of NVGRE that wait for the others; each takes a packet buffer") @Nullable
                    Integer outerFragmentsHeldMax,
            @Key("ICMP fragmentation needed about NVGRE packets of ours is believed, if it is plausible") @Nullable
                    Boolean pathMtuDiscovery) {
        return new MtuSettings(
                Defaults.or(mssClamp, true),
                Defaults.range("worker.mtu.fragments-held-max", Defaults.or(fragmentsHeldMax, 1024), 8, 1 << 16),
                Defaults.or(outerReassembly, true),
                Defaults.range(
                        "worker.mtu.outer-fragments-held-max", Defaults.or(outerFragmentsHeldMax, 512), 16, 1 << 16),
                Defaults.or(pathMtuDiscovery, true));
    }
}
