package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import net.nvgate.fabric.config.Defaults;
import org.jspecify.annotations.Nullable;

/**
 * What the worker does about sizes; docs/mtu.md explains it.
 *
 * @param mssClamp the MSS of TCP SYN packets is lowered to what fits the path
 * @param fragmentsHeldMax fragments that wait for the first one of their datagram
 */
public record MtuSettings(boolean mssClamp, int fragmentsHeldMax) {

    @JsonCreator
    public static MtuSettings of(@Nullable Boolean mssClamp, @Nullable Integer fragmentsHeldMax) {
        return new MtuSettings(
                Defaults.or(mssClamp, true),
                Defaults.range("worker.mtu.fragments-held-max", Defaults.or(fragmentsHeldMax, 1024), 8, 1 << 16));
    }
}
