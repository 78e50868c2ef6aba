package net.nvgate.fabric.ovs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import net.nvgate.fabric.model.MacAddress;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Configuration of the host agent, read from YAML with kebab-case keys; every key is described in
 * {@code fabric-sync/docs/host-agent.md}.
 *
 * @param node name of the host object in the fabric, required
 */
record AgentConfig(
        @Nullable String node,
        @Nullable Endpoint manager,
        @Nullable String stateDirectory,
        @Nullable Endpoint http,
        @Nullable Ovs ovs,
        @Nullable String networkNamespace,
        @Nullable Integer commandTimeoutMs) {

    /** A host and port; what is absent takes the default of its place. */
    record Endpoint(@Nullable String address, @Nullable Integer port) {}

    /** Where Open vSwitch is and what of it the agent uses. */
    record Ovs(
            @Nullable String database,
            @Nullable String rundir,
            @Nullable String unixctl,
            @Nullable String tenantBridge,
            @Nullable String providerBridge,
            @Nullable String providerInterface,
            @Nullable String providerMac,
            @Nullable String tunnelPort,
            @Nullable Integer tunnelTtl,
            @Nullable String tunnelTos) {}

    private static final Ovs ALL_DEFAULT = new Ovs(null, null, null, null, null, null, null, null, null, null);

    /** @throws IllegalArgumentException for a file that cannot be read, an unknown key or a bad value; names key and line */
    static AgentSettings read(Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot read configuration file " + file);
        }
        try {
            return mapper().readValue(file.toFile(), AgentConfig.class).settings();
        } catch (UnrecognizedPropertyException e) {
            List<String> path = e.getPath().stream()
                    .map(JacksonException.Reference::getPropertyName)
                    .toList();
            OptionalInt line = KeyLine.find(mapper(), file, path);
            throw new IllegalArgumentException(
                    file + (line.isPresent() ? " line " + line.getAsInt() : "") + ": unknown key '"
                            + String.join(".", path) + "'",
                    e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + line(e.getLocation()) + ": " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static YAMLMapper mapper() {
        return YAMLMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    private static String line(@Nullable TokenStreamLocation location) {
        return location == null ? "" : " line " + location.getLineNr();
    }

    private AgentSettings settings() {
        Ovs given = ovs == null ? ALL_DEFAULT : ovs;
        String rundir = or(given.rundir(), "/var/run/openvswitch");
        AgentSettings.Switch vswitch = new AgentSettings.Switch(
                Path.of(or(given.database(), rundir + "/db.sock")),
                Path.of(rundir),
                or(given.unixctl(), "ovs-vswitchd"),
                interfaceName("ovs.tenant-bridge", or(given.tenantBridge(), "br-vs")),
                interfaceName("ovs.provider-bridge", or(given.providerBridge(), "br-prv")),
                given.providerInterface() == null
                        ? ""
                        : interfaceName("ovs.provider-interface", given.providerInterface()),
                given.providerMac() == null ? null : MacAddress.parse(given.providerMac()),
                interfaceName("ovs.tunnel-port", or(given.tunnelPort(), "nvgre0")),
                within("ovs.tunnel-ttl", given.tunnelTtl() == null ? 64 : given.tunnelTtl(), 1, 255),
                tos(or(given.tunnelTos(), "inherit")),
                "netdev");
        return new AgentSettings(
                required("node", node),
                endpoint("manager", manager, "127.0.0.1", 7250),
                Path.of(or(stateDirectory, "/var/lib/nvgate-host")),
                endpoint("http", http, "127.0.0.1", 9466),
                vswitch,
                networkNamespace == null ? "" : networkNamespace,
                Duration.ofMillis(within(
                        "command-timeout-ms", commandTimeoutMs == null ? 20_000 : commandTimeoutMs, 100, 600_000)));
    }

    private static AgentSettings.HostPort endpoint(String key, @Nullable Endpoint given, String address, int port) {
        if (given == null) {
            return new AgentSettings.HostPort(address, port);
        }
        return new AgentSettings.HostPort(
                or(given.address(), address),
                within(key + ".port", given.port() == null ? port : given.port(), 0, 65_535));
    }

    private static String or(@Nullable String given, String otherwise) {
        return given == null || given.isBlank() ? otherwise : given;
    }

    private static String required(String key, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("key '" + key + "' is required");
        }
        return value;
    }

    private static int within(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " must be " + min + ".." + max + ", not " + value);
        }
        return value;
    }

    /** Linux: at most 15 bytes, no slash or white space. */
    private static String interfaceName(String key, String value) {
        if (!value.matches("[A-Za-z0-9_.-]{1,15}")) {
            throw new IllegalArgumentException(
                    key + " must be an interface name of 1-15 characters, not '" + value + "'");
        }
        return value;
    }

    private static String tos(String value) {
        if (!value.equals("inherit") && !value.matches("0x[0-9a-fA-F]{1,2}|[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "ovs.tunnel-tos must be 'inherit' or a number 0-255, not '" + value + "'");
        }
        return value;
    }
}
