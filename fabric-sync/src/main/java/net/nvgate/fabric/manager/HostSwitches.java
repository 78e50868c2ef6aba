package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostSwitch;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalSwitch;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.UplinkPortProfile;

/** Logical switches on hosts. */
final class HostSwitches {

    /** Of a logical switch or an uplink port profile: how hosts use it. */
    private static final String GUARD = "host-switches";

    private HostSwitches() {}

    static void check(Draft draft, Host host) {
        for (HostSwitch one : host.switches()) {
            LogicalSwitch logicalSwitch =
                    draft.named(LogicalSwitch.class, one.logicalSwitchId(), Kind.HOST, "switches.logicalSwitchId");
            UUID uplinkId = one.uplinkPortProfileId();
            UplinkPortProfile uplink =
                    draft.named(UplinkPortProfile.class, uplinkId, Kind.HOST, "switches.uplinkPortProfileId");
            draft.guard(GUARD, logicalSwitch.id());
            draft.guard(GUARD, uplink.id());
            if (!logicalSwitch.uplinkPortProfileIds().contains(uplinkId)) {
                throw Draft.refusal(
                        INVALID,
                        Kind.HOST,
                        "switches.uplinkPortProfileId",
                        uplinkId,
                        "must be of logical-switch '" + logicalSwitch.name() + "'");
            }
            checkSites(draft, host, uplink);
        }
    }

    private static void checkSites(Draft draft, Host host, UplinkPortProfile uplink) {
        for (UUID id : uplink.networkSiteIds()) {
            NetworkSite site = draft.get(NetworkSite.class, id);
            if (!HostGroups.covers(draft, site.hostGroupIds(), host.hostGroupId())) {
                throw Draft.refusal(
                        INVALID,
                        Kind.HOST,
                        "switches.uplinkPortProfileId",
                        uplink.id(),
                        "must have sites for the host-group of host '" + host.name() + "' only: network-site '"
                                + site.name() + "' does not serve it");
            }
        }
    }

    /** A changed switch still has what hosts connect it by. */
    static void checkUsers(Draft draft, LogicalSwitch changed) {
        draft.guard(GUARD, changed.id());
        draft.users(Host.class, changed.id()).forEach(host -> {
            boolean connected = host.switches().stream()
                    .filter(one -> one.logicalSwitchId().equals(changed.id()))
                    .allMatch(one -> changed.uplinkPortProfileIds().contains(one.uplinkPortProfileId()));
            if (!connected) {
                throw Draft.refusal(
                        INVALID,
                        Kind.LOGICAL_SWITCH,
                        "uplinkPortProfileIds",
                        changed.uplinkPortProfileIds(),
                        "must have the uplink-port-profile that host '" + host.name() + "' connects it by");
            }
        });
    }

    /** Hosts that use a changed profile are served by all of its sites. */
    static void checkUsers(Draft draft, UplinkPortProfile changed) {
        draft.guard(GUARD, changed.id());
        draft.users(Host.class, changed.id()).forEach(host -> checkSites(draft, host, changed));
    }

    /** The switches whose port classifications hold on a host: its own, or, if nobody says which it has, all. */
    static Stream<LogicalSwitch> on(Draft draft, Host host) {
        return host.switches().isEmpty()
                ? draft.index().all(Kind.LOGICAL_SWITCH).stream().map(LogicalSwitch.class::cast)
                : host.switches().stream().map(one -> draft.get(LogicalSwitch.class, one.logicalSwitchId()));
    }
}
