package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.ConfigFile;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.hyperv.HyperVServerConfig;
import net.nvgate.fabric.store.SqliteStore;
import org.jspecify.annotations.Nullable;

/**
 * What {@code manager.yaml} says, with defaults filled in. Keys are in kebab case.
 *
 * @param stateDirectory holds the store; made if it does not exist
 * @param hyperV absent = Hyper-V hosts are not served
 * @param auth who may use the API and the web UI
 * @param firstStart done before anybody is served
 * @param telemetry where traces go; absent = nowhere
 */
public record ManagerConfig(
        HttpConfig http,
        Sync sync,
        IdentityConfig identity,
        Path stateDirectory,
        Store store,
        Ui ui,
        Optional<HyperV> hyperV,
        AuthConfig auth,
        FirstStartConfig firstStart,
        Optional<TelemetryConfig> telemetry) {

    public ManagerConfig {
        if (!http.loopback() && !auth.required() && !http.allowUnauthenticated()) {
            throw new ConfigException(
                    "auth.mode",
                    "auth.mode: none is for one machine, and http.address " + http.address()
                            + " can be reached by others: leave it out (every request needs a login), or, if nobody else"
                            + " can reach that network, set http.allow-unauthenticated: true");
        }
    }

    public static final Path STATE_DIRECTORY_DEFAULT = Path.of("/var/lib/nvgate/manager");

    /** @throws ConfigException if the file cannot be read or says something that does not hold */
    public static ManagerConfig read(Path file) {
        return ConfigFile.read(file, ManagerConfig.class);
    }

    /** With users as by default. */
    public static ManagerConfig of(
            @Nullable HttpConfig http,
            @Nullable Sync sync,
            @Nullable IdentityConfig identity,
            @Nullable Path stateDirectory,
            @Nullable Store store,
            @Nullable Ui ui,
            @Nullable HyperV hyperV) {
        return of(http, sync, identity, stateDirectory, store, ui, hyperV, null);
    }

    /** With nothing to do at the first start, and without traces. */
    public static ManagerConfig of(
            @Nullable HttpConfig http,
            @Nullable Sync sync,
            @Nullable IdentityConfig identity,
            @Nullable Path stateDirectory,
            @Nullable Store store,
            @Nullable Ui ui,
            @Nullable HyperV hyperV,
            @Nullable AuthConfig auth) {
        return of(http, sync, identity, stateDirectory, store, ui, hyperV, auth, null, null);
    }

    @JsonCreator
    public static ManagerConfig of(
            @Nullable HttpConfig http,
            @Nullable Sync sync,
            @Nullable IdentityConfig identity,
            @Nullable Path stateDirectory,
            @Nullable Store store,
            @Nullable Ui ui,
            @Nullable HyperV hyperV,
            @Nullable AuthConfig auth,
            @Nullable FirstStartConfig firstStart,
            @Nullable TelemetryConfig telemetry) {
        HttpConfig where = Defaults.or(http, HttpConfig.of(null, null, null, null, null, null, null, null, null));
        AuthConfig who = Defaults.or(auth, AuthConfig.of(null, null, null, null, null));
        boolean open = where.loopback() || where.allowUnauthenticated();
        return new ManagerConfig(
                where,
                Defaults.or(sync, Sync.of(null, null, null, null)),
                Defaults.or(identity, IdentityConfig.of(null, null, null, null, null, null)),
                Defaults.or(stateDirectory, STATE_DIRECTORY_DEFAULT),
                Defaults.or(store, Store.of(null, null, null)),
                Defaults.or(ui, Ui.of(null)),
                Optional.ofNullable(hyperV),
                who.orElse(open ? AuthConfig.Mode.NONE : AuthConfig.Mode.REQUIRED),
                Defaults.or(firstStart, FirstStartConfig.NONE),
                Optional.ofNullable(telemetry));
    }

    /**
     * Where the sync stream listens for gateways and hosts.
     *
     * @param port 0 = any free one
     * @param allowPlain permits {@code security: none} on an address that others can reach
     * @param alertAfterSeconds age at which a change that a gateway or host has not applied is told of
     */
    public record Sync(String address, int port, Security security, boolean allowPlain, int alertAfterSeconds) {

        public static final int ALERT_AFTER_SECONDS_DEFAULT = 30;

        public Sync {
            Defaults.range("sync.port", port, 0, 65_535);
            Defaults.range("sync.alert-after-seconds", alertAfterSeconds, 1, 86_400);
            Addresses.isLoopback("sync.address", address);
            security.requireAllowed("sync", address, allowPlain);
        }

        public static Sync of(
                @Nullable String address,
                @Nullable Integer port,
                @Nullable Security security,
                @Nullable Boolean allowPlain) {
            return of(address, port, security, allowPlain, null);
        }

        @JsonCreator
        public static Sync of(
                @Nullable String address,
                @Nullable Integer port,
                @Nullable Security security,
                @Nullable Boolean allowPlain,
                @Nullable Integer alertAfterSeconds) {
            return new Sync(
                    Defaults.or(address, "127.0.0.1"),
                    Defaults.or(port, 7250),
                    Defaults.or(security, Security.TLS),
                    Boolean.TRUE.equals(allowPlain),
                    Defaults.or(alertAfterSeconds, ALERT_AFTER_SECONDS_DEFAULT));
        }

        /** True if only processes of this machine reach it. */
        public boolean loopback() {
            return Addresses.isLoopback("sync.address", address);
        }
    }

    /** Where agents of Hyper-V hosts are served by HTTPS. Port 0 = any free one. */
    public record HyperV(String address, int port) {

        public HyperV {
            Defaults.range("hyper-v.port", port, 0, 65_535);
            Addresses.isLoopback("hyper-v.address", address);
        }

        @JsonCreator
        public static HyperV of(@Nullable String address, @Nullable Integer port) {
            return new HyperV(
                    Defaults.or(address, HyperVServerConfig.DEFAULT_BIND_ADDRESS),
                    Defaults.or(port, HyperVServerConfig.DEFAULT_PORT));
        }
    }

    /**
     * Where the fabric is kept.
     *
     * @param historyRevisions revisions that the log of changes keeps
     * @param etcd present if the type is ETCD, or if the store may be moved there
     */
    public record Store(Type type, long historyRevisions, Optional<EtcdConfig> etcd) {

        private static final long HISTORY_MIN = 1000;

        public enum Type {
            /** In the state directory; one manager. */
            SQLITE,
            /** In a cluster; any number of managers. */
            ETCD
        }

        public Store {
            if (historyRevisions < HISTORY_MIN) {
                throw new ConfigException(
                        "store.history-revisions",
                        "store.history-revisions must be at least " + HISTORY_MIN + ", not " + historyRevisions);
            }
            if (type == Type.ETCD && etcd.isEmpty()) {
                throw new ConfigException("store.etcd", "store.type: etcd needs the endpoints below store.etcd");
            }
        }

        @JsonCreator
        public static Store of(@Nullable Type type, @Nullable Long historyRevisions, @Nullable EtcdConfig etcd) {
            return new Store(
                    Defaults.or(type, Type.SQLITE),
                    Defaults.or(historyRevisions, SqliteStore.HISTORY_REVISIONS_DEFAULT),
                    Optional.ofNullable(etcd));
        }
    }

    /** @param enabled serve the web UI at / */
    public record Ui(boolean enabled) {

        @JsonCreator
        public static Ui of(@Nullable Boolean enabled) {
            return new Ui(!Boolean.FALSE.equals(enabled));
        }
    }
}
