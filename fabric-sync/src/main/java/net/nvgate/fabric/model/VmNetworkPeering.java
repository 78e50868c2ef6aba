package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Two VM networks on one gateway that reach parts of each other.
 *
 * @param prefixes CAs of the VM network that the peer reaches
 * @param peerPrefixes CAs of the peer that the VM network reaches
 */
public record VmNetworkPeering(
        @JsonUnwrapped Meta meta,
        UUID vmNetworkId,
        UUID peerVmNetworkId,
        List<IpPrefix> prefixes,
        List<IpPrefix> peerPrefixes)
        implements FabricObject {

    public VmNetworkPeering {
        String kind = Kind.VM_NETWORK_PEERING.label();
        Rules.meta(Kind.VM_NETWORK_PEERING, meta);
        Rules.required(kind, "vmNetworkId", vmNetworkId);
        Rules.required(kind, "peerVmNetworkId", peerVmNetworkId);
        if (vmNetworkId.equals(peerVmNetworkId)) {
            throw new ModelException(kind, "peerVmNetworkId", peerVmNetworkId, "must be another VM network");
        }
        prefixes = Rules.disjoint(kind, "prefixes", prefixes);
        peerPrefixes = Rules.disjoint(kind, "peerPrefixes", peerPrefixes);
        if (prefixes.isEmpty() || peerPrefixes.isEmpty()) {
            throw new ModelException(
                    kind, prefixes.isEmpty() ? "prefixes" : "peerPrefixes", "[]", "must have one entry at least");
        }
    }

    @Override
    public Kind kind() {
        return Kind.VM_NETWORK_PEERING;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkId, peerVmNetworkId);
    }

    @Override
    public VmNetworkPeering withMeta(Meta meta) {
        return new VmNetworkPeering(meta, vmNetworkId, peerVmNetworkId, prefixes, peerPrefixes);
    }
}
