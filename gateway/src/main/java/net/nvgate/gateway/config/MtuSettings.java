package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import net.nvgate.fabric.config.Defaults;
import org.jspecify.annotations.Nullable;

/**
 * What the worker does about sizes; docs/mtu.md explains it.
 *
 * @param mssClamp the MSS of TCP SYN packets is lowered to what fits the path
 */
public record MtuSettings(boolean mssClamp) {

    @JsonCreator
    public static MtuSettings of(@Nullable Boolean mssClamp) {
        return new MtuSettings(Defaults.or(mssClamp, true));
    }
}
