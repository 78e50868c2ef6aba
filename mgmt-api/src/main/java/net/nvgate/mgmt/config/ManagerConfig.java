package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.ConfigFile;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.hyperv.HyperVServerConfig;
import net.nvgate.fabric.store.SqliteStore;
import org.jspecify.annotations.Nullable;

/**
 * What {@code manager.yaml} says, with defaults filled in. Keys are in kebab case.
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
            @Key("where API, web UI, metrics and health listen") @Nullable HttpConfig http,
            @Key("where gateways and host agents connect") @Nullable Sync sync,
            @Key("who the manager is, and how nodes get their certificates: [identity](/fabric-"
                            + "sync/docs/identity.md)")
                    @Nullable
                    IdentityConfig identity,
            @Key("holds the embedded store and temporary files; each manager has its own; made if absent") @Nullable
                    Path stateDirectory,
            @Key("where the fabric is kept") @Nullable Store store,
            @Key("the web UI") @Nullable Ui ui,
            @Key(
                            value =
                                    "where agents of [Hyper-V hosts](/fabric-sync/docs/hyper-v-host.md) ask for their policy",
                            or = "none: they are not served")
                    @Nullable
                    HyperV hyperV,
            @Key("[who may use API and web UI](/mgmt-api/docs/access.md)") @Nullable AuthConfig auth,
            @Key("what is done before anybody is served, for a machine that sets itself up with nobody there") @Nullable
                    FirstStartConfig firstStart,
            @Key(
                            value = "where [traces](/mgmt-api/docs/traces.md) go, by OTLP over HTTP (protobuf)",
                            or = "none: there are none")
                    @Nullable
                    TelemetryConfig telemetry) {
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
                @Key("where the sync stream listens") @Nullable String address,
                @Key("0 = any free one") @Nullable Integer port,
                @Key("TLS 1.3 and certificates on both sides, or plain TCP: nobody is asked who he is; on loopback "
                                + "addresses only")
                        @Nullable
                        Security security,
                @Key("lets `security: none` listen on an address that others can reach") @Nullable Boolean allowPlain,
                @Key("a change that a gateway or host has not applied for so long is told of in the log and in "
                                + "`warnings` of `GET fabric`")
                        @Nullable
                        Integer alertAfterSeconds) {
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
        public static HyperV of(
                @Key("where agents of Hyper-V hosts are served by HTTPS") @Nullable String address,
                @Key("0 = any free one") @Nullable Integer port) {
            return new HyperV(
                    Defaults.or(address, HyperVServerConfig.DEFAULT_BIND_ADDRESS),
                    Defaults.or(port, HyperVServerConfig.DEFAULT_PORT));
        }
    }

    /**
     * Where the fabric is kept.
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
        public static Store of(
                @Key("`sqlite`: embedded store, one manager; `etcd`: in a cluster, any number of managers") @Nullable
                        Type type,
                @Key("revisions that the log of changes keeps") @Nullable Long historyRevisions,
                @Key(value = "the cluster, if the type is `etcd`, or if the store may be moved there", or = "none")
                        @Nullable
                        EtcdConfig etcd) {
            return new Store(
                    Defaults.or(type, Type.SQLITE),
                    Defaults.or(historyRevisions, SqliteStore.HISTORY_REVISIONS_DEFAULT),
                    Optional.ofNullable(etcd));
        }
    }

    /** @param enabled serve the web UI at / */
    public record Ui(boolean enabled) {

        @JsonCreator
        public static Ui of(@Key("serve the web UI at `/`") @Nullable Boolean enabled) {
            return new Ui(!Boolean.FALSE.equals(enabled));
        }
    }
}
