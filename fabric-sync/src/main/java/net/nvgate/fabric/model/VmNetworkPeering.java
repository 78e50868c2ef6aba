package net.nvgate.fabric.model;

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
        UUID id,
        String name,
        String description,
        UUID vmNetworkId,
        UUID peerVmNetworkId,
        List<IpPrefix> prefixes,
        List<IpPrefix> peerPrefixes,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public VmNetworkPeering {
        String kind = Kind.VM_NETWORK_PEERING.label();
        Rules.identity(Kind.VM_NETWORK_PEERING, id, name);
        description = Rules.description(kind, description);
        Rules.revisions(Kind.VM_NETWORK_PEERING, createdRevision, changedRevision);
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
    public VmNetworkPeering renamed(String name, String description) {
        return with(name, description, createdRevision, changedRevision);
    }

    @Override
    public VmNetworkPeering atRevision(long createdRevision, long changedRevision) {
        return with(name, description, createdRevision, changedRevision);
    }

    private VmNetworkPeering with(String name, String description, long createdRevision, long changedRevision) {
        return new VmNetworkPeering(
                id,
                name,
                description,
                vmNetworkId,
                peerVmNetworkId,
                prefixes,
                peerPrefixes,
                createdRevision,
                changedRevision);
    }
}
