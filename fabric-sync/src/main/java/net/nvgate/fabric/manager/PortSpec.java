package net.nvgate.fabric.manager;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalSwitch;
import net.nvgate.fabric.model.PortClassification;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.UplinkPortProfile;

/** Requests for logical switches and for what their ports are like. */
public sealed interface PortSpec<T extends FabricObject> extends FabricSpec<T> {

    /** No offload, nothing forbidden to guests beyond the defaults, and no limits of bandwidth by default. */
    record PortProfileSpec(
            @JsonUnwrapped SpecMeta meta,
            Optional<PortProfile.Offload> offload,
            Optional<PortProfile.Security> security,
            Optional<PortProfile.Bandwidth> bandwidth)
            implements PortSpec<PortProfile> {

        public PortProfileSpec {
            meta = SpecMeta.checked(Kind.PORT_PROFILE, meta);
        }

        @Override
        public Kind kind() {
            return Kind.PORT_PROFILE;
        }
    }

    record PortClassificationSpec(@JsonUnwrapped SpecMeta meta) implements PortSpec<PortClassification> {

        public PortClassificationSpec {
            meta = SpecMeta.checked(Kind.PORT_CLASSIFICATION, meta);
        }

        @Override
        public Kind kind() {
            return Kind.PORT_CLASSIFICATION;
        }
    }

    /** The host's default load balancing, switch independent, no sites, no HNV by default. */
    record UplinkPortProfileSpec(
            @JsonUnwrapped SpecMeta meta,
            Optional<UplinkPortProfile.LoadBalancing> loadBalancing,
            Optional<UplinkPortProfile.Teaming> teaming,
            List<UUID> networkSiteIds,
            Optional<Boolean> networkVirtualization)
            implements PortSpec<UplinkPortProfile> {

        public UplinkPortProfileSpec {
            meta = SpecMeta.checked(Kind.UPLINK_PORT_PROFILE, meta);
            networkSiteIds = Rules.list(Kind.UPLINK_PORT_PROFILE.label(), "networkSiteIds", networkSiteIds);
        }

        @Override
        public Kind kind() {
            return Kind.UPLINK_PORT_PROFILE;
        }
    }

    /** No extensions, no SR-IOV by default. */
    record LogicalSwitchSpec(
            @JsonUnwrapped SpecMeta meta,
            List<String> extensions,
            List<UUID> uplinkPortProfileIds,
            List<LogicalSwitch.VirtualPort> virtualPorts,
            Optional<Boolean> sriov)
            implements PortSpec<LogicalSwitch> {

        public LogicalSwitchSpec {
            String kind = Kind.LOGICAL_SWITCH.label();
            meta = SpecMeta.checked(Kind.LOGICAL_SWITCH, meta);
            extensions = Rules.list(kind, "extensions", extensions);
            uplinkPortProfileIds = Rules.list(kind, "uplinkPortProfileIds", uplinkPortProfileIds);
            virtualPorts = Rules.list(kind, "virtualPorts", virtualPorts);
        }

        @Override
        public Kind kind() {
            return Kind.LOGICAL_SWITCH;
        }
    }
}
