package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code gateway.yaml} says, with defaults filled in. Keys are in kebab case; gateway/README.md lists them.
 *
 * @param node name of the gateway object in the fabric
 * @param stateDirectory holds the policy cache; made if it does not exist
 */
public record GatewayConfig(
        String node,
        Manager manager,
        Path stateDirectory,
        Http http,
        EalConfig eal,
        Ports ports,
        WorkerSettings worker) {

    public static final Path STATE_DIRECTORY_DEFAULT = Path.of("/var/lib/nvgate/gateway");

    @JsonCreator
    public static GatewayConfig of(
            @Nullable String node,
            @Nullable Manager manager,
            @Nullable Path stateDirectory,
            @Nullable Http http,
            @Nullable EalConfig eal,
            @Nullable Ports ports,
            @Nullable WorkerSettings worker) {
        return new GatewayConfig(
                Defaults.node("node", Defaults.required("node", node)),
                Defaults.or(manager, Manager.of(null, null)),
                Defaults.or(stateDirectory, STATE_DIRECTORY_DEFAULT),
                Defaults.or(http, Http.of(null, null)),
                Defaults.or(eal, EalConfig.of(null, null, null, null, null)),
                Defaults.required("ports", ports),
                Defaults.or(worker, WorkerSettings.of(null, null, null, null, null, null, null, null, null, null)));
    }

    /** Where the manager's sync stream listens. */
    public record Manager(String host, int port) {

        @JsonCreator
        public static Manager of(@Nullable String host, @Nullable Integer port) {
            return new Manager(
                    Defaults.text("manager.host", Defaults.or(host, "127.0.0.1")),
                    Defaults.range("manager.port", Defaults.or(port, 7250), 1, 65535));
        }
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
