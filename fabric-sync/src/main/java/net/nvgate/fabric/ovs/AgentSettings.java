package net.nvgate.fabric.ovs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import net.nvgate.fabric.model.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the agent runs by: {@link AgentConfig} with every default filled in.
 *
 * @param node name of the host object in the fabric
 * @param networkNamespace named network namespace in which Open vSwitch runs, empty = the agent's own
 * @param commandTimeout of every program the agent runs
 * @param driftInterval between two looks at every single flow entry
 */
record AgentSettings(
        String node,
        ManagerEndpoint manager,
        NodeIdentityConfig identity,
        Path stateDirectory,
        HostPort http,
        Switch vswitch,
        String networkNamespace,
        Duration commandTimeout,
        Duration driftInterval) {

    /** Where the agent listens; port 0 = any free one. */
    record HostPort(String address, int port) {}

    /**
     * @param database unix socket of ovsdb-server
     * @param rundir where the bridges' management sockets are
     * @param unixctl target of ovs-appctl: a name with a pid file in rundir, or the path of a socket
     * @param tenantBridge bridge with the VMs' interfaces; the agent owns its flows
     * @param providerBridge bridge that holds the PAs and the uplink
     * @param providerInterface the uplink, empty = already in the bridge
     * @param providerMac MAC of the PAs, null = as it is
     * @param tunnelPort name of the NVGRE port on the tenant bridge
     * @param tunnelTtl outer TTL
     * @param tunnelTos outer DSCP: {@code inherit} or a number; ECN is always copied in (RFC 6040)
     * @param matchAttachedMac an interface whose iface-id is nobody's may be known by its attached-mac
     * @param datapath datapath_type of the bridges: {@code netdev}, OVS's userspace datapath
     */
    record Switch(
            Path database,
            Path rundir,
            String unixctl,
            String tenantBridge,
            String providerBridge,
            String providerInterface,
            @Nullable MacAddress providerMac,
            String tunnelPort,
            int tunnelTtl,
            String tunnelTos,
            boolean matchAttachedMac,
            String datapath) {}

    /** Environment by which the ovs-* programs find their daemons. */
    Map<String, String> environment() {
        return Map.of("OVS_RUNDIR", vswitch.rundir().toString());
    }
}
