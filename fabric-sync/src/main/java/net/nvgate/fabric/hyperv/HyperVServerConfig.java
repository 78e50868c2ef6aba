package net.nvgate.fabric.hyperv;

import java.time.Duration;
import net.nvgate.fabric.sync.Doorkeeper;

/**
 * Where the manager listens for Hyper-V hosts.
 *
 * @param bindAddress address or name of the interface to listen on
 * @param port TCP port, 0 = any free one
 * @param connections how many connections at once, and whose
 * @param bodyBytes largest body of a request
 * @param handshakeMax a handshake that takes longer ends the connection
 * @param strangerMax a connection that has not shown by then that it is a host's ends
 * @param waitMax how long a host may ask to wait for news
 * @param idleMax a connection without a request in the works ends after so long
 * @param goneAfter a host that has not asked for so long is not connected
 */
public record HyperVServerConfig(
        String bindAddress,
        int port,
        Doorkeeper.Limits connections,
        int bodyBytes,
        Duration handshakeMax,
        Duration strangerMax,
        Duration waitMax,
        Duration idleMax,
        Duration goneAfter) {

    public static final String DEFAULT_BIND_ADDRESS = "127.0.0.1";
    public static final int DEFAULT_PORT = 7251;

    public HyperVServerConfig {
        if (bindAddress.isBlank()) {
            throw new IllegalArgumentException("hyper-v bind-address must not be empty");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("hyper-v port must be 0..65535, not " + port);
        }
    }

    public static HyperVServerConfig of(String bindAddress, int port) {
        return new HyperVServerConfig(
                bindAddress,
                port,
                Doorkeeper.Limits.DEFAULT,
                1 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(100),
                Duration.ofSeconds(150));
    }
}
