package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.ConfigFile;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import org.jspecify.annotations.Nullable;

/**
 * What {@code gateway.yaml} says, with defaults filled in. Keys are in kebab case; gateway/README.md lists them.
 */
public record GatewayConfig(
        String node,
        ManagerEndpoint manager,
        NodeIdentityConfig identity,
        Path stateDirectory,
        Http http,
        EalConfig eal,
        Ports ports,
        Optional<Integer> workers,
        WorkerSettings worker,
        Ipv6Settings ipv6,
        ExportSettings export,
        RestartSettings restart) {

    public static final int WORKERS_MAX = 32;
    public static final Path STATE_DIRECTORY_DEFAULT = Path.of("/var/lib/nvgate/gateway");

    /** @throws ConfigException if the file cannot be read or says something that does not hold */
    public static GatewayConfig read(Path file) {
        return ConfigFile.read(file, GatewayConfig.class);
    }

    @JsonCreator
    public static GatewayConfig of(
            @Key("name of the gateway object in the fabric") @Nullable String node,
            @Key("where the sync streams of the managers are") @Nullable ManagerEndpoint manager,
            @Key("who the gateway is, and how it knows the manager") @Nullable NodeIdentityConfig identity,
            @Key("policy cache, kept sessions, identity; made if absent") @Nullable Path stateDirectory,
            @Key("where metrics and health are served") @Nullable Http http,
            @Key("DPDK itself") @Nullable EalConfig eal,
            @Key("the gateway's two ports") @Nullable Ports ports,
            @Key(
                            value =
                                    "threads that forward packets; each tenant is one's: [several workers](/gateway/docs/workers.md)",
                            or = "half of the CPUs, 1..4")
                    @Nullable
                    Integer workers,
            @Key("what forwards packets, and how much it holds; memory is taken at start") @Nullable
                    WorkerSettings worker,
            @Key("what the gateway does by itself in [IPv6](/gateway/docs/ipv6.md)") @Nullable Ipv6Settings ipv6,
            @Key("who is told of sessions, port blocks, flows and events: [export](/gateway/docs/export.md)") @Nullable
                    ExportSettings export,
            @Key("what the next process goes on with: [restart](/gateway/docs/restart.md)") @Nullable
                    RestartSettings restart) {
        return new GatewayConfig(
                Defaults.node("node", "gateway", Defaults.required("node", node)),
                Defaults.or(manager, ManagerEndpoint.DEFAULT),
                Defaults.or(identity, NodeIdentityConfig.DEFAULT),
                Defaults.or(stateDirectory, STATE_DIRECTORY_DEFAULT),
                Defaults.or(http, Http.of(null, null)),
                Defaults.or(eal, EalConfig.of(null, null, null, null, null)),
                Defaults.required("ports", ports),
                Optional.ofNullable(workers).map(given -> Defaults.range("workers", given, 1, WORKERS_MAX)),
                Defaults.or(
                        worker,
                        WorkerSettings.of(null, null, null, null, null, null, null, null, null, null, null, null)),
                Defaults.or(ipv6, Ipv6Settings.of(null)),
                Defaults.or(export, ExportSettings.NONE),
                Defaults.or(restart, RestartSettings.of(null)));
    }

    /**
     * Where metrics and health are served.
     */
    public record Http(String address, int port) {

        @JsonCreator
        public static Http of(
                @Key("where the gateway listens") @Nullable String address,
                @Key("0 = any free one") @Nullable Integer port) {
            return new Http(
                    Defaults.text("http.address", Defaults.or(address, "127.0.0.1")),
                    Defaults.range("http.port", Defaults.or(port, 9465), 0, 65535));
        }
    }
}
