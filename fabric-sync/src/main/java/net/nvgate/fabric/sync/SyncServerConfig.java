package net.nvgate.fabric.sync;

/**
 * Where the manager listens for followers.
 *
 * @param bindAddress address or name of the interface to listen on
 * @param port TCP port, 0 = any free one
 */
public record SyncServerConfig(String bindAddress, int port, SyncServerLimits limits) {

    public static final String DEFAULT_BIND_ADDRESS = "127.0.0.1";
    public static final int DEFAULT_PORT = 7250;

    public SyncServerConfig {
        if (bindAddress.isBlank()) {
            throw new IllegalArgumentException("sync bind-address must not be empty");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("sync port must be 0..65535, not " + port);
        }
    }

    public static SyncServerConfig defaults() {
        return of(DEFAULT_BIND_ADDRESS, DEFAULT_PORT);
    }

    public static SyncServerConfig of(String bindAddress, int port) {
        return new SyncServerConfig(bindAddress, port, SyncServerLimits.defaults());
    }
}
