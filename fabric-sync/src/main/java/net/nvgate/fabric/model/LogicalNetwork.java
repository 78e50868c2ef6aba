package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A network of the datacenter (VMM logical network).
 *
 * @param networkVirtualization true: a PA network that carries NVGRE; false: a physical network, e.g. the front end
 * @param mode what its sites are to each other; virtualization is for one connected network only
 * @param sameNameVmNetwork a VM network of the same name, without isolation, came with it
 * @param providerAddressing how many PAs a host has in it
 */
public record LogicalNetwork(
        @JsonUnwrapped Meta meta,
        boolean networkVirtualization,
        Mode mode,
        boolean sameNameVmNetwork,
        ProviderAddressing providerAddressing)
        implements FabricObject {

    public enum Mode {
        /** Sites route to each other. */
        ONE_CONNECTED,
        /** Each VLAN is a network by itself. */
        VLAN_INDEPENDENT,
        /** As VLAN_INDEPENDENT, with pairs of primary and secondary VLANs. */
        PVLAN
    }

    public enum ProviderAddressing {
        /** One PA for everything on the host, as later versions of Windows Server can do. */
        PER_HOST,
        /** One PA for each VSID with a port on the host, as in Windows Server 2012 R2. */
        PER_HOST_AND_VSID
    }

    /** What was left out, or an older version did not know, is one connected network with a PA per host. */
    public LogicalNetwork(
            Meta meta,
            boolean networkVirtualization,
            @Nullable Mode mode,
            boolean sameNameVmNetwork,
            @Nullable ProviderAddressing providerAddressing) {
        String kind = Kind.LOGICAL_NETWORK.label();
        this.meta = Rules.meta(Kind.LOGICAL_NETWORK, meta);
        this.networkVirtualization = networkVirtualization;
        this.mode = Rules.given(mode, Mode.ONE_CONNECTED);
        this.sameNameVmNetwork = sameNameVmNetwork;
        this.providerAddressing = Rules.given(providerAddressing, ProviderAddressing.PER_HOST);
        if (networkVirtualization && this.mode != Mode.ONE_CONNECTED) {
            throw new ModelException(kind, "mode", mode, "must be ONE_CONNECTED with networkVirtualization");
        }
        if (sameNameVmNetwork && this.mode != Mode.ONE_CONNECTED) {
            throw new ModelException(kind, "sameNameVmNetwork", true, "must be false unless mode is ONE_CONNECTED");
        }
        if (!networkVirtualization && this.providerAddressing != ProviderAddressing.PER_HOST) {
            throw new ModelException(
                    kind, "providerAddressing", providerAddressing, "must be PER_HOST without networkVirtualization");
        }
    }

    /** One connected network with a PA per host. */
    public LogicalNetwork(Meta meta, boolean networkVirtualization) {
        this(meta, networkVirtualization, Mode.ONE_CONNECTED, false, ProviderAddressing.PER_HOST);
    }

    @Override
    public Kind kind() {
        return Kind.LOGICAL_NETWORK;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public LogicalNetwork withMeta(Meta meta) {
        return new LogicalNetwork(meta, networkVirtualization, mode, sameNameVmNetwork, providerAddressing);
    }
}
