package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.manager.PortSpec.LogicalSwitchSpec;
import net.nvgate.fabric.manager.PortSpec.PortClassificationSpec;
import net.nvgate.fabric.manager.PortSpec.PortProfileSpec;
import net.nvgate.fabric.manager.PortSpec.UplinkPortProfileSpec;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.LogicalSwitch;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.PortClassification;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.UplinkPortProfile;

/** Rules of logical switches and of what their ports are like. */
final class PortPlans {

    private PortPlans() {}

    static PortProfile portProfile(Draft draft, PortProfileSpec spec) {
        return draft.put(new PortProfile(
                draft.meta(spec),
                spec.offload().orElse(null),
                spec.security().orElse(null),
                spec.bandwidth().orElse(null)));
    }

    static PortClassification portClassification(Draft draft, PortClassificationSpec spec) {
        return draft.put(new PortClassification(draft.meta(spec)));
    }

    static UplinkPortProfile uplinkPortProfile(Draft draft, UplinkPortProfileSpec spec) {
        UplinkPortProfile profile = new UplinkPortProfile(
                draft.meta(spec),
                spec.loadBalancing().orElse(null),
                spec.teaming().orElse(null),
                spec.networkSiteIds(),
                spec.networkVirtualization().orElse(false));
        check(draft, profile);
        return draft.put(profile);
    }

    /** A profile for NVGRE leads to a network that carries it. */
    static void check(Draft draft, UplinkPortProfile profile) {
        Kind kind = Kind.UPLINK_PORT_PROFILE;
        List<NetworkSite> sites = profile.networkSiteIds().stream()
                .map(id -> draft.named(NetworkSite.class, id, kind, "networkSiteIds"))
                .toList();
        boolean virtualization = sites.stream()
                .anyMatch(site ->
                        draft.get(LogicalNetwork.class, site.logicalNetworkId()).networkVirtualization());
        if (profile.networkVirtualization() && !virtualization) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "networkVirtualization",
                    true,
                    "needs a network-site of a logical-network with networkVirtualization");
        }
        checkScopes(draft, profile);
    }

    /** There are hosts that all sites serve. */
    static void checkScopes(Draft draft, UplinkPortProfile profile) {
        HostGroups.look(draft);
        profile.networkSiteIds().forEach(id -> draft.share(SitePlans.SITE, id));
        List<NetworkSite> sites = profile.networkSiteIds().stream()
                .map(id -> draft.get(NetworkSite.class, id))
                .toList();
        for (NetworkSite site : sites) {
            for (NetworkSite other : sites) {
                if (!HostGroups.meet(draft, site.hostGroupIds(), other.hostGroupIds())) {
                    throw Draft.refusal(
                            INVALID,
                            Kind.UPLINK_PORT_PROFILE,
                            "networkSiteIds",
                            site.id(),
                            "must share a host-group with network-site '" + other.name() + "'");
                }
            }
        }
    }

    static LogicalSwitch logicalSwitch(Draft draft, LogicalSwitchSpec spec) {
        LogicalSwitch made = new LogicalSwitch(
                draft.meta(spec),
                spec.extensions(),
                spec.uplinkPortProfileIds(),
                spec.virtualPorts(),
                spec.sriov().orElse(false));
        check(draft, made);
        return draft.put(made);
    }

    static void check(Draft draft, LogicalSwitch made) {
        Kind kind = Kind.LOGICAL_SWITCH;
        for (UUID id : made.uplinkPortProfileIds()) {
            draft.named(UplinkPortProfile.class, id, kind, "uplinkPortProfileIds");
        }
        for (LogicalSwitch.VirtualPort port : made.virtualPorts()) {
            draft.named(
                    PortClassification.class, port.portClassificationId(), kind, "virtualPorts.portClassificationId");
            draft.named(PortProfile.class, port.portProfileId(), kind, "virtualPorts.portProfileId");
        }
    }
}
