package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How physical adapters connect a logical switch to network sites (VMM New-SCNativeUplinkPortProfile).
 *
 * @param networkSiteIds at most one of each logical network is advised
 * @param networkVirtualization adapters carry NVGRE; one site at least is of an HNV logical network then
 */
public record UplinkPortProfile(
        @JsonUnwrapped Meta meta,
        LoadBalancing loadBalancing,
        Teaming teaming,
        List<UUID> networkSiteIds,
        boolean networkVirtualization)
        implements FabricObject {

    /** Which adapter of the team a packet takes. */
    public enum LoadBalancing {
        HOST_DEFAULT,
        HYPER_V_PORT,
        TRANSPORT_PORTS,
        IP_ADDRESSES,
        MAC_ADDRESSES,
        /** Windows Server 2012 R2 and later. */
        DYNAMIC
    }

    /** What the physical switch knows of the team. */
    public enum Teaming {
        SWITCH_INDEPENDENT,
        LACP,
        STATIC
    }

    public UplinkPortProfile(
            Meta meta,
            @Nullable LoadBalancing loadBalancing,
            @Nullable Teaming teaming,
            @Nullable List<UUID> networkSiteIds,
            boolean networkVirtualization) {
        this.meta = Rules.meta(Kind.UPLINK_PORT_PROFILE, meta);
        this.loadBalancing = Rules.given(loadBalancing, LoadBalancing.HOST_DEFAULT);
        this.teaming = Rules.given(teaming, Teaming.SWITCH_INDEPENDENT);
        this.networkSiteIds = Rules.distinct(Kind.UPLINK_PORT_PROFILE.label(), "networkSiteIds", networkSiteIds);
        this.networkVirtualization = networkVirtualization;
    }

    @Override
    public Kind kind() {
        return Kind.UPLINK_PORT_PROFILE;
    }

    @Override
    public Set<UUID> references() {
        return Set.copyOf(networkSiteIds);
    }

    @Override
    public UplinkPortProfile withMeta(Meta meta) {
        return new UplinkPortProfile(meta, loadBalancing, teaming, networkSiteIds, networkVirtualization);
    }
}
