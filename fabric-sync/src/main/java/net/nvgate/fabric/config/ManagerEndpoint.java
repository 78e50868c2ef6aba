package net.nvgate.fabric.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * Where the manager's sync stream listens: key {@code manager} of gateways and hosts.
 *
 * @param host name or address
 */
public record ManagerEndpoint(String host, int port) {

    public static final ManagerEndpoint DEFAULT = new ManagerEndpoint("127.0.0.1", 7250);

    @JsonCreator
    public static ManagerEndpoint of(@Nullable String host, @Nullable Integer port) {
        return new ManagerEndpoint(
                Defaults.text("manager.host", host == null ? DEFAULT.host : host),
                Defaults.range("manager.port", port == null ? DEFAULT.port : port, 1, 65_535));
    }
}
