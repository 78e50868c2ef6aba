package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.ConfigFile;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import org.jspecify.annotations.Nullable;

/**
 * What {@code gateway.yaml} says, with defaults filled in. Keys are in kebab case; gateway/README.md lists them.
 *
 * @param node name of the gateway object in the fabric
 * @param stateDirectory holds the policy cache; made if it does not exist
 */
public record GatewayConfig(
        String node,
        ManagerEndpoint manager,
        NodeIdentityConfig identity,
        Path stateDirectory,
        Http http,
        EalConfig eal,
        Ports ports,
        WorkerSettings worker,
        Ipv6Settings ipv6,
        ExportSettings export) {

    public static final Path STATE_DIRECTORY_DEFAULT = Path.of("/var/lib/nvgate/gateway");

    /** @throws ConfigException if the file cannot be read or says something that does not hold */
    public static GatewayConfig read(Path file) {
        return ConfigFile.read(file, GatewayConfig.class);
    }

    @JsonCreator
    public static GatewayConfig of(
            @Nullable String node,
            @Nullable ManagerEndpoint manager,
            @Nullable NodeIdentityConfig identity,
            @Nullable Path stateDirectory,
            @Nullable Http http,
            @Nullable EalConfig eal,
            @Nullable Ports ports,
            @Nullable WorkerSettings worker,
            @Nullable Ipv6Settings ipv6,
            @Nullable ExportSettings export) {
        return new GatewayConfig(
                Defaults.node("node", "gateway", Defaults.required("node", node)),
                Defaults.or(manager, ManagerEndpoint.DEFAULT),
                Defaults.or(identity, NodeIdentityConfig.DEFAULT),
                Defaults.or(stateDirectory, STATE_DIRECTORY_DEFAULT),
                Defaults.or(http, Http.of(null, null)),
                Defaults.or(eal, EalConfig.of(null, null, null, null, null)),
                Defaults.required("ports", ports),
                Defaults.or(
                        worker,
                        WorkerSettings.of(null, null, null, null, null, null, null, null, null, null, null, null)),
                Defaults.or(ipv6, Ipv6Settings.of(null)),
                Defaults.or(export, ExportSettings.NONE));
    }

    /**
     * Where metrics and health are served.
     *
     * @param port 0 = any free one
     */
    public record Http(String address, int port) {

        @JsonCreator
        public static Http of(@Nullable String address, @Nullable Integer port) {
            return new Http(
                    Defaults.text("http.address", Defaults.or(address, "127.0.0.1")),
                    Defaults.range("http.port", Defaults.or(port, 9465), 0, 65535));
        }
    }
}
