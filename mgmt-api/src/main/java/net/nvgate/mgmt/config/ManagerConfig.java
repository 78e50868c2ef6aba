package net.nvgate.mgmt.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code manager.yaml} says, with defaults filled in. Keys are in kebab case.
 *
 * @param stateDirectory holds the store; made if it does not exist
 */
public record ManagerConfig(Http http, Sync sync, Path stateDirectory, Store store, Ui ui) {

    public static final Path STATE_DIRECTORY_DEFAULT = Path.of("/var/lib/nvgate/manager");

    public ManagerConfig(
            @Nullable Http http,
            @Nullable Sync sync,
            @Nullable Path stateDirectory,
            @Nullable Store store,
            @Nullable Ui ui) {
        this.http = http == null ? new Http(null, null, null, null) : http;
        this.sync = sync == null ? new Sync(null, null) : sync;
        this.stateDirectory = stateDirectory == null ? STATE_DIRECTORY_DEFAULT : stateDirectory;
        this.store = store == null ? new Store(null, null) : store;
        this.ui = ui == null ? new Ui(null) : ui;
    }

    /**
     * Where REST and web UI listen.
     *
     * @param port 0 = any free one
     * @param allowUnauthenticated permits an address that others can reach although nobody is asked who he is
     * @param allowedHosts names besides localhost under which people reach the manager
     */
    public record Http(String address, int port, boolean allowUnauthenticated, Set<String> allowedHosts) {

        public Http(
                @Nullable String address,
                @Nullable Integer port,
                @Nullable Boolean allowUnauthenticated,
                @Nullable Set<String> allowedHosts) {
            this.address = address == null ? "127.0.0.1" : address;
            this.port = port(port, 8080, "http.port");
            this.allowUnauthenticated = Boolean.TRUE.equals(allowUnauthenticated);
            this.allowedHosts = allowedHosts == null ? Set.of() : Set.copyOf(allowedHosts);
            if (!this.allowUnauthenticated && !isLoopback(this.address, "http.address")) {
                throw new ConfigException("http.address " + this.address
                        + " can be reached by others, and there is no authentication yet: use a loopback address"
                        + " such as 127.0.0.1, or set http.allow-unauthenticated: true");
            }
        }
    }

    /** Where the sync stream listens for gateways and hosts. */
    public record Sync(String address, int port) {

        public Sync(@Nullable String address, @Nullable Integer port) {
            this.address = address == null ? "127.0.0.1" : address;
            this.port = port(port, 7250, "sync.port");
            isLoopback(this.address, "sync.address");
        }
    }

    /**
     * The embedded store.
     *
     * @param historyRevisions revisions that the log of changes keeps
     */
    public record Store(Type type, long historyRevisions) {

        public enum Type {
            SQLITE
        }

        public Store(@Nullable Type type, @Nullable Long historyRevisions) {
            this.type = type == null ? Type.SQLITE : type;
            this.historyRevisions = historyRevisions == null ? 100_000 : historyRevisions;
            if (this.historyRevisions < 1000) {
                throw new ConfigException(
                        "store.history-revisions must be at least 1000, not " + this.historyRevisions);
            }
        }
    }

    /** @param enabled serve the web UI at / */
    public record Ui(boolean enabled) {
        public Ui(@Nullable Boolean enabled) {
            this.enabled = !Boolean.FALSE.equals(enabled);
        }
    }

    private static int port(@Nullable Integer value, int whenAbsent, String key) {
        int port = value == null ? whenAbsent : value;
        if (port < 0 || port > 65535) {
            throw new ConfigException(key + " must be 0..65535, not " + port);
        }
        return port;
    }

    /** @throws ConfigException unless the text is an address or a name that resolves */
    public static boolean isLoopback(String address, String key) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigException(key + " must be an address of this machine, not '" + address + "'");
        }
    }
}
