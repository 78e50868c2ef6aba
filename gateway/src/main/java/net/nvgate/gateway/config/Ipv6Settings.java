package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway does by itself in IPv6; docs/ipv6.md explains it.
 */
public record Ipv6Settings(boolean acceptRouterAdvertisements) {

    @JsonCreator
    public static Ipv6Settings of(
            @Key("a router that advertises itself on the external side becomes the IPv6 default router where "
                            + "policy has none")
                    @Nullable
                    Boolean acceptRouterAdvertisements) {
        return new Ipv6Settings(Defaults.or(acceptRouterAdvertisements, false));
    }
}
