package net.nvgate.fabric.ovs;

import java.nio.file.Path;
import java.time.Duration;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.ConfigFile;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.ModelException;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the host agent, read from YAML with kebab-case keys; every key is described in
 * {@code fabric-sync/docs/host-agent.md}.
 */
record AgentConfig(
        @Key("name of the host object in the fabric") @Nullable
        String node,

        @Key("where the sync streams of the managers are") @Nullable
        ManagerEndpoint manager,

        @Key("who the host is, and how it knows the manager") @Nullable
        NodeIdentityConfig identity,

        @Key(value = "policy cache and identity; made if absent", or = "`/var/lib/nvgate-host`") @Nullable
        String stateDirectory,

        @Key("where metrics and health are served") @Nullable
        Endpoint http,

        @Key("Open vSwitch, and what of it the agent uses") @Nullable
        Ovs ovs,

        @Key(value = "named network namespace in which Open vSwitch runs", or = "the agent's own") @Nullable
        String networkNamespace,

        @Key(value = "how long any program that the agent runs may take", or = "`20000`") @Nullable
        Integer commandTimeoutMs,

        @Key(value = "how often every single flow entry is compared", or = "`30`") @Nullable
        Integer driftIntervalSeconds) {

    /** Where metrics and health are served; what is absent takes the default of its place. */
    record Endpoint(
            @Key("where the agent listens") @Nullable String address,
            @Key("0 = any free one (logged)") @Nullable Integer port) {}

    /** Where Open vSwitch is and what of it the agent uses. */
    record Ovs(
            @Key(value = "unix socket of ovsdb-server", or = "`/var/run/openvswitch/db.sock`") @Nullable
            String database,

            @Key(
                    value = "directory of the bridges' management sockets; `database` is below it, if it is not said",
                    or = "`/var/run/openvswitch`")
            @Nullable
            String rundir,

            @Key(
                    value = "ovs-appctl's target: a daemon with a pid file in `rundir`, or a socket's path",
                    or = "`ovs-vswitchd`")
            @Nullable
            String unixctl,

            @Key(value = "made if missing; **all its flows belong to the agent**", or = "`br-vs`") @Nullable
            String tenantBridge,

            @Key(value = "made if missing; may carry other addresses and flows, which are left alone", or = "`br-prv`")
            @Nullable
            String providerBridge,

            @Key(value = "uplink to put into the provider bridge", or = "none: it is there already") @Nullable
            String providerInterface,

            @Key(
                    value =
                            "MAC of the provider bridge: where the PA's packets come from, see [host agent](/fabric-sync/docs/host-agent.md)",
                    or = "as it is")
            @Nullable
            String providerMac,

            @Key(value = "name of the NVGRE port, made if missing", or = "`nvgre0`") @Nullable
            String tunnelPort,

            @Key(value = "outer TTL", or = "`64`") @Nullable Integer tunnelTtl,

            @Key(value = "outer DSCP: `inherit`, or a number 0..255; ECN is always copied (RFC 6040)", or = "`inherit`")
            @Nullable
            String tunnelTos,

            @Key(
                    value = "[an interface whose iface-id is nobody's may be known by its attached-mac](/fabric-"
                            + "sync/docs/host-agent.md#vms-come-and-go)",
                    or = "`false`")
            @Nullable
            Boolean matchAttachedMac) {}

    private static final Ovs ALL_DEFAULT = new Ovs(null, null, null, null, null, null, null, null, null, null, null);

    /** @throws ConfigException for a file that cannot be read or says something that does not hold */
    static AgentSettings read(Path file) {
        return ConfigFile.read(file, AgentConfig.class, AgentConfig::settings);
    }

    AgentSettings settings() {
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
                given.providerMac() == null ? null : mac("ovs.provider-mac", given.providerMac()),
                interfaceName("ovs.tunnel-port", or(given.tunnelPort(), "nvgre0")),
                Defaults.range("ovs.tunnel-ttl", Defaults.or(given.tunnelTtl(), 64), 1, 255),
                tos(or(given.tunnelTos(), "inherit")),
                Defaults.or(given.matchAttachedMac(), false),
                "netdev");
        return new AgentSettings(
                Defaults.node("node", "host", Defaults.required("node", node)),
                Defaults.or(manager, ManagerEndpoint.DEFAULT),
                Defaults.or(identity, NodeIdentityConfig.DEFAULT),
                Path.of(or(stateDirectory, "/var/lib/nvgate-host")),
                listener(http),
                vswitch,
                networkNamespace == null ? "" : networkNamespace,
                Duration.ofMillis(
                        Defaults.range("command-timeout-ms", Defaults.or(commandTimeoutMs, 20_000), 100, 600_000)),
                Duration.ofSeconds(
                        Defaults.range("drift-interval-seconds", Defaults.or(driftIntervalSeconds, 30), 1, 86_400)));
    }

    private static AgentSettings.HostPort listener(@Nullable Endpoint given) {
        Endpoint at = Defaults.or(given, new Endpoint(null, null));
        return new AgentSettings.HostPort(
                Defaults.text("http.address", Defaults.or(at.address(), "127.0.0.1")),
                Defaults.range("http.port", Defaults.or(at.port(), 9466), 0, 65_535));
    }

    private static String or(@Nullable String given, String otherwise) {
        return given == null || given.isBlank() ? otherwise : given;
    }

    private static MacAddress mac(String key, String value) {
        try {
            return MacAddress.parse(value);
        } catch (ModelException e) {
            throw new ConfigException(key, key + ": " + e.getMessage());
        }
    }

    /** Linux: at most 15 bytes, no slash or white space. */
    private static String interfaceName(String key, String value) {
        if (!value.matches("[A-Za-z0-9_.-]{1,15}")) {
            throw new ConfigException(key, key + " must be an interface name of 1-15 characters, not '" + value + "'");
        }
        return value;
    }

    private static String tos(String value) {
        if (!value.equals("inherit") && !value.matches("0x[0-9a-fA-F]{1,2}|[0-9]{1,3}")) {
            throw new ConfigException(
                    "ovs.tunnel-tos", "ovs.tunnel-tos must be 'inherit' or a number 0-255, not '" + value + "'");
        }
        return value;
    }
}
