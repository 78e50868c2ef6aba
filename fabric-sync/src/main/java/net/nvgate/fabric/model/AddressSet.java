package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Addresses with a name, for the rules of a VM network's port ACLs. May be empty: then no address is in it.
 *
 * @param provider the provider's, for its own lists; tenants do not see it
 * @param prefixes of either family, at most {@link #PREFIXES_MAX}
 */
public record AddressSet(@JsonUnwrapped Meta meta, UUID vmNetworkId, boolean provider, List<IpPrefix> prefixes)
        implements FabricObject {

    public static final int PREFIXES_MAX = Rules.LIST_LENGTH_MAX;

    public AddressSet {
        String kind = Kind.ADDRESS_SET.label();
        Rules.meta(Kind.ADDRESS_SET, meta);
        Rules.required(kind, "vmNetworkId", vmNetworkId);
        prefixes = Rules.distinct(kind, "prefixes", prefixes);
    }

    @Override
    public Kind kind() {
        return Kind.ADDRESS_SET;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkId);
    }

    @Override
    public AddressSet withMeta(Meta meta) {
        return new AddressSet(meta, vmNetworkId, provider, prefixes);
    }
}
